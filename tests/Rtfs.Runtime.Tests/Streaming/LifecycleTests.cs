// Streams that are held, closed, cancelled and awaited, from a plan's body and from their own.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class LifecycleTests
{
    [Fact]
    public void A_sink_that_is_closed_before_its_flows_start_ends_them_and_the_run_goes_on()
    {
        var bench = new Bench();
        var log = bench.Keep("com.x:v1:log");
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (def out (stream-sink "com.x:v1:out"))
            (stream-transform :input-stream "com.x:v1:in" :output-stream out :transform-fn inc)
            (stream-callbacks out {:on-complete (fn [] (stream-produce "com.x:v1:log" :closed))})
            (stream-close out)
            (stream-produce "com.x:v1:log" :end)
            """);
        Assert.Null(summary.Error);
        Assert.Equal((":closed :end", ""), (log.Text, sink.Text));
        Assert.DoesNotContain(summary.Stages, static stage => stage.Received > 0 && stage.Kind == "transform");
    }

    [Theory]
    [InlineData("(with-resource [out StreamHandle (stream-sink \"com.x:v1:out\")] (watch out) (stream-produce out n))")]
    [InlineData("(let [out (stream-sink \"com.x:v1:out\")] (watch out) (stream-produce out n) (stream-close out))")]
    public void A_sink_that_a_body_alone_writes_is_closed_where_the_body_says(string write)
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var log = bench.Keep("com.x:v1:log");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + $$"""
            (defn watch [out] (stream-callbacks out {:on-complete (fn [] (stream-produce "com.x:v1:log" :closed))}))
            (stream-consume (stream-source "com.x:v1:in")
              {n => (when (= n 1) {{write}})
                    (stream-produce "com.x:v1:log" n)})
            """);
        Assert.Null(summary.Error);
        Assert.Equal((":closed 1 2", "1", 1), (log.Text, sink.Text, sink.Closed));
    }

    private static readonly string Numbers = Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 1000)));

    [Fact]
    public void A_stream_closed_in_its_own_body_works_through_what_it_has_received()
    {
        var bench = new Bench();
        var data = new PushedSource();
        bench.Register("com.x:v1:data", data);
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (def h (stream-source "com.x:v1:data"))
            (stream-consume h {:on-item (fn [x] (stream-produce "com.x:v1:out" x) (when (= x 3) (stream-close h)))
                               :on-complete (fn [] (stream-produce "com.x:v1:out" :complete))})
            """);
        data.Push(1, 2, 3, 4, 5);
        bench.Settle();
        Assert.Equal("1 2 3 4 5 :complete", seen.Text);
        Assert.Equal(1, data.Closed);
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
    }

    [Fact]
    public void A_stream_cancelled_in_its_own_body_drops_the_rest_after_the_item()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def h (stream-source "com.x:v1:in" {:config {:batch-size 10}}))
            (def told (stream-consume h {x => (stream-produce "com.x:v1:out" x) (when (= x 3) (stream-cancel h))}))
            (stream-produce "com.x:v1:out" [(:items told) (:dropped told)])
            """);
        Assert.Null(summary.Error);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("0 1 2 3 4 996", seen.Text);
    }

    [Fact]
    public void The_terminal_event_of_a_cancelled_stream_is_cancel_and_nothing_comes_after_it()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start(Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 5000))) + """
            (def h (stream-source "com.x:v1:in"))
            (defn say [word] (fn [] (stream-produce "com.x:v1:out" word)))
            (stream-consume h {:on-item (fn [x] (when (= x 300) (stream-cancel h)))
                               :on-start (say :start) :on-complete (say :complete) :on-cancel (say :cancel) :on-error (fn [e] ((say :error)))})
            (stream-callbacks h {:on-cancel (say :source-cancel) :on-complete (say :source-complete)})
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal([":cancel", ":source-cancel", ":start"], seen.Text.Split(' ').Order(StringComparer.Ordinal));
        Assert.StartsWith(":start", seen.Text);
    }

    [Fact]
    public void A_paused_stream_gives_nothing_until_it_is_resumed()
    {
        var bench = new Bench();
        var (data, control) = (new PushedSource(), new PushedSource());
        bench.Register("com.x:v1:data", data);
        bench.Register("com.x:v1:control", control);
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (def h (stream-source "com.x:v1:data"))
            (stream-consume h {:on-item (fn [x] (stream-produce "com.x:v1:out" x) (when (= x 2) (stream-pause h)))
                               :on-pause (fn [] (stream-produce "com.x:v1:out" :pause)) :on-resume (fn [] (stream-produce "com.x:v1:out" :resume))})
            (stream-consume (stream-source "com.x:v1:control") {:on-item (fn [x] (stream-resume h))})
            """);
        data.Push(1, 2, 3, 4);
        bench.Settle();
        Assert.Equal("1 2 :pause", seen.Text);
        control.Push(0);
        bench.Settle();
        Assert.Equal("1 2 :pause :resume 3 4", seen.Text);
        data.End();
        control.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
    }

    [Fact]
    public void A_stream_that_nobody_can_resume_is_stalled_and_named()
    {
        var summary = new Bench().Run(Numbers + """
            (def h (stream-source "com.x:v1:in"))
            (stream-consume h {x => (when (= x 2) (stream-pause h))})
            """);
        Assert.Equal("RTFS9031", summary.Error?.Code);
        Assert.Contains("consume-1", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("resume", summary.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_holds_a_run_and_lets_it_go_on()
    {
        var bench = new Bench();
        var data = new PushedSource();
        bench.Register("com.x:v1:data", data);
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start("""(stream-execute (stream-pipeline [(stream-source "com.x:v1:data") (stream-map inc) (stream-sink "com.x:v1:out")]))""");
        data.Push(1);
        bench.Settle();
        run.Pause();
        data.Push(2, 3);
        bench.Settle();
        Assert.Equal("2", seen.Text);
        run.Resume();
        data.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.Equal("2 3 4", seen.Text);
    }

    [Fact]
    public void Await_starts_a_stream_that_has_callbacks_and_gives_its_summary()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def h (stream-consume (stream-source "com.x:v1:in") {:on-item (fn [x] nil)}))
            (stream-produce "com.x:v1:out" (:items (stream-await h)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1000", seen.Text);
    }

    [Fact]
    public void Awaiting_a_stream_in_its_own_body_is_an_error()
    {
        var summary = new Bench().Run(Numbers + """
            (def h (stream-source "com.x:v1:in"))
            (stream-consume h {x => (stream-await (identity h))})
            """);
        Assert.Equal("RTFS9030", summary.Error?.Code);
    }

    [Fact]
    public void A_failure_that_nobody_waited_for_is_raised_by_await()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def h (stream-consume (stream-source "com.x:v1:in") {:on-item (fn [x] (/ 1 (- x 5)))}))
            (stream-produce "com.x:v1:out" (try (stream-await h) (catch DivisionByZero e :caught)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(":caught", seen.Text);
    }

    [Fact]
    public void A_scope_works_through_its_stream_and_closes_it_once()
    {
        var bench = new Bench();
        var data = new PushedSource();
        bench.Register("com.x:v1:data", data);
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (with-resource [h StreamHandle (stream-source "com.x:v1:data")]
              (stream-consume h {:on-item (fn [x] (stream-produce "com.x:v1:out" x)) :on-complete (fn [] (stream-produce "com.x:v1:out" :complete))}))
            (stream-produce "com.x:v1:out" :after)
            """);
        data.Push(1, 2);
        data.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.Equal("1 2 :complete :after", seen.Text);
        Assert.Equal(1, data.Closed);
    }

    [Fact]
    public void A_scope_that_fails_gives_its_stream_up()
    {
        var bench = new Bench();
        var data = new PushedSource();
        bench.Register("com.x:v1:data", data);
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (def told
              (try
                (with-resource [h StreamHandle (stream-source "com.x:v1:data")]
                  (stream-consume h {:on-item (fn [x] x) :on-complete (fn [] (stream-produce "com.x:v1:out" :complete))
                                     :on-cancel (fn [] (stream-produce "com.x:v1:out" :cancel))})
                  (/ 1 0))
                (catch DivisionByZero e :caught)))
            (stream-produce "com.x:v1:out" told)
            """);
        Assert.Null(summary.Error);
        Assert.Equal(":cancel :caught", seen.Text);
        Assert.Equal(0, data.Closed);
    }

    [Fact]
    public void A_stream_that_is_cancelled_before_its_start_says_so_at_once_and_the_others_of_its_source_go_on()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def h (stream-source "com.x:v1:in"))
            (def even (stream-filter h even?))
            (defn say [word] (fn [] (stream-produce "com.x:v1:out" word)))
            (stream-consume even {:on-item (fn [x] (stream-produce "com.x:v1:out" x)) :on-start (say :start) :on-cancel (say :cancel) :on-complete (say :complete)})
            (stream-callbacks even {:on-cancel (say :even-cancel)})
            (stream-consume h {:on-item (fn [x] nil) :on-complete (say :rest)})
            (stream-cancel even)
            (stream-cancel even)
            (stream-produce "com.x:v1:out" :after)
            (stream-produce "com.x:v1:out" (:items (stream-await h)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(":cancel :even-cancel :after :rest 1000", seen.Text);
    }

    [Fact]
    public void A_sink_that_was_cancelled_takes_no_more()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def out (stream-sink "com.x:v1:out"))
            (stream-transform :input-stream "com.x:v1:in" :output-stream out)
            (stream-produce out :one)
            (stream-cancel out)
            (stream-produce out :two)
            """);
        Assert.Equal("StreamEnded", summary.Error?.Kind);
        Assert.Equal((":one", 1), (sink.Text, sink.Closed));
    }

    [Fact]
    public void Branches_that_read_one_stream_both_see_all_of_it()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Numbers + """
            (def h (stream-source "com.x:v1:in"))
            (stream-produce "com.x:v1:out" (map :items (parallel [a (stream-consume h {x => x})] [b (stream-consume (stream-filter h even?) {x => x})])))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1000 500", seen.Text);
    }

    [Fact]
    public void A_branch_that_fails_gives_the_streams_of_the_others_up()
    {
        var bench = new Bench();
        var data = new PushedSource();
        bench.Register("com.x:v1:data", data);
        var summary = bench.Run(Numbers + """
            (parallel [a (stream-consume (stream-source "com.x:v1:data") {x => x})]
                      [b (stream-consume (stream-source "com.x:v1:in") {x => (/ 1 (- x 5))})])
            """);
        Assert.Equal("DivisionByZero", summary.Error?.Kind);
        Assert.Equal(1, data.Closed);
    }

    [Fact]
    public void A_sink_that_is_read_gives_what_it_accepted()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var seen = bench.Keep("com.x:v1:seen");
        var summary = bench.Run(Numbers + """
            (def out (stream-sink "com.x:v1:out"))
            (stream-consume out {:on-item (fn [x] (stream-produce "com.x:v1:seen" [x]))})
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-filter (fn [x] (< x 3))) out]))
            (stream-produce out 7)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("0 1 2 7", sink.Text);
        Assert.Equal("0 1 2 7", seen.Text);
    }

    [Fact]
    public void A_sink_that_the_plan_closed_takes_no_more()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (def out (stream-sink "com.x:v1:out"))
            (stream-produce out 1)
            (stream-close out)
            (stream-close out)
            (stream-produce out 2)
            """);
        Assert.Equal("RTFS9032", summary.Error?.Code);
        Assert.Equal("1", sink.Text);
        Assert.Equal(1, sink.Closed);
    }

    [Fact]
    public void The_envelope_of_the_item_in_hand_is_data()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", ":a :b") + """
            (stream-consume (stream-source "com.x:v1:in") {x => (stream-produce "com.x:v1:out" {:n (:sequence (stream-meta)) :d (:direction (stream-meta))})})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("{:n 0 :d :inbound} {:n 1 :d :inbound}", seen.Text);
    }

    [Fact]
    public void A_failing_callback_is_an_event_of_the_run_and_ends_nothing()
    {
        var bench = new Bench();
        var run = bench.Start(Numbers + """
            (stream-consume (stream-source "com.x:v1:in") {:on-item (fn [x] x) :on-start (fn [] (/ 1 0)) :on-complete (fn [] (/ 1 0))})
            """);
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.Equal(2, Bench.EventsOf(run).Count(static one => one.Kind == RunEventKind.ObserverFailed));
    }

    [Theory]
    [InlineData("{:stream-handle h :events {:on-item see} :enable-callbacks false}", "")]
    [InlineData("{:stream-handle h :enable-callbacks true :events {:on-item see}}", "1 2")]
    [InlineData("{:stream-handle h :events {:on-item see :enable-callbacks false}}", "")]
    [InlineData("{:stream-handle h :events {:on-item see :enable-callbacks false} :enable-callbacks false}", "")]
    [InlineData("{:stream-handle h :on-item see :enable-callbacks false}", "")]
    [InlineData("{:stream-handle h :on-item see}", "1 2")]
    public void Callbacks_in_events_are_switched_off_beside_them_or_among_them(string options, string seen)
    {
        foreach (var written in new[] { options[1..^1], $"(merge {{}} {options})" })
        {
            var bench = new Bench();
            var sink = bench.Keep("com.x:v1:out");
            var form = written[0] == '(' ? written.Replace(":stream-handle h ", "", StringComparison.Ordinal) : written;
            var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + $$"""
                (def h (stream-source "com.x:v1:in"))
                (defn see [x] (stream-produce "com.x:v1:out" x))
                (stream-callbacks {{(written[0] == '(' ? "h " : "")}}{{form}})
                (stream-consume h {x => x})
                """);
            Assert.Null(summary.Error);
            Assert.Equal(seen, sink.Text);
        }
    }

    [Fact]
    public void Callbacks_that_are_on_and_off_are_a_mistake()
    {
        var bench = new Bench();
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-callbacks (stream-source "com.x:v1:in") (merge {} {:events {:enable-callbacks true} :enable-callbacks false}))
            """);
        Assert.Contains("give one of them", summary.Error?.Message, StringComparison.Ordinal);
    }
}
