// Transform capabilities and conversations as stages of pipelines: whose word counts where an answer fails, and whose counts have it.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class TransformStageTests
{
    private readonly Bench _bench = new();
    private readonly KeepingSink _out;

    public TransformStageTests() => _out = _bench.Keep("com.x:v1:out");

    [Theory]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\" {:error-handling :skip})]) {x => (say x)})")]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\" :config {:error-handling :skip})]) {x => (say x)})")]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\")]) {x => (say x)} {:error-handling :skip})")]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\")] {:error-handling :skip}) {x => (say x)})")]
    [InlineData("(stream-consume (stream-map (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\")]) (fn [x] x)) {:on-item say} {:error-handling :skip})")]
    [InlineData("(stream-execute (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\") \"com.x:v1:out\"] {:error-handling :skip}))")]
    [InlineData("(stream-execute (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\") \"com.x:v1:out\"]) {:error-handling :skip})")]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\") (stream-transform \"com.x:v1:same\")]) {x => (say x)} {:error-handling :skip})")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:share\")) (stream-consume (stream-pipeline [\"com.x:v1:in\" e (stream-map (fn [x] x))]) {x => (say x)} {:error-handling :skip})")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:share\" {:config {:error-handling :skip}})) (stream-consume (stream-pipeline [\"com.x:v1:in\" e (stream-map (fn [x] x))]) {x => (say x)} {:error-handling :fail})")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:share\")) (stream-transform :input-stream \"com.x:v1:in\" :output-stream e) (stream-consume e {x => (say x)} {:error-handling :skip})")]
    [InlineData("(def e (stream-bidirectional \"com.x:v1:share\")) (stream-transform :input-stream \"com.x:v1:in\" :output-stream e :error-handling :skip) (stream-consume e {:on-item say})")]
    public void The_stage_itself_the_consume_and_the_pipeline_say_what_becomes_of_an_item(string text)
    {
        var summary = _bench.Run(Plan(text));
        Assert.Null(summary.Error);
        Assert.Equal("4 3", _out.Text);
        Assert.Equal(1, summary.Skipped);
    }

    [Theory]
    [InlineData("{:error-handling :skip}", "{:error-handling :dead-letter}", "{:error-handling :fail}", 1, 0)]
    [InlineData("{:error-handling {:on-parse-error :fail}}", "{:error-handling :dead-letter}", "{:error-handling :skip}", 0, 1)]
    [InlineData("{}", "{}", "{:error-handling :dead-letter}", 0, 1)]
    [InlineData("{}", "{}", "{}", 1, 0)]
    [InlineData("{:error-handling :dead-letter}", "{:error-handling {:strategy :dead-letter :on-schema-error :skip}}", "{}", 1, 0)]
    [InlineData("{}", "{:error-handling :dead-letter}", "{:error-handling {:on-schema-error :skip}}", 1, 0)]
    public void The_nearest_word_decides_and_one_by_cause_before_a_general_one(string stage, string consume, string capability, int skipped, int letters)
    {
        var summary = _bench.Run($$"""
            (marketplace:execute-plan (plan :error-handling :skip :program (do
              {{Bench.Values("com.x:v1:in", "4 \"two\" 3")}}
              (register-stream-capability :capability-id "com.x:v1:ints" :type :stream-transform :input-schema :int :config {{capability}})
              (stream-consume
                (stream-pipeline ["com.x:v1:in" (stream-transform "com.x:v1:ints" {{stage}})])
                {x => (stream-produce "com.x:v1:out" x)}
                {{consume}}))))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("4 3", _out.Text);
        Assert.Equal((skipped, letters), (summary.Skipped, summary.DeadLettered));
    }

    [Fact]
    public void Stages_in_front_of_it_fall_under_the_consume_too_and_those_of_a_wired_transform_do_not()
    {
        static string Consume(string input) => $$"""
            (def e (stream-bidirectional "com.x:v1:same"))
            {{input}} {x => (say x)} {:error-handling :skip})
            """;
        var within = _bench.Run(Plan(Consume("""(stream-consume (stream-pipeline ["com.x:v1:in" (stream-map (fn [x] (/ 12 x))) e (stream-map (fn [x] x))])""")));
        Assert.Null(within.Error);
        Assert.Equal("4 3", _out.Text);
        var wired = _bench.Run(Plan(Consume("""(stream-transform :input-stream (stream-map "com.x:v1:in" (fn [x] (/ 12 x))) :output-stream e) (stream-consume e""")));
        Assert.Equal("Division by zero (map-1, item 1)", wired.Error!.Message);
    }

    [Fact]
    public void The_word_of_a_pipeline_is_for_its_own_stages()
    {
        var summary = _bench.Run(Plan("""
            (stream-consume (stream-pipeline ["com.x:v1:in" (stream-map (fn [x] (/ 12 x)))] {:error-handling :skip}) {x => (say (/ 1 (- x 3)))})
            """));
        Assert.Equal("Division by zero (consume-1, item 1)", summary.Error!.Message);
        Assert.Equal((1, 1), (summary.Skipped, summary.Failed));
    }

    [Theory]
    [InlineData("(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\") (stream-map inc)]) {x => x})")]
    [InlineData("(stream-execute (stream-pipeline [\"com.x:v1:in\" (stream-filter int?) (stream-transform \"com.x:v1:share\") (stream-transform \"com.x:v1:same\") \"com.x:v1:out\"]))")]
    [InlineData("(do (def e (stream-bidirectional \"com.x:v1:share\")) (stream-transform :input-stream \"com.x:v1:in\" :output-stream e) (stream-consume e {x => x}))")]
    public void The_summary_counts_what_failed_in_it(string text)
    {
        var summary = _bench.Run(Plan($"(dissoc {text} :elapsed-ms)", "{:error-handling :dead-letter}"));
        Assert.Null(summary.Error);
        Assert.Equal("{:items 2 :errors 1 :skipped 0 :dead-lettered 1 :dropped 0 :failed 0}", summary.Value.ToString());
    }

    [Fact]
    public void The_callbacks_of_what_it_is_a_part_of_are_told()
    {
        var summary = _bench.Run(Plan("""
            (stream-consume (stream-pipeline ["com.x:v1:in" (stream-transform "com.x:v1:share") (stream-transform "com.x:v1:same")])
              {:on-item say :on-error (fn [error item] (say [[(:stage error) item]]))} {:error-handling :skip})
            """));
        Assert.Null(summary.Error);
        Assert.Equal("4 3 [\"transform-1-out\" 0]", string.Join(' ', _out.Items.OrderBy(static one => one.IsInt ? 0 : 1)));
    }

    [Fact]
    public void Its_letters_go_where_the_consume_says_and_end_with_it()
    {
        var summary = _bench.Run(Plan("""
            (register-stream-capability :capability-id "com.x:v1:letters" :type :stream-sink)
            (stream-consume "com.x:v1:letters" {:on-item (fn [letter] (say (:item letter))) :on-complete (fn [] (say :complete))})
            (stream-consume (stream-pipeline ["com.x:v1:in" (stream-transform "com.x:v1:share")]) {x => x} {:error-handling {:dead-letter "com.x:v1:letters"}})
            """));
        Assert.Null(summary.Error);
        Assert.Equal("0 :complete", _out.Text);
    }

    [Theory]
    [InlineData("com.x:v1:share", "(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\")]) {x => (say x)})")]
    [InlineData("com.x:v1:share", "(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-bidirectional \"com.x:v1:share\") (stream-map (fn [x] x))]) {x => (say x)})")]
    [InlineData("com.x:v1:share", "(stream-execute (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\") (stream-transform \"com.x:v1:same\") \"com.x:v1:out\"]))")]
    [InlineData("com.x:v1:share", "(stream-await (stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-transform \"com.x:v1:share\")]) {:on-item say}))")]
    [InlineData("com.x:v1:same", "(stream-consume (stream-pipeline [\"com.x:v1:in\" (stream-map (fn [x] (/ 12 x))) (stream-transform \"com.x:v1:same\")]) {x => (say x)})")]
    public void A_failure_is_raised_where_the_pipeline_is_consumed_behind_what_came_before_it(string capability, string text)
    {
        var run = _bench.Start(Plan($"(try {text} (catch DivisionByZero e (ex-message e)))"));
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        var stage = capability == "com.x:v1:same" ? "map-1" : "transform-1-out";
        Assert.Equal(("4", $"\"Division by zero ({stage}, item 1)\""), (_out.Text, summary.Value.ToString()));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_failure_ends_the_callbacks_of_the_pipeline_once_and_leaves_windows_alone()
    {
        var summary = _bench.Run(Plan("""
            (stream-consume (stream-pipeline ["com.x:v1:in" (stream-transform "com.x:v1:share") (stream-window {:count 2})])
              {:on-item say :on-error (fn [error item] (say (:message error))) :on-complete (fn [] (say :complete))})
            """));
        Assert.Equal("Division by zero (transform-1-out, item 1)", summary.Error!.Message);
        Assert.Equal("\"Division by zero (transform-1-out, item 1)\"", _out.Text);
    }

    [Fact]
    public void A_peer_outside_is_told_that_nothing_more_comes_when_what_feeds_the_stage_has_ended()
    {
        var peer = new PatientPeer();
        _bench.Register("com.x:v1:peer", peer);
        var summary = _bench.Run(Plan("""(:items (stream-consume (stream-pipeline ["com.x:v1:in" (stream-transform "com.x:v1:peer") (stream-map inc)]) {x => (say x)}))"""));
        Assert.Null(summary.Error);
        Assert.Equal(("31 1 41", "3"), (_out.Text, summary.Value.ToString()));
    }

    private static string Plan(string text, string capability = "{}") => Bench.Values("com.x:v1:in", "3 0 4") + $$"""
        (register-stream-capability :capability-id "com.x:v1:share" :type :stream-transform :config {{capability}}
          :provider {:kind :function :fn (fn [x] (/ 12 x))})
        (register-stream-capability :capability-id "com.x:v1:same" :type :stream-transform :provider {:kind :function :fn (fn [x] x)})
        (defn say [x] (stream-produce "com.x:v1:out" x))
        {{text}}
        """;
}
