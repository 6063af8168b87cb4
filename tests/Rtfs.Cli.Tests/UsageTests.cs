// Wrong usage: exit code 64, and a message that says how to put it right.

using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Theory]
    [InlineData("", "Required command was not provided.\nSee: rtfs --help\n")]
    [InlineData("frob", "Required command was not provided.\nUnrecognized command or argument 'frob'.\nSee: rtfs --help\n")]
    [InlineData("rnu a", "Required command was not provided.\nUnrecognized command or argument 'rnu'.\nUnrecognized command or argument 'a'.\nDid you mean run?\n")]
    [InlineData("run - --alow-read x", "Unrecognized command or argument '--alow-read'.\nUnrecognized command or argument 'x'.\nDid you mean --allow-read?\n")]
    [InlineData("run", "Required argument missing for command: 'run'.\nSee: rtfs run --help\n")]
    [InlineData("check", "Name at least one FILE to check, or - for standard input, or give --jsonl.\n")]
    [InlineData("check - --jsonl", "--jsonl reads the programs from standard input: leave FILE out.\n")]
    [InlineData("eval", "Give one of: -e EXPR, FILE, --jsonl.\n")]
    [InlineData("eval -e 1 file", "Give one of: -e EXPR, FILE, --jsonl.\n")]
    [InlineData("eval -e 1 --max-time soon", "--max-time: expected a time above zero such as 500ms, 2s or 1m, found soon\nSee: rtfs eval --help\n")]
    [InlineData("run - --param limit", "--param limit: expected name=value, such as --param limit=5\n")]
    [InlineData("run - --param a=1 --param a=2", "--param a=2: a is given twice.\n")]
    [InlineData("run - --bind =x", "--bind =x: expected name=value, such as --bind upstream=com.example:v1.0:feed\n")]
    [InlineData("run - --dead-letters /no/such/file", "--dead-letters /no/such/file: there is no directory /no/such. Create it first.\n")]
    [InlineData("explain RTFS4711", "There is no code RTFS4711.")]
    public async Task It_is_refused_with_what_to_do(string args, string message)
    {
        var result = await Cli.RunAsync(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.StartsWith(message, result.Error);
    }

    [Fact]
    public async Task A_value_that_an_option_does_not_know_names_those_it_knows()
    {
        var result = await Cli.RunAsync("graph", "-", "--format", "png");
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("'mermaid'", result.Error);
        Assert.Contains("'svg'", result.Error);
        Assert.Contains("'dot'", result.Error);
        Assert.Contains("'json'", result.Error);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("eval")]
    [InlineData("graph")]
    public async Task A_missing_file_names_the_nearest(string command)
    {
        _plans.Write("alerts.rtfs", "1");
        var result = await Cli.RunAsync(command, _plans.At("alert.rtfs"));
        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Equal($"No such file: {_plans.At("alert.rtfs")} (looked in {_plans.Path}). Did you mean alerts.rtfs?\n", result.Error);
    }

    [Fact]
    public async Task A_directory_is_no_plan()
    {
        var result = await Cli.RunAsync("run", _plans.Path);
        Assert.Equal((64, $"{_plans.Path} is a directory. Name a file in it.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var result = await Cli.RunAsync("--help");
        Assert.Equal(0, result.ExitCode);
        foreach (var command in new[] { "run <FILE>", "check <FILE>", "eval <FILE>", "graph <FILE>", "explain <CODE>" })
        {
            Assert.Contains(command, result.Out);
        }
    }
}
