// What the schema of a source or a sink does to items that fit it, and to those that do not.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class SchemaTests
{
    private const string Readings = "{:reading {:value 1.5}} {:reading {:value \"high\"}} {:reading {:value 3}}";
    private const string Nested = "[:stream [:map [:reading [:map [:value :float]]]]]";

    private readonly Bench _bench = new();

    [Fact]
    public void An_item_that_departs_fails_the_run_with_its_path_and_what_came_before_it_is_written()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute(Source(Readings, $":output-schema {Nested}"), "");
        Assert.Equal(RunOutcome.Failed, summary.Outcome);
        Assert.Equal(("RTFS9008", "TypeValidationError"), (summary.Error!.Code, summary.Error.Kind));
        Assert.Equal(
            "an item of com.x:v1:in at :reading :value: expected a float, but found the string \"high\" (source-1, item 1)", summary.Error.Message);
        Assert.Equal("{:reading {:value 1.5}}", sink.Text);
        Assert.Equal((3, 1, 1, 1), Count(summary, "source-1", static stage => (stage.Received, stage.Processed, stage.Failed, stage.Dropped)));
    }

    [Theory]
    [InlineData(":skip", 1, 0)]
    [InlineData(":dead-letter", 0, 1)]
    [InlineData("{:retry {:attempts 2 :delay-ms 0 :then :skip}}", 1, 0)]
    [InlineData(":retry", 0, 1)]
    public void On_schema_error_decides_before_a_general_strategy(string strategy, int skipped, int deadLettered)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute(
            Source(Readings, $":output-schema {Nested}"),
            $"{{:error-handling {{:strategy :fail :retry-attempts 2 :retry-delay-ms 0 :on-parse-error :fail :on-processing-error :fail :on-schema-error {strategy}}}}}");
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("{:reading {:value 1.5}} {:reading {:value 3.0}}", sink.Text);
        Assert.Equal((skipped, deadLettered), (summary.Skipped, summary.DeadLettered));
        Assert.Equal(2, summary.ItemsOut);
    }

    [Theory]
    [InlineData(":config {:error-handling :skip}", "", "", "Completed")]
    [InlineData("", "{:config {:error-handling {:on-schema-error :skip}}}", "", "Completed")]
    [InlineData("", "{:config {:error-handling :skip}}", "{:error-handling :fail}", "Completed")]
    [InlineData("", "{:config {:error-handling :fail}}", "{:error-handling :skip}", "Failed")]
    [InlineData(":config {:error-handling :fail}", "", "{:error-handling :skip}", "Completed")]
    [InlineData(":config {:error-handling {:on-schema-error :skip}}", "{:config {:error-handling :fail}}", "{:error-handling :fail}", "Completed")]
    [InlineData(":config {:error-handling {:on-processing-error :skip :on-parse-error :skip}}", "", "", "Failed")]
    public void The_opening_comes_before_the_pipeline_and_that_before_the_capability(string capability, string opening, string pipeline, string outcome)
    {
        _bench.Keep("com.x:v1:out");
        var summary = _bench.Run($$"""
            (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source :output-schema :int {{capability}} :provider {:kind :values :items [1 "two"]})
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in" {{opening}}) (stream-sink "com.x:v1:out")] {{pipeline}}))
            """);
        Assert.Equal(outcome, summary.Outcome.ToString());
    }

    [Fact]
    public void A_dead_letter_keeps_the_item_its_envelope_and_the_path()
    {
        _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Plan(Source(Readings, $":output-schema {Nested}"), "{:error-handling {:on-schema-error :dead-letter}}"));
        _bench.Ended(run);
        var letter = Assert.Single(run.DeadLetters).As<MapValue>()!;
        Assert.Equal("{:reading {:value \"high\"}}", Get(letter, "item"));
        Assert.Equal("\"source-1\"", Get(letter, "stage"));
        Assert.Equal("{:sequence 1 :timestamp 2026-01-02T03:04:05Z}", Get(letter, "envelope"));
        var error = letter.GetOrNil(Keyword.Of("error")).As<MapValue>()!;
        Assert.Equal(
            ("[:reading :value]", "\"a float\"", "\"the string \\\"high\\\"\""), (Get(error, "path"), Get(error, "expected"), Get(error, "found")));
        Assert.Contains(Bench.EventsOf(run), happened => happened is { Kind: RunEventKind.ItemDeadLettered, Stage: "source-1" });
    }

    [Fact]
    public void Observers_are_told_of_the_path()
    {
        var told = new List<string>();
        var summary = _bench.Run(
            Source("1 \"two\"", ":output-schema :int") + """
                (stream-consume (stream-source "com.x:v1:in")
                  {:on-item (fn [x] x) :on-error (fn [e item] (println (:kind e) (:path e) item))}
                  {:error-handling {:on-schema-error :skip}})
                """,
            new RunOptions { Grants = Grants.All, Log = (_, line) => told.Add(line) });
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal(["TypeValidationError [] two"], told);
    }

    [Fact]
    public void Bad_rows_and_items_that_depart_keep_their_order_and_each_its_cause()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        source.Push(1, Value.String("two"), new ItemFault("x,y", "no number", "in.csv:3"), 4, Value.String("five"));
        source.End();
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start("""
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in" {:schema :int}) (stream-sink "com.x:v1:out")]
              {:error-handling {:on-parse-error :skip :on-schema-error :dead-letter}}))
            """);
        var summary = _bench.Ended(run);
        Assert.Equal("1 4", sink.Text);
        Assert.Equal((5, 2, 1, 2), Count(summary, "source-1", static stage => (stage.Received, stage.Processed, stage.Skipped, stage.DeadLettered)));
        Assert.Equal(
            ["{:sequence 1 :timestamp 2026-01-02T03:04:05Z}", "{:sequence 4 :timestamp 2026-01-02T03:04:05Z}"],
            run.DeadLetters.Select(static letter => Get(letter.As<MapValue>()!, "envelope")));
    }

    [Fact]
    public void A_cancellation_while_an_item_waits_for_its_next_try_loses_none_from_the_count()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:in", source);
        source.Push(1, Value.String("two"), 3, 4);
        var run = _bench.Start("""
            (stream-consume (stream-source "com.x:v1:in" {:schema :int}) {x => x}
              {:error-handling {:on-schema-error {:retry {:attempts 3 :delay-ms 1000}}}})
            """);
        _bench.Settle();
        run.StopAsync(drain: false);
        var summary = _bench.Ended(run);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.Equal((4, 0, 4, 0), Count(summary, "source-1", static stage => (stage.Received, stage.Processed, stage.Dropped, stage.InFlight)));
    }

    [Fact]
    public void A_sink_writes_what_comes_before_an_item_that_departs()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute(Source("1 2 \"three\" 4", ""), "", "{:schema [:and :float [:> 0]]}");
        Assert.Equal("1.0 2.0", sink.Text);
        Assert.Equal("an item for com.x:v1:out: expected a float, but found the string \"three\" (sink-1, item 2)", summary.Error!.Message);
        Assert.Equal((4, 2, 1, 1), Count(summary, "sink-1", static stage => (stage.Received, stage.Processed, stage.Failed, stage.Dropped)));
    }

    [Fact]
    public void A_sink_goes_on_after_what_its_strategy_disposes_of()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute(Source("-1 1 -2 2 -3", ""), "", "{:schema [:and :int [:> 0]] :config {:error-handling {:on-schema-error :skip}}}");
        Assert.Equal("1 2", sink.Text);
        Assert.Equal((5, 2, 3), Count(summary, "sink-1", static stage => (stage.Received, stage.Processed, stage.Skipped)));
    }

    [Fact]
    public async Task The_schema_of_a_registered_manifest_holds_for_the_host_as_well()
    {
        var channel = new LocalChannel();
        await _bench.Engine.Marketplace.RegisterStreamingProviderAsync(
            new CapabilityManifest { Id = "com.x:v1:in", Kind = CapabilityKind.Source, OutputSchema = Data("[:map [:v :float]]") }, channel);
        await channel.WriteAsync(new Dictionary<string, object?> { ["v"] = 1L });
        await channel.WriteAsync(new Dictionary<string, object?> { ["v"] = null });
        channel.Complete();
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run("""
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-sink "com.x:v1:out")] {:error-handling :skip}))
            """);
        Assert.Equal("{:v 1.0}", sink.Text);
        Assert.Equal(1, summary.Skipped);
    }

    [Theory]
    [InlineData("{:a 1 :b 2}", "{:schema [:map [:a :int]]}", "{:a 1 :b 2}", 0)]
    [InlineData("{:a 1} {:a 1 :b 2}", "{:schema [:map [:a :int]] :strict-validation true}", "{:a 1}", 1)]
    [InlineData("{:a {:c 1}} {:a {:c 1 :d 2}}", "{:schema [:map [:a [:map [:c :int]]]] :strict-validation true}", "{:a {:c 1}}", 1)]
    [InlineData("{:a [{:c 1 :d 2}]}", "{:schema [:map [:a [:vector [:map [:c :int]]]]] :strict-validation true}", "", 1)]
    [InlineData("{:a 1 :b 2} {:a 1 :b \"x\"}", "{:schema [:map [:a :int] [:* :int]] :strict-validation true}", "{:a 1 :b 2}", 1)]
    [InlineData("{:a 1 :b 2} {:a 1 :b 2 :c 3}", "{:schema [:and [:map [:a :int]] [:map [:b :int]]] :strict-validation true}", "{:a 1 :b 2}", 1)]
    [InlineData("{:a 1 :b 2} {:a 1 :b 2 :c 3}", "{:schema [:and [:map [:a :int]] [:has-key :b]] :strict-validation true}", "{:a 1 :b 2}", 1)]
    [InlineData("{:a 1 :c 2}", "{:schema [:and [:map [:a :int]] [:map [:* :int]]] :strict-validation true}", "{:a 1 :c 2}", 0)]
    public void Strict_validation_closes_records_at_every_depth(string items, string opening, string passing, int skipped)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Execute(Source(items, ""), "{:error-handling :skip}", source: opening);
        Assert.Equal(passing, sink.Text);
        Assert.Equal(skipped, summary.Skipped);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
    }

    [Fact]
    public void A_key_too_many_is_told_with_its_path()
    {
        var summary = _bench.Run(Source("{:a {:b 1 :typo 2}}", ":output-schema [:map [:a [:map [:b :int]]]]") + """
            (stream-consume (stream-source "com.x:v1:in" {:strict-validation true}) {x => x})
            """);
        Assert.Equal("an item of com.x:v1:in at :a :typo: expected no such key, but found the int 2 (source-1, item 0)", summary.Error!.Message);
    }

    [Fact]
    public void A_strict_sink_refuses_keys_too()
    {
        var sink = _bench.Keep("com.x:v1:out");
        Execute(Source("{:a 1 :b 2} {:a 3}", ""), "{:error-handling :skip}", "{:schema [:map [:a :int]] :strict-validation true}");
        Assert.Equal("{:a 3}", sink.Text);
    }

    [Fact]
    public void A_struct_names_a_type_in_a_schema_and_may_hold_itself()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run("(defstruct Tree :value :float :children [:vector Tree])\n"
            + Source("{:value 1 :children [{:value 2 :children []}]} {:value 1 :children [{:value nil :children []}]}", ":output-schema [:stream Tree]") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-sink "com.x:v1:out" {:schema Tree})] {:error-handling :skip}))
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("{:value 1.0 :children [{:value 2.0 :children []}]}", sink.Text);
    }

    [Theory]
    [InlineData(":output-schema [:map [:v :flot]]", "no type is called `flot`; did you mean `:float`?")]
    [InlineData(":output-schema [:map [:v Redaing]]", "no type is called `Redaing`; did you mean `Reading`?")]
    [InlineData(":output-schema [:map [:v [:fn [:int] :int]]]", "no value can be checked against a function type")]
    [InlineData(":output-schema [:stream [:stream :int]]", "no value can be checked against a stream inside of an item")]
    [InlineData(":output-schema [:and :int [:prime]]", "no value can be checked against :prime, a predicate that nothing defines")]
    [InlineData(":output-schema [:and :string [:matches-regex \"(\"]]", "the pattern \"(\" does not read")]
    [InlineData(":input-schema [:vectr :int]", "no type is made by :vectr; did you mean :vector?")]
    [InlineData(":output-schema 7", "expected a type, found ")]
    public void What_items_cannot_be_checked_against_is_refused_before_anything_runs(string schema, string message)
    {
        var told = new List<string>();
        var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start(
            Source("1", schema) + "(defstruct Reading :value :float)\n(println \"ran\")",
            new RunOptions { Grants = Grants.All, Log = (_, line) => told.Add(line) }));
        Assert.Contains(message, refused.Message);
        Assert.Empty(told);
    }

    [Fact]
    public void A_schema_of_an_opening_is_refused_before_anything_runs_too()
    {
        var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start(Source("1", "") + "(stream-source \"com.x:v1:in\" {:schema Nowhere})"));
        Assert.Contains("no type is called `Nowhere`", refused.Message);
    }

    [Fact]
    public void A_computed_schema_is_refused_where_it_is_evaluated()
    {
        var summary = _bench.Run(Source("1", "") + """
            (let [type (vector :map (vector :v :flot))]
              (stream-consume (stream-source "com.x:v1:in" {:schema type}) {x => x}))
            """);
        Assert.Equal("RTFS9009", summary.Error!.Code);
        Assert.Equal(":schema of stream-source com.x:v1:in: nothing defines the type flot; did you mean :float?", summary.Error.Message);
        Assert.Empty(summary.Stages);
    }

    [Theory]
    [InlineData("(stream-source \"com.x:v1:in\" {:strict-validation true})", ":strict-validation of stream-source closes the records of a schema, and com.x:v1:in has none")]
    [InlineData("(stream-source (identity (stream-source \"com.x:v1:in\")) {:schema :int})", "is open already, so stream-source cannot give it a :schema")]
    [InlineData("(do (stream-sink \"com.x:v1:out\" {:schema :int}) (stream-sink \"com.x:v1:out\" {:schema :string}))", "com.x:v1:out has one stream in a run, which is open already with another schema")]
    public void An_opening_that_cannot_have_its_schema_says_so(string form, string message)
    {
        _bench.Keep("com.x:v1:out");
        Assert.Contains(message, _bench.Run(Source("1", "") + form).Error!.Message);
    }

    [Fact]
    public void An_opening_may_repeat_the_schema_and_one_that_says_nothing_takes_it()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Source("1 2", "") + """
            (stream-sink "com.x:v1:out" {:schema :float})
            (stream-sink "com.x:v1:out" {:schema :float})
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("1.0 2.0", sink.Text);
    }

    internal static string Source(string items, string options) =>
        $"(register-stream-capability :capability-id \"com.x:v1:in\" :type :stream-source {options} :provider {{:kind :values :items [{items}]}})\n";

    private static string Plan(string source, string pipeline, string sink = "", string opening = "") => source + $$"""
        (stream-execute (stream-pipeline [(stream-source "com.x:v1:in" {{opening}}) (stream-sink "com.x:v1:out" {{sink}})] {{pipeline}}))
        """;

    private RunSummary Execute(string registration, string pipeline, string sink = "", string source = "") =>
        _bench.Run(Plan(registration, pipeline, sink, source));

    private static Value Data(string text) => ValueReader.Read(text).Values[0];

    private static string Get(MapValue map, string key) => map.GetOrNil(Keyword.Of(key)).ToString();

    private static T Count<T>(RunSummary summary, string stage, Func<StageSummary, T> count) => count(summary.Stages.Single(found => found.Id == stage));
}
