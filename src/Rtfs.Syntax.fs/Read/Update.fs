/// Reads a changed text again, taking over every top-level form that the change cannot have reached.
module internal Rtfs.Syntax.Read.Update

open System
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// A form is taken over when its text and the character after it lie outside the change, reading it needed no repair, and the
/// reader arrives at the very place where it begins. What depends on far text (repairs of brackets and strings) is planned
/// anew for the whole text, which costs one scan.
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

    let updated =
        Reader.read (SourceText(document.Source.Name, text)) (Reader.Reuse known)

    updated.Lowering <- document.Lowering
    updated.Checking <- document.Checking
    updated
