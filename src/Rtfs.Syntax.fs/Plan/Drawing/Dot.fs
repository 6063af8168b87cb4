/// A topology in the language of Graphviz.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Dot

open System.Text
open Rtfs.Syntax.Plan

/// Graphviz reads escapes of its own and HTML entities inside of quotes, so that the marks of both are escaped.
let private escaped (text: string) =
    let result = StringBuilder()

    for cell in Lettering.graphemes text do
        match cell.Shown with
        | "\"" -> result.Append "\\\""
        | "\\" -> result.Append "\\\\"
        | "&" -> result.Append "&amp;"
        | shown -> result.Append shown
        |> ignore

    result.ToString()

let private quoted (text: string) = $"\"{escaped text}\""

/// Lines as one quoted string, each ended by a mark: `\n` sets it in the middle, `\l` to the left.
let private quotedLines ending (lines: string list) =
    "\""
    + String.concat "" (lines |> List.map (fun line -> escaped line + ending))
    + "\""

let draw (topology: Topology) : string =
    let output = StringBuilder()

    let line (text: string) =
        output.Append(text).Append('\n') |> ignore

    line "digraph plan {"
    line "    rankdir=LR"
    line "    graph [bgcolor=transparent, nodesep=0.3, ranksep=0.5]"

    line
        "    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#1f2933\", penwidth=1.2, margin=\"0.18,0.1\"]"

    line
        "    edge [fontname=\"Menlo,Consolas,monospace\", fontsize=9, fontcolor=\"#52606d\", color=\"#8795a5\", arrowsize=0.7]"

    for stage in topology.Stages do
        let colours = Look.colours (Look.ofKind stage.Kind)

        let label = [
            stage.Label
            if stage.Label <> stage.Kind then
                stage.Kind
            match stage.Capability with
            | null -> ()
            | capability -> capability
        ]

        let shown = quotedLines "\\n" label

        line $"    {quoted stage.Id} [label={shown}, fillcolor=\"{colours.Fill}\", color=\"{colours.Ink}\"]"

    for edge in topology.Edges do
        let label =
            match TypeLabel.ofEdge edge with
            | [] -> ""
            | lines ->
                let shown = quotedLines "\\l" lines
                $" [label={shown}, tooltip={quoted (TypeLabel.tooltip edge)}]"

        line $"    {quoted edge.From} -> {quoted edge.To}{label}"

    output.Append("}").ToString()
