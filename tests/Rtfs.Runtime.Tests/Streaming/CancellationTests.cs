// Blocks and scopes over streams that end by a value, an error or a cancellation: what runs, what is closed, what is left.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class CancellationTests
{
    private readonly Bench _bench = new();
    private readonly PushedSource _source = new();
    private readonly PushedSource _control = new();
    private readonly KeepingSink _said;

    public CancellationTests()
    {
        _bench.Register("com.x:v1:in", _source);
        _bench.Register("com.x:v1:control", _control);
        _bench.Register("com.x:v1:never", static async (_, cancellation) =>
        {
            var never = new TaskCompletionSource<Value>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource<Value>)state!).TrySetCanceled(token), never);
            return await never.Task;
        });
        _said = _bench.Keep("com.x:v1:said");
    }

    [Theory]
    [InlineData("(call \"com.x:v1:never\")")]
    [InlineData("(stream-produce \"com.x:v1:full\" [1 2 3])")]
    [InlineData("(do (stream-produce \"com.x:v1:full\" [1]) (stream-consume full {x => (call \"com.x:v1:never\")}))")]
    [InlineData("(with-resource [r StreamHandle full] (call \"com.x:v1:never\"))")]
    [InlineData("(try (call \"com.x:v1:never\") (finally (call \"com.x:v1:never\")))")]
    [InlineData("(parallel [a (call \"com.x:v1:never\")] [b (call \"com.x:v1:never\")])")]
    public void A_finally_that_waits_for_ever_is_cut_off(string wait)
    {
        var run = _bench.Start(Plan(200, $$"""
            (register-stream-capability :capability-id "com.x:v1:full" :type :stream-transform :provider {:kind :local :buffer-size 1})
            (def full (stream-source "com.x:v1:full"))
            (try
              (stream-consume (stream-source "com.x:v1:in") {x => x})
              (catch _ e (stream-produce "com.x:v1:said" :caught))
              (finally (do (stream-produce "com.x:v1:said" :finally) {{wait}} (stream-produce "com.x:v1:said" :after))))
            """));
        _source.Push(1);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        _bench.Settle();
        if (!run.Completion.IsCompleted)
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(199));
            _bench.Settle();
            Assert.False(run.Completion.IsCompleted);
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            _bench.Settle();
            Assert.True(run.Completion.IsCompleted, ((PlanExecution)run).Waits);
            Assert.Contains(Bench.EventsOf(run), static one => one.Level == "warn" && one.Message.Contains("cut off after 200 ms", StringComparison.Ordinal));
        }

        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Cancelled, null), (summary.Outcome, summary.Error));
        Assert.StartsWith(":finally", _said.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(":caught", _said.Text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_source.Closed, _said.Closed));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_finally_that_waits_for_what_does_not_obey_runs_and_the_run_names_what_hangs()
    {
        _bench.Register("com.x:v1:hung", new HungSink(obeys: false));
        var run = _bench.Start(Plan(200, """
            (def h (stream-source "com.x:v1:in"))
            (try
              (stream-execute (stream-pipeline [h (stream-sink "com.x:v1:hung")]))
              (finally (do (stream-produce "com.x:v1:said" :finally) (stream-close h) (stream-produce "com.x:v1:said" :after))))
            """));
        _source.Push(1, 2);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var summary = _bench.Ended(run);
        Assert.Equal("Timeout", summary.Error?.Kind);
        Assert.Contains("sink-1", summary.Error!.Message, StringComparison.Ordinal);
        Assert.StartsWith(":finally", _said.Text, StringComparison.Ordinal);
        Assert.Equal(1, _said.Closed);
        Assert.Equal(0, _bench.Clock.Timers);
    }

    [Fact]
    public void The_finally_of_a_body_is_cut_off_too()
    {
        var run = _bench.Start(Plan(200, """
            (stream-consume (stream-source "com.x:v1:in")
              {x => (try (call "com.x:v1:never")
                      (catch _ e (stream-produce "com.x:v1:said" :caught))
                      (finally (do (stream-produce "com.x:v1:said" :finally) (call "com.x:v1:never"))))})
            """));
        _source.Push(1, 2);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Cancelled, ":finally"), (summary.Outcome, _said.Text));
        var consume = Assert.Single(summary.Stages, static stage => stage.Kind == "consume");
        Assert.Equal((2, 0, 2), (consume.Received, consume.Processed, consume.Dropped));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void The_finally_of_a_cancelled_stream_is_cut_off_while_the_run_goes_on()
    {
        var run = _bench.Start(Plan(200, """
            (def h (stream-source "com.x:v1:in"))
            (stream-consume h
              {:on-item (fn [x] (try (call "com.x:v1:never") (finally (do (stream-produce "com.x:v1:said" :finally) (call "com.x:v1:never")))))
               :on-cancel (fn [] (stream-produce "com.x:v1:said" :cancel))})
            (stream-consume (stream-source "com.x:v1:control") {:on-item (fn [x] (stream-cancel h))})
            (stream-produce "com.x:v1:said" :after)
            """));
        _source.Push(1);
        _bench.Settle();
        _control.Push(1);
        _control.End();
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal(":after :finally :cancel", _said.Text);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void The_finally_of_a_branch_whose_neighbour_failed_is_cut_off_and_the_failure_is_raised()
    {
        var run = _bench.Start(Plan(200, """
            (parallel
              [a (try (call "com.x:v1:never") (finally (do (stream-produce "com.x:v1:said" :finally) (call "com.x:v1:never"))))]
              [b (/ 1 0)])
            """));
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("DivisionByZero", _bench.Ended(run).Error?.Kind);
        Assert.Equal(":finally", _said.Text);
        _bench.NothingIsLeft(run);
    }

    /// <summary>How a run is ended from outside.</summary>
    public enum End
    {
        Value,
        Error,
        Cancellation,
    }

    [Theory]
    [InlineData(End.Value, "1 2 3 :finally :after")]
    [InlineData(End.Error, "1 :caught :finally :after")]
    [InlineData(End.Cancellation, "1 2 :finally")]
    public void A_block_runs_its_finally_once_and_no_catch_takes_a_cancellation(End end, string said)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start("""
            (def h (stream-source "com.x:v1:in"))
            (def out (stream-sink "com.x:v1:out"))
            (try
              (stream-consume h {x => (do (when (= x 0) (/ 1 x)) (stream-produce "com.x:v1:said" x) (stream-produce out x))})
              (catch DivisionByZero e (stream-produce "com.x:v1:said" :caught))
              (catch _ e (stream-produce "com.x:v1:said" :another))
              (finally (do (stream-produce "com.x:v1:said" :finally) (stream-close h) (stream-close out))))
            (stream-produce "com.x:v1:said" :after)
            """);
        Finish(run, end);
        Assert.Equal(said, _said.Text);
        Assert.Equal(string.Join(' ', said.Split(' ').Where(static word => word[0] != ':')), sink.Text);
        Assert.Equal((1, 1, 1), (_source.Closed, sink.Closed, _said.Closed));
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData(End.Value, "1 2 3 :complete :after")]
    [InlineData(End.Error, "1 :error :caught :after")]
    [InlineData(End.Cancellation, "1 2 :cancel")]
    public void A_scope_closes_its_stream_once_however_it_ends(End end, string said)
    {
        var run = _bench.Start("""
            (defn say [word] (fn [] (stream-produce "com.x:v1:said" word)))
            (try
              (with-resource [h StreamHandle (stream-source "com.x:v1:in")]
                (stream-consume h {:on-item (fn [x] (do (when (= x 0) (/ 1 x)) (stream-produce "com.x:v1:said" x)))
                                   :on-complete (say :complete) :on-cancel (say :cancel) :on-error (fn [e] ((say :error)))})
                (stream-await h))
              (catch DivisionByZero e (stream-produce "com.x:v1:said" :caught)))
            (stream-produce "com.x:v1:said" :after)
            """);
        Finish(run, end);
        Assert.Equal(said, _said.Text);
        Assert.Equal((1, 1), (_source.Closed, _said.Closed));
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData(End.Value, "1 2 :closed")]
    [InlineData(End.Error, "1 2 :closed")]
    [InlineData(End.Cancellation, "1 2")]
    public void A_scope_over_a_sink_writes_what_it_accepted_and_closes_it_at_its_end(End end, string written)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start("""
            (try
              (with-resource [out StreamHandle (stream-sink "com.x:v1:out")]
                (stream-produce out [1 2])
                (stream-consume (stream-source "com.x:v1:in") {x => (when (= x 0) (/ 1 x))}))
              (catch DivisionByZero e nil))
            (stream-produce "com.x:v1:said" (try (stream-produce "com.x:v1:out" 3) (catch StreamEnded e :closed)))
            """);
        Finish(run, end);
        Assert.Equal(written, string.Join(' ', sink.Items.Concat(_said.Items)));
        Assert.Equal((1, 1), (_source.Closed, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData(":fail", RunOutcome.Failed)]
    [InlineData(":skip", RunOutcome.Completed)]
    public void A_finally_in_a_body_runs_once_for_each_item(string strategy, RunOutcome outcome)
    {
        var run = _bench.Start($$"""
            (stream-consume (stream-source "com.x:v1:in")
              {x => (try (stream-produce "com.x:v1:said" (/ 6 x)) (finally (stream-produce "com.x:v1:said" :finally)))}
              {:error-handling {{strategy}}})
            """);
        _source.Push(2, 0, 3);
        _source.End();
        Assert.Equal(outcome, _bench.Ended(run).Outcome);
        Assert.Equal(strategy == ":skip" ? "3 :finally :finally 2 :finally" : "3 :finally :finally", _said.Text);
        Assert.Equal((1, 1), (_source.Closed, _said.Closed));
        _bench.NothingIsLeft(run);
    }

    private static string Plan(int shutdown, string program) => $"(plan :limits {{:shutdown-ms {shutdown}}} :program (do {program}))";

    private void Finish(PlanRun run, End end)
    {
        _bench.Settle();
        if (end == End.Error)
        {
            _source.Push(1, 0, 3);
        }
        else
        {
            _source.Push(1, 2);
        }

        _bench.Settle();
        if (end == End.Cancellation)
        {
            _ = run.StopAsync(drain: false);
        }
        else
        {
            _source.Push(3);
            _source.End();
        }

        var summary = _bench.Ended(run);
        Assert.Equal((end == End.Cancellation ? RunOutcome.Cancelled : RunOutcome.Completed, null), (summary.Outcome, summary.Error?.Message));
    }
}
