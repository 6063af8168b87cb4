// H2: the reference work as the loop that a C# programmer writes when only speed counts: no stages, `with` copies.

namespace Rtfs.Benchmarks.SensorPipeline;

public static class FusedLoop
{
    /// <returns>The sum of all full windows' and left-over windows' averages.</returns>
    public static double Run(int items)
    {
        var readings = SensorData.Readings;
        var windows = new Dictionary<string, Window>();
        double sum = 0;
        for (int i = 0, next = 0; i < items; i++)
        {
            var reading = readings[next];
            next = next + 1 == readings.Length ? 0 : next + 1;

            reading = reading with { Fahrenheit = (reading.Value * 1.8) + 32.0, Ratio = reading.Value * 0.01 };
            reading = reading with { Score = (reading.Fahrenheit * 0.5) + reading.Ratio };
            if (reading.Value > 50.0)
            {
                if (!windows.TryGetValue(reading.SensorId, out var window))
                {
                    windows[reading.SensorId] = window = new Window();
                }

                if (window.Add(reading.Score) is { } average)
                {
                    sum += average;
                }
            }
        }

        foreach (var average in Window.RestOf(windows.Values))
        {
            sum += average;
        }

        return sum;
    }
}

/// <summary>A tumbling count window that averages.</summary>
internal sealed class Window
{
    private int _count;
    private double _sum;

    /// <returns>The average when this item fills the window.</returns>
    public double? Add(double item)
    {
        _sum += item;
        if (++_count < SensorData.WindowSize)
        {
            return null;
        }

        var average = _sum / _count;
        _count = 0;
        _sum = 0;
        return average;
    }

    /// <summary>The averages of the windows that the end of the stream left incomplete, in the order of first appearance.</summary>
    public static IEnumerable<double> RestOf(IEnumerable<Window> windows) =>
        windows.Where(static window => window._count > 0).Select(static window => window._sum / window._count);
}
