// Several ways of doing one work, measured in turn so that noise of the machine falls on all of them alike.

using System.Diagnostics;

namespace Rtfs.Benchmarks.Goals;

/// <summary>Each entry runs once per round, in an order that rotates; the first rounds warm up and do not count.</summary>
public sealed class Contest(int rounds, int warmUps = 1)
{
    private readonly List<(string Name, Func<Task<double>> Run, List<double> Seconds, List<double> Bytes)> _entries = [];

    public void Add(string name, Func<Task<double>> run) => _entries.Add((name, run, [], []));

    /// <exception cref="InvalidOperationException">Two entries gave different checksums: they do not do the same work.</exception>
    public async Task RunAsync(TextWriter progress)
    {
        double? checksum = null;
        for (var round = 1 - warmUps; round <= rounds; round++)
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                var (name, run, seconds, bytes) = _entries[(i + round + warmUps) % _entries.Count];
                GC.Collect();
                var allocated = GC.GetTotalAllocatedBytes(precise: true);
                var clock = Stopwatch.GetTimestamp();
                var result = await run();
                var elapsed = Stopwatch.GetElapsedTime(clock).TotalSeconds;
                allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

                checksum ??= result;
                if (result != checksum)
                {
                    throw new InvalidOperationException($"{name} gave {result:R}, the others gave {checksum:R}.");
                }

                if (round > 0)
                {
                    seconds.Add(elapsed);
                    bytes.Add(allocated);
                }

                await progress.WriteLineAsync($"  round {round} of {rounds}  {name,-22} {elapsed,7:0.000} s");
            }
        }
    }

    /// <summary>Median seconds of one round.</summary>
    public double Seconds(string name) => Median(_entries.Single(entry => entry.Name == name).Seconds);

    /// <summary>Median bytes allocated in one round.</summary>
    public double Bytes(string name) => Median(_entries.Single(entry => entry.Name == name).Bytes);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
