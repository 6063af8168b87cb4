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

/// What of a long line is shown: this many columns at most.
let private widest = 100

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

/// A name or message cannot bring its own escape sequences or line breaks to the terminal.
let private safe (text: string) =
    String.map (fun c -> if Char.IsControl c then '·' else c) text

/// The line with the span, cut to a window around it, and the carets under the span. A span over several lines is marked on its first.
let private excerpt (source: SourceText) (span: Span) : struct (string * string) =
    let position = source.PositionOf span.Start
    let struct (start, finish) = source.LineBounds position.Line
    let cells = Columns.cells (source.Text.Substring(start, finish - start))
    let from = min span.Start finish - start
    let upto = (min (max span.End span.Start) finish) - start

    // The first and the last cell under the span; an empty span is one caret before its place.
    let mutable first = -1
    let mutable last = -1
    let mutable units = 0

    for i in 0 .. cells.Length - 1 do
        let next = units + cells[i].Units

        if first < 0 && next > from then
            first <- i

        if units < upto && next > from then
            last <- i

        units <- next

    if first < 0 then
        first <- cells.Length

    last <- max last first

    let widths = cells |> Array.scan (fun total cell -> total + cell.Width) 0

    let width a b =
        widths[min b cells.Length] - widths[min a cells.Length]

    // Grow a window around the beginning of the span until the line ends or the window is full.
    let mutable left = first
    let mutable right = min cells.Length (first + 1)

    if width 0 cells.Length <= widest then
        left <- 0
        right <- cells.Length
    else
        while right < cells.Length && right <= last && width left (right + 1) <= widest - 20 do
            right <- right + 1

        let mutable grows = true

        while grows do
            grows <- false

            if left > 0 && width (left - 1) right <= widest then
                left <- left - 1
                grows <- true

            if right < cells.Length && width left (right + 1) <= widest then
                right <- right + 1
                grows <- true

    let line = StringBuilder()

    if left > 0 then
        line.Append '…' |> ignore

    for i in left .. right - 1 do
        line.Append cells[i].Shown |> ignore

    if right < cells.Length then
        line.Append '…' |> ignore

    let indent = width left first + (if left > 0 then 1 else 0)
    let shownLast = min last (right - 1)

    let carets =
        if shownLast < first then
            1
        else
            max 1 (width first (shownLast + 1))

    struct (line.ToString().TrimEnd(), String(' ', indent) + String('^', carets))

let private place (source: SourceText) (span: Span) =
    let position = source.PositionOf span.Start
    $"{safe source.Name}:{position.Line + 1}:{position.Character + 1}"

let private lineNumber (source: SourceText) (span: Span) =
    string ((source.PositionOf span.Start).Line + 1)

let private one (paint: Paint) (source: SourceText) (output: StringBuilder) (found: Diagnostic) =
    let line (text: string) =
        output.Append(text.TrimEnd()).Append('\n') |> ignore

    let mark = painted paint found.Severity

    let gutter =
        found.Related
        |> Array.map (fun related -> (lineNumber source related.Span).Length)
        |> Array.append [| (lineNumber source found.Span).Length |]
        |> Array.max

    let blank = String(' ', gutter)
    let bar = paint.Dim "|"

    let shown (span: Span) (colour: string -> string) (label: string) =
        let struct (text, carets) = excerpt source span
        let number = (lineNumber source span).PadLeft gutter
        line $"{paint.Dim number} {bar} {text}"
        let pointed = colour (carets.TrimStart())
        let indent = String(' ', carets.Length - carets.TrimStart().Length)
        line $"{blank} {bar} {indent}{pointed} {label}"

    let heading = mark $"{severityWord found.Severity}[{found.Code}]"
    line (heading + paint.Bold(": " + safe found.Message))
    let arrow = paint.Dim "-->"
    line $"{blank}{arrow} {place source found.Span}"
    line $"{blank} {bar}"
    shown found.Span mark ""

    for related in found.Related do
        shown related.Span paint.Note (safe related.Message)

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
