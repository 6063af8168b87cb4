/// What the rules share while one text is read: the place in its repairs, what was found, and the trivia between forms.
module internal Rtfs.Syntax.Read.Reading

open System
open System.Text
open FParsec
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Read.Brackets

/// How deep forms may nest. Deeper text is kept as one `Broken` form, so that no text can exhaust the stack.
[<Literal>]
let DepthLimit = 500

/// How many words are remembered while a text of this length is read: a power of two, few for a short text, which is read often.
let wordSlots (length: int) =
    int (System.Numerics.BitOperations.RoundUpToPowerOf2(uint (min 4096 (8 + length / 8))))

/// What the rules share while one text is read.
type Reading = {
    Text: string
    Repairs: Repair array
    /// Forms of the brackets that are being read, innermost last.
    Forms: ResizeArray<Form>
    Pieces: ResizeArray<Trivia>
    Found: ResizeArray<Diagnostic>
    /// The closing brackets that are missing at the repair in hand, inner first.
    Missing: StringBuilder
    mutable Cursor: int
    /// Where the top-level form in hand begins.
    mutable Base: int
    mutable Depth: int
    mutable Brackets: int
    /// Something before has been reported that explains open brackets: a string without end, or too deep a nesting.
    mutable Excused: bool
    /// The form in hand depends on repairs or on text after it.
    mutable Touched: bool
    /// Trivia that was read and given back.
    mutable KeptFrom: int
    mutable KeptTo: int
    mutable Kept: Trivia array
    /// A brace whose content is not to be checked as a map.
    mutable Unchecked: int
    /// Words and what they are, by hash: most words of a text come often, and are then one string and one node.
    Words: string array
    Nodes: Node array
}

let index (stream: CharStream<Reading>) = int stream.Index

let spanFrom (stream: CharStream<Reading>) (start: int) =
    let reading = stream.UserState
    Span.Of(start - reading.Base, index stream - start)

let slice (reading: Reading) (start: int) (finish: int) =
    reading.Text.Substring(start, finish - start)

let repairAt (reading: Reading) (position: int) : Repair voption =
    while reading.Cursor < reading.Repairs.Length
          && reading.Repairs[reading.Cursor].At < position do
        reading.Cursor <- reading.Cursor + 1

    if
        reading.Cursor < reading.Repairs.Length
        && reading.Repairs[reading.Cursor].At = position
    then
        ValueSome reading.Repairs[reading.Cursor]
    else
        ValueNone

let isUnterminated reading position =
    match repairAt reading position with
    | ValueSome repair -> repair.Kind = RepairKind.Unterminated
    | ValueNone -> false

[<RequireQualifiedAccess>]
type Next =
    | Form
    /// A closing bracket that closes the innermost open one.
    | Closer
    /// The innermost bracket ends unclosed before the closing bracket that stands here.
    | Inner
    /// Everything open ends here.
    | Edge

let next (stream: CharStream<Reading>) : Next =
    let reading = stream.UserState

    if stream.IsEndOfStream then
        Next.Edge
    else
        let position = index stream

        match repairAt reading position with
        | ValueSome repair when repair.Kind = RepairKind.Boundary -> Next.Edge
        | ValueSome repair when repair.Kind = RepairKind.Unclosed && repair.Count > 0 -> Next.Inner
        | ValueSome repair when repair.Kind = RepairKind.Stray -> Next.Form
        | _ ->
            match stream.Peek() with
            | ')'
            | ']'
            | '}' -> Next.Closer
            | _ -> Next.Form

let private blanks = [|
    for length in 0..64 ->
        [|
            {
                Kind = TriviaKind.Whitespace
                Text = String(' ', length)
            }
        |]
|]

let private lineAndIndent = [|
    for length in 0..64 ->
        [|
            {
                Kind = TriviaKind.Whitespace
                Text = "\n" + String(' ', length)
            }
        |]
|]

/// The shared value for the commonest trivia: spaces alone, or a line break and spaces.
let private commonBlank (text: string) (start: int) (finish: int) : Trivia array | null =
    let spacesFrom at =
        let mutable i = at

        while i < finish && text[i] = ' ' do
            i <- i + 1

        i = finish

    let length = finish - start

    if length > 64 then
        null
    elif text[start] = '\n' && spacesFrom (start + 1) then
        lineAndIndent[length - 1]
    elif spacesFrom start then
        blanks[length]
    else
        null

/// Takes what stands there, and gives where it ends.
let private piece (pieces: ResizeArray<Trivia>) (text: string) (kind: TriviaKind) (start: int) (finish: int) : int =
    pieces.Add {
        Kind = kind
        Text = text.Substring(start, finish - start)
    }

    finish

/// Blanks, commas and comments up to the next form or bracket.
let trivia: Parser<Trivia array, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream

        if start = reading.KeptFrom then
            stream.Seek(int64 reading.KeptTo)
            Reply reading.Kept
        else
            let text = reading.Text
            let pieces = reading.Pieces
            pieces.Clear()
            let mutable i = start
            let mutable common: Trivia array | null = null

            if i = 0 && text.Length > 0 && text[0] = '\uFEFF' then
                i <- piece pieces text TriviaKind.ByteOrderMark i 1

            let mutable go = true

            while go && i < text.Length do
                match text[i] with
                | ' '
                | '\t'
                | '\r'
                | '\n' ->
                    let mutable finish = i + 1

                    while finish < text.Length
                          && (let c = text[finish] in c = ' ' || c = '\n' || c = '\r' || c = '\t') do
                        finish <- finish + 1

                    match commonBlank text i finish with
                    | null -> i <- piece pieces text TriviaKind.Whitespace i finish
                    | found ->
                        if i = start then
                            common <- found

                        pieces.Add found[0]
                        i <- finish
                | ',' -> i <- piece pieces text TriviaKind.Comma i (i + 1)
                | ';' -> i <- piece pieces text TriviaKind.LineComment i (Lexical.lineEnd text i)
                | '#' when i + 1 < text.Length && text[i + 1] = '|' && not (isUnterminated reading i) ->
                    match Lexical.commentEnd text i with
                    | -1 -> go <- false
                    | finish -> i <- piece pieces text TriviaKind.BlockComment i finish
                | _ -> go <- false

            stream.Seek(int64 i)

            if pieces.Count = 0 then
                Reply Array.empty
            else
                match common with
                | null -> Reply(pieces.ToArray())
                | found when pieces.Count = 1 -> Reply found
                | _ -> Reply(pieces.ToArray())

/// Goes back to `position`, keeping the trivia that was read from there.
let giveBack (stream: CharStream<Reading>) (position: int) (lead: Trivia array) =
    let reading = stream.UserState
    reading.KeptFrom <- position
    reading.KeptTo <- index stream
    reading.Kept <- lead
    stream.Seek(int64 position)

let made (stream: CharStream<Reading>) (lead: Trivia array) (start: int) (node: Node) (text: string) : Form = {
    Node = node
    Span = spanFrom stream start
    Lead = lead
    Text = text
}

let broken (stream: CharStream<Reading>) lead start : Form =
    let text = slice stream.UserState start (index stream)
    made stream lead start (Node.Broken text) text
