// What goes wrong in a run: the message, its place, the exit code, and what became of the other items.

using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class RunFailureTests : IDisposable
{
    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task A_missing_input_file()
    {
        _plans.Write("inn.ndjson", "");
        var result = await RunAsync(Plans.Doubling);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"No such file: in.ndjson (looked in {_plans.Path}). Did you mean inn.ndjson?", result.Error);
    }

    [Fact]
    public async Task A_sink_on_the_file_that_is_read_is_refused_and_the_file_stays()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n");
        var result = await RunAsync(Plans.Doubling.Replace("out.ndjson", "./in.ndjson"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("com.test:v1.0:out writes the file that com.test:v1.0:in reads at the same time. Write to another file.", result.Error);
        Assert.Equal("{\"value\":1}\n", _plans.Read("in.ndjson"));
    }

    [Fact]
    public async Task A_second_sink_on_one_file_is_refused_by_a_check_and_where_its_path_is_computed_by_the_run()
    {
        static string Plan(string path) => $$"""
            (register-stream-capability :capability-id "com.test:v1.0:low" :type :stream-sink :provider {:kind :file :path "out.ndjson" :format :ndjson})
            (register-stream-capability :capability-id "com.test:v1.0:high" :type :stream-sink :provider {:kind :file :path {{path}} :format :ndjson})
            (stream-produce (stream-sink "com.test:v1.0:low") {:value 1})
            (stream-produce (stream-sink "com.test:v1.0:high") {:value 40})
            """;

        var told = await RunAsync(Plan("\"./out.ndjson\""));
        Assert.Equal(2, told.ExitCode);
        Assert.Contains("RTFS3019", told.Error);
        var refused = await RunAsync(Plan("(str \"out\" \".ndjson\")"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("RTFS9021", refused.Error);
        Assert.Contains("com.test:v1.0:high writes the file that com.test:v1.0:low writes in the same run, and would replace what is in it.", refused.Error);
        Assert.Equal("{\"value\":1}\n", _plans.Read("out.ndjson"));
    }

    [Fact]
    public async Task Rows_that_do_not_read_and_rows_that_depart_from_the_schema_have_each_their_strategy()
    {
        _plans.Write("in.csv", "room,value\nhall,20\nattic,\ncellar,warm\nroof,-1\n");
        var result = await RunAsync("""
            (defstruct Reading :room :string :value [:and :float [:>= 0]])
            (register-stream-capability :capability-id "com.test:v1.0:in" :type :stream-source
              :output-schema [:stream Reading] :provider {:kind :file :path "in.csv" :format :csv})
            (def summary
              (stream-consume (stream-source "com.test:v1.0:in") {r => (println (:room r) (:value r))}
                {:error-handling {:on-parse-error :skip :on-schema-error :dead-letter}}))
            (println (:skipped summary) (:dead-lettered summary))
            """);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(["hall 20", "1 2"], result.Lines.Take(2));
        Assert.Contains("an item of com.test:v1.0:in at :value: expected a float, but found nil", result.Out);
    }

    [Fact]
    public async Task Dead_letters_that_cannot_be_written_are_kept_and_told_once()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        _plans.Write("in.ndjson", "{oops\n");
        var result = await RunAsync(Plans.Between("(fn [item] (:value item))", ":dead-letter"), "--dead-letters", "/dev/full");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Error.Split("dead letters cannot be written to /dev/full").Skip(1));
        Assert.Contains("Dead letters that could not be written to /dev/full:\n  {:item \"{oops\"", result.Out);
    }

    [Fact]
    public async Task A_stream_read_too_late_is_shown_at_its_reader()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n");
        var plan = _plans.Write("late.rtfs", """
            (register-stream-capability :capability-id "com.test:v1.0:in" :type :stream-source :provider {:kind :values :items [1]})
            (def numbers (stream-source "com.test:v1.0:in"))
            (stream-consume numbers {x => x})
            (stream-consume numbers {x => x})
            """);
        var result = await Cli.RunAsync("run", plan);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{plan}:4:1", result.Error);
    }

    [Fact]
    public async Task An_unreadable_row_under_fail_ends_the_run_and_names_its_line()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n{oops\n{\"value\":3}\n");
        var result = await RunAsync(Plans.Doubling);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("RTFS9023", result.Error);
        Assert.Contains("in.ndjson:2", result.Error);
        Assert.Contains("expected a JSON value, found something else at column 2", result.Error);
        Assert.Contains("Failed in", result.Out);
    }

    [Fact]
    public async Task An_unreadable_row_under_skip_costs_that_row()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n{oops\n{\"value\":3}\n");
        var result = await RunAsync(Plans.Between("(fn [item] (:value item))", ":skip"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1\n3\n", _plans.Read("out.ndjson"));
        Assert.Contains("3 in, 2 out", result.Out);
        Assert.Contains("skipped 1,", result.Out);
        Assert.Contains("in.ndjson:2", result.Error);
    }

    [Fact]
    public async Task An_unreadable_row_under_dead_letter_is_kept()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n{oops\n{\"value\":3}\n");
        var letters = _plans.At("letters.ndjson");
        var result = await RunAsync(Plans.Between("(fn [item] (:value item))", ":dead-letter"), "--dead-letters", letters);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1\n3\n", _plans.Read("out.ndjson"));
        Assert.Contains("dead-lettered 1,", result.Out);
        Assert.Contains("{oops", Assert.Single(File.ReadAllLines(letters)));
        Assert.Contains($"Dead letters: {letters}", result.Out);
    }

    [Fact]
    public async Task A_type_error_in_a_transform_shows_its_place_and_item()
    {
        _plans.Write("in.ndjson", "{\"value\":1}\n{\"value\":\"2\"}\n{\"value\":3}\n");
        var result = await RunAsync(Plans.Between("(fn [item] (+ 1 (:value item)))"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("RTFS9001", result.Error);
        Assert.Contains("TypeError", result.Error);
        Assert.Contains($"{_plans.At("plan.rtfs")}:12:", result.Error);
        Assert.Contains("(+ 1 (:value item))", result.Error);
        Assert.Equal("2\n", _plans.Read("out.ndjson"));
        Assert.Contains("failed 1,", result.Out);
    }

    [Fact]
    public async Task A_division_by_zero_midstream_under_each_strategy()
    {
        _plans.Write("in.ndjson", "{\"n\":1}\n{\"n\":0}\n{\"n\":4}\n");
        const string function = "(fn [item] (/ 8 (:n item)))";

        var fail = await RunAsync(Plans.Between(function));
        Assert.Equal(1, fail.ExitCode);
        Assert.Contains("RTFS9004", fail.Error);
        Assert.Equal("8\n", _plans.Read("out.ndjson"));

        var skip = await RunAsync(Plans.Between(function, ":skip"));
        Assert.Equal(0, skip.ExitCode);
        Assert.Equal("8\n2\n", _plans.Read("out.ndjson"));
        Assert.Contains("3 in, 2 out", skip.Out);
        Assert.Contains("skipped 1,", skip.Out);

        var kept = await RunAsync(Plans.Between(function, ":dead-letter"));
        Assert.Equal(0, kept.ExitCode);
        Assert.Equal("8\n2\n", _plans.Read("out.ndjson"));
        Assert.Contains("dead-lettered 1,", kept.Out);
        Assert.Contains("Dead letters (keep them all with --dead-letters FILE):", kept.Out);
    }

    [Fact]
    public async Task A_sink_that_cannot_hold_an_item_loses_that_item_alone()
    {
        _plans.Write("in.ndjson", "1\n2\n3\n");
        var result = await RunAsync(Plans.Between("(fn [n] (if (= n 2) inc n))", ":skip"));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1\n3\n", _plans.Read("out.ndjson"));
        Assert.Contains("3 in, 2 out", result.Out);
        Assert.Contains("JSON cannot hold a function. Write data instead", result.Error);
    }

    [Fact]
    public async Task A_sink_that_is_lost_fails_the_run()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        _plans.Write("in.ndjson", "1\n2\n3\n");
        var result = await RunAsync(Plans.Between("inc", ":skip").Replace("out.ndjson", "/dev/full"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Writing /dev/full failed: No space left on device", result.Error);
        Assert.Contains("Failed in", result.Out);
    }

    private Task<CliResult> RunAsync(string plan, params string[] args) =>
        Cli.RunAsync(["run", _plans.Write("plan.rtfs", plan), "--yes", .. args]);
}
