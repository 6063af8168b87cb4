// `check --format sarif`, held against what SARIF 2.1.0 asks of a log.

using System.Text.Json;
using Rtfs.Syntax;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class SarifTests : IDisposable
{
    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task Every_code_is_a_rule_with_its_texts_and_level()
    {
        var run = Run(await Cli.RunAsync("check", _plans.Write("a.rtfs", "(+ 1 2)"), "--format", "sarif"));
        Assert.Equal("utf16CodeUnits", run.GetProperty("columnKind").GetString());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("rtfs", driver.GetProperty("name").GetString());
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+$", driver.GetProperty("semanticVersion").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(Language.Codes.Select(code => code.Code), rules.Select(rule => rule.GetProperty("id").GetString()));
        Assert.All(rules, rule =>
        {
            Assert.NotEmpty(Text(rule, "shortDescription"));
            Assert.NotEmpty(Text(rule, "fullDescription"));
            Assert.Contains("Right:", Text(rule, "help"));
            Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(), Levels);
        });
        Assert.Equal(0, run.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_result_has_its_rule_level_message_and_regions()
    {
        var good = _plans.Write("ä b.rtfs", "1");
        var text = "(def limit 5)\r\n(str \"😀\" totl)\n(str totl)\n";
        var bad = _plans.Write("b.rtfs", text);
        var result = await Cli.RunAsync("check", good, bad, "--format", "sarif");
        Assert.Equal((2, ""), (result.ExitCode, result.Error));
        var run = Run(result);
        var found = Assert.Single(run.GetProperty("results").EnumerateArray());
        Assert.Equal("RTFS1001", found.GetProperty("ruleId").GetString());
        var rule = run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[found.GetProperty("ruleIndex").GetInt32()];
        Assert.Equal("RTFS1001", rule.GetProperty("id").GetString());
        Assert.Equal("error", found.GetProperty("level").GetString());
        Assert.Contains("totl", Text(found, "message"));

        var location = Assert.Single(found.GetProperty("locations").EnumerateArray());
        Assert.Equal((2, 11, 2, 15, text.IndexOf("totl", StringComparison.Ordinal), 4), Region(location));
        var artifact = location.GetProperty("physicalLocation").GetProperty("artifactLocation");
        Assert.Equal(1, artifact.GetProperty("index").GetInt32());
        var artifacts = run.GetProperty("artifacts").EnumerateArray().Select(one => one.GetProperty("location").GetProperty("uri").GetString()).ToList();
        Assert.Equal([new Uri(good).AbsoluteUri, new Uri(bad).AbsoluteUri], artifacts);
        Assert.Equal(artifacts[1], artifact.GetProperty("uri").GetString());

        var related = Assert.Single(found.GetProperty("relatedLocations").EnumerateArray());
        Assert.Equal((3, 6, 3, 10, text.LastIndexOf("totl", StringComparison.Ordinal), 4), Region(related));
        Assert.NotEmpty(Text(related, "message"));
    }

    [Theory]
    [InlineData("(+ 1")]
    [InlineData("(let [a 1]\n  (if\n))")]
    [InlineData("\"")]
    [InlineData("{:a 1 :a 2}")]
    public async Task Regions_are_of_the_text_whatever_is_wrong(string text)
    {
        var run = Run(await Cli.RunWithAsync(text, "check", "-", "--format", "sarif"));
        Assert.Equal("stdin", run.GetProperty("artifacts")[0].GetProperty("location").GetProperty("uri").GetString());
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.NotEmpty(results);
        foreach (var found in results)
        {
            Assert.Contains(found.GetProperty("level").GetString(), Levels);
            var (startLine, startColumn, endLine, endColumn, offset, length) = Region(found.GetProperty("locations")[0]);
            Assert.True(startLine >= 1 && startColumn >= 1 && endLine >= startLine);
            Assert.True(endLine > startLine || endColumn >= startColumn);
            Assert.InRange(offset, 0, text.Length);
            Assert.InRange(offset + length, offset, text.Length);
            Assert.Equal(startLine, text.AsSpan(0, offset).Count('\n') + 1);
        }
    }

    [Fact]
    public async Task A_warning_alone_does_not_fail()
    {
        var result = await Cli.RunWithAsync("{:a 1 :a 2}", "check", "-", "--format", "sarif");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("warning", Run(result).GetProperty("results")[0].GetProperty("level").GetString());
    }

    private static readonly string?[] Levels = ["error", "warning", "note"];

    /// <summary>The one run of a log with the head that the standard asks for.</summary>
    private static JsonElement Run(CliResult result)
    {
        var log = JsonDocument.Parse(result.Out).RootElement;
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.EndsWith("sarif-schema-2.1.0.json", log.GetProperty("$schema").GetString());
        return Assert.Single(log.GetProperty("runs").EnumerateArray());
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetProperty("text").GetString()!;

    private static (int StartLine, int StartColumn, int EndLine, int EndColumn, int Offset, int Length) Region(JsonElement location)
    {
        var region = location.GetProperty("physicalLocation").GetProperty("region");
        int Number(string name) => region.GetProperty(name).GetInt32();
        return (Number("startLine"), Number("startColumn"), Number("endLine"), Number("endColumn"), Number("charOffset"), Number("charLength"));
    }
}
