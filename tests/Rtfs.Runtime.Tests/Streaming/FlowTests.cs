// Items from a source through operators to a consume or a sink.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class FlowTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void A_consume_runs_to_the_end_and_gives_a_summary()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2 3 4") + """
            (stream-consume
              (-> (stream-source "com.x:v1:in") (stream-map (fn [x] (* x 10))) (stream-filter (fn [x] (> x 10))))
              {x => (println x)})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("{:items 3 :errors 0 :skipped 0 :dead-lettered 0 :dropped 0 :failed 0 :elapsed-ms 0}", summary.Value.ToString());
        Assert.Equal(["source-1 4/4/4", "map-1 4/4/4", "filter-1 4/4/3", "consume-1 3/3/0"], Counts(summary));
        Assert.Equal(4, summary.ItemsIn);
    }

    [Fact]
    public void A_pipeline_writes_to_its_sink_in_order_and_closes_it()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var items = string.Join(" ", Enumerable.Range(0, 2000));
        var summary = _bench.Run(Bench.Values("com.x:v1:in", items) + """
            (stream-execute
              (stream-pipeline [(stream-source "com.x:v1:in")
                                (stream-transform :fn (fn [x] (+ x 1)))
                                (stream-sink "com.x:v1:out")]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(string.Join(" ", Enumerable.Range(1, 2000)), sink.Text);
        Assert.Equal((1, 1, 1), (sink.Opened, sink.Flushed, sink.Closed));
        Assert.Equal(2000, summary.ItemsOut);
    }

    private static string[] Counts(RunSummary summary) =>
        [.. summary.Stages.Select(static stage => $"{stage.Id} {stage.Received}/{stage.Processed}/{stage.Emitted}")];
}
