// How runs end: stopped, cancelled, stalled, with everything accounted for and closed.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class EndingTests
{
    private readonly Bench _bench = new();
    private readonly PushedSource _source = new();

    public EndingTests() => _bench.Register("com.x:v1:in", _source);

    [Fact]
    public async Task A_drain_stops_the_sources_and_flushes_windows()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start("""
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-window {:count 2}) (stream-aggregate {:n [:count]}) (stream-sink "com.x:v1:out")]))
            """);
        _source.Push(1, 2, 3);
        _bench.Settle();
        var stopped = run.StopAsync(drain: true);
        Assert.Equal(RunOutcome.Completed, _bench.Ended(run).Outcome);
        Assert.Equal("{:n 2} {:n 1}", sink.Text);
        Assert.Equal((1, 1), (_source.Closed, sink.Closed));
        Assert.Same(await stopped, await run.Completion);
    }

    [Fact]
    public void A_cancellation_counts_what_is_in_flight_as_dropped()
    {
        var gate = new TaskCompletionSource();
        _bench.Register("com.x:v1:slow", async (arguments, cancellation) =>
        {
            await gate.Task.WaitAsync(cancellation);
            return arguments[0];
        });
        var run = _bench.Start("""
            (stream-consume "com.x:v1:in" {x => (call "com.x:v1:slow" x)})
            """);
        _source.Push(1, 2, 3, 4, 5);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!run.Completion.IsCompleted && !patience.IsCancellationRequested)
        {
            // The host's own wait ends on a thread of the pool.
            _bench.Settle();
        }

        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.Null(summary.Error);
        var consume = Assert.Single(summary.Stages, static stage => stage.Kind == "consume");
        Assert.Equal((5, 0, 5), (consume.Received, consume.Processed, consume.Dropped));
        Assert.Equal(1, _source.Closed);
        Assert.Contains(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.Cancelled, Stage: "consume-1" });
    }

    [Fact]
    public void Disposing_a_run_cancels_it()
    {
        var run = _bench.Start("(stream-consume \"com.x:v1:in\" {x => x})");
        _bench.Settle();
        var disposed = run.DisposeAsync();
        _bench.Settle();
        Assert.True(disposed.IsCompleted || run.Completion.IsCompleted);
        Assert.Equal(RunOutcome.Cancelled, _bench.Ended(run).Outcome);
        Assert.Equal(1, _source.Closed);
    }

    [Fact]
    public void A_run_that_nothing_can_move_fails_and_names_what_waits()
    {
        var summary = _bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source)
            (stream-consume (stream-source "com.x:v1:pipe") {x => x})
            """);
        Assert.Equal("RTFS9031", summary.Error!.Code);
        Assert.Contains("consume-1", summary.Error.Message);
        Assert.Contains("a local channel that nothing writes to", summary.Error.Message);
    }

    [Fact]
    public void A_local_channel_of_the_plan_joins_two_flows_and_ends_with_its_writer()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Bench.Values("com.x:v1:numbers", string.Join(' ', Enumerable.Range(0, 3000))) + """
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source :provider {:kind :local :buffer-size 10})
            (stream-transform :input-stream "com.x:v1:numbers" :output-stream (stream-sink "com.x:v1:pipe") :transform-fn (fn [x] (* 2 x)))
            (stream-transform :input-stream (stream-source "com.x:v1:pipe") :output-stream "com.x:v1:out" :transform-fn (fn [x] (+ 1 x)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 3000).Select(static x => (2 * x) + 1)), sink.Text);
    }

    [Fact]
    public void A_blocking_consume_of_a_local_channel_ends_when_its_writer_has()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:numbers", "1 2 3") + """
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source)
            (stream-transform :input-stream "com.x:v1:numbers" :output-stream (stream-sink "com.x:v1:pipe") :transform-fn (fn [x] (* 2 x)))
            (:items (stream-consume (stream-source "com.x:v1:pipe") {x => x}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("3", summary.Value.ToString());
    }

    [Fact]
    public void A_source_that_breaks_fails_the_run_in_its_own_words_after_what_it_gave()
    {
        _source.Push(1, 2);
        var run = _bench.Start("(stream-consume \"com.x:v1:in\" {x => x})");
        _bench.Settle();
        _source.Push(new ProviderException("the connection to the station was lost"));
        var summary = _bench.Ended(run);
        Assert.Equal(("RTFS9021", "the connection to the station was lost"), (summary.Error!.Code, summary.Error.Message));
        Assert.Equal(2, summary.Stages[^1].Processed);
    }

    [Fact]
    public void A_snapshot_tells_what_is_in_flight_while_the_run_goes_on()
    {
        var gate = new TaskCompletionSource<Value>();
        _bench.Register("com.x:v1:slow", (_, _) => new ValueTask<Value>(gate.Task));
        var run = _bench.Start("(stream-consume \"com.x:v1:in\" {x => (call \"com.x:v1:slow\")})");
        _source.Push(1, 2, 3);
        _source.End();
        _bench.Settle();
        var consume = run.Snapshot().Stages[^1];
        Assert.Equal((3, 3), (consume.Received, consume.InFlight));
        Assert.Equal(["source-1", "consume-1"], [.. run.Topology.Stages.Select(static stage => stage.Id)]);
        Assert.Equal("source-1 consume-1", Assert.Single(run.Topology.Edges) is var edge ? $"{edge.From} {edge.To}" : "");
        gate.SetResult(Value.Nil);
        Assert.Equal(3, _bench.Ended(run).Stages[^1].Processed);
    }

    [Fact]
    public void A_channel_stays_open_for_a_flow_whose_body_writes_to_it_though_another_writer_has_ended()
    {
        var bench = new Bench();
        var late = new PushedSource();
        bench.Register("com.x:v1:late", late);
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start(Bench.Values("com.x:v1:early", "1 2") + """
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-transform)
            (def pipe (stream-source "com.x:v1:pipe"))
            (defn pass [x] (stream-produce "com.x:v1:pipe" x))
            (stream-transform :input-stream (stream-source "com.x:v1:early") :output-stream "com.x:v1:pipe")
            (stream-consume (stream-source "com.x:v1:late") {:on-item (fn [x] (pass x))})
            (stream-transform :input-stream pipe :output-stream "com.x:v1:out")
            """);
        bench.Settle();
        Assert.Equal("1 2", sink.Text);
        late.Push(3);
        late.End();
        Assert.Null(bench.Ended(run).Error);
        Assert.Equal("1 2 3", sink.Text);
    }

    [Fact]
    public void A_stream_that_closes_itself_is_no_writer_of_itself()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + """
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-transform)
            (def pipe (stream-source "com.x:v1:pipe"))
            (stream-transform :input-stream (stream-source "com.x:v1:in") :output-stream "com.x:v1:pipe")
            (stream-consume pipe {:on-item (fn [x] (stream-produce "com.x:v1:out" x) (when (= x 9) (stream-close pipe)))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 2 3", sink.Text);
    }

    private const string Pipe = """
        (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-transform)
        (def pipe (stream-source "com.x:v1:pipe"))

        """;

    [Fact]
    public void A_flow_may_feed_the_channel_that_it_reads()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Pipe + """
            (stream-consume pipe {:on-item (fn [n] (stream-produce "com.x:v1:out" n) (if (< n 3) (stream-produce pipe (inc n)) (stream-close pipe)))})
            (stream-produce pipe 1)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 2 3", sink.Text);
    }

    [Fact]
    public void Callbacks_of_a_stream_count_among_the_writers()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + Pipe + """
            (def numbers (stream-source "com.x:v1:in"))
            (stream-consume numbers {:on-item (fn [n] nil)})
            (stream-consume pipe {:on-item (fn [n] (stream-produce "com.x:v1:out" n))})
            (stream-callbacks numbers {:on-item (fn [n] (stream-produce pipe n))})
            (stream-produce pipe 0)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("0 1 2", sink.Text);
    }

    [Fact]
    public void A_channel_that_is_closed_before_it_starts_gives_what_was_written_to_it()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Pipe + """
            (stream-consume pipe {:on-item (fn [n] (stream-produce "com.x:v1:out" n))})
            (stream-produce pipe [1 2])
            (stream-close pipe)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 2", sink.Text);
    }

    [Theory]
    [InlineData("com.x:v1:pipe", ":type :stream-source")]
    [InlineData("com.x:v1:pipe", ":type :stream-transform :provider {:kind :function :fn (fn [x] x)}")]
    public void A_channel_ends_when_those_who_might_have_written_have_ended_without(string id, string manifest)
    {
        _source.End();
        var run = _bench.Start($$"""
            (register-stream-capability :capability-id "{{id}}" {{manifest}})
            (stream-consume "{{id}}" {:on-item (fn [x] x)})
            (stream-consume "com.x:v1:in" {x => (stream-produce "{{id}}" x)})
            """);
        Assert.Null(_bench.Ended(run).Error);
        Assert.DoesNotContain(Bench.EventsOf(run), static told => told.Level == "warn");
    }

    [Fact]
    public void A_full_channel_that_nothing_reads_stalls_its_writer()
    {
        var summary = new Bench().Run("""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-transform :provider {:kind :local :buffer-size 2})
            (stream-produce "com.x:v1:pipe" [1 2 3 4 5])
            """);
        Assert.Equal("Stalled", summary.Error?.Kind);
    }

    [Fact]
    public void What_nobody_reads_from_a_channel_of_the_plan_is_dropped_and_told()
    {
        var bench = new Bench();
        var run = bench.Start("""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-transform)
            (stream-produce "com.x:v1:pipe" [1 2])
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(2, summary.Dropped);
        var events = Bench.EventsOf(run);
        Assert.Equal((2, 2), summary.Stages.Where(static stage => stage.Kind == "source").Select(static stage => (stage.Received, stage.Dropped)).Single());
        Assert.Contains("dropped 2 items written to com.x:v1:pipe, which nobody read", Assert.Single(events, static happened => happened is { Kind: RunEventKind.Log, Level: "warn" }).Message);
        Assert.Single(events, static happened => happened.Kind == RunEventKind.ItemDropped);
    }

    [Fact]
    public void What_comes_to_a_channel_after_its_only_reader_has_closed_is_dropped_by_that_reader()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 3 4 5") + Pipe + """
            (stream-consume pipe {:on-item (fn [n] (stream-produce "com.x:v1:out" n) (stream-close pipe))})
            (stream-produce pipe 0)
            (stream-await pipe)
            (stream-consume (stream-source "com.x:v1:in") {n => (stream-produce "com.x:v1:pipe" n)})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("0", sink.Text);
        Assert.Equal(5, summary.Dropped);
        Assert.Equal((6, 1, 5), summary.Stages.Where(static stage => stage.Label == "pipe" && stage.Kind == "source").Select(static stage => (stage.Received, stage.Processed, stage.Dropped)).Single());
    }

    [Fact]
    public void The_id_of_a_channel_that_is_registered_as_a_sink_closes_what_writes_it()
    {
        var summary = new Bench().Run("""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-sink)
            (stream-produce "com.x:v1:pipe" 1)
            (stream-close "com.x:v1:pipe")
            (stream-produce "com.x:v1:pipe" 2)
            """);
        Assert.Contains("com.x:v1:pipe has been closed in this run", summary.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_is_awaited_by_its_id()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Pipe + """
            (stream-consume pipe {:on-item (fn [n] nil)})
            (stream-produce "com.x:v1:pipe" [1 2])
            (stream-produce "com.x:v1:out" (:items (stream-await "com.x:v1:pipe")))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("2", sink.Text);
    }

    [Fact]
    public void An_id_at_the_end_of_a_pipeline_is_its_sink()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2") + """(stream-execute (stream-pipeline ["com.x:v1:in" (stream-map inc) "com.x:v1:out"]))""");
        Assert.Null(summary.Error);
        Assert.Equal("2 3", sink.Text);
    }

    [Fact]
    public void A_plan_at_the_end_of_a_text_runs_whether_it_says_its_type_or_not()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        Assert.Null(bench.Run("""(plan :plan-id "a" :program (stream-produce "com.x:v1:out" 1))""").Error);
        Assert.Equal("1", sink.Text);
    }

    [Fact]
    public void A_plan_stops_at_its_longest_time_and_what_does_not_end_then_is_cancelled()
    {
        var bench = new Bench();
        bench.Register("com.x:v1:in", new PushedSource());
        var hung = new PushedSource();
        bench.Register("com.x:v1:hung", hung);
        bench.Register("com.x:v1:never", static async (_, cancellation) =>
        {
            var never = new TaskCompletionSource();
            await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), never);
            await never.Task;
            return default;
        });
        var run = bench.Start("""
            (plan :limits {:max-run-ms 1000 :shutdown-ms 200}
                  :program (do (stream-consume (stream-source "com.x:v1:in") {:on-item (fn [x] x)})
                               (stream-consume (stream-source "com.x:v1:hung") {:on-item (fn [x] (call "com.x:v1:never"))})))
            """);
        hung.Push(1);
        bench.Settle();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1000));
        bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal((RunOutcome.Cancelled, 1), (summary.Outcome, summary.Dropped));
        Assert.Contains(Bench.EventsOf(run), static happened => happened.Level == "warn" && happened.Message.Contains("had not ended 200 ms after its :max-run-ms of 1000", StringComparison.Ordinal));
    }
}
