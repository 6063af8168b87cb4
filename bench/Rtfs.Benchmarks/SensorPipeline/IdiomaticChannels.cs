// H1: the reference work as idiomatic C#: one bounded channel and one task per stage, records between them.

using System.Threading.Channels;

namespace Rtfs.Benchmarks.SensorPipeline;

public static class IdiomaticChannels
{
    private const int Capacity = 1024;

    public static async Task<double> RunAsync(int items)
    {
        var source = Make();
        var derived = Make();
        var scored = Make();
        var kept = Make();
        var averages = Channel.CreateBounded<double>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

        var sum = Task.Run(() => SumAsync(averages.Reader));
        await Task.WhenAll(
            Task.Run(() => ReadAsync(items, source.Writer)),
            Task.Run(() => MapAsync(
                source.Reader,
                derived.Writer,
                static r => r with { Fahrenheit = (r.Value * 1.8) + 32.0, Ratio = r.Value * 0.01 })),
            Task.Run(() => MapAsync(
                derived.Reader, scored.Writer, static r => r with { Score = (r.Fahrenheit * 0.5) + r.Ratio })),
            Task.Run(() => FilterAsync(scored.Reader, kept.Writer, static r => r.Value > 50.0)),
            Task.Run(() => AverageAsync(kept.Reader, averages.Writer)));
        return await sum;
    }

    private static Channel<Reading> Make() => Channel.CreateBounded<Reading>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    private static async Task ReadAsync(int items, ChannelWriter<Reading> output)
    {
        var readings = SensorData.Readings;
        for (int i = 0, next = 0; i < items; i++)
        {
            await output.WriteAsync(readings[next]);
            next = next + 1 == readings.Length ? 0 : next + 1;
        }

        output.Complete();
    }

    private static async Task MapAsync(
        ChannelReader<Reading> input, ChannelWriter<Reading> output, Func<Reading, Reading> transform)
    {
        await foreach (var reading in input.ReadAllAsync())
        {
            await output.WriteAsync(transform(reading));
        }

        output.Complete();
    }

    private static async Task FilterAsync(
        ChannelReader<Reading> input, ChannelWriter<Reading> output, Func<Reading, bool> predicate)
    {
        await foreach (var reading in input.ReadAllAsync())
        {
            if (predicate(reading))
            {
                await output.WriteAsync(reading);
            }
        }

        output.Complete();
    }

    private static async Task AverageAsync(ChannelReader<Reading> input, ChannelWriter<double> output)
    {
        var windows = new Dictionary<string, Window>();
        await foreach (var reading in input.ReadAllAsync())
        {
            if (!windows.TryGetValue(reading.SensorId, out var window))
            {
                windows[reading.SensorId] = window = new Window();
            }

            if (window.Add(reading.Score) is { } average)
            {
                await output.WriteAsync(average);
            }
        }

        foreach (var average in Window.RestOf(windows.Values))
        {
            await output.WriteAsync(average);
        }

        output.Complete();
    }

    private static async Task<double> SumAsync(ChannelReader<double> input)
    {
        double sum = 0;
        await foreach (var average in input.ReadAllAsync())
        {
            sum += average;
        }

        return sum;
    }
}
