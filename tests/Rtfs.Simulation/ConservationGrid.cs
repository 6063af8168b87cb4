// The conservation law for every combination of what a plan can ask: pattern, error strategy, backpressure, strategy of joining.

using System.Globalization;
using Xunit;

namespace Rtfs.Simulation;

/// <summary>Five patterns, four strategies of each kind, 5 seeds; <c>RTFS_GRID_SEEDS=100</c> gives the long run.</summary>
public sealed class ConservationGrid
{
    private static readonly NodeKind[] Patterns = [NodeKind.Map, NodeKind.Channel, NodeKind.Transform, NodeKind.Bidirectional, NodeKind.Duplex];

    private static readonly string[] Backpressures = ["block", "drop-oldest", "drop-newest", "resize"];

    private static readonly string[] Choices = [":round-robin", ":priority", ":random :seed 7", "(fn [ready] (:index (last ready)))"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_a_plan_asks_no_item_is_lost(int pattern)
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("RTFS_GRID_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 5;
        foreach (var strategy in Enum.GetValues<Strategy>())
        {
            foreach (var backpressure in Backpressures)
            {
                foreach (var choice in Choices)
                {
                    for (var seed = 1; seed <= seeds; seed++)
                    {
                        Assert.Null(Simulation.Run(seed, Plan(Patterns[pattern], strategy, backpressure, choice)));
                    }
                }
            }
        }
    }

    /// <summary>Two sources joined, through the pattern, past a stage that fails, to a callback and to a sink.</summary>
    private static SimulatedPlan Plan(NodeKind pattern, Strategy strategy, string backpressure, string choice)
    {
        var nodes = new List<Node>();
        var left = Add(new Node(0, NodeKind.Source, []) { Items = 40, IsAtHand = true });
        var right = Add(new Node(1, NodeKind.Source, []) { Items = 30 });
        var joined = Add(new Node(2, NodeKind.Multiplex, [left, right]) { Choice = choice });
        var through = Add(new Node(3, pattern, [joined]));
        var flaky = Add(new Node(4, NodeKind.Flaky, [through]) { Modulus = 5, Failures = 2, Strategy = strategy, Attempts = 1, Then = Strategy.DeadLetter });
        var drops = backpressure.StartsWith("drop", StringComparison.Ordinal);
        var size = backpressure == "resize" ? " :max-size 16" : "";
        var asked = $"{{:strategy :{backpressure} :buffer-size 4{size}}}";
        return new SimulatedPlan(
            nodes,
            [
                new End(0, EndKind.Callbacks, flaky) { Backpressure = asked, Drops = drops, IsSlow = true },
                new End(1, EndKind.Sink, flaky) { Backpressure = asked, Drops = drops, IsSlow = true },
                new End(2, EndKind.Body, through),
            ]);

        Node Add(Node node)
        {
            nodes.Add(node);
            return node;
        }
    }
}
