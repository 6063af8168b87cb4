// What is read and watched of sinks that are no channels, and watchers that fail.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class TapTests
{
    private readonly Bench _bench = new();
    private readonly KeepingSink _out;
    private readonly KeepingSink _seen;

    public TapTests() => (_out, _seen) = (_bench.Keep("com.x:v1:out"), _bench.Keep("com.x:v1:seen"));

    [Theory]
    [InlineData("o")]
    [InlineData("\"com.x:v1:out\"")]
    public void A_tap_sees_what_is_written_from_its_wiring_on(string reference)
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "4 5") + $$"""
            (def o (stream-sink "com.x:v1:out"))
            (stream-produce o 1)
            (stream-consume {{reference}} {:on-item (fn [x] (stream-produce "com.x:v1:seen" x)) :on-complete (fn [] (stream-produce "com.x:v1:seen" :end))})
            (stream-produce o [2 3])
            (stream-consume "com.x:v1:in" {x => (stream-produce o x)})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(("1 2 3 4 5", "2 3 4 5 :end"), (_out.Text, _seen.Text));
    }

    [Fact]
    public void A_tap_starts_nothing_that_writes()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (def numbers (stream-source "com.x:v1:in"))
            (stream-transform :input-stream numbers :output-stream "com.x:v1:out")
            (stream-consume "com.x:v1:out" {:on-item (fn [x] (stream-produce "com.x:v1:seen" x))})
            (stream-consume numbers {:on-item (fn [x] (stream-produce "com.x:v1:seen" (* 10 x)))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(["1", "10", "2", "20"], _seen.Text.Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_form_that_waits_for_a_tap_starts_what_writes_to_its_sink()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-transform :input-stream "com.x:v1:in" :output-stream "com.x:v1:out")
            (stream-produce "com.x:v1:seen" (:items (stream-consume "com.x:v1:out" {x => x})))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("2", _seen.Text);
    }

    [Fact]
    public void The_id_of_a_sink_is_watched_like_its_handle()
    {
        var summary = _bench.Run("""
            (stream-callbacks "com.x:v1:out" {:on-item (fn [x] (stream-produce "com.x:v1:seen" x)) :on-complete (fn [] (stream-produce "com.x:v1:seen" :end))})
            (stream-produce "com.x:v1:out" 1)
            (stream-close "com.x:v1:out")
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 :end", _seen.Text);
    }

    [Fact]
    public void Readers_get_the_items_that_a_watcher_fails_on_and_the_watcher_is_told()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 0 2") + """
            (def numbers (stream-source "com.x:v1:in" {:config {:error-handling :skip}}))
            (stream-callbacks numbers {:on-item (fn [x] (/ 1 x)) :on-error (fn [e x] (stream-produce "com.x:v1:seen" x))})
            (stream-execute (stream-pipeline [numbers "com.x:v1:out"]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(("1 0 2", "0", 1), (_out.Text, _seen.Text, summary.Skipped));
    }

    private const string Checked = """
        (def o (stream-sink "com.x:v1:out" {:schema :int}))
        (stream-callbacks o {:on-item (fn [x] (stream-produce "com.x:v1:seen" x))
                             :on-error (fn [e x] (stream-produce "com.x:v1:seen" [(list :failed x)]))
                             :on-complete (fn [] (stream-produce "com.x:v1:seen" :end))})

        """;

    [Fact]
    public void Callbacks_of_a_sink_are_told_of_the_failure_that_ends_it()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 \"two\" 3") + Checked + """
            (stream-transform :input-stream "com.x:v1:in" :output-stream o)
            """);
        Assert.Equal("TypeValidationError", summary.Error?.Kind);
        Assert.Equal("1 (:failed nil)", _seen.Text);
    }

    [Fact]
    public void Callbacks_of_a_sink_are_told_of_each_item_that_fails()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 \"two\" 3") + Bench.Values("com.x:v1:more", "\"four\"") + Checked + """
            (stream-consume "com.x:v1:in" {x => (stream-produce o x {:error-handling :skip})})
            (stream-consume "com.x:v1:more" {x => (try (stream-produce o x) (catch TypeValidationError e nil))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 (:failed \"two\") 3 (:failed \"four\") :end", _seen.Text);
    }

    [Fact]
    public void What_forms_write_to_a_sink_that_is_held_waits_until_somebody_resumes_it()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        var run = _bench.Start("""
            (def o (stream-sink "com.x:v1:out"))
            (defn note [x] (stream-produce "com.x:v1:seen" x))
            (stream-callbacks o {:on-pause (fn [] (note :held)) :on-resume (fn [] (note :on))})
            (stream-pause o)
            (parallel
              [a (do (stream-produce o [1 2]) (note :written))]
              [b (stream-consume "com.x:v1:in" {x => (stream-resume o)})])
            """);
        _bench.Settle();
        Assert.Equal(("", ":held"), (_out.Text, _seen.Text));
        source.Push(1);
        source.End();
        Assert.Null(_bench.Ended(run).Error);
        Assert.Equal(("1 2", ":held :on :written"), (_out.Text, _seen.Text));
    }

    [Fact]
    public void A_host_that_holds_the_run_holds_what_forms_write()
    {
        var run = _bench.Start("""(do (stream-produce "com.x:v1:out" 1) (stream-produce "com.x:v1:out" 2))""");
        run.Pause();
        _bench.Settle();
        Assert.Equal("", _out.Text);
        run.Resume();
        Assert.Null(_bench.Ended(run).Error);
        Assert.Equal("1 2", _out.Text);
    }

    [Fact]
    public void A_sink_that_nobody_can_resume_is_stalled()
    {
        var summary = _bench.Run("""
            (def o (stream-sink "com.x:v1:out"))
            (stream-pause o)
            (stream-produce o 1)
            """);
        Assert.Equal("Stalled", summary.Error?.Kind);
        Assert.Contains("waits for somebody to resume", summary.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o")]
    [InlineData("\"com.x:v1:pipe\"")]
    public void A_channel_that_nobody_can_resume_is_stalled_too(string reference)
    {
        var summary = _bench.Run($$"""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-sink)
            (def o (stream-sink "com.x:v1:pipe"))
            (stream-pause {{reference}})
            (stream-produce o 1)
            """);
        Assert.Equal("Stalled", summary.Error?.Kind);
        Assert.Contains("waits for somebody to resume", summary.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_that_has_not_started_may_resume_what_a_form_waits_for()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-sink)
            (def o (stream-sink "com.x:v1:pipe"))
            (stream-consume o {:on-item (fn [x] (stream-produce "com.x:v1:seen" x))})
            (stream-consume "com.x:v1:in" {:on-item (fn [x] (when (= x 2) (stream-resume o)))})
            (stream-pause o)
            (stream-produce o 7)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("7", _seen.Text);
    }

    [Fact]
    public void A_branch_that_waits_for_a_sink_is_blocked_like_others()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-pause "com.x:v1:out")
            (parallel
              [a (stream-produce "com.x:v1:out" 1)]
              [b (do (stream-consume "com.x:v1:in" {x => x}) (stream-resume "com.x:v1:out"))])
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1", _out.Text);
    }

    [Fact]
    public void What_a_callback_asks_of_its_sink_is_looked_at_after_the_item()
    {
        var summary = _bench.Run("""
            (def o (stream-sink "com.x:v1:out"))
            (stream-callbacks o {:on-item (fn [x] (when (= x 1) (stream-pause o)))
                                 :on-pause (fn [] (do (stream-produce "com.x:v1:seen" :held) (stream-resume o)))})
            (stream-produce o [1 2 3])
            """);
        Assert.Null(summary.Error);
        Assert.Equal(("1 2 3", ":held"), (_out.Text, _seen.Text));
    }

    [Fact]
    public void A_sink_is_awaited_by_what_reads_it()
    {
        var summary = _bench.Run("""
            (def o (stream-sink "com.x:v1:out"))
            (stream-consume o {:on-item (fn [x] x)})
            (stream-produce o [1 2])
            (stream-produce "com.x:v1:seen" (:items (stream-await o)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("2", _seen.Text);
    }

    [Fact]
    public void What_a_watcher_fails_on_is_written_and_told_as_such()
    {
        var summary = _bench.Run("""
            (def o (stream-sink "com.x:v1:out" {:config {:error-handling :skip}}))
            (stream-callbacks o {:on-item (fn [x] (/ 1 x))})
            (defn note [x] (stream-produce "com.x:v1:seen" x))
            (note (stream-produce o [4 0 2] {:on-success note :on-error (fn [x e] (note :failed))}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(("4 0 2", "4 0 2 3"), (_out.Text, _seen.Text));
    }

    [Fact]
    public void Items_of_a_sink_are_numbered_on_from_one_form_to_the_next()
    {
        var run = _bench.Start("""
            (def o (stream-sink "com.x:v1:out" {:schema :int :config {:error-handling :dead-letter}}))
            (stream-consume "com.x:v1:in" {x => (stream-produce o x)})
            """.Insert(0, Bench.Values("com.x:v1:in", "1 \"two\" 3 \"four\"")));
        var summary = _bench.Ended(run);
        Assert.Equal(2, summary.DeadLettered);
        Assert.Equal([1, 3], run.DeadLetters.Select(static letter => letter.As<MapValue>()!.GetOrNil(Keyword.Of("envelope")).As<MapValue>()!.GetOrNil(Keyword.Of("sequence")).AsInt));
    }
}
