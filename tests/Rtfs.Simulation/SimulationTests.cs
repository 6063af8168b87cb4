// Generated topologies on the seeded scheduler under virtual time, held against the reference model.

using System.Globalization;
using Xunit;

namespace Rtfs.Simulation;

/// <summary>
/// 200 seeds by default. <c>RTFS_SIMULATION_SEEDS=10000 dotnet test tests/Rtfs.Simulation</c> runs as many as it says,
/// <c>RTFS_SIMULATION_SEED=n</c> replays one.
/// </summary>
public sealed class SimulationTests
{
    private const int DefaultSeeds = 200;

    [Fact]
    public void Every_run_keeps_to_the_contract()
    {
        var faults = new List<string>();
        foreach (var seed in Seeds())
        {
            if (Simulation.Run(seed) is { } fault)
            {
                faults.Add(fault);
                if (faults.Count == 5)
                {
                    break;
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    private static IEnumerable<int> Seeds()
    {
        if (Number("RTFS_SIMULATION_SEED") is { } one)
        {
            return [one];
        }

        return Enumerable.Range(Number("RTFS_SIMULATION_FROM") ?? 1, Number("RTFS_SIMULATION_SEEDS") ?? DefaultSeeds);
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
