// The weather sample, run as the README says, against alerts computed without the project.

using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class SampleTests : IDisposable
{
    private static readonly string Sample = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "iot");
    private readonly PlanDirectory _copy = new();

    public SampleTests()
    {
        foreach (var file in Directory.EnumerateFiles(Sample).Where(file => Path.GetExtension(file) is ".rtfs" or ".csv"))
        {
            File.Copy(file, _copy.At(Path.GetFileName(file)));
        }
    }

    public void Dispose() => _copy.Dispose();

    [Fact]
    public async Task The_plan_writes_what_an_independent_script_computes()
    {
        var result = await RunAsync("alerts.rtfs");

        result.AssertSuccess();
        Assert.Equal(Expected(severity => severity != "low"), Sorted("out/alerts.ndjson"));
        Assert.Contains("watching three sensors", result.Error);
        Assert.Contains("no more readings", result.Error);
        Assert.Contains("26,277 in, 2,761 out", result.Out);
    }

    [Fact]
    public async Task The_plan_as_data_runs_as_it_was_changed()
    {
        var result = await RunAsync("alerts-as-data.rtfs");

        result.AssertSuccess();
        Assert.Equal(Expected(severity => severity == "high"), Sorted("out/high-alerts.ndjson"));
        Assert.False(File.Exists(_copy.At("out/alerts.ndjson")));
    }

    [Theory]
    [InlineData("alerts.rtfs")]
    [InlineData("alerts-as-data.rtfs")]
    public async Task The_plans_check_clean(string plan)
    {
        var result = await Cli.RunAsync("check", _copy.At(plan));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Without_its_grants_the_plan_is_refused_with_the_flags_to_add()
    {
        var result = await Cli.RunAsync("run", _copy.At("alerts.rtfs"));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"--allow-read {_copy.At("seattle-weather-hourly-normals.csv")}", result.Error);
        Assert.Contains($"--allow-write {_copy.At("out/alerts.ndjson")}", result.Error);
        Assert.False(Directory.Exists(_copy.At("out")));
    }

    private Task<CliResult> RunAsync(string plan) =>
        Cli.RunAsync("run", _copy.At(plan), "--allow-read", _copy.Path, "--allow-write", _copy.At("out"));

    private string[] Sorted(string file) => [.. File.ReadLines(_copy.At(file)).Order(StringComparer.Ordinal)];

    /// <summary>The rules of the sample once more, in plain C#.</summary>
    private string[] Expected(Func<string, bool> wanted)
    {
        (string Id, int Column, string Unit, double High, double Elevated)[] sensors =
        [
            ("temp-01", 2, "°C", 22.0, 18.0), ("baro-01", 1, "hPa", 1018.6, 1018.2), ("wind-01", 3, "m/s", 4.4, 4.1),
        ];
        var alerts =
            from row in File.ReadLines(_copy.At("seattle-weather-hourly-normals.csv")).Skip(1)
            let cells = row.Split(',')
            from sensor in sensors
            let value = double.Parse(cells[sensor.Column], CultureInfo.InvariantCulture)
            let severity = value > sensor.High ? "high" : value > sensor.Elevated ? "medium" : "low"
            where wanted(severity)
            select string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"sensor-id":"{{sensor.Id}}","timestamp":"{{cells[0]}}Z","value":{{value:0.0}},"unit":"{{sensor.Unit}}","severity":"{{severity}}"}""");
        return [.. alerts.Order(StringComparer.Ordinal)];
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
