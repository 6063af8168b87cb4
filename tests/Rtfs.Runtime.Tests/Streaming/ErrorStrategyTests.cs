// What happens to an item on which a stage fails, and to all the others.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ErrorStrategyTests
{
    private const string Added = """+ expects numbers, but argument 1 is the string "bad" """;

    private readonly Bench _bench = new();

    [Fact]
    public void Fail_is_the_default_and_writes_what_came_before()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute("1 2 \"bad\" 4 5", "");
        Assert.Equal(RunOutcome.Failed, summary.Outcome);
        Assert.Equal("2 3", sink.Text);
        Assert.Equal(("RTFS9001", "TypeError"), (summary.Error!.Code, summary.Error.Kind));
        Assert.Equal(Added + "(transform-1, item 2)", summary.Error.Message);
        Assert.Equal(3, summary.Error.Place!.Source.PositionOf(summary.Error.Place.Span.Start).Line);
        Assert.Equal((1, 2, 2), Count(summary, "transform-1", static stage => (stage.Failed, stage.Processed, stage.Dropped)));
        Assert.Equal(2, Count(summary, "sink-1", static stage => stage.Processed));
    }

    [Fact]
    public void Skip_loses_the_item_alone_and_counts_it()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute("1 \"bad\" 3", ":skip");
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("2 4", sink.Text);
        Assert.Equal((3, 2, 1), Count(summary, "transform-1", static stage => (stage.Received, stage.Processed, stage.Skipped)));
        Assert.Equal("{:items 2 :errors 1 :skipped 1 :dead-lettered 0 :dropped 0 :failed 0 :elapsed-ms 0}", summary.Value.ToString());
    }

    [Fact]
    public void A_dead_letter_keeps_item_stage_error_attempts_and_envelope()
    {
        _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Text("1 \"bad\" 3", "{:strategy :dead-letter}"));
        var summary = _bench.Ended(run);
        Assert.Equal(1, summary.DeadLettered);
        var letter = Assert.Single(run.DeadLetters).As<MapValue>()!;
        Assert.Equal("\"bad\"", Get(letter, "item"));
        Assert.Equal("\"transform-1\"", Get(letter, "stage"));
        Assert.Equal("1", Get(letter, "attempts"));
        Assert.Equal("{:sequence 1 :timestamp 2026-01-02T03:04:05Z}", Get(letter, "envelope"));
        Assert.Contains(":kind \"TypeError\"", Get(letter, "error"));
        Assert.Contains(Bench.EventsOf(run), happened => happened is { Kind: RunEventKind.ItemDeadLettered, Stage: "transform-1" });
    }

    [Fact]
    public void Dead_letters_are_written_as_json_lines_when_there_is_a_file()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "letters.ndjson");
        _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Text("\"bad\" 1 \"bad\"", ":dead-letter"), new RunOptions { Grants = Grants.All, DeadLetterPath = path });
        Assert.Equal(2, _bench.Ended(run).DeadLettered);
        Assert.Empty(run.DeadLetters);
        var lines = File.ReadAllLines(path);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("{\"item\":\"bad\",\"stage\":\"transform-1\",\"cause\":\"processing\",\"error\":{\"code\":\"RTFS9001\",", lines[0]);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Theory]
    [InlineData(":constant", "100 100 100")]
    [InlineData(":linear", "100 200 300")]
    [InlineData(":exponential", "100 200 400")]
    public void Retry_waits_as_its_backoff_says_and_then_gives_up(string backoff, string delays)
    {
        var tries = new List<DateTimeOffset>();
        _bench.Register("com.x:v1:try", (_, _) =>
        {
            tries.Add(_bench.Clock.GetUtcNow());
            throw new ProviderException("not today");
        });
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1") + $$$"""
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in")
              (stream-transform (fn [x] (call "com.x:v1:try" x))
                :error-handling {:strategy {:retry {:attempts 3 :delay-ms 100 :backoff {{{backoff}}} :then :skip} } })
              (stream-sink "com.x:v1:out")]))
            """);
        for (var i = 0; i < 10; i++)
        {
            _bench.Settle();
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        var summary = _bench.Ended(run);
        Assert.Equal(delays, string.Join(" ", tries.Zip(tries.Skip(1), static (a, b) => (b - a).TotalMilliseconds)));
        Assert.Equal((1, 3), Count(summary, "transform-1", static stage => (stage.Skipped, stage.Retries)));
        Assert.Empty(sink.Items);
    }

    [Fact]
    public void A_retry_that_succeeds_leaves_no_trace_but_its_count()
    {
        var tries = 0;
        _bench.Register("com.x:v1:try", (arguments, _) =>
            ++tries < 3 ? throw new ProviderException("not yet") : new ValueTask<Value>(arguments[0]));
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "7 8") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in")
              (stream-transform (fn [x] (call "com.x:v1:try" x)) :error-handling {:retry {:attempts 5 :delay-ms 0}})
              (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("7 8", sink.Text);
        Assert.Equal((2, 2, 0), Count(summary, "transform-1", static stage => (stage.Processed, stage.Retries, stage.DeadLettered)));
    }

    [Fact]
    public void Division_by_zero_in_mid_stream_names_itself()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 0 2") + """
            (stream-consume (stream-source "com.x:v1:in") {x => (/ 10 x)})
            """);
        Assert.Equal("Division by zero (consume-1, item 1)", summary.Error!.Message);
        Assert.Equal("RTFS9004", summary.Error.Code);
        Assert.Equal((1, 1, 1), Count(summary, "consume-1", static stage => (stage.Processed, stage.Failed, stage.Dropped)));
    }

    [Fact]
    public void A_bad_row_falls_under_the_strategy_of_its_cause()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        source.Push(1, new ItemFault("x,y", "expected a number, found x", "in.csv:3"), 2);
        source.End();
        var run = _bench.Start("""
            (stream-consume (stream-source "com.x:v1:in") {x => x} {:error-handling {:on-parse-error :dead-letter :on-processing-error :fail}})
            """);
        var summary = _bench.Ended(run);
        Assert.Equal((3, 2, 1), Count(summary, "source-1", static stage => (stage.Received, stage.Processed, stage.DeadLettered)));
        Assert.Equal(3, summary.ItemsIn);
        var letter = Assert.Single(run.DeadLetters).As<MapValue>()!;
        Assert.Equal("\"x,y\"", Get(letter, "item"));
        Assert.Contains("in.csv:3: expected a number, found x", Get(letter, "error"));
        Assert.Equal(1, source.Closed);
    }

    [Fact]
    public void A_bad_row_fails_the_run_where_nothing_is_said()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        source.Push(1, new ItemFault("x,y", "expected a number", "in.csv:3"), 2);
        var summary = _bench.Run("(stream-consume (stream-source \"com.x:v1:in\") {x => x})");
        Assert.Equal("RTFS9023", summary.Error!.Code);
        Assert.Equal("in.csv:3: expected a number (source-1, item 1)", summary.Error.Message);
        Assert.Equal(1, Count(summary, "consume-1", static stage => stage.Processed));
    }

    [Fact]
    public void A_sink_that_cannot_hold_an_item_gives_it_to_the_strategy_and_goes_on()
    {
        var sink = _bench.Keep("com.x:v1:out");
        sink.Fault = static item => item.AsInt == 3 ? new ProviderException("three cannot be written") { ItemOnly = true } : null;
        var summary = Execute("1 2 3 4", ":skip");
        Assert.Equal("2 4 5", sink.Text);
        Assert.Equal((4, 3, 1), Count(summary, "sink-1", static stage => (stage.Received, stage.Processed, stage.Skipped)));
    }

    [Fact]
    public void A_sink_that_is_lost_fails_the_flow_whatever_the_strategy()
    {
        var sink = _bench.Keep("com.x:v1:out");
        sink.Fault = static item => item.AsInt == 3 ? new ProviderException("the disk is full") : null;
        var summary = Execute("1 2 3 4", ":skip");
        Assert.Equal(RunOutcome.Failed, summary.Outcome);
        Assert.Equal("2", sink.Text);
        Assert.Equal("the disk is full (sink-1, item 1)", summary.Error!.Message);
        Assert.Equal((1, 1, 2), Count(summary, "sink-1", static stage => (stage.Processed, stage.Failed, stage.Dropped)));
        Assert.Equal(1, sink.Closed);
    }

    [Theory]
    [InlineData(":error-handling :skip", "", "", "Completed")]
    [InlineData("", "{:error-handling :skip}", "", "Completed")]
    [InlineData(":error-handling :fail", "{:error-handling :skip}", "", "Failed")]
    [InlineData(":error-handling :fail", "{:error-handling {:on-processing-error :skip}}", "", "Completed")]
    [InlineData("", "", ":config {:error-handling :skip}", "Failed")]
    public void The_nearest_level_decides_and_a_cause_before_a_general_word(string stage, string pipeline, string source, string outcome)
    {
        _bench.Keep("com.x:v1:out");
        var summary = _bench.Run($$"""
            (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source {{source}} :provider {:kind :values :items [1 "bad"]})
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-transform (fn [x] (+ x 1)) {{stage}}) (stream-sink "com.x:v1:out")] {{pipeline}}))
            """);
        Assert.Equal(outcome, summary.Outcome.ToString());
    }

    [Fact]
    public void The_strategy_of_a_stage_does_not_cover_the_next()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 0") + """
            (stream-consume (stream-map (stream-source "com.x:v1:in") (fn [x] x) :error-handling :skip) {x => (/ 1 x)})
            """);
        Assert.Equal("RTFS9004", summary.Error!.Code);
    }

    private static string Text(string items, string strategy) => Bench.Values("com.x:v1:in", items) + $$"""
        (stream-execute
          (stream-pipeline [(stream-source "com.x:v1:in")
                            (stream-transform (fn [x] (+ x 1)))
                            (stream-sink "com.x:v1:out")]
            {{(strategy.Length > 0 ? $"{{:error-handling {strategy}}}" : "")}}))
        """;

    private RunSummary Execute(string items, string strategy) => _bench.Run(Text(items, strategy));

    private static string Get(MapValue map, string key) => map.GetOrNil(Keyword.Of(key)).ToString();

    private static T Count<T>(RunSummary summary, string stage, Func<StageSummary, T> counts) =>
        counts(Assert.Single(summary.Stages, found => found.Id == stage));

    [Theory]
    [InlineData(":skip", ":skip", 1)]
    [InlineData(":skip", ":dead-letter", null)]
    [InlineData(":skip", "{}", null)]
    public void A_stage_that_several_read_falls_under_what_all_of_them_say(string first, string second, int? skipped)
    {
        var summary = new Bench().Run(Bench.Values("com.x:v1:in", "1 0 2") + $$"""
            (def shared (stream-map (stream-source "com.x:v1:in") (fn [x] (/ 1 x))))
            (stream-consume shared {:on-item (fn [x] x)} {:error-handling {{first}}})
            (stream-consume shared {x => x} {:error-handling {{second}}})
            """);
        Assert.Equal(skipped is null ? "DivisionByZero" : null, summary.Error?.Kind);
        Assert.Equal(skipped ?? 0, summary.Skipped);
    }

    [Theory]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" halve] {:error-handling :skip}) {x => x})", 1, null)]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" halve] {:config {:error-handling :skip}}) {x => x} {:error-handling :fail})", 1, null)]
    [InlineData("(stream-consume (stream-pipeline [(stream-pipeline [\"com.x:v1:in\" halve]) (stream-map inc)] {:error-handling :skip}) {x => x})", 1, null)]
    [InlineData("(stream-transform :input-stream (stream-pipeline [\"com.x:v1:in\" halve] {:error-handling :skip}) :output-stream \"com.x:v1:out\")", 1, null)]
    [InlineData("(stream-execute (stream-pipeline [\"com.x:v1:in\" halve \"com.x:v1:out\"] {:error-handling :fail}) {:error-handling :skip})", 1, null)]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-map inc)] {:error-handling :skip}) {x => (/ 1 (- x 1))})", 0, "DivisionByZero")]
    public void A_pipeline_speaks_for_its_own_stages_wherever_it_stands(string form, int skipped, string? error)
    {
        var bench = new Bench();
        bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 0 2") + "(def halve (stream-map (fn [x] (/ 1 x))))" + form);
        Assert.Equal((error, skipped), (summary.Error?.Kind, summary.Skipped));
    }
}
