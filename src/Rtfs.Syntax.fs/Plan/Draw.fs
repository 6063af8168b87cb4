/// A topology as a Mermaid flowchart and as JSON.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Draw


open System.Buffers
open System.Text
open System.Text.Json

/// Mermaid reads `#name;` entities inside quoted text; everything else that could end or format a label becomes one.
let private escaped (text: string) =
    let result = StringBuilder()

    for rune in text.EnumerateRunes() do
        match rune.Value with
        | code when code = int '"' -> result.Append "#quot;"
        | code when code = int '#' -> result.Append "#35;"
        | code when code = int '<' -> result.Append "#lt;"
        | code when code = int '>' -> result.Append "#gt;"
        | code when code = int '&' -> result.Append "#amp;"
        | code when code = int '`' -> result.Append "#96;"
        | code when code = int '\\' -> result.Append "#92;"
        | code when code = int '|' -> result.Append "#124;"
        | code when code < 32 || code = 127 -> result.Append ' '
        | _ -> result.Append rune
        |> ignore

    result.ToString()

/// Where data comes from and goes to is round, what waits is a subroutine, a choice is a diamond, a merge a hexagon.
let private shape (kind: string) (label: string) =
    match kind with
    | "source" -> $"([\"{label}\"])"
    | "sink" -> $"[(\"{label}\")]"
    | "filter" -> $"{{\"{label}\"}}"
    | "multiplex" -> $"{{{{\"{label}\"}}}}"
    | "window"
    | "aggregate" -> $"[[\"{label}\"]]"
    | "consume" -> $"((\"{label}\"))"
    | "resource" -> $">\"{label}\"]"
    | _ -> $"[\"{label}\"]"

let toMermaid (topology: Topology) : string =
    let output = StringBuilder("flowchart LR\n")

    for stage in topology.Stages do
        let label =
            if stage.Label = stage.Kind then
                stage.Label
            else
                $"{stage.Label} ({stage.Kind})"

        output.Append($"    {stage.Id}{shape stage.Kind (escaped label)}\n") |> ignore

    for edge in topology.Edges do
        let label =
            if edge.ElementType = ":any" then
                ""
            else
                $"|\"{escaped edge.ElementType}\"|"

        output.Append($"    {edge.From} -->{label} {edge.To}\n") |> ignore

    output.ToString().TrimEnd('\n')

/// `line` and `character` are zero-based, in UTF-16 units, as everywhere in this assembly; null where the topology has no text.
let toJson (topology: Topology) : string =
    let buffer = ArrayBufferWriter<byte>()

    use writer =
        new Utf8JsonWriter(
            buffer,
            JsonWriterOptions(Encoder = Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
        )

    writer.WriteStartObject()
    writer.WriteStartArray "stages"

    for stage in topology.Stages do
        writer.WriteStartObject()
        writer.WriteString("id", stage.Id)
        writer.WriteString("kind", stage.Kind)
        writer.WriteString("label", stage.Label)
        writer.WriteString("capability", stage.Capability)

        match topology.Source with
        | null ->
            writer.WriteNull "line"
            writer.WriteNull "character"
        | source ->
            let position = source.PositionOf stage.Span.Start
            writer.WriteNumber("line", position.Line)
            writer.WriteNumber("character", position.Character)

        writer.WriteEndObject()

    writer.WriteEndArray()
    writer.WriteStartArray "edges"

    for edge in topology.Edges do
        writer.WriteStartObject()
        writer.WriteString("from", edge.From)
        writer.WriteString("to", edge.To)
        writer.WriteString("type", edge.ElementType)
        writer.WriteEndObject()

    writer.WriteEndArray()
    writer.WriteEndObject()
    writer.Flush()
    Encoding.UTF8.GetString buffer.WrittenSpan
