// What a registration says of its file, read and checked once.

using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files;

internal enum FileFormat
{
    Ndjson,
    Csv,
    Lines,
    Edn,
}

/// <param name="Path">As the plan spells it: what people see in messages.</param>
/// <param name="FullPath">What is opened, and what a grant must allow.</param>
/// <param name="BaseDirectory">Full path of the directory that relative paths start from.</param>
internal sealed record FileSpecification(
    CapabilityManifest Manifest, string Path, string FullPath, string BaseDirectory, FileFormat Format, bool Append)
{
    private static readonly string[] Formats = ["ndjson", "csv", "lines", "edn"];

    public bool IsSink => Manifest.Kind == CapabilityKind.Sink;

    public static FileSpecification From(CapabilityManifest manifest, string? baseDirectory)
    {
        var specification = new ProviderSpecification(manifest, "path", "format", "append");
        if (manifest.Kind is not (CapabilityKind.Source or CapabilityKind.Sink))
        {
            throw specification.Fault(
                $"a file is a :stream-source or a :stream-sink, and this capability is registered as {Name(manifest.Kind)}");
        }

        var path = specification.RequiredString("path", ":path \"data/readings.ndjson\"");
        if (path.Contains('\0'))
        {
            throw specification.Fault(":path must not contain a NUL character");
        }

        var format = specification.OptionalName("format", Formats)
            ?? throw specification.Fault($":format is missing. Add it: {SuggestFormat(path)}");
        var append = specification.OptionalBool("append");
        if (append is not null && manifest.Kind == CapabilityKind.Source)
        {
            throw specification.Fault(":append says how a sink opens its file; a source has no use for it. Remove it");
        }

        var directory = System.IO.Path.GetFullPath(baseDirectory ?? ".");
        return new FileSpecification(
            manifest,
            path,
            System.IO.Path.GetFullPath(path, directory),
            directory,
            (FileFormat)Array.IndexOf(Formats, format),
            append ?? false);
    }

    private static string SuggestFormat(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ndjson" or ".jsonl" => ":format :ndjson",
        ".csv" => ":format :csv",
        ".txt" or ".log" => ":format :lines",
        ".edn" or ".rtfs" => ":format :edn",
        _ => ":format " + string.Join(" | ", Formats.Select(name => ":" + name)),
    };

    private static string Name(CapabilityKind kind) => kind switch
    {
        CapabilityKind.Transform => ":stream-transform",
        CapabilityKind.Bidirectional => ":stream-bidirectional",
        CapabilityKind.Duplex => ":stream-duplex",
        _ => "a function",
    };
}
