// `explain`, and that the examples of run-time errors do at run time what they say.

using Rtfs.Syntax;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class ExplainTests : IDisposable
{
    private readonly PlanDirectory _plans = new();

    public static TheoryData<string> RunTimeCodes =>
        [.. Language.Codes.Select(code => code.Code).Where(code => code.StartsWith("RTFS9", StringComparison.Ordinal))];

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task Without_a_code_all_are_listed_by_family()
    {
        var list = await Cli.RunAsync("explain");
        list.AssertSuccess();
        Assert.StartsWith("Reading\n  RTFS0001  A bracket that is not closed\n", list.Out);
        Assert.Contains("\n\nStreams\n  RTFS3001  ", list.Out);
        var listed = list.Lines.Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[0]);
        Assert.Equal(Language.Codes.Select(code => code.Code), listed);
    }

    [Fact]
    public async Task A_code_has_its_meaning_and_examples_in_lines_that_fit()
    {
        foreach (var code in Language.Codes)
        {
            var one = await Cli.RunAsync("explain", code.Code.ToLowerInvariant());
            one.AssertSuccess();
            Assert.StartsWith($"{code.Code} (", one.Out);
            Assert.Contains("\nWrong:\n    ", one.Out);
            Assert.Contains("\nRight:\n    ", one.Out);
            Assert.Equal(code.Meaning, string.Join(' ', one.Out.Split("\n\n")[1].Split('\n')));
            Assert.All(one.Out.Split("\n\n")[1].Split('\n'), line => Assert.InRange(line.Length, 1, 80));
        }
    }

    [Theory]
    [InlineData("RTFS1001")]
    [InlineData("rtfs1001")]
    [InlineData(" 1001 ")]
    public async Task A_code_is_known_by_its_number(string asked)
    {
        Assert.StartsWith("RTFS1001 (error): Nothing has this name\n\nThe name is bound by", (await Cli.RunAsync("explain", asked)).Out);
    }

    [Theory]
    [InlineData("RTFS3009", "There is no code RTFS3009. Did you mean RTFS0009, RTFS2009 or RTFS3001? All codes: rtfs explain\n")]
    [InlineData("RTFS99999", "There is no code RTFS99999. Did you mean RTFS9009? All codes: rtfs explain\n")]
    [InlineData("hello", "There is no code hello. All codes: rtfs explain\n")]
    public async Task An_unknown_code_gives_the_nearest(string asked, string message)
    {
        var result = await Cli.RunAsync("explain", asked);
        Assert.Equal((64, "", message), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [MemberData(nameof(RunTimeCodes))]
    public async Task A_wrong_example_fails_with_its_code_and_a_right_one_does_not(string code)
    {
        var explanation = Language.Explain(code)!;
        _plans.Write("rows.json", "{\"a\":1}\n{oops\n");
        var wrong = await RunAsync(code, explanation.Wrong);
        if (code == "RTFS9022")
        {
            // What is missing is found before the run, so that there is no error at run time to have a code.
            Assert.Equal(3, wrong.ExitCode);
            Assert.Contains("--allow-read /etc/passwd", wrong.Error);
        }
        else
        {
            Assert.Equal(1, wrong.ExitCode);
            Assert.Contains($"[{code}]", wrong.Error);
        }

        (await RunAsync(code, explanation.Right)).AssertSuccess();
    }

    /// <summary>An example with streams, calls or parameters is a plan; another is evaluated, under limits that it soon reaches.</summary>
    private Task<CliResult> RunAsync(string code, string example)
    {
        var plan = _plans.Write("example.rtfs", example);
        if (example.Contains("stream-", StringComparison.Ordinal) || example.Contains("(call ", StringComparison.Ordinal) || example.Contains("@:", StringComparison.Ordinal))
        {
            return code == "RTFS9022" ? Cli.RunAsync("run", plan) : Cli.RunAsync("run", plan, "--yes");
        }

        return code switch
        {
            "RTFS9040" => Cli.RunAsync("eval", plan, "--max-steps", "10000"),
            "RTFS9041" => Cli.RunAsync("eval", plan, "--max-memory", "1mb"),
            "RTFS9042" => Cli.RunAsync("eval", plan, "--max-time", "1s", "--max-steps", "1000000000000"),
            _ => Cli.RunAsync("eval", plan),
        };
    }
}
