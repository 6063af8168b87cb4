// A called capability with schemas: its arguments and its answer are checked, under the strategy of the stage that calls.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Tests.Streaming;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Marketplace;

public sealed class CallSchemaTests
{
    private readonly Bench _bench = new();
    private readonly List<string> _given = [];

    [Theory]
    [InlineData(":float", ":any", "(call \"com.x:v1:f\" 2)", "2.0")]
    [InlineData("[:tuple :float :int]", ":any", "(call \"com.x:v1:f\" 2 3)", "2.0 3")]
    [InlineData(":nil", ":any", "(call \"com.x:v1:f\")", "")]
    [InlineData("[:map [:v :float]]", ":any", "(call \"com.x:v1:f\" {:v 1})", "{:v 1.0}")]
    public void Arguments_that_fit_arrive_with_floats_where_the_schema_says_so(string input, string output, string call, string given)
    {
        Register(input, output, Value.Nil);
        Assert.Equal(RunOutcome.Completed, _bench.Run(call).Outcome);
        Assert.Equal([given], _given);
    }

    [Theory]
    [InlineData(":int", "(call \"com.x:v1:f\" \"two\")", "the argument of com.x:v1:f: expected an int, but found the string \"two\"")]
    [InlineData("[:tuple :int :int]", "(call \"com.x:v1:f\" 1 nil)", "the arguments of com.x:v1:f at 1: expected an int, but found nil")]
    [InlineData(":int", "(call \"com.x:v1:f\")", "the arguments of com.x:v1:f: expected an int, but found nil")]
    public void Arguments_that_depart_never_reach_the_capability(string input, string call, string message)
    {
        Register(input, ":any", Value.Nil);
        var error = _bench.Run(call).Error!;
        Assert.Equal(("RTFS9008", message), (error.Code, error.Message));
        Assert.Equal(1, error.Place!.Source.PositionOf(error.Place.Span.Start).Line + 1);
        Assert.Empty(_given);
    }

    [Fact]
    public void An_answer_is_checked_and_converted()
    {
        Register(":any", "[:vector :float]", Value.Of(VectorValue.From(Value.Int(1), Value.Float(2.5))));
        Assert.Equal("[1.0 2.5]", _bench.Run("(call \"com.x:v1:f\" 1)").Value.ToString());
    }

    [Fact]
    public void An_answer_that_departs_can_be_caught_by_its_kind()
    {
        Register(":any", "[:map [:v :int]]", Value.String("no map"));
        Assert.Equal(
            "\"the answer of com.x:v1:f: expected a map, but found the string \\\"no map\\\"\"",
            _bench.Run("(try (call \"com.x:v1:f\" 1) (catch TypeValidationError e (.getMessage e)))").Value.ToString());
    }

    [Fact]
    public void A_call_in_a_stage_falls_under_on_schema_error_there()
    {
        Register("[:and :int [:> 0]]", ":any", Value.Int(7));
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(SchemaTests.Source("1 -1 2", "") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-map (fn [x] (call "com.x:v1:f" x))) (stream-sink "com.x:v1:out")]
              {:error-handling {:on-schema-error :skip :on-processing-error :fail}}))
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal("7 7", sink.Text);
        Assert.Equal(1, summary.Stages.Single(static stage => stage.Kind == "map").Skipped);
    }

    [Fact]
    public void An_annotation_that_a_value_departs_from_is_no_schema_error()
    {
        _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(SchemaTests.Source("1 \"two\"", "") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-map (fn [x :int] x)) (stream-sink "com.x:v1:out")]
              {:error-handling {:on-schema-error :skip}}))
            """);
        Assert.Equal("RTFS9008", summary.Error!.Code);
    }

    [Theory]
    [InlineData("[:vector :flot]", ":input-schema of com.x:v1:f: nothing defines the type flot")]
    [InlineData("[:fn [:int] :int]", "no value can be checked against a function type")]
    public void A_schema_that_is_none_is_refused_when_the_host_registers_it(string input, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Register(input, ":any", Value.Nil)).Message);

    [Fact]
    public void A_provider_that_is_not_of_the_manifests_kind_is_refused()
    {
        var marketplace = _bench.Engine.Marketplace;
        Assert.Throws<ArgumentException>(() => { marketplace.RegisterStreamingProviderAsync(Manifest(CapabilityKind.Source), new KeepingSink()); });
        Assert.Throws<ArgumentException>(() => { marketplace.RegisterCapabilityAsync(Manifest(CapabilityKind.Sink), Answer(Value.Nil)); });
    }

    [Fact]
    public async Task The_same_provider_with_another_schema_is_refused()
    {
        var sink = new KeepingSink();
        var manifest = Manifest(CapabilityKind.Sink);
        await _bench.Engine.Marketplace.RegisterStreamingProviderAsync(manifest, sink);
        await _bench.Engine.Marketplace.RegisterStreamingProviderAsync(manifest, sink);
        Assert.Throws<ArgumentException>(() => { _bench.Engine.Marketplace.RegisterStreamingProviderAsync(manifest with { InputSchema = Data(":int") }, sink); });
    }

    private static CapabilityManifest Manifest(CapabilityKind kind) => new() { Id = "com.x:v1:f", Kind = kind };

    private static Value Data(string text) => ValueReader.Read(text).Values[0];

    private DelegateCapability Answer(Value answer) => new((arguments, _) =>
    {
        _given.Add(string.Join(' ', arguments));
        return new ValueTask<Value>(answer);
    });

    private void Register(string input, string output, Value answer) => _bench.Engine.Marketplace.RegisterCapabilityAsync(
        Manifest(CapabilityKind.Function) with { InputSchema = Data(input), OutputSchema = Data(output) }, Answer(answer)).AsTask().GetAwaiter().GetResult();
}
