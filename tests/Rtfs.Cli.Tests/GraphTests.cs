// `graph`: its formats, and the picture of the sample that the documentation shows.

using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class GraphTests : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task Each_format_draws_the_stages()
    {
        var plan = _plans.Write("a.rtfs", Plans.Doubling);
        Assert.StartsWith("flowchart LR\n", await DrawAsync(plan));
        Assert.Equal(await DrawAsync(plan), await DrawAsync(plan, "--format", "mermaid"));
        Assert.StartsWith("digraph plan {\n", await DrawAsync(plan, "--format", "dot"));
        var svg = XDocument.Parse(await DrawAsync(plan, "--format", "svg"));
        Assert.Contains(svg.Descendants(), element => element.Value == "Topology of a.rtfs");
        var json = JsonDocument.Parse(await DrawAsync(plan, "--format", "json")).RootElement;
        Assert.Equal(3, json.GetProperty("stages").GetArrayLength());
        Assert.Equal(2, json.GetProperty("edges").GetArrayLength());
    }

    [Fact]
    public async Task A_plan_with_errors_is_not_drawn()
    {
        var result = await Cli.RunWithAsync("(if)", "graph", "-", "--format", "svg");
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains("RTFS0101", result.Error);
    }

    [Fact]
    public async Task A_plan_without_streams_has_a_picture_that_says_so()
    {
        var result = await Cli.RunWithAsync("(+ 1 2)", "graph", "-", "--format", "svg");
        result.AssertSuccess();
        Assert.Contains("Nothing is wired", result.Out);
    }

    [Fact]
    public async Task The_picture_of_the_documentation_is_current()
    {
        var drawn = await DrawAsync(Path.Combine(Root, "samples", "iot", "alerts.rtfs"), "--format", "svg");
        var picture = Path.Combine(Root, "docs", "images", "iot-alerts.svg");
        if (Environment.GetEnvironmentVariable("RTFS_UPDATE") == "1")
        {
            File.WriteAllText(picture, drawn);
        }

        Assert.True(
            File.Exists(picture) && File.ReadAllText(picture).ReplaceLineEndings("\n") == drawn,
            "docs/images/iot-alerts.svg is out of date; regenerate with: RTFS_UPDATE=1 dotnet test tests/Rtfs.Cli.Tests --filter GraphTests");
    }

    private static async Task<string> DrawAsync(string plan, params string[] options)
    {
        var result = await Cli.RunAsync(["graph", plan, .. options]);
        result.AssertSuccess();
        return result.Out;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
