// Diagnostics as JSON: the same shape in `check --format json`, `check --jsonl` and the summary of a refused run.

using System.Text.Json;
using Rtfs.Syntax.Diagnostics;
using Rtfs.Syntax.Text;

namespace Rtfs.Cli.Output;

internal static class DiagnosticJson
{
    /// <summary>Lines and characters are zero-based, characters in UTF-16 code units, as in the Language Server Protocol.</summary>
    public static void Write(Utf8JsonWriter writer, SourceText source, IReadOnlyList<Diagnostic> diagnostics)
    {
        writer.WriteStartArray("diagnostics");
        foreach (var found in diagnostics)
        {
            writer.WriteStartObject();
            writer.WriteString("code", found.Code);
            writer.WriteString("severity", Name(found.Severity));
            writer.WriteString("message", found.Message);
            WriteRange(writer, source, found.Span);
            if (found.Fix is not null)
            {
                writer.WriteString("fix", found.Fix);
            }

            if (found.Related.Length > 0)
            {
                writer.WriteStartArray("related");
                foreach (var place in found.Related)
                {
                    writer.WriteStartObject();
                    writer.WriteString("message", place.Message);
                    WriteRange(writer, source, place.Span);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRange(Utf8JsonWriter writer, SourceText source, Span span)
    {
        WritePosition(writer, "start", source.PositionOf(span.Start));
        WritePosition(writer, "end", source.PositionOf(span.End));
    }

    private static void WritePosition(Utf8JsonWriter writer, string name, Position position)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("line", position.Line);
        writer.WriteNumber("character", position.Character);
        writer.WriteEndObject();
    }

    public static string Name(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "information",
    };
}
