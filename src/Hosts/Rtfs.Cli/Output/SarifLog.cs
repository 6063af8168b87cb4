// Diagnostics as SARIF 2.1.0 (OASIS, 2020): what code scanning services and editors read.

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Syntax;
using Rtfs.Syntax.Diagnostics;
using Rtfs.Syntax.Text;

namespace Rtfs.Cli.Output;

internal static class SarifLog
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>One run over all files; every registered code is a rule, in the order of the codes.</summary>
    public static string Write(IReadOnlyList<(PlanFile File, IReadOnlyList<Diagnostic> Found)> files)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", Schema);
            writer.WriteString("version", "2.1.0");
            writer.WriteStartArray("runs");
            writer.WriteStartObject();
            WriteTool(writer);
            writer.WriteString("columnKind", "utf16CodeUnits");
            WriteArtifacts(writer, files);
            WriteResults(writer, files);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteTool(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "rtfs");
        writer.WriteString("semanticVersion", typeof(SarifLog).Assembly.GetName().Version!.ToString(3));
        writer.WriteStartArray("rules");
        foreach (var code in Language.Codes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", code.Code);
            WriteText(writer, "shortDescription", code.Title);
            WriteText(writer, "fullDescription", code.Meaning);
            writer.WriteStartObject("help");
            writer.WriteString("text", $"{code.Meaning}\n\nWrong:\n{code.Wrong}\n\nRight:\n{code.Right}");
            writer.WriteString("markdown", $"{code.Meaning}\n\nWrong:\n\n```clojure\n{code.Wrong}\n```\n\nRight:\n\n```clojure\n{code.Right}\n```");
            writer.WriteEndObject();
            writer.WriteStartObject("defaultConfiguration");
            writer.WriteString("level", Level(code.Severity));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteArtifacts(Utf8JsonWriter writer, IReadOnlyList<(PlanFile File, IReadOnlyList<Diagnostic> Found)> files)
    {
        writer.WriteStartArray("artifacts");
        foreach (var (file, _) in files)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("location");
            writer.WriteString("uri", Uri(file.Name));
            writer.WriteEndObject();
            writer.WriteString("mimeType", "text/x-rtfs");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteResults(Utf8JsonWriter writer, IReadOnlyList<(PlanFile File, IReadOnlyList<Diagnostic> Found)> files)
    {
        var rules = new Dictionary<string, int>();
        foreach (var code in Language.Codes)
        {
            rules.Add(code.Code, rules.Count);
        }

        writer.WriteStartArray("results");
        for (var index = 0; index < files.Count; index++)
        {
            var (file, found) = files[index];
            var source = file.Source;
            foreach (var diagnostic in found)
            {
                writer.WriteStartObject();
                writer.WriteString("ruleId", diagnostic.Code);
                if (rules.TryGetValue(diagnostic.Code, out var rule))
                {
                    writer.WriteNumber("ruleIndex", rule);
                }

                writer.WriteString("level", Level(diagnostic.Severity));
                WriteText(writer, "message", diagnostic.Fix is null ? diagnostic.Message : $"{diagnostic.Message}\nHelp: {diagnostic.Fix}");
                writer.WriteStartArray("locations");
                WriteLocation(writer, file.Name, index, source, diagnostic.Span, null);
                writer.WriteEndArray();
                if (diagnostic.Related.Length > 0)
                {
                    writer.WriteStartArray("relatedLocations");
                    foreach (var place in diagnostic.Related)
                    {
                        WriteLocation(writer, file.Name, index, source, place.Span, place.Message);
                    }

                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>Lines and columns are one-based and the end column is exclusive; offsets are zero-based. All count UTF-16 code units.</summary>
    private static void WriteLocation(Utf8JsonWriter writer, string name, int artifact, SourceText source, Span span, string? message)
    {
        var start = source.PositionOf(span.Start);
        var end = source.PositionOf(span.End);
        writer.WriteStartObject();
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", Uri(name));
        writer.WriteNumber("index", artifact);
        writer.WriteEndObject();
        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", start.Line + 1);
        writer.WriteNumber("startColumn", start.Character + 1);
        writer.WriteNumber("endLine", end.Line + 1);
        writer.WriteNumber("endColumn", end.Character + 1);
        writer.WriteNumber("charOffset", span.Start);
        writer.WriteNumber("charLength", span.Length);
        writer.WriteEndObject();
        writer.WriteEndObject();
        if (message is not null)
        {
            WriteText(writer, "message", message);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string property, string text)
    {
        writer.WriteStartObject(property);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    /// <summary>Relative names stay relative, so that a log means the same on another machine; standard input has a name and no path.</summary>
    private static string Uri(string name)
    {
        if (name == "-")
        {
            return "stdin";
        }

        return Path.IsPathFullyQualified(name)
            ? new Uri(name).AbsoluteUri
            : string.Join('/', name.Replace(Path.DirectorySeparatorChar, '/').Split('/').Select(System.Uri.EscapeDataString));
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
