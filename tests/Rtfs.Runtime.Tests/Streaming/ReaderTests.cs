// Handles with several readers, callbacks, and the events of a stream.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ReaderTests
{
    private readonly Bench _bench = new();
    private readonly List<string> _told = [];

    public ReaderTests() => _bench.Register("com.x:v1:tell", (arguments, _) =>
    {
        _told.Add(string.Join(" ", arguments.Select(static argument => ValuePrinter.Display(argument))));
        return new ValueTask<Value>(Value.Nil);
    });

    [Fact]
    public void Two_readers_of_one_handle_each_see_every_item_in_order()
    {
        var (one, two) = (_bench.Keep("com.x:v1:one"), _bench.Keep("com.x:v1:two"));
        var items = string.Join(' ', Enumerable.Range(0, 3000));
        var summary = _bench.Run(Bench.Values("com.x:v1:in", items) + """
            (def s (stream-source "com.x:v1:in"))
            (stream-transform :input-stream s :output-stream (stream-sink "com.x:v1:one") :transform-fn (fn [x] x))
            (stream-transform :input-stream s :output-stream "com.x:v1:two")
            """);
        Assert.Null(summary.Error);
        Assert.Equal(items, one.Text);
        Assert.Equal(items, two.Text);
        Assert.Equal(3000, summary.ItemsIn);
    }

    [Fact]
    public void A_bare_id_denotes_one_handle_and_each_opening_reads_by_itself()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + """
            (stream-consume "com.x:v1:in" {:on-item (fn [x] x)})
            (stream-consume "com.x:v1:in" {:on-item (fn [x] x)})
            (stream-consume (stream-source "com.x:v1:in") {x => x})
            """);
        Assert.Equal(["source-1 3", "source-2 3"], [.. summary.Stages.Where(static stage => stage.Kind == "source").Select(static stage => $"{stage.Id} {stage.Received}").Order()]);
        Assert.Equal(9, summary.Stages.Where(static stage => stage.Kind == "consume").Sum(static stage => stage.Processed));
    }

    [Fact]
    public void Callbacks_come_in_order_with_one_terminal_event()
    {
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-consume (stream-source "com.x:v1:in")
              {:on-start (fn [] (call "com.x:v1:tell" "start")) :on-item (fn [x] (call "com.x:v1:tell" "item" x))
               :on-error (fn [e] (call "com.x:v1:tell" "error")) :on-complete (fn [] (call "com.x:v1:tell" "complete"))})
            """);
        Assert.Equal(RunOutcome.Completed, _bench.Ended(run).Outcome);
        Assert.Equal(["start", "item 1", "item 2", "complete"], _told);
        Assert.Equal(
            [RunEventKind.Started, RunEventKind.Completed],
            [.. Bench.EventsOf(run).Where(static happened => happened.Stage == "consume-1").Select(static happened => happened.Kind)]);
    }

    [Fact]
    public void An_error_is_told_per_item_and_as_the_terminal_event_when_it_fails_the_stream()
    {
        const string callbacks = """
              {:on-item (fn [x] (/ 1 x)) :on-error (fn [e item] (call "com.x:v1:tell" (:kind e) item)) :on-complete (fn [] (call "com.x:v1:tell" "complete"))}
            """;
        _bench.Run(Bench.Values("com.x:v1:in", "1 0 2") + $"(stream-consume \"com.x:v1:in\" {callbacks} {{:error-handling :skip}})");
        Assert.Equal(["DivisionByZero 0", "complete"], _told);
        _told.Clear();
        var failed = _bench.Run(Bench.Values("com.x:v1:in", "1 0 2") + $"(stream-consume \"com.x:v1:in\" {callbacks})");
        Assert.Equal(RunOutcome.Failed, failed.Outcome);
        Assert.Equal(["DivisionByZero nil"], _told);
    }

    [Fact]
    public void An_observer_that_throws_is_an_event_of_the_run_and_nothing_else()
    {
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-consume "com.x:v1:in" {:on-start (fn [] (/ 1 0)) :on-item (fn [x] x)})
            """);
        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Contains(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.ObserverFailed, Stage: "consume-1" } && happened.Message.Contains("Division by zero"));
    }

    [Fact]
    public void Callbacks_that_are_switched_off_are_not_called_and_the_items_still_flow()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (stream-consume "com.x:v1:in" {:on-item (fn [x] (/ 1 0)) :enable-callbacks false})
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal(2, summary.Stages[^1].Processed);
    }

    [Fact]
    public void A_pipeline_tells_its_start_its_errors_by_stage_and_its_end()
    {
        _bench.Keep("com.x:v1:out");
        _bench.Run(Bench.Values("com.x:v1:in", "1 0") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-map (fn [x] (/ 1 x))) (stream-sink "com.x:v1:out")])
              {:error-handling :skip
               :config {:on-pipeline-start (fn [] (call "com.x:v1:tell" "start")) :on-pipeline-complete (fn [] (call "com.x:v1:tell" "complete"))
                        :on-stage-error (fn [stage error] (call "com.x:v1:tell" stage (:message error) (:sequence error)))}})
            """);
        Assert.Equal(["start", "map-1 Division by zero 1", "complete"], _told);
    }

    [Fact]
    public void A_body_may_call_the_host_and_keeps_the_order()
    {
        var gates = new Queue<TaskCompletionSource<Value>>();
        _bench.Register("com.x:v1:slow", (_, _) =>
        {
            var gate = new TaskCompletionSource<Value>();
            gates.Enqueue(gate);
            return new ValueTask<Value>(gate.Task);
        });
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 2 3") + """
            (stream-consume (stream-map (stream-source "com.x:v1:in") (fn [x] (do (call "com.x:v1:slow") x))) {x => (call "com.x:v1:tell" x)})
            """);
        for (var i = 1; i <= 3; i++)
        {
            _bench.Settle();
            Assert.Single(gates);
            gates.Dequeue().SetResult(Value.Nil);
        }

        Assert.Equal(3, _bench.Ended(run).Stages[^1].Processed);
        Assert.Equal(["1", "2", "3"], _told);
    }

    [Fact]
    public void Reading_a_stream_that_has_ended_is_an_error()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1") + """
            (def s (stream-source "com.x:v1:in"))
            (stream-consume s {x => x})
            (stream-consume s {x => x})
            """);
        Assert.Equal("RTFS9032", summary.Error!.Code);
        Assert.Contains("has ended", summary.Error.Message);
    }

    [Fact]
    public void A_sink_that_nothing_writes_to_gives_nothing_when_it_is_read()
    {
        _bench.Keep("com.x:v1:out");
        Assert.Null(_bench.Run("(stream-consume (stream-sink \"com.x:v1:out\") {x => x})").Error);
    }

    [Fact]
    public void A_consume_that_waits_too_long_for_an_item_times_out()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        var run = _bench.Start("(stream-consume \"com.x:v1:in\" {x => x} {:timeout-ms 500})");
        source.Push(1);
        _bench.Settle();
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(499));
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var summary = _bench.Ended(run);
        Assert.Equal("RTFS9024", summary.Error!.Code);
        Assert.Equal(1, source.Closed);
    }
}
