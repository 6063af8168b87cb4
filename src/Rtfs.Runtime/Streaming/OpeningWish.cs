// What `stream-source` and `stream-sink` ask of an opening: its config, its schema and its parameters.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>By itself nothing: a capability id that stands for its stream.</summary>
internal sealed record OpeningWish(SourcePlace Place)
{
    public string Form { get; init; } = "an opening";

    /// <summary>Nil where nothing is said.</summary>
    public Value Config { get; init; }

    /// <summary>What is said about errors beside the config.</summary>
    public ErrorOptions Errors { get; init; } = ErrorOptions.None;

    /// <summary>Whether records are closed.</summary>
    public bool Strict { get; private init; }

    public MapValue Parameters { get; private init; } = MapValue.Empty;

    private Value Schema { get; init; }

    private TypeScope Types { get; init; }

    /// <exception cref="RtfsException">An option that is none, or a value that it cannot have.</exception>
    public static OpeningWish Take(ref OperationCall call)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 1), call.Name, call.Place);
        var parameters = options.Take("params");
        var wish = new OpeningWish(call.Place)
        {
            Form = call.Name,
            Config = options.Take("config"),
            Schema = options.Take("schema"),
            Strict = options.Flag("strict-validation") ?? false,
            Parameters = parameters.IsNil
                ? MapValue.Empty
                : parameters.As<MapValue>() ?? throw options.Problem($":params is a map, found {Evaluation.Errors.Describe(parameters)}"),
            Types = call.Types,
        };
        options.Finish();
        return wish;
    }

    /// <summary>How the items of the opening flow.</summary>
    public FlowOptions Flow() => new FlowOptions { Errors = Errors }.Or(FlowOptions.Read(Config, Form, Place));

    /// <summary>Its own schema, else that of the capability; null where neither says one.</summary>
    /// <exception cref="RtfsException">The schema is none, or there is nothing to be strict about.</exception>
    public ItemSchema? SchemaOr(ItemSchema? registered, string id)
    {
        var schema = ItemSchema.Read(Schema, $":schema of {Form} {id}", Types, Place) ?? registered;
        return schema is not null || !Strict
            ? schema
            : throw Problem($":strict-validation of {Form} closes the records of a schema, and {id} has none; add one: {{:schema [:map [:key T]] :strict-validation true}}");
    }

    /// <summary>What is open already keeps the schema that it was opened with.</summary>
    public void RefuseSchema(string why)
    {
        if (!Schema.IsNil || Strict)
        {
            throw Problem($"{why}, so {Form} cannot give it a :schema or :strict-validation; say them where it is opened first");
        }
    }

    private RtfsException Problem(string message) => new("RTFS9009", "InvalidArgument", message, Place);
}
