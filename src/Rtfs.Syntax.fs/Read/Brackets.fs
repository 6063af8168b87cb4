/// The brackets of a text in one scan, and which of them belong together. Strings and comments are passed over, and those without
/// end are noted.
module internal Rtfs.Syntax.Read.Brackets

open System
open System.Collections.Generic

[<RequireQualifiedAccess>]
type RepairKind =
    /// A closing bracket that closes nothing.
    | Stray
    /// Before the closing bracket that stands here, `Count` inner brackets end unclosed.
    | Unclosed
    /// Every bracket that is open here ends unclosed: a new top-level form begins, or the text ends.
    | Boundary
    /// The string or block comment that opens here has no end, and ends with its line.
    | Unterminated

[<Struct>]
type Repair = {
    At: int
    Kind: RepairKind
    Count: int
}

/// A bracket, or (with `Shape` -1) another form that begins in column 0. `Margin` is where the form that opens here begins (its
/// prefixes count) if that is in column 0, else -1.
[<Struct>]
type Bracket = {
    Position: int
    Closes: bool
    Shape: int
    Margin: int
}

let private shape (c: char) =
    match c with
    | '('
    | ')' -> 0
    | '['
    | ']' -> 1
    | _ -> 2

/// Where the next opening bracket in column 0 stands at or after a place; remembers the last answer, so that all questions
/// together cost one pass.
let private marginFinder (text: string) =
    let mutable askedFrom = -1
    let mutable answer = -1

    fun (from: int) ->
        if askedFrom < 0 || from < askedFrom || from > answer then
            askedFrom <- from
            let mutable i = from
            let mutable found = false

            while not found && i < text.Length do
                let next = text.AsSpan(i).IndexOfAny('\n', '\r')

                if next < 0 then
                    i <- text.Length
                else
                    i <- i + next + 1
                    found <- i < text.Length && (text[i] = '(' || text[i] = '[' || text[i] = '{')

            answer <- i

        answer

/// Lists the brackets of a text from one place until another, the strings and comments there that have no end, and where the scan came
/// to: what begins before the other place may end behind it. With `wary`, a string that runs over an opening
/// bracket in column 0 counts as one without end: asked for once a text is known to hold such a string, it keeps a missing
/// quote mark from turning every later string inside out.
let scan
    (text: string)
    (from: int)
    (until: int)
    (wary: bool)
    (repairs: ResizeArray<Repair>)
    : struct (ResizeArray<Bracket> * int) =
    let brackets = ResizeArray<Bracket>((until - from) / 7)
    let marginAfter = marginFinder text
    // A quote mark that an earlier string passed over as escaped finds the end that this string found.
    let mutable lastEnd = 0
    let mutable endless = Int32.MaxValue
    let mutable endlessComment = false
    let mutable line = from
    let mutable prefix = -1
    let mutable i = from

    if i = 0 && text.Length > 0 && text[0] = '\uFEFF' then
        i <- 1
        line <- 1

    let unterminated at =
        repairs.Add {
            At = at
            Kind = RepairKind.Unterminated
            Count = 0
        }

        Lexical.lineEnd text at

    let opening at start =
        brackets.Add {
            Position = at
            Closes = false
            Shape = shape text[at]
            Margin = if start = line then start else -1
        }

    let atom start =
        if start = line then
            brackets.Add {
                Position = start
                Closes = false
                Shape = -1
                Margin = start
            }

    while i < until do
        let start = if prefix >= 0 then prefix else i

        match text[i] with
        | '\n'
        | '\r' ->
            i <- i + 1
            line <- i
            prefix <- -1
        | ' '
        | '\t'
        | ',' ->
            i <- i + 1
            prefix <- -1
        | '('
        | '['
        | '{' ->
            opening i start
            i <- i + 1
            prefix <- -1
        | ')'
        | ']'
        | '}' ->
            brackets.Add {
                Position = i
                Closes = true
                Shape = shape text[i]
                Margin = -1
            }

            i <- i + 1
            prefix <- -1
        | ';' ->
            i <- Lexical.lineEnd text i
            prefix <- -1
        | '"' ->
            atom start
            prefix <- -1

            if i >= endless then
                i <- unterminated i
            else
                if i >= lastEnd then
                    let finish = Lexical.stringEnd text i

                    if finish < 0 then
                        endless <- i

                    lastEnd <- finish

                if lastEnd < 0 || (wary && marginAfter i < lastEnd) then
                    i <- unterminated i
                else
                    i <- lastEnd
        | '\''
        | '`'
        | '~'
        | '@'
        | '^' ->
            prefix <- start
            i <- i + 1
        | '#' when i + 1 < text.Length && text[i + 1] = '(' ->
            opening (i + 1) start
            i <- i + 2
            prefix <- -1
        | '#' when i + 1 < text.Length && text[i + 1] = '|' ->
            prefix <- -1

            let finish = if endlessComment then -1 else Lexical.commentEnd text i

            if finish < 0 then
                endlessComment <- true
                i <- unterminated i
            else
                // A comment may end in the middle of a line; what follows it is not in column 0.
                i <- finish
        | _ ->
            atom start
            i <- Lexical.wordEnd text i
            prefix <- -1

    struct (brackets, i)

/// For each opening bracket the index of the bracket that closes it with everything between in balance, or -1.
let mates (brackets: ResizeArray<Bracket>) =
    let mate = Array.create brackets.Count -1
    let stack = Stack<int>()
    let mutable balanced = true

    for i in 0 .. brackets.Count - 1 do
        let bracket = brackets[i]

        if bracket.Shape < 0 then
            mate[i] <- i
        elif not bracket.Closes then
            stack.Push i
        elif stack.Count > 0 && brackets[stack.Peek()].Shape = bracket.Shape then
            mate[stack.Pop()] <- i
        else
            // Whatever is open here holds this mismatch, so it cannot be in balance.
            balanced <- false
            stack.Clear()

    struct (mate, balanced && stack.Count = 0)

/// Whether a stretch that no open bracket, string or comment leads into, and none leads out of, needs no repair by itself.
let isSound (text: string) (from: int) (until: int) : bool =
    let endless = ResizeArray<Repair>()
    let struct (brackets, finish) = scan text from until false endless

    finish = until
    && endless.Count = 0
    && (let struct (_, balanced) = mates brackets in balanced)
