// What the documentation shows is run: plans print what stands behind `;>`, tell what stands behind `;?`, fail with what stands behind
// `;!`, and the C# example is this file's.

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

    public static TheoryData<string, int, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, int, string>();
            foreach (var document in new[] { "streaming", "semantics" })
            {
                var text = ReadDocument($"docs/{document}.md");
                foreach (Match block in Blocks("rtfs").Matches(text))
                {
                    examples.Add(document, text.AsSpan(0, block.Index).Count('\n') + 2, block.Groups[1].Value);
                }
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_prints_what_it_says(string document, int line, string example)
    {
        using var directory = new PlanDirectory();
        var result = await Cli.RunAsync("run", directory.Write($"{document}-{line}.rtfs", example));

        var failures = Marked('!', example);
        Assert.True(result.ExitCode == 0 == (failures.Count == 0), result.Error);
        Assert.All(failures.Concat(Marked('?', example)), told => Assert.Contains(told, result.Error, StringComparison.Ordinal));
        Assert.Equal(
            Marked('>', example),
            result.Lines.TakeWhile(static printed => !printed.StartsWith("Completed in", StringComparison.Ordinal)
                && !printed.StartsWith("Failed in", StringComparison.Ordinal)));
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

    private static List<string> Marked(char mark, string example) =>
        [.. Expectation().Matches(example).Where(match => match.Groups[1].Value[0] == mark).Select(static match => match.Groups[2].Value)];

    [GeneratedRegex("^;([>?!]) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Expectation();

    private static string ReadDocument(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string Here([CallerFilePath] string path = "") => path;
}
