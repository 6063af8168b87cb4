/// A topology as JSON: what other programs draw or compare.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.TopologyJson

open System.Buffers
open System.Text
open System.Text.Json
open Rtfs.Syntax.Plan

/// `line` and `character` are zero-based, in UTF-16 units, as everywhere in this assembly; null where the topology has no text. `checked` is
/// null where nothing is left for the run to tell.
let draw (topology: Topology) : string =
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

        if edge.IsCheckedAtRunTime then
            writer.WriteString("checked", "run-time")
        else
            writer.WriteNull "checked"

        writer.WriteEndObject()

    writer.WriteEndArray()
    writer.WriteEndObject()
    writer.Flush()
    Encoding.UTF8.GetString buffer.WrittenSpan
