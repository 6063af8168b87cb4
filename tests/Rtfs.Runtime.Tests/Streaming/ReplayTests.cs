// Dead letters of one run, given back to the stages of another.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ReplayTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rtfs-replay").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_plan_that_was_mended_gets_what_had_failed_and_nothing_else()
    {
        var (first, bench) = (new Bench(), new Bench());
        var (early, late) = (first.Keep("com.x:v1:out"), bench.Keep("com.x:v1:out"));
        var failed = first.Run(Plan("(/ 12 x)"), Options(letters: "a.ndjson"));
        Assert.Equal((5, 2), (failed.ItemsOut, failed.DeadLettered));
        var replayed = bench.Run(Plan("(if (= x 0) 99 (/ 12 x))"), Options(letters: "b.ndjson", replay: "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal("13 7 5 4 3", early.Text);
        Assert.Equal("100 100", late.Text);
        Assert.Equal((0, 2, 0, 0), (replayed.ItemsIn, replayed.ItemsOut, replayed.DeadLettered, replayed.NotReplayed));
        Assert.Equal(0, replayed.Stages.Single(static stage => stage.Id == "source-1").Received);
        Assert.Equal(2, replayed.Stages.Single(static stage => stage.Id == "map-1").Received);
        Assert.All(replayed.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        Assert.False(File.Exists(In("b.ndjson")));
    }

    [Fact]
    public void What_fails_again_is_a_letter_again_and_its_attempts_go_on()
    {
        Again(null, "a.ndjson");
        Again("a.ndjson", "b.ndjson");
        Again("b.ndjson", "c.ndjson");
        var (one, three) = (File.ReadAllLines(In("a.ndjson")), File.ReadAllLines(In("c.ndjson")));
        Assert.Equal(2, three.Length);
        Assert.Contains("\"attempts\":1", one[0], StringComparison.Ordinal);
        Assert.Equal(one[0].Replace("\"attempts\":1", "\"attempts\":3"), three[0]);

        void Again(string? replay, string letters)
        {
            var bench = new Bench();
            bench.Keep("com.x:v1:out");
            Assert.Equal(2, bench.Run(Plan("(/ 12 x)"), Options(letters, replay)).DeadLettered);
        }
    }

    [Fact]
    public void An_item_comes_back_as_it_was()
    {
        var (first, bench) = (new Bench(), new Bench());
        const string items = "{:a :b/c \"k\" [1 1.0 nil :x] :at 2026-01-02T03:04:05_500Z} :word \"text\" [] 1.5e300";
        var sink = bench.Keep("com.x:v1:out");
        first.Keep("com.x:v1:out");
        first.Run(Bench.Values("com.x:v1:in", items) + Through("(fn [x] (/ 1 0))"), Options("a.ndjson"));
        var replayed = bench.Run(Bench.Values("com.x:v1:in", "") + Through("(fn [x] x)"), Options(replay: "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal(ValueReader.Read(items).Values, sink.Items);
    }

    [Fact]
    public void A_letter_enters_at_its_stage_with_its_key_behind_windows_multiplexers_and_routes()
    {
        var (first, bench) = (new Bench(), new Bench());
        var sink = bench.Keep("com.x:v1:out");
        first.Keep("com.x:v1:out");
        static string Text(string value) => Bench.Values("com.x:v1:a", "1 2 3 4 5 6") + Bench.Values("com.x:v1:b", "0") + $$"""
            (def joined (stream-multiplex ["com.x:v1:a" "com.x:v1:b"]))
            (def parts (stream-demultiplex joined {:criteria (fn [x] (if (< x 5) :low :high)) :outputs {:low nil :high nil} }))
            (stream-consume (:high parts) {:on-item (fn [x] x)})
            (stream-execute (stream-pipeline [(:low parts) (stream-key-by odd?) (stream-window {:type :tumbling :count 2})
                                              (stream-aggregate {:sum [:sum (fn [x] {{value}})] :n [:count]}) (stream-sink "com.x:v1:out")]
                                             {:error-handling :dead-letter}))
            """;
        var failed = first.Run(Text("(/ x 0)"), Options("a.ndjson"));
        Assert.Equal(5, failed.DeadLettered);
        var replayed = bench.Run(Text("x"), Options(replay: "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal("{:key false :sum 2 :n 2} {:key true :sum 4 :n 2} {:key false :sum 4 :n 1}", sink.Text);
    }

    [Fact]
    public void An_item_that_the_schema_refused_meets_the_schema_again_and_a_key_without_output_its_output()
    {
        var (first, bench) = (new Bench(), new Bench());
        var sink = bench.Keep("com.x:v1:out");
        first.Keep("com.x:v1:out");
        static string Text(string type, string more) => $$"""
            (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source :output-schema {{type}}
              :provider {:kind :values :items [1 2.5 "three"]} :config {:error-handling {:on-schema-error :dead-letter} })
            (stream-demultiplex "com.x:v1:in" {:criteria (fn [x] (if (string? x) :text (if (int? x) :int :float))) :outputs {:text "com.x:v1:out" {{more}} } })
            """;
        var failed = first.Run(Text(":int", ""), Options("a.ndjson"));
        Assert.Equal(3, failed.DeadLettered);
        var replayed = bench.Run(Text("[:union :number :string]", ":int \"com.x:v1:out\" :float \"com.x:v1:out\""), Options(replay: "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal(["\"three\"", "1", "2.5"], sink.Text.Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_that_were_none_and_letters_that_no_stage_takes_are_kept_as_they_were()
    {
        var source = new PushedSource();
        var first = new Bench();
        first.Register("com.x:v1:in", source);
        first.Keep("com.x:v1:out");
        source.Push(new ItemFault("no number", "feed:2", "nope"), 0, 4);
        source.End();
        var text = Through("(fn [x] (/ 12 x))");
        Assert.Equal(2, first.Run(text, Options("a.ndjson")).DeadLettered);
        var bench = new Bench();
        bench.Register("com.x:v1:in", new PushedSource());
        bench.Keep("com.x:v1:out");
        var run = bench.Start("(if (= @:go true) " + text + " nil)", Options("b.ndjson", "a.ndjson") with { Parameters = new Dictionary<string, Value> { ["go"] = Value.Bool(false) } });
        Assert.Equal(2, bench.Ended(run).NotReplayed);
        Assert.Equal(File.ReadAllLines(In("a.ndjson")), File.ReadAllLines(In("b.ndjson")));
        Assert.Equal(
            [
                "1 letter of the replayed file kept unchanged: no text gives the item back (a row that could not be parsed, a function, a handle)",
                "1 letter of the replayed file kept unchanged: nothing in this run took letters of map-1",
            ],
            Bench.EventsOf(run).Where(static happening => happening.Level == "warn").Select(static happening => happening.Message));
    }

    [Fact]
    public void What_cannot_be_replayed_is_refused_before_anything_runs()
    {
        var first = new Bench();
        first.Keep("com.x:v1:out");
        first.Run(Plan("(/ 12 x)"), Options("a.ndjson"));
        Refused("a.ndjson", "has letters of stages that the plan has not: map-1 (2 letters); its stages are source-1, sink-1", """(stream-execute (stream-pipeline ["com.x:v1:in" "com.x:v1:out"]))""");
        Refused("none.ndjson", "the dead letters cannot be read");
        var letter = File.ReadLines(In("a.ndjson")).First();
        foreach (var (line, expected) in ((string, string)[])[
            ("{", "expected a JSON object"),
            ("[1]", "expected a JSON object, found an array"),
            ("{}", "expected a JSON object as \"envelope\", found none"),
            (letter.Replace("\"attempts\":1", "\"attempts\":\"1\""), "expected a number as \"attempts\", found a string"),
            (letter.Replace("\"text\":\"0\"", "\"text\":\"(0\""), "expected one RTFS value as the text of \"text\""),
            (letter.Replace("2026", "MMXXVI"), "expected a time"),
        ])
        {
            File.WriteAllText(In("bad.ndjson"), letter + "\n\n" + line + "\n");
            Refused("bad.ndjson", $"bad.ndjson:3: this is no dead letter: {expected}");
        }

        var same = Assert.Throws<PlanRefusedException>(() => first.Start(Plan("x"), Options("a.ndjson", "a.ndjson")));
        Assert.Contains("new dead letters cannot go to it", same.Message, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(In("a.ndjson")).Length);

        void Refused(string file, string expected, string? text = null)
        {
            var refusal = Assert.Throws<PlanRefusedException>(() => first.Start(text is null ? Plan("x") : Bench.Values("com.x:v1:in", "1") + text, Options(replay: file)));
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static string Plan(string body) => Bench.Values("com.x:v1:in", "1 2 0 3 0 4 6") + $$"""
        (stream-execute (stream-pipeline ["com.x:v1:in" (stream-map (fn [x] {{body}})) (stream-map inc) (stream-sink "com.x:v1:out")] {:error-handling :dead-letter}))
        """;

    private static string Through(string function) => $$"""
        (stream-execute (stream-pipeline ["com.x:v1:in" (stream-map {{function}}) (stream-sink "com.x:v1:out")] {:error-handling :dead-letter}))
        """;

    private string In(string name) => Path.Combine(_directory, name);

    private RunOptions Options(string? letters = null, string? replay = null) => new()
    {
        Grants = Grants.All,
        DeadLetterPath = letters is null ? null : In(letters),
        ReplayDeadLetters = replay is null ? null : In(replay),
    };
}
