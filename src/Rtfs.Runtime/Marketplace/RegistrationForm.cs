// What a plan writes of capabilities, and gets back: ids, and manifests as maps.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal static class RegistrationForm
{
    private static readonly string[] Keys = ["capability-id", "type", "input-schema", "output-schema", "config", "provider", "metadata"];

    /// <exception cref="RtfsException">A key that is no key, or a value that it cannot have.</exception>
    public static CapabilityManifest Read(MapValue options, string form, SourcePlace place)
    {
        var reader = new OptionReader(options, form, place);
        foreach (var key in Keys)
        {
            reader.Take(key);
        }

        reader.Finish();
        try
        {
            var manifest = ManifestReader.Read(options);

            // Wrong options are told where they are written, not where the capability is opened.
            FlowOptions.Read(Value.Of(manifest.Config), form, place);
            return manifest;
        }
        catch (RtfsException error) when (error.Place is null)
        {
            throw new RtfsException(error.Code, error.Kind, error.Message, place, error);
        }
    }

    /// <summary>From a string, a versioned keyword or a versioned symbol.</summary>
    public static string IdOf(Value value, SourcePlace place)
    {
        var text = value.As<string>() ?? value.As<Keyword>()?.Name ?? value.As<Symbol>()?.Name;
        return (text is null ? null : Language.CapabilityId(text))
            ?? throw new RtfsException(
                "RTFS9009",
                "InvalidArgument",
                $"a capability id is namespace:vMAJOR[.MINOR[.PATCH]]:name, \"com.example:v1.0:feed\"; found {Errors.Describe(value)}",
                place);
    }

    public static MapValue ToMap(CapabilityManifest manifest)
    {
        var map = MapValue.Empty
            .Assoc(Value.Of(Keyword.Of("capability-id")), Value.String(manifest.Id))
            .Assoc(Value.Of(Keyword.Of("type")), Value.Of(Keyword.Of("stream-" + manifest.Kind.ToString().ToLowerInvariant())));
        Add("input-schema", manifest.InputSchema);
        Add("output-schema", manifest.OutputSchema);
        Add("config", manifest.Config.Count > 0 ? Value.Of(manifest.Config) : Value.Nil);
        Add("provider", manifest.Provider.Count > 0 ? Value.Of(manifest.Provider) : Value.Nil);
        Add("metadata", manifest.Metadata.Count > 0 ? Value.Of(manifest.Metadata) : Value.Nil);
        return map;

        void Add(string key, Value value)
        {
            if (!value.IsNil)
            {
                map = map.Assoc(Value.Of(Keyword.Of(key)), value);
            }
        }
    }
}
