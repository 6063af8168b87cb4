// `rtfs run` before anything runs: what it needs, what is not granted, and what is wrong with the plan.

using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class RefusalTests : IDisposable
{
    private const string ThreeItems = "{\"id\":1,\"value\":10}\n{\"id\":2,\"value\":0}\n{\"id\":3,\"value\":30}\n";

    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task What_is_not_granted_is_listed_with_the_flags()
    {
        _plans.Write("in.ndjson", ThreeItems);
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        var result = await Cli.RunAsync("run", plan);
        Assert.Equal((3, ""), (result.ExitCode, result.Out));
        Assert.Equal(
            $"""
            The plan was not run: it needs what was not granted.
              read {_plans.At("in.ndjson")}  (for source com.test:v1.0:in)
              write {_plans.At("out.ndjson")}  (for sink com.test:v1.0:out)
            To grant it, add:
              --allow-read {_plans.At("in.ndjson")} --allow-write {_plans.At("out.ndjson")}

            """,
            result.Error);
        Assert.False(File.Exists(_plans.At("out.ndjson")));
    }

    [Theory]
    [InlineData("n\n")]
    [InlineData("")]
    public async Task What_is_asked_for_and_not_given_is_refused(string answer)
    {
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        var input = new CliInput { IsTerminal = true, Bytes = System.Text.Encoding.UTF8.GetBytes(answer) };
        var result = await Cli.RunAsync(input, "run", plan);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"The plan needs:\n  read {_plans.At("in.ndjson")}  (for source com.test:v1.0:in)\n", result.Error);
        Assert.Single(result.Error.Split("Grant this for the run? [y/N] ").Skip(1));
        Assert.Contains("The plan was not run: it needs what was not granted.", result.Error);
        Assert.False(File.Exists(_plans.At("out.ndjson")));
    }

    [Theory]
    [InlineData("--param", "lmit=5", "--param lmit: the plan reads no parameter of this name. Did you mean limit?")]
    [InlineData("--bind", "upstrem=com.test:v1.0:in", "--bind upstrem: the plan reads no resource of this name. Did you mean upstream?")]
    public async Task What_the_plan_never_reads_is_refused_with_the_nearest_name(string option, string value, string message)
    {
        var plan = _plans.Write("plan.rtfs", "[@:limit @upstream]");
        var result = await Cli.RunAsync("run", plan, option, value);
        Assert.Equal((1, $"{message}\nThe plan was not run.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_happen_and_does_nothing()
    {
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        var result = await Cli.RunAsync("run", plan, "--dry-run");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith($"{plan} can run. Nothing was run.\nIt needs:\n  read {_plans.At("in.ndjson")}", result.Out);
        Assert.Contains("Capabilities:\n  com.test:v1.0:in\n  com.test:v1.0:out\nStages:\n", result.Out);
        Assert.False(File.Exists(_plans.At("out.ndjson")));

        var json = (await Cli.RunAsync("run", plan, "--dry-run", "--json")).Json;
        Assert.Equal("dry-run", json.GetProperty("outcome").GetString());
        Assert.Equal(["read", "write"], json.GetProperty("needs").EnumerateArray().Select(need => need.GetProperty("effect").GetString()));
        Assert.Equal(3, json.GetProperty("topology").GetProperty("stages").GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_capability_names_the_nearest_and_nothing_runs()
    {
        var result = await RunAsync(Plans.Doubling.Replace("(stream-sink \"com.test:v1.0:out\")", "(stream-sink \"com.test:v1.0:outt\")"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("RTFS1003", result.Error);
        Assert.Contains("com.test:v1.0:out", result.Error);
        Assert.EndsWith("The plan was not run.\n", result.Error);
        Assert.False(File.Exists(_plans.At("out.ndjson")));
    }

    [Fact]
    public async Task An_unknown_option_key_names_the_nearest_and_nothing_runs()
    {
        var result = await RunAsync(Plans.Doubling.Replace(":error-handling", ":eror-handling"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("RTFS3001", result.Error);
        Assert.Contains(":error-handling", result.Error);
    }

    [Fact]
    public async Task An_unknown_provider_key_is_refused_before_anything_runs()
    {
        var result = await RunAsync(Plans.Doubling.Replace(":path \"out.ndjson\"", ":pth \"out.ndjson\""));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("error[RTFS3001]: unknown option :pth of a provider of kind :file; did you mean :path?", result.Error);
        Assert.EndsWith("The plan was not run.\n", result.Error);
    }

    private Task<CliResult> RunAsync(string plan, params string[] args) =>
        Cli.RunAsync(["run", _plans.Write("plan.rtfs", plan), "--yes", .. args]);
}
