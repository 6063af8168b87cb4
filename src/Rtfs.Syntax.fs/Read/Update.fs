/// Reads a changed text again, taking over every top-level form that the change cannot have reached.
module internal Rtfs.Syntax.Read.Update

open System
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Whether a form ends with a bracket, which nothing behind it can change.
let private endsClosed (top: TopForm) =
    match top.Form.Node with
    | Node.List _
    | Node.Vector _
    | Node.Map _ -> true
    | _ -> false

/// The stretch of the old text that a change from `start` to `finish` may have put out of balance: from one form that ends with a bracket
/// before the change to one that does so after it, or to the ends of the text.
let private stretch (document: Document) (start: int) (finish: int) : Span =
    let forms = document.Forms
    let mutable first = 0
    let mutable last = forms.Length - 1
    // The form that holds the start of the change, or ends with it.
    while first < last do
        let middle = (first + last) / 2

        if forms[middle].Start + forms[middle].Length >= start then
            last <- middle
        else
            first <- middle + 1

    last <- first

    while first > 0 && not (endsClosed forms[first - 1]) do
        first <- first - 1

    let isBehind (top: TopForm) =
        top.Start + top.Length > finish && endsClosed top

    while last < forms.Length && not (isBehind forms[last]) do
        last <- last + 1

    let from =
        if first > 0 then
            forms[first - 1].Start + forms[first - 1].Length
        else
            0

    Span.Between(
        from,
        if last < forms.Length then
            forms[last].Start + forms[last].Length
        else
            document.Source.Text.Length
    )

/// A form is taken over when its text and the character after it lie outside the change, reading it needed no repair, and the
/// reader arrives at the very place where it begins. What depends on far text (repairs of brackets and strings) is planned
/// anew for the whole text, unless none was needed and the stretch around the change still needs none.
let update (document: Document) (span: Span) (replacement: string) : Document =
    let old = document.Source.Text
    let start = Math.Clamp(span.Start, 0, old.Length)
    let finish = Math.Clamp(span.End, start, old.Length)

    let text =
        String.Concat(old.AsSpan(0, start), replacement.AsSpan(), old.AsSpan finish)

    let shift = replacement.Length - (finish - start)
    let forms = document.Forms
    let mutable cursor = 0

    let known (position: int) : TopForm | null =
        let oldPosition =
            if position < start then
                position
            elif position >= start + replacement.Length then
                position - shift
            else
                -1

        if oldPosition < 0 then
            null
        else
            while cursor < forms.Length && forms[cursor].Start < oldPosition do
                cursor <- cursor + 1

            if cursor >= forms.Length || forms[cursor].Start <> oldPosition then
                null
            else
                let form = forms[cursor]
                let before = oldPosition + form.Length < start
                let after = oldPosition >= finish

                // A byte-order mark is trivia at the start of a text alone.
                let keepsItsMark = (position = 0) = (oldPosition = 0) || text[position] <> '\uFEFF'

                if form.Whole && (before || after) && keepsItsMark then
                    form
                else
                    null

    let source = SourceText(document.Source.Name, text)
    let around = stretch document start finish

    let updated =
        if
            document.NeedsNoRepair
            && Brackets.isSound text around.Start (around.End + shift)
        then
            Reader.readWith Array.empty (around.Length + shift) source (Reader.Reuse known)
        else
            Reader.read source (Reader.Reuse known)

    updated.Lowering <- document.Lowering
    updated.Checking <- document.Checking
    updated
