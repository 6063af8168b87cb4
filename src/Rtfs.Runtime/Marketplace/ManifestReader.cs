// From the options of a registration form to a manifest.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal static class ManifestReader
{
    private static readonly string[] Types =
    [
        "stream-source", "stream-sink", "stream-transform", "stream-bidirectional", "stream-duplex",
        "source", "sink", "transform", "bidirectional", "duplex",
    ];

    /// <exception cref="RtfsException">A key is missing, or its value is none that it can have.</exception>
    public static CapabilityManifest Read(MapValue options)
    {
        var id = Get("capability-id");
        var text = id.As<string>() ?? id.As<Keyword>()?.Name ?? id.As<Symbol>()?.Name;
        var canonical = text is null ? null : Language.CapabilityId(text);
        if (canonical is null)
        {
            throw Invalid($":capability-id must be an id such as \"com.example:v1.0:data-feed\", found {id}");
        }

        return new CapabilityManifest
        {
            Id = canonical,
            Kind = KindOf(canonical, Get("type")),
            InputSchema = Get("input-schema"),
            OutputSchema = Get("output-schema"),
            Config = Map(canonical, "config"),
            Provider = Map(canonical, "provider"),
            Metadata = Map(canonical, "metadata"),
        };

        Value Get(string key) => options.GetOrNil(Keyword.Of(key));

        MapValue Map(string owner, string key) => Get(key) switch
        {
            { IsNil: true } => MapValue.Empty,
            var value => value.As<MapValue>() ?? throw Invalid($"{owner}: :{key} must be a map, found {value}"),
        };
    }

    private static CapabilityKind KindOf(string id, Value type)
    {
        var name = type.As<Keyword>()?.Name ?? type.As<string>();
        return name switch
        {
            "stream-source" or "source" => CapabilityKind.Source,
            "stream-sink" or "sink" => CapabilityKind.Sink,
            "stream-transform" or "transform" => CapabilityKind.Transform,
            "stream-bidirectional" or "bidirectional" => CapabilityKind.Bidirectional,
            "stream-duplex" or "duplex" => CapabilityKind.Duplex,
            null => throw Invalid($"{id}: :type is missing; expected one of {Listed}"),
            _ => throw Invalid(
                $"{id}: unknown :type {type}"
                + (Language.Nearest(name, Types) is { } near ? $"; did you mean :{near}?" : $"; expected one of {Listed}")),
        };
    }

    private static string Listed => string.Join(' ', Types.Take(5).Select(type => ":" + type));

    private static RtfsException Invalid(string message) => new("RTFS9009", "InvalidArgument", message);
}
