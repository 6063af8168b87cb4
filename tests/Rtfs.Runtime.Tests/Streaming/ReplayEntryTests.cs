// Where dead letters of one run enter another: conversations, channels of the plan, and sinks that forms write.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ReplayEntryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rtfs-replay").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:tr\") (stream-map inc)]) {x => (say x)})", "21")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:tr\")) (stream-consume e {:on-item say}) (stream-produce e [1 2 3])", "20")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:tr\")) (stream-transform :input-stream \"com.x:v1:in\" :output-stream e) (stream-consume e {x => (say x)})", "20")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:tr\")) (stream-consume e {:on-item say}) (stream-consume \"com.x:v1:in\" {x => (stream-produce e x)})", "20")]
    [InlineData("(stream-consume \"com.x:v1:tr\" {:on-item say}) (stream-consume \"com.x:v1:in\" {x => (stream-produce \"com.x:v1:tr\" x)})", "20")]
    public void An_item_that_was_not_answered_is_sent_again_and_its_answer_read(string text, string expected)
    {
        static string Plan(string body, string text) => $$"""
            (register-stream-capability :capability-id "com.x:v1:tr" :type :stream-transform :config {:error-handling :dead-letter}
              :provider {:kind :function :fn (fn [x] {{body}})})

            """ + Said(text);
        Assert.Equal((1, 2), Fail(Plan("(if (= x 2) (/ 1 0) (* 10 x))", text)));
        Replays(Plan("(* 10 x)", text), expected);
    }

    [Fact]
    public void A_peer_outside_is_asked_again_and_one_that_nothing_is_sent_to_is_not_opened()
    {
        const string text = """
            (stream-consume (stream-pipeline ["com.x:v1:in" (stream-map (fn [x] x)) (stream-transform "com.x:v1:peer") (stream-map inc)]) {x => (say x)})
            (stream-consume (stream-bidirectional "com.x:v1:idle") {:on-item say})
            """;
        var first = new Bench();
        first.Keep("com.x:v1:out");
        first.Register("com.x:v1:peer", new PatientPeer { Refuses = 2 });
        first.Register("com.x:v1:idle", new PatientPeer { Ends = true });
        Assert.Equal(1, first.Run("(plan :error-handling :dead-letter :program (do " + Said(text) + "))", Options("a.ndjson")).DeadLettered);
        var (bench, idle) = (new Bench(), new PatientPeer());
        var sink = bench.Keep("com.x:v1:out");
        bench.Register("com.x:v1:peer", new PatientPeer());
        bench.Register("com.x:v1:idle", idle);
        var replayed = bench.Run(Said(text), Options(replay: "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal("21", sink.Text);
        Assert.Equal((0, 0), (idle.Opened, replayed.NotReplayed));
    }

    [Theory]
    [InlineData("(stream-consume \"com.x:v1:pipe\" {:on-item work} {:error-handling :dead-letter}) (stream-consume \"com.x:v1:in\" {x => (stream-produce \"com.x:v1:pipe\" x)})")]
    [InlineData("(stream-consume \"com.x:v1:pipe\" {:on-item work} {:error-handling :dead-letter}) (stream-transform :input-stream \"com.x:v1:in\" :output-stream \"com.x:v1:pipe\")")]
    [InlineData("(stream-consume \"com.x:v1:pipe\" {:on-item work} {:error-handling :dead-letter}) (stream-produce \"com.x:v1:pipe\" [1 2 3])")]
    [InlineData("(stream-produce \"com.x:v1:pipe\" [1 2 3]) (stream-consume \"com.x:v1:pipe\" {x => (work x)} {:error-handling :dead-letter})")]
    [InlineData("(when @:go (stream-produce \"com.x:v1:pipe\" [1 2 3])) (stream-consume \"com.x:v1:pipe\" {x => (work x)} {:error-handling :dead-letter})")]
    public void What_reads_a_channel_of_the_plan_gets_its_letters_and_ends(string text)
    {
        static string Plan(string body, string text) => $"""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source)
            (defn work [x] (stream-produce "com.x:v1:out" {body}))

            """ + Said(text);
        Assert.Equal((1, 2), Fail(Plan("(/ 6 (- x 2))", text)));
        Replays(Plan("(* 6 x)", text), "12", go: false);
    }

    [Fact]
    public void What_the_body_produces_is_left_out_and_the_letters_of_the_sink_come_in_place_of_it()
    {
        static string Plan(string schema) => $$"""
            (register-stream-capability :capability-id "com.x:v1:file" :type :stream-sink {{schema}} :config {:error-handling :dead-letter})
            (stream-consume "com.x:v1:file" {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})
            (defn items [] (vec (map (fn [x] (if (= x 1) x (str "n" x))) [1 2 3])))
            (stream-produce "com.x:v1:file" (items) {:on-success (fn [x] (stream-produce "com.x:v1:told" x))})
            """;
        var first = new Bench();
        var sink = first.Keep("com.x:v1:out");
        first.Keep("com.x:v1:told");
        Assert.Equal(2, first.Run(Plan(":input-schema :int"), Options("a.ndjson")).DeadLettered);
        Assert.Equal("1", sink.Text);
        var bench = new Bench();
        var (late, told) = (bench.Keep("com.x:v1:out"), bench.Keep("com.x:v1:told"));
        var run = bench.Start(Plan(":input-schema [:enum \"n2\"]"), Options("b.ndjson", "a.ndjson"));
        var replayed = bench.Ended(run);
        Assert.Null(replayed.Error);
        Assert.Equal("\"n2\"", late.Text);
        Assert.Equal("\"n2\"", told.Text);
        Assert.Equal(("1", 1, 0), (replayed.Value.ToString(), replayed.DeadLettered, replayed.NotReplayed));
        Assert.Contains("\"attempts\":2", Assert.Single(File.ReadAllLines(In("b.ndjson"))), StringComparison.Ordinal);
        Assert.Contains(Bench.EventsOf(run), static told => told is { Level: "info", Message: "3 items that the body of the plan produces were left out: a replay writes what comes of the letters" });
    }

    [Fact]
    public void A_sink_that_functions_of_streams_write_gets_its_letters_by_its_capability()
    {
        static string Plan(string schema) => $$"""
            (register-stream-capability :capability-id "com.x:v1:file" :type :stream-sink {{schema}} :config {:error-handling :dead-letter})
            (stream-consume "com.x:v1:file" {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})

            """ + Said("""
            (stream-consume "com.x:v1:in" {x => (do (stream-produce "com.x:v1:other" x) (stream-produce "com.x:v1:file" (if (= x 2) "two" x)))})
            """);
        var (first, bench) = (new Bench(), new Bench());
        var (early, other) = (first.Keep("com.x:v1:out"), bench.Keep("com.x:v1:other"));
        first.Keep("com.x:v1:other");
        Assert.Equal(1, first.Run(Plan(":input-schema :int"), Options("a.ndjson")).DeadLettered);
        Assert.Equal("1 3", early.Text);
        Assert.Contains("\"capability\":\"com.x:v1:file\"", File.ReadAllText(In("a.ndjson")), StringComparison.Ordinal);
        var late = bench.Keep("com.x:v1:out");
        var replayed = bench.Run(Plan(""), Options("b.ndjson", "a.ndjson"));
        Assert.Null(replayed.Error);
        Assert.Equal(("\"two\"", "", 0), (late.Text, other.Text, replayed.NotReplayed));
        Assert.False(File.Exists(In("b.ndjson")));
    }

    [Fact]
    public void The_callback_of_a_stream_gets_its_letters_and_an_interaction_keeps_them()
    {
        static string Plan(string body) => Said($$"""
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional)
            (defn work [x] {{body}})
            (def in (stream-source "com.x:v1:in" {:config {:error-handling :dead-letter} }))
            (stream-callbacks in {:on-item work})
            (stream-consume in {x => (say x)})
            (stream-interact "com.x:v1:echo" :send 2 :receive {answer => (work answer)} :error-handling :dead-letter)
            """);
        Assert.Equal((2, 3), Fail(Plan("(/ 1 (- x 2))")));
        var (summary, text) = Replay(Plan("(say [x :again])"));
        Assert.Null(summary.Error);

        // Once by the callback, and once by the interaction, which is made again.
        Assert.Equal(("2 :again 2 :again", 1), (text, summary.NotReplayed));
        Assert.Contains("interact-1", Assert.Single(File.ReadAllLines(In("b.ndjson"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(stream-transform :input-stream \"com.x:v1:in\" :output-stream o)")]
    [InlineData("(stream-produce o [1 2 3])")]
    public void The_callback_of_a_sink_gets_its_letters(string writes)
    {
        string Plan(string body) => Said($$"""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-sink :config {:error-handling :dead-letter})
            (def o (stream-sink "com.x:v1:pipe"))
            (stream-callbacks o {:on-item (fn [x] {{body}})})
            (stream-consume o {:on-item (fn [x] x)})
            {{writes}}
            """);
        Assert.Equal((1, 0), Fail(Plan("(/ 1 (- x 2))")));
        Replays(Plan("(say [x :again])"), "2 :again");
    }

    [Fact]
    public void A_letter_that_fails_the_run_again_is_kept()
    {
        static string Plan(string word) => Said($$"""(stream-consume (stream-map "com.x:v1:in" (fn [x] (/ 1 (- x 2))) {:error-handling {{word}}}) {x => (say x)})""");
        Assert.Equal((1, 2), Fail(Plan(":dead-letter")));
        var (summary, _) = Replay(Plan(":fail"));
        Assert.NotNull(summary.Error);
        Assert.Equal(1, summary.NotReplayed);
        Assert.Equal(File.ReadAllLines(In("a.ndjson")), File.ReadAllLines(In("b.ndjson")));
    }

    private static string Said(string text) => Bench.Values("com.x:v1:in", "1 2 3") + """
        (defn say [x] (stream-produce "com.x:v1:out" x))

        """ + text;

    private (long Letters, int Said) Fail(string text)
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(text, Options("a.ndjson", go: true));
        Assert.Null(summary.Error);
        return (summary.DeadLettered, sink.Items.Count);
    }

    private void Replays(string text, string expected, bool go = true)
    {
        var (summary, said) = Replay(text, go);
        Assert.Null(summary.Error);
        Assert.Equal((expected, 0, 0), (said, summary.DeadLettered, summary.NotReplayed));
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        Assert.False(File.Exists(In("b.ndjson")));
    }

    private (RunSummary Summary, string Said) Replay(string text, bool go = true)
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start(text, Options("b.ndjson", "a.ndjson", go));
        var summary = bench.Ended(run);
        bench.NothingIsLeft(run);
        return (summary, sink.Text);
    }

    private string In(string name) => Path.Combine(_directory, name);

    private RunOptions Options(string? letters = null, string? replay = null, bool go = true) => new()
    {
        Grants = Grants.All,
        DeadLetterPath = letters is null ? null : In(letters),
        ReplayDeadLetters = replay is null ? null : In(replay),
        Parameters = new Dictionary<string, Value> { ["go"] = Value.Bool(go) },
    };
}
