// No item is lost or invented, whatever the pipeline, the strategy, the schedule and the way it ends.

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ConservationProperties
{
    private static readonly string[] Strategies = [":fail", ":skip", ":dead-letter", "{:retry {:attempts 1 :delay-ms 0 :then :skip}}"];

    private static readonly string[] Stages =
    [
        "(stream-map (fn [x] (+ x 1)))",
        "(stream-map (fn [x] (/ 100 (mod x 7))))",
        "(stream-filter (fn [x] (> (mod x 3) 0)))",
        "(stream-map (fn [x] (do (call \"com.x:v1:echo\" x) x)))",
    ];

    /// <summary>A failing flow whose feeder has a batch in hand when it leaves.</summary>
    [Property(MaxTest = 1, Replay = "13580963579234617705,5434418888852047543,60")]
    public Property What_is_in_hand_when_a_reader_leaves_is_accounted_for() => Every_item_is_accounted_for();

    [Property(MaxTest = 150)]
    public Property Every_item_is_accounted_for() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<PositiveInt>(), Holds);

    private static bool Holds(int seed, byte[] shape, PositiveInt size)
    {
        var bench = new Bench(seed);
        bench.Register("com.x:v1:echo", static (arguments, _) => new ValueTask<Value>(arguments[0]));
        var sink = bench.Keep("com.x:v1:out");
        var count = size.Get * 37 % 1200;
        var items = string.Join(' ', Enumerable.Range(0, count).Select(static item => item % 11 == 10 ? "\"bad\"" : item.ToString()));
        var strategy = Strategies[(seed & 0xFF) % Strategies.Length];
        var stages = string.Join(' ', (shape ?? []).Take(5).Select(static pick => Stages[pick % Stages.Length]));
        var joined = seed % 2 == 0 ? "(stream-source \"com.x:v1:in\")" : "(stream-multiplex [(stream-source \"com.x:v1:in\") (stream-source \"com.x:v1:in\")])";
        var run = bench.Start(Bench.Values("com.x:v1:in", items) + $$"""
            (stream-execute (stream-pipeline [{{joined}} {{stages}} (stream-sink "com.x:v1:out")] {:error-handling {{strategy}}}))
            """);
        if (seed % 5 == 0)
        {
            run.StopAsync(drain: seed % 2 == 0);
        }

        var summary = bench.Ended(run);
        foreach (var stage in summary.Stages)
        {
            Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString());
            foreach (var edge in run.Topology.Edges.Where(edge => edge.From == stage.Id))
            {
                // What a stage emitted, those behind it received: a multiplexer from several.
                var target = summary.Stages.Single(found => found.Id == edge.To);
                var fed = run.Topology.Edges.Where(other => other.To == edge.To).Sum(other => summary.Stages.Single(found => found.Id == other.From).Emitted);
                Assert.True(target.Received == fed, $"{edge.To} received {target.Received} of {fed}");
            }
        }

        return summary.ItemsOut == sink.Items.Count && (strategy == ":fail" || seed % 5 == 0 || summary.Outcome == RunOutcome.Completed);
    }
}
