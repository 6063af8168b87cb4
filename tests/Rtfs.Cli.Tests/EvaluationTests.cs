// What evaluated texts print, and the modules that they import from files.

using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class EvaluationTests : IDisposable
{
    private readonly PlanDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_a_text_prints_stands_before_its_value()
    {
        var result = await Cli.RunAsync("eval", "-e", "(println \"half way\") (log-warn \"careful\") (+ 1 2)");
        Assert.Equal((0, "half way\n3\n", "[warn] careful\n"), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task In_a_batch_standard_output_holds_answers_alone()
    {
        var result = await Cli.RunWithAsync("{\"id\":1,\"source\":\"(println \\\"x\\\") 5\"}\n", "eval", "--jsonl");
        Assert.Equal(5, int.Parse(Assert.Single(result.Lines).Split("\"value\":\"")[1][..1]));
        Assert.Equal("x\n", result.Error);
    }

    [Fact]
    public async Task A_module_is_a_file_beside_the_one_that_imports_it()
    {
        Directory.CreateDirectory(_files.At("geo"));
        _files.Write("geo/shapes.rtfs", "(module geo.shapes (:exports [area]) (defn square [x] (* x x)) (defn area [side] (square side)))");
        var main = _files.Write("main.rtfs", "(import geo.shapes :as shapes)\n(shapes/area 3)");
        var result = await Cli.RunAsync("eval", main);
        Assert.Equal((0, "9\n", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task A_missing_module_says_where_it_was_looked_for()
    {
        var main = _files.Write("main.rtfs", "(import geo.shapes)\n1");
        var result = await Cli.RunAsync("check", main);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(_files.At("geo/shapes.rtfs"), result.Out + result.Error);
    }

    [Fact]
    public async Task A_step_limit_stops_an_endless_loop_and_names_the_option()
    {
        var result = await Cli.RunAsync("eval", "--max-steps", "100", "-e", "(loop [i 0] (recur (inc i)))");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("RTFS9040", result.Error);
        Assert.Contains("--max-steps", result.Error);
    }
}
