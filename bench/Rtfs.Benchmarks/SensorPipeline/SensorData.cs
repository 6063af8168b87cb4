// The input of the reference work: the same readings, as records of C# and as values of the language.

using Rtfs.Runtime.Values;

namespace Rtfs.Benchmarks.SensorPipeline;

/// <summary>One reading with room for what the stages derive, copied with <c>with</c>, as idiomatic C# does.</summary>
public sealed record Reading(string SensorId, double Value, long Ts, string Unit)
{
    public double Fahrenheit { get; init; }

    public double Ratio { get; init; }

    public double Score { get; init; }
}

/// <summary>A block of readings that sources repeat, so that making the input costs nothing while the clock runs.</summary>
public static class SensorData
{
    public const int Sensors = 100;
    public const int WindowSize = 100;

    /// <summary>A multiple of nothing in the work, so that windows do not line up with the block.</summary>
    public const int BlockSize = 9973;

    private const string Unit = "C";
    private const ulong Seed = 0x9E3779B97F4A7C15;

    public static Reading[] Readings { get; } = Make();

    public static Value[] Values { get; } = [.. Readings.Select(ToValue)];

    private static Reading[] Make()
    {
        var names = Enumerable.Range(0, Sensors).Select(i => $"sensor-{i:00}").ToArray();
        var readings = new Reading[BlockSize];
        var state = Seed;
        for (var i = 0; i < readings.Length; i++)
        {
            // xorshift64: the same readings on every machine.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            readings[i] = new Reading(names[state % Sensors], (state >> 11) % 100_000 / 1000.0, i, Unit);
        }

        return readings;
    }

    private static Value ToValue(Reading reading) => Value.Of(Record.Of(
        Shape.Of(Keyword.Of("sensor-id"), Keyword.Of("value"), Keyword.Of("ts"), Keyword.Of("unit")),
        [Value.String(reading.SensorId), Value.Float(reading.Value), Value.Int(reading.Ts), Value.String(reading.Unit)]));
}
