/// A line of a text with carets under a part of it, cut to a window where the line is long. Works on what a terminal shows,
/// so that tabs, wide characters and combining marks move no caret.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.Excerpt

open System
open System.Text
open Rtfs.Syntax.Text

/// What of a long line is shown: this many columns at most.
let private widest = 100

/// What of a very long line is looked at, in UTF-16 units before and after the place: a line of a megabyte with a thousand
/// diagnostics is not measured a thousand times.
let private before = 1000

let private after = 3000

[<Struct>]
type Excerpt = {
    Line: string
    Indent: int
    Carets: int
}

/// A byte-order mark is no part of the first line that anybody sees.
let private lineBounds (source: SourceText) line : struct (int * int) =
    let struct (start, finish) = source.LineBounds line

    if line = 0 && source.Text.StartsWith '\uFEFF' then
        struct (1, max 1 finish)
    else
        struct (start, finish)

/// Line and column as people count them.
let place (source: SourceText) (offset: int) : struct (int * int) =
    let position = source.PositionOf offset
    let struct (start, _) = lineBounds source position.Line
    let hidden = if position.Line = 0 then start else 0
    struct (position.Line + 1, max 1 (position.Character - hidden + 1))

/// Never between the halves of a surrogate pair.
let private whole (text: string) at =
    if
        at > 0
        && at < text.Length
        && Char.IsLowSurrogate text[at]
        && Char.IsHighSurrogate text[at - 1]
    then
        at - 1
    else
        at

/// A line (zero-based) with carets from one offset up to another; one caret where nothing is between them.
let ofLine (source: SourceText) (line: int) (first: int) (last: int) : Excerpt =
    let struct (start, finish) = lineBounds source line
    let first = Math.Clamp(first, start, finish)
    let last = Math.Clamp(last, first, finish)

    let begins =
        if first - start > before then
            whole source.Text (first - before)
        else
            start

    let ends =
        if finish - first > after then
            whole source.Text (first + after)
        else
            finish

    let cells = Columns.cells (source.Text.Substring(begins, ends - begins))
    let from, upto = first - begins, last - begins

    // The first and the last cell under the part; past the end of the line is a cell of its own.
    let mutable head = -1
    let mutable tail = -1
    let mutable units = 0

    for i in 0 .. cells.Length - 1 do
        let next = units + cells[i].Units

        if head < 0 && next > from then
            head <- i

        if units < upto && next > from then
            tail <- i

        units <- next

    if head < 0 then
        head <- cells.Length

    tail <- max tail head

    let widths = cells |> Array.scan (fun total cell -> total + cell.Width) 0

    let width a b =
        widths[min b cells.Length] - widths[min a cells.Length]

    // Grow a window around the beginning of the part until the line ends or the window is full.
    let mutable left = head
    let mutable right = min cells.Length (head + 1)

    if begins = start && ends = finish && width 0 cells.Length <= widest then
        left <- 0
        right <- cells.Length
    else
        while right < cells.Length && right <= tail && width left (right + 1) <= widest - 20 do
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

    let cutLeft = left > 0 || begins > start
    let cutRight = right < cells.Length || ends < finish
    let shown = StringBuilder()

    if cutLeft then
        shown.Append '…' |> ignore

    for i in left .. right - 1 do
        shown.Append cells[i].Shown |> ignore

    if cutRight then
        shown.Append '…' |> ignore

    {
        Line = shown.ToString().TrimEnd()
        Indent = width left head + (if cutLeft then 1 else 0)
        Carets = max 1 (width head (min tail (right - 1) + 1))
    }

/// The lines that show a span, by their number (zero-based): the one where it begins, and where that is another one the one
/// where it ends.
let ofSpan (source: SourceText) (span: Span) : struct (int * Excerpt) list =
    let line = (source.PositionOf span.Start).Line
    let finish = max span.Start (min span.End source.Text.Length)
    let beginning = struct (line, ofLine source line span.Start finish)
    // A span that ends with a line break ends on the line that it breaks.
    let final = (source.PositionOf(max span.Start (finish - 1))).Line

    if final = line then
        [ beginning ]
    else
        let struct (start, _) = source.LineBounds final
        let mutable mark = start

        while mark < finish && Char.IsWhiteSpace source.Text[mark] do
            mark <- mark + 1

        if mark = finish then
            [ beginning ]
        else
            [ beginning; struct (final, ofLine source final mark finish) ]
