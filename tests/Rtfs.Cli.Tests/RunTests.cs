// `rtfs run` on real files: what is written, what is told, and the exit code.

using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private const string ThreeItems = "{\"id\":1,\"value\":10}\n{\"id\":2,\"value\":0}\n{\"id\":3,\"value\":30}\n";

    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task A_sink_that_two_flows_write_to_is_one_stage_with_the_counts_of_both()
    {
        var plan = _plans.Write("plan.rtfs", """
            (register-stream-capability :capability-id "com.test:v1.0:in" :type :stream-source :provider {:kind :values :items [1 2]})
            (register-stream-capability :capability-id "com.test:v1.0:out" :type :stream-sink :provider {:kind :file :path "out.ndjson" :format :ndjson})
            (def numbers (stream-source "com.test:v1.0:in"))
            (stream-transform :input-stream numbers :output-stream "com.test:v1.0:out" :transform-fn inc)
            (stream-transform :input-stream numbers :output-stream "com.test:v1.0:out" :transform-fn dec)
            """);
        var result = await Cli.RunAsync("run", plan, "--yes", "--json");
        Assert.Equal(0, result.ExitCode);
        var sink = Assert.Single(result.Json.GetProperty("stages").EnumerateArray(), stage => stage.GetProperty("kind").GetString() == "sink");
        Assert.Equal((4, 4), (sink.GetProperty("received").GetInt32(), sink.GetProperty("processed").GetInt32()));
        Assert.Equal(4, File.ReadAllLines(_plans.At("out.ndjson")).Length);
    }

    [Fact]
    public async Task A_plan_runs_from_file_to_file_and_is_summed_up()
    {
        _plans.Write("in.ndjson", ThreeItems);
        var result = await RunAsync(Plans.Doubling);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("{\"id\":1,\"value\":20}\n{\"id\":2,\"value\":0}\n{\"id\":3,\"value\":60}\n", _plans.Read("out.ndjson"));
        Assert.Matches(@"^Completed in [0-9.]+ s: 3 in, 3 out, [0-9,]+ items/s$", result.Lines[0]);
        Assert.Equal("skipped 0, dead-lettered 0, dropped 0, failed 0, retries 0", result.Lines[1]);
        Assert.Contains("received", result.Lines[2]);
        Assert.Equal(3, result.Lines.Count - 3);
    }

    [Fact]
    public async Task The_summary_is_one_json_object_on_the_last_line()
    {
        _plans.Write("in.ndjson", ThreeItems);
        var result = await RunAsync(Plans.Doubling, "--json");
        Assert.Single(result.Lines);
        var summary = result.Json;
        Assert.Equal("completed", summary.GetProperty("outcome").GetString());
        Assert.Equal(_plans.At("plan.rtfs"), summary.GetProperty("plan").GetString());
        Assert.Equal((3, 3), (summary.GetProperty("itemsIn").GetInt64(), summary.GetProperty("itemsOut").GetInt64()));
        Assert.All(summary.GetProperty("stages").EnumerateArray(), stage => Assert.Equal(
            stage.GetProperty("received").GetInt64(),
            new[] { "processed", "skipped", "deadLettered", "dropped", "failed", "inFlight" }.Sum(name => stage.GetProperty(name).GetInt64())));
        Assert.Contains("Completed in", result.Error);
    }

    [Fact]
    public async Task The_flags_that_are_listed_grant_what_is_missing()
    {
        _plans.Write("in.ndjson", ThreeItems);
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        string[] flags = ["--allow-read", _plans.At("in.ndjson"), "--allow-write", _plans.At("out.ndjson")];
        Assert.Equal(0, (await Cli.RunAsync(["run", plan, .. flags])).ExitCode);
        Assert.Equal(3, (await Cli.RunAsync(["run", plan, .. flags.Take(2)])).ExitCode);
        Assert.Equal(0, (await Cli.RunAsync("run", plan, "--allow-read", _plans.Path, "--allow-write", _plans.Path)).ExitCode);
    }

    [Theory]
    [InlineData("y\n", 0)]
    public async Task On_a_terminal_missing_grants_are_asked_for_once(string answer, int exitCode)
    {
        _plans.Write("in.ndjson", ThreeItems);
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        var input = new CliInput { IsTerminal = true, Bytes = System.Text.Encoding.UTF8.GetBytes(answer) };
        var result = await Cli.RunAsync(input, "run", plan);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith($"The plan needs:\n  read {_plans.At("in.ndjson")}  (for source com.test:v1.0:in)\n", result.Error);
        Assert.Single(result.Error.Split("Grant this for the run? [y/N] ").Skip(1));
        Assert.Equal(exitCode == 0, File.Exists(_plans.At("out.ndjson")));
    }

    [Fact]
    public async Task Parameters_are_literals_where_they_read_as_one()
    {
        _plans.Write("in.ndjson", "1\n");
        var result = await RunAsync(
            Plans.Between("(fn [_] [@:n @:f @:t @:k @:q @:s @:e])"),
            "--param", "n=5", "--param", "f=1.0", "--param", "t=true", "--param", "k=:high", "--param", "q=\"5\"", "--param", "s=two words", "--param", "e=a=b");
        Assert.Equal("", result.Error);
        Assert.Equal("[5,1.0,true,\"high\",\"5\",\"two words\",\"a=b\"]\n", _plans.Read("out.ndjson"));
    }

    [Fact]
    public async Task A_resource_is_bound_to_a_capability()
    {
        _plans.Write("in.ndjson", "1\n2\n");
        var plan = Plans.Doubling.Replace("(stream-source \"com.test:v1.0:in\")", "(stream-source (resource:ref \"upstream\"))")
            .Replace("(fn [item] (assoc item :value (* 2 (:value item))))", "inc");
        var result = await RunAsync(plan, "--bind", "upstream=com.test:v1.0:in");
        Assert.Equal("", result.Error);
        Assert.Equal("2\n3\n", _plans.Read("out.ndjson"));
        Assert.NotEqual(0, (await RunAsync(plan)).ExitCode);
    }

    [Fact]
    public async Task What_the_plan_prints_goes_out_and_what_it_logs_goes_to_error()
    {
        var result = await RunAsync("(println \"hello\" 1)\n(log-warn \"careful\")");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("hello 1", result.Lines[0]);
        Assert.Equal("[warn] careful\n", result.Error);
        var json = await RunAsync("(println \"hello\")", "--json");
        Assert.Single(json.Lines);
        Assert.StartsWith("hello\n", json.Error);
    }

    [Fact]
    public async Task No_printed_line_is_lost_however_many_there_are()
    {
        const int lines = 20_000;
        _plans.Write("in.ndjson", string.Concat(Enumerable.Range(0, lines).Select(n => $"{n}\n")));
        var result = await RunAsync(Plans.Between("(fn [n] (println n) n)"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Enumerable.Range(0, lines).Select(n => n.ToString(CultureInfo.InvariantCulture)), result.Lines.Take(lines));
    }

    [Fact]
    public async Task A_progress_table_is_shown_on_a_terminal()
    {
        _plans.Write("in.ndjson", ThreeItems);
        var plan = _plans.Write("plan.rtfs", Plans.Doubling);
        var result = await Cli.RunAsync(new CliInput { IsTerminal = true }, "run", plan, "--yes");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("items/s", result.Error);
        Assert.StartsWith("Completed in", result.Out);
    }

    private Task<CliResult> RunAsync(string plan, params string[] args) =>
        Cli.RunAsync(["run", _plans.Write("plan.rtfs", plan), "--yes", .. args]);
}
