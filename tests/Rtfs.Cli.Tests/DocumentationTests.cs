// What the documentation shows is run: plans print what stands behind `;>`, and the C# example is this file's.

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed partial class DocumentationTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    public static TheoryData<int, string> StreamingExamples
    {
        get
        {
            var examples = new TheoryData<int, string>();
            var text = ReadDocument("docs/streaming.md");
            foreach (Match block in Blocks("rtfs").Matches(text))
            {
                examples.Add(text.AsSpan(0, block.Index).Count('\n') + 2, block.Groups[1].Value);
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(StreamingExamples))]
    public async Task An_example_prints_what_it_says(int line, string example)
    {
        using var directory = new PlanDirectory();
        var result = await Cli.RunAsync("run", directory.Write($"streaming-{line}.rtfs", example));
        Assert.True(result.ExitCode == 0, result.Error);

        var expected = PrintedLine().Matches(example).Select(match => match.Groups[1].Value);
        Assert.Equal(expected, result.Lines.TakeWhile(printed => !printed.StartsWith("Completed in", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_host_of_the_readme_runs_the_plan_of_the_readme()
    {
        var text = Blocks("clojure").Match(ReadDocument("README.md")).Groups[1].Value;

        await using var engine = new RtfsEngine();
        var readings = new LocalChannel();
        var alerts = new LocalChannel();
        await engine.Marketplace.RegisterStreamingProviderAsync("com.iot:v1.0:sensor-data", readings);
        await engine.Marketplace.RegisterStreamingProviderAsync("com.iot:v1.0:alert-system", alerts);

        var plan = engine.Load(text, "alerts.rtfs");
        await using var run = await engine.StartAsync(
            plan, new RunOptions { Grants = Grants.None.AllowCapability("com.iot:*") });

        await readings.WriteAsync(new Dictionary<string, object?> { ["sensor-id"] = "temp-01", ["value"] = 31.5 });
        readings.Complete();
        var seen = new List<object?>();
        await foreach (var alert in alerts.ReadRecordsAsync())
        {
            seen.Add(alert["fahrenheit"]);
        }

        RunSummary summary = await run.Completion;
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal([88.7], seen);
    }

    [Fact]
    public void The_host_of_the_readme_is_the_one_above()
    {
        var here = File.ReadAllText(Here());
        var differing = Blocks("csharp").Match(ReadDocument("README.md")).Groups[1].Value
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !here.Contains(line, StringComparison.Ordinal));
        Assert.Equal(
            ["var plan = engine.Load(File.ReadAllText(\"alerts.rtfs\"), \"alerts.rtfs\");", "Console.WriteLine(alert[\"fahrenheit\"]);"],
            differing);
    }

    private static Regex Blocks(string language) =>
        new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    [GeneratedRegex("^;> (.*)$", RegexOptions.Multiline)]
    private static partial Regex PrintedLine();

    private static string ReadDocument(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string Here([CallerFilePath] string path = "") => path;
}
