// `check` and `eval` on files, expressions and standard input.

using System.Text.Json;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class TextCommandTests : IDisposable
{
    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task Check_counts_and_says_nothing_else_of_what_is_right()
    {
        var result = await Cli.RunAsync("check", _plans.Write("a.rtfs", "(+ 1 2)"), _plans.Write("b.rtfs", "{:a 1}"));
        Assert.Equal((0, "2 files checked: 0 errors, 0 warnings\n", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task Check_shows_the_place_of_what_is_wrong_and_exits_with_2()
    {
        var file = _plans.Write("a.rtfs", "(def limit 5)\n(if)\n");
        var result = await Cli.RunAsync("check", file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{file}:2:", result.Out);
        Assert.Contains("(if)", result.Out);
        Assert.EndsWith("1 file checked: 1 error, 0 warnings\n", result.Out);
    }

    [Fact]
    public async Task A_warning_is_told_and_does_not_fail_the_check()
    {
        var result = await Cli.RunWithAsync("(def limits\n  {:high 5 :high 6})\n", "check", "-");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("RTFS0016", result.Out);
        Assert.Contains("-:2:12", result.Out);
        Assert.EndsWith("1 file checked: 0 errors, 1 warning\n", result.Out);
    }

    [Fact]
    public async Task Check_as_json_names_each_file()
    {
        var good = _plans.Write("a.rtfs", "1");
        var bad = _plans.Write("b.rtfs", "(+ 1");
        var result = await Cli.RunAsync("check", good, bad, "--format", "json");
        Assert.Equal(2, result.ExitCode);
        var files = JsonDocument.Parse(result.Out).RootElement;
        Assert.Equal([good, bad], files.EnumerateArray().Select(file => file.GetProperty("file").GetString()));
        Assert.Equal([0, 1], files.EnumerateArray().Select(file => file.GetProperty("diagnostics").GetArrayLength()));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("eval")]
    [InlineData("graph")]
    public async Task A_file_that_is_not_utf8_is_a_diagnostic_with_the_place(string command)
    {
        File.WriteAllBytes(_plans.At("a.rtfs"), [.. "(def x \"ä\")\n(str \""u8, 0xE4, .. "\")"u8]);
        var result = await Cli.RunAsync(command, _plans.At("a.rtfs"));
        Assert.Equal(2, result.ExitCode);
        var told = result.Out + result.Error;
        Assert.Contains("Expected UTF-8 text, found the byte 0xE4 at offset 19, which is no UTF-8 there.", told);
        Assert.Contains($"{_plans.At("a.rtfs")}:2:7", told);
        Assert.Contains("Save the file as UTF-8.", told);
        Assert.Contains("RTFS0090", told);
    }

    [Theory]
    [InlineData("(+ 1 2)", "3")]
    [InlineData("(str \"a\" 1.0)", "\"a1\"")]
    [InlineData("[1.0 :k nil \"q\\n\"]", "[1.0 :k nil \"q\\n\"]")]
    [InlineData("", "nil")]
    public async Task Eval_prints_the_value_as_rtfs(string text, string value)
    {
        var result = await Cli.RunAsync("eval", "-e", text);
        Assert.Equal((0, value + "\n", ""), (result.ExitCode, result.Out, result.Error));
        Assert.Equal(value + "\n", (await Cli.RunWithAsync(text, "eval", "-")).Out);
    }

    [Fact]
    public async Task Eval_shows_where_a_program_failed()
    {
        var file = _plans.Write("a.rtfs", "(defn half [n] (/ n 0))\n(half 4)\n");
        var result = await Cli.RunAsync("eval", file);
        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains("RTFS9004", result.Error);
        Assert.Contains($"{file}:1:16", result.Error);
        Assert.Contains("(/ n 0)", result.Error);
        Assert.Contains("rtfs explain RTFS9004", result.Error);
    }

    [Fact]
    public async Task Eval_refuses_what_does_not_read()
    {
        var result = await Cli.RunAsync("eval", "-e", "(+ 1");
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains("RTFS00", result.Error);
    }
}
