/// A topology as a Mermaid flowchart.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Mermaid

open System.Text
open Rtfs.Syntax.Plan

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

let draw (topology: Topology) : string =
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
            match TypeLabel.ofEdge edge with
            | [] -> ""
            | lines ->
                let shown = lines |> List.map escaped |> String.concat "<br/>"
                $"|\"{shown}\"|"

        output.Append($"    {edge.From} -->{label} {edge.To}\n") |> ignore

    output.ToString().TrimEnd('\n')
