// Runs that their host stops: with a drain, by a deadline, more than once, after their end.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class StopTests
{
    [Fact]
    public async Task A_plan_whose_body_never_ends_is_cancelled_when_its_time_is_over()
    {
        await using var engine = new RtfsEngine();
        var plan = engine.Load("(plan :limits {:max-run-ms 20 :shutdown-ms 20} :program (loop [n 0] (recur (inc n))))");
        var summary = await (await engine.StartAsync(plan)).Completion;
        Assert.Equal((RunOutcome.Cancelled, null), (summary.Outcome, summary.Error));
    }

    [Fact]
    public async Task A_plan_within_another_whose_body_never_ends_fails_with_a_timeout_that_can_be_caught()
    {
        await using var engine = new RtfsEngine();
        var plan = engine.Load("""
            (def endless (plan :limits {:max-run-ms 20 :shutdown-ms 20} :program (loop [n 0] (recur (inc n)))))
            (try (marketplace:execute-plan endless) (catch :timeout e :cut))
            """);
        var summary = await (await engine.StartAsync(plan)).Completion;
        Assert.Equal((RunOutcome.Completed, ":cut"), (summary.Outcome, summary.Value.ToString()));
    }

    private const string Copy = """
        (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-map inc) (stream-sink "com.x:v1:out")]))
        """;

    private readonly Bench _bench = new();
    private readonly PushedSource _source = new();

    public StopTests() => _bench.Register("com.x:v1:in", _source);

    [Fact]
    public async Task A_stop_by_a_deadline_works_through_what_was_received()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Copy);
        _source.Push(1, 2, 3);
        _bench.Settle();
        var stopped = run.StopAsync(TimeSpan.FromSeconds(5));
        var summary = _bench.Ended(run);
        Assert.Same(await stopped, summary);
        Assert.Equal((RunOutcome.Completed, "2 3 4"), (summary.Outcome, sink.Text));
        Assert.Equal((1, 1), (_source.Closed, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_plan_whose_time_was_over_before_it_had_wired_its_flows_ends_all_the_same()
    {
        var ready = new TaskCompletionSource<Value>(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Register("com.x:v1:ready", (_, _) => new(ready.Task));
        var run = _bench.Start("""
            (marketplace:execute-plan
              (plan :limits {:max-run-ms 100 :shutdown-ms 1000}
                :program
                (do (register-stream-capability :capability-id "com.x:v1:c" :type :stream-source)
                    (call "com.x:v1:ready")
                    (def c (stream-source "com.x:v1:c"))
                    (stream-consume c {:on-item (fn [n] (stream-produce c (inc n)))})
                    (stream-produce c 0))))
            """);
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        ready.SetResult(default);
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Completed, null), (summary.Outcome, summary.Error));
    }

    [Theory]
    [InlineData("(stream-consume c {:on-item (fn [n] (stream-produce c (inc n)))})")]
    [InlineData("(stream-consume c {:on-item (fn [n] (stream-produce d (inc n)))}) (stream-consume d {:on-item (fn [n] (stream-produce c (inc n)))})")]
    [InlineData("(stream-consume c {:on-item (fn [n] (stream-produce \"com.x:v1:out\" n))}) (stream-consume \"com.x:v1:out\" {:on-item (fn [n] (stream-produce c (inc n)))})")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:echo\")) (stream-consume c {:on-item (fn [n] (stream-produce e n))}) (stream-consume e {:on-item (fn [n] (stream-produce c (inc n)))})")]
    public void A_drain_ends_what_feeds_itself(string circle)
    {
        _bench.Keep("com.x:v1:out");
        PlanRun? run = null;
        _bench.Register("com.x:v1:stop", (_, _) =>
        {
            run!.StopAsync(drain: true);
            return default;
        });
        run = _bench.Start($$"""
            (register-stream-capability :capability-id "com.x:v1:c" :type :stream-source)
            (register-stream-capability :capability-id "com.x:v1:d" :type :stream-source)
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional :provider {:kind :function :fn identity})
            (def c (stream-source "com.x:v1:c"))
            (def d (stream-source "com.x:v1:d"))
            {{circle}}
            (stream-callbacks c {:on-item (fn [n] (when (= n 21) (call "com.x:v1:stop")))})
            (stream-consume "com.x:v1:in" {:on-item (fn [n] (stream-produce c n))})
            """);
        _source.Push(1);
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Completed, null), (summary.Outcome, summary.Error));
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void Answers_that_come_when_a_conversation_is_drained_are_counted()
    {
        PlanRun? run = null;
        _bench.Register("com.x:v1:stop", (_, _) =>
        {
            run!.StopAsync(drain: true);
            return default;
        });
        run = _bench.Start("""
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional :provider {:kind :function :fn inc})
            (def e (stream-bidirectional "com.x:v1:echo"))
            (stream-consume e {:on-item (fn [n] (do (when (= n 30) (call "com.x:v1:stop")) (stream-produce e n)))})
            (stream-produce e [1 2 3])
            """);
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Completed, null), (summary.Outcome, summary.Error));
        Assert.Equal(
            summary.Stages.Single(static stage => stage.Id == "bidirectional-1-out").Processed,
            summary.Stages.Single(static stage => stage.Id == "bidirectional-1").Received);
    }

    [Fact]
    public void At_its_deadline_a_run_with_a_hung_sink_is_cancelled_and_counts_what_it_held_as_dropped()
    {
        var sink = new HungSink(obeys: true);
        _bench.Register("com.x:v1:out", sink);
        var run = _bench.Start(Copy);
        _source.Push(1, 2, 3, 4);
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.FromSeconds(2));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1999));
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.Null(summary.Error);
        Assert.Equal((4, 0, 4), Last(summary));
        Assert.Equal((1, 1), (_source.Closed, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_sink_that_does_not_obey_its_cancellation_either_is_left_behind_in_bounded_time()
    {
        _bench.Register("com.x:v1:out", new HungSink(obeys: false));
        var run = _bench.Start("""
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in" {:config {:batch-size 1}}) (stream-sink "com.x:v1:out")]))
            """);
        _source.Push(1, 2, 3, 4);
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.FromSeconds(2));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromSeconds(5));
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Failed, "Timeout"), (summary.Outcome, summary.Error!.Kind));
        Assert.Contains("sink-1 did not end within 5000 ms", summary.Error.Message, StringComparison.Ordinal);
        Assert.Equal((4, 0, 4), Last(summary));
        Assert.Equal(0, _bench.Clock.Timers);
    }

    [Fact]
    public void A_call_that_does_not_obey_its_cancellation_is_left_behind_too()
    {
        _bench.Register("com.x:v1:never", static (_, _) => new ValueTask<Value>(new TaskCompletionSource<Value>().Task));
        var run = _bench.Start("""(call "com.x:v1:never")""");
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.Zero);
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromSeconds(5));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var summary = _bench.Ended(run);
        Assert.Contains("the body of the plan did not end", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Clock.Timers);
    }

    [Fact]
    public void A_deadline_of_nothing_cancels_at_once()
    {
        var sink = new HungSink(obeys: true);
        _bench.Register("com.x:v1:out", sink);
        var run = _bench.Start(Copy);
        _source.Push(1, 2);
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.Zero);
        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.Equal((2, 0, 2), Last(summary));
        Assert.Equal(1, sink.Closed);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void The_nearer_of_two_deadlines_counts()
    {
        _bench.Register("com.x:v1:out", new HungSink(obeys: true));
        var run = _bench.Start(Copy);
        _source.Push(1);
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.FromSeconds(60));
        _ = run.StopAsync(TimeSpan.FromSeconds(1));
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RunOutcome.Cancelled, _bench.Ended(run).Outcome);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public async Task A_host_that_waits_no_longer_does_not_lift_the_deadline()
    {
        _bench.Register("com.x:v1:out", new HungSink(obeys: true));
        var run = _bench.Start(Copy);
        _source.Push(1);
        _bench.Settle();
        using var waits = new CancellationTokenSource();
        var stopped = run.StopAsync(TimeSpan.FromSeconds(1), waits.Token);
        waits.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RunOutcome.Cancelled, _bench.Ended(run).Outcome);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public async Task A_run_that_has_ended_stays_as_it_ended()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Copy);
        _source.Push(1);
        _source.End();
        var summary = _bench.Ended(run);
        Assert.Same(summary, await run.StopAsync(TimeSpan.FromSeconds(1)));
        Assert.Same(summary, await run.StopAsync(TimeSpan.Zero));
        Assert.Same(summary, await run.StopAsync(drain: true));
        Assert.Same(summary, await run.StopAsync(drain: false));
        run.Pause();
        run.Resume();
        await run.DisposeAsync();
        Assert.Equal((RunOutcome.Completed, 1, 1), (summary.Outcome, _source.Closed, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void The_hosts_token_cancels_a_run()
    {
        using var host = new CancellationTokenSource();
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Copy, cancellation: host.Token);
        _source.Push(1);
        _bench.Settle();
        host.Cancel();
        Assert.Equal(RunOutcome.Cancelled, _bench.Ended(run).Outcome);
        Assert.Equal(("2", 1), (sink.Text, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData("(try (stream-consume h {x => (stream-produce out x)}) (catch _ e (stream-produce out :caught)) (finally (stream-produce out :finally)))")]
    [InlineData("(with-resource [r StreamHandle h] (stream-consume r {:on-item (fn [x] (stream-produce out x)) :on-complete (fn [] (stream-produce out :finally))}))")]
    public void A_drain_leaves_a_block_and_a_scope_by_their_ordinary_ends(string form)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start($"""
            (def h (stream-source "com.x:v1:in"))
            (def out (stream-sink "com.x:v1:out"))
            {form}
            (stream-produce out :after)
            """);
        _source.Push(1, 2);
        _bench.Settle();
        _ = run.StopAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(RunOutcome.Completed, _bench.Ended(run).Outcome);
        Assert.Equal("1 2 :finally :after", sink.Text);
        Assert.Equal((1, 1), (_source.Closed, sink.Closed));
        _bench.NothingIsLeft(run);
    }

    private static (long Received, long Processed, long Dropped) Last(RunSummary summary) =>
        (summary.Stages[^1].Received, summary.Stages[^1].Processed, summary.Stages[^1].Dropped);
}
