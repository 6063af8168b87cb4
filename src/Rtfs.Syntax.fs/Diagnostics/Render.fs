/// Diagnostics for people: the message, the line it is about with carets under the span, related places and the way to mend it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.Render

open System
open System.Text
open Rtfs.Syntax.Text

type private Paint = {
    Error: string -> string
    Warning: string -> string
    Note: string -> string
    Dim: string -> string
    Bold: string -> string
}

let private plain = {
    Error = id
    Warning = id
    Note = id
    Dim = id
    Bold = id
}

let private ansi =
    let paint (sequence: string) (text: string) = $"\u001b[{sequence}m{text}\u001b[0m"

    {
        Error = paint "1;31"
        Warning = paint "1;33"
        Note = paint "1;36"
        Dim = paint "34"
        Bold = paint "1"
    }

let private severityWord (severity: Severity) =
    match severity with
    | Severity.Error -> "error"
    | Severity.Warning -> "warning"
    | Severity.Information -> "note"
    | other -> $"severity {int other}"

let private painted paint (severity: Severity) =
    match severity with
    | Severity.Error -> paint.Error
    | Severity.Warning -> paint.Warning
    | _ -> paint.Note

/// Marks that reorder the text around them (UAX #9) could make a message or a path look like another.
let private reorders (c: char) =
    (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069')

/// A name or message cannot bring its own escape sequences, line breaks or directions to the terminal.
let private safe (text: string) =
    String.map (fun c -> if Char.IsControl c || reorders c then '·' else c) text

let private place (source: SourceText) (span: Span) =
    let struct (line, column) = Excerpt.place source span.Start
    $"{safe source.Name}:{line}:{column}"

let private one (paint: Paint) (source: SourceText) (output: StringBuilder) (found: Diagnostic) =
    let line (text: string) =
        output.Append(text.TrimEnd()).Append('\n') |> ignore

    let mark = painted paint found.Severity

    let shown =
        [
            struct (found.Span, mark, "")
            for related in found.Related do
                struct (related.Span, paint.Note, safe related.Message)
        ]
        |> List.map (fun (struct (span, colour, label)) -> struct (Excerpt.ofSpan source span, colour, label))

    let gutter =
        shown
        |> Seq.collect (fun (struct (lines, _, _)) -> lines)
        |> Seq.map (fun (struct (number, _)) -> (string (number + 1)).Length)
        |> Seq.max

    let blank = String(' ', gutter)
    let bar = paint.Dim "|"

    let excerpts (lines: struct (int * Excerpt.Excerpt) list) (colour: string -> string) (label: string) =
        for i, struct (number, excerpt) in List.indexed lines do
            // What is said of a span stands where it ends.
            let said = if i = lines.Length - 1 then label else ""

            if i > 0 then
                let struct (previous, _) = lines[i - 1]

                if number > previous + 1 then
                    line (paint.Dim "...")

            let shownNumber = paint.Dim((string (number + 1)).PadLeft gutter)
            line $"{shownNumber} {bar} {excerpt.Line}"
            let indent = String(' ', excerpt.Indent)
            let carets = colour (String('^', excerpt.Carets))
            line $"{blank} {bar} {indent}{carets} {said}"

    let heading = mark $"{severityWord found.Severity}[{found.Code}]"
    line (heading + paint.Bold(": " + safe found.Message))
    let arrow = paint.Dim "-->"
    line $"{blank}{arrow} {place source found.Span}"
    line $"{blank} {bar}"

    for struct (lines, colour, label) in shown do
        excerpts lines colour label

    match found.Fix with
    | null -> ()
    | fix ->
        line $"{blank} {bar}"
        let help = paint.Note "help"
        line $"{blank} = {help}: {safe fix}"

let private counted count singular =
    if count = 1 then
        $"1 {singular}"
    else
        $"{count} {singular}s"

let private summary paint (diagnostics: Diagnostic array) =
    let count severity =
        diagnostics |> Seq.filter (fun found -> found.Severity = severity) |> Seq.length

    let errors, warnings, notes =
        count Severity.Error, count Severity.Warning, count Severity.Information

    [
        if errors > 0 then
            paint.Error(counted errors "error")
        if warnings > 0 then
            paint.Warning(counted warnings "warning")
        if notes > 0 then
            paint.Note(counted notes "note")
    ]
    |> fun parts -> String.Join(", ", parts)

/// Every diagnostic in its order, then one line that counts them; nothing for none.
let render (source: SourceText) (diagnostics: Diagnostic array) (colour: bool) : string =
    if diagnostics.Length = 0 then
        ""
    else
        let paint = if colour then ansi else plain
        let output = StringBuilder()

        for found in diagnostics do
            one paint source output found
            output.Append '\n' |> ignore

        output.Append(summary paint diagnostics).Append('\n').ToString()
