/// Text to tree, on FParsec's CharStream: rules dispatch on the first character, never fail and never throw. What does not
/// fit the grammar becomes a `Broken` form and a diagnostic, and every character of the text is in the tree once.
module internal Rtfs.Syntax.Read.Reader

open System.Text
open FParsec
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Read.Leaves
open Rtfs.Syntax.Read.Reading
open Rtfs.Syntax.Read.Brackets

/// Reports the brackets that end unclosed at one place, once, at the outermost of them.
let private reportUnclosed (stream: CharStream<Reading>) (opener: Span) (mark: string) =
    let reading = stream.UserState

    if not reading.Excused then
        let ended = Span.Of(index stream - reading.Base, 0)
        reading.Found.Add(Faults.unclosed opener mark (reading.Missing.ToString()) ended)

    reading.Missing.Clear() |> ignore

/// The node of a bracket that has been read.
let private bracketed (reading: Reading) (mark: string) (start: int) (span: Span) (items: Items) : Node =
    match mark with
    | "(" -> Node.List items
    | "[" -> Node.Vector items
    | "#(" -> Node.Function items
    | _ ->
        if Braces.isConsume items.Forms then
            Node.Consume items
        else
            if items.Closed && reading.Unchecked <> start then
                Braces.check reading.Found.Add span items.Forms

            Node.Map items

/// Notes that a bracket ends unclosed, and reports it if it is the outermost that ends so at this place.
let private leaveOpen (stream: CharStream<Reading>) (start: int) (mark: string) (closer: char) =
    let reading = stream.UserState
    reading.Touched <- true
    reading.Missing.Append closer |> ignore
    let opener = Span.Of(start - reading.Base, mark.Length)

    // The trivia before the repair was given back, so the repair itself stands where that trivia ends.
    match repairAt reading reading.KeptTo with
    | ValueSome repair when repair.Kind = RepairKind.Unclosed ->
        let left = repair.Count - 1
        reading.Repairs[reading.Cursor] <- { repair with Count = left }

        if left <= 0 then
            reportUnclosed stream opener mark
    | _ ->
        if reading.Brackets = 0 then
            reportUnclosed stream opener mark

/// The forms read since `first`, taken off the pile.
let private takeForms (reading: Reading) (first: int) : Form array =
    let count = reading.Forms.Count - first

    if count = 0 then
        Array.empty
    else
        let forms = Array.zeroCreate count
        reading.Forms.CopyTo(first, forms, 0, count)
        reading.Forms.RemoveRange(first, count)
        forms

let private missing (stream: CharStream<Reading>) (before: int) (lead: Trivia array) (mark: string) (start: int) =
    giveBack stream before lead
    let reading = stream.UserState
    reading.Touched <- true

    if not reading.Excused then
        reading.Found.Add(Faults.dangling (Span.Of(start - reading.Base, mark.Length)) mark)

    ValueNone

let private isCloser (c: char) = c = ')' || c = ']' || c = '}'

let rec private form (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let deep = stream.UserState.Depth >= DepthLimit

        match stream.Peek() with
        | '('
        | '['
        | '{'
        | '\''
        | '`'
        | '~'
        | '@'
        | '^' when deep -> tooDeep lead stream
        | '(' -> bracket lead "(" ')' stream
        | '[' -> bracket lead "[" ']' stream
        | '{' -> bracket lead "{" '}' stream
        | ')'
        | ']'
        | '}' -> stray lead stream
        | '"' -> text lead stream
        | '\'' -> prefixed lead Prefix.Quote "'" stream
        | '`' -> prefixed lead Prefix.QuasiQuote "`" stream
        | '~' when stream.Peek 1u = '@' -> prefixed lead Prefix.Splice "~@" stream
        | '~' -> prefixed lead Prefix.Unquote "~" stream
        | '@' -> prefixed lead Prefix.Context "@" stream
        | '^' -> described lead stream
        | '#' ->
            match stream.Peek 1u with
            | '(' when deep -> tooDeep lead stream
            | '(' -> bracket lead "#(" ')' stream
            | '|' -> endlessComment lead stream
            | '{' -> setMark lead stream
            | _ -> word lead stream
        | _ -> word lead stream

and private bracket (lead: Trivia array) (mark: string) (closer: char) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        let first = reading.Forms.Count
        reading.Depth <- reading.Depth + 1
        reading.Brackets <- reading.Brackets + 1
        stream.Skip mark.Length
        let mutable tail = Array.empty
        let mutable closed = false
        let mutable go = true

        while go do
            let before = index stream
            let found = (trivia stream).Result

            match next stream with
            | Next.Form -> reading.Forms.Add((form found stream).Result)
            | Next.Closer when stream.Peek() = closer ->
                stream.Skip()
                tail <- found
                closed <- true
                go <- false
            | Next.Closer
            | Next.Inner
            | Next.Edge ->
                giveBack stream before found
                go <- false

        reading.Depth <- reading.Depth - 1
        reading.Brackets <- reading.Brackets - 1

        if not closed then
            leaveOpen stream start mark closer

        let items = {
            Forms = takeForms reading first
            Tail = tail
            Closed = closed
        }

        Reply(made stream lead start (bracketed reading mark start (spanFrom stream start) items) "")

/// A prefix and the form after it; `Broken` when there is none.
and private prefixed (lead: Trivia array) (prefix: Prefix) (mark: string) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        stream.Skip mark.Length
        reading.Depth <- reading.Depth + 1
        let target = after mark start stream
        reading.Depth <- reading.Depth - 1

        match target with
        | ValueSome target -> Reply(made stream lead start (Node.Prefixed(prefix, target)) mark)
        | ValueNone -> Reply(broken stream lead start)

/// The form that a mark needs after it. Without one the place is restored, and the lack reported.
and private after (mark: string) (start: int) (stream: CharStream<Reading>) : Form voption =
    let before = index stream
    let lead = (trivia stream).Result

    match next stream with
    | Next.Form when not (isCloser (stream.Peek())) -> ValueSome (form lead stream).Result
    | _ -> missing stream before lead mark start

/// `^{…} x` and `^:delegation :local x`
and private described (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        stream.Skip()
        reading.Depth <- reading.Depth + 1
        let meta = ResizeArray<Form>(1)
        let mutable target = ValueNone
        let mutable missing = false

        let take () =
            match after "^" start stream with
            | ValueSome found -> found |> ValueSome
            | ValueNone ->
                missing <- true
                ValueNone

        let malformed span = reading.Found.Add(Faults.metadata span)

        match take () with
        | ValueNone -> ()
        | ValueSome first ->
            meta.Add first

            match first.Node with
            | Node.Map _ -> ()
            | _ when reading.Excused -> ()
            | Node.Keyword "delegation" ->
                match take () with
                | ValueNone -> ()
                | ValueSome mode ->
                    match mode.Node with
                    | Node.Keyword "local" -> meta.Add mode
                    | Node.Keyword("local-model" | "remote") ->
                        meta.Add mode

                        match take () with
                        | ValueNone -> ()
                        | ValueSome name ->
                            match name.Node with
                            | Node.String _ -> meta.Add name
                            | _ ->
                                malformed mode.Span
                                target <- ValueSome name
                    | _ ->
                        malformed first.Span
                        target <- ValueSome mode
            | Node.Broken _ ->
                // Reported; what it was meant to describe cannot be told.
                missing <- true
            | _ -> malformed first.Span

            if target.IsNone && not missing then
                target <- take ()

        reading.Depth <- reading.Depth - 1

        match target with
        | ValueSome target -> Reply(made stream lead start (Node.Meta(meta.ToArray(), target)) "^")
        | ValueNone when meta.Count > 0 ->
            // Nothing is described; the last form stands for it, so that no text is kept twice.
            let last = meta[meta.Count - 1]
            meta.RemoveAt(meta.Count - 1)
            Reply(made stream lead start (Node.Meta(meta.ToArray(), last)) "^")
        | ValueNone -> Reply(broken stream lead start)

/// Gives a top-level form that was read before and may stand at a place of the new text, or null.
type Reuse = delegate of position: int -> TopForm | null

/// Whether no repair touches a stretch of the text.
let private isUnrepaired (reading: Reading) (start: int) (finish: int) =
    repairAt reading start |> ignore

    reading.Cursor >= reading.Repairs.Length
    || reading.Repairs[reading.Cursor].At >= finish

/// What is read of one piece of a text.
[<Struct>]
type private Piece = {
    Tops: ResizeArray<TopForm>
    /// The trivia after the last form.
    Tail: Trivia array
}

/// Reads from one place between top-level forms to another. `words` is about how much of the text is to be read anew.
let private piece (repairs: Repair array) (words: int) (input: string) (stretch: Span) (reuse: Reuse) : Piece =
    let reading = {
        Text = input
        Repairs = repairs
        Forms = ResizeArray()
        Pieces = ResizeArray()
        Found = ResizeArray()
        Missing = StringBuilder()
        Cursor = 0
        Base = 0
        Depth = 0
        Brackets = 0
        Excused = false
        Touched = false
        KeptFrom = -1
        KeptTo = -1
        Kept = Array.empty
        Unchecked = -1
        Words = Array.create (wordSlots words) ""
        Nodes = Array.create (wordSlots words) Node.Nil
    }

    let tops = ResizeArray<TopForm>()
    let mutable tail = Array.empty

    use stream =
        new CharStream<Reading>(input, stretch.Start, stretch.Length, int64 stretch.Start)

    stream.UserState <- reading
    // What comes after the last form of a piece belongs to the next one.
    let mutable go = stretch.Length > 0 || stretch.End = input.Length

    while go do
        let start = index stream

        match reuse.Invoke start with
        | NonNull known when isUnrepaired reading start (start + known.Length) ->
            tops.Add(known.MoveTo start)
            stream.Seek(int64 (start + known.Length))
        | _ ->
            reading.Base <- start
            reading.Touched <- false
            reading.Excused <- false
            reading.Found.Clear()
            let lead = (trivia stream).Result

            if stream.IsEndOfStream then
                tail <- lead
                go <- false
            else
                let found = (form lead stream).Result
                let length = index stream - start

                let diagnostics =
                    match reading.Found.Count with
                    | 0 -> Array.empty
                    | 1 -> [| reading.Found[0] |]
                    | _ -> reading.Found.ToArray() |> Array.sortBy (fun one -> one.Span.Start)

                tops.Add(TopForm(start, length, found, diagnostics, not reading.Touched))
                go <- index stream < stretch.End || stretch.End = input.Length

    { Tops = tops; Tail = tail }

/// `words` is about how much of the text is to be read anew.
let readWith (repairs: Repair array) (words: int) (source: SourceText) (reuse: Reuse) : Document =
    let whole = Span.Of(0, source.Text.Length)
    let read = piece repairs words source.Text whole reuse
    Document(source, read.Tops.ToArray(), read.Tail, NeedsNoRepair = (repairs.Length = 0))

let read (source: SourceText) (reuse: Reuse) : Document =
    readWith (Recovery.plan source.Text) source.Text.Length source reuse

/// A text that nothing is known of, in so many pieces beside each other if it needs no repair.
let readInPieces (pieces: int) (source: SourceText) : Document =
    let text = source.Text
    let nothing = Reuse(fun _ -> null)
    let struct (repairs, seams) = Recovery.planInPieces text pieces

    if seams.Length = 0 then
        readWith repairs text.Length source nothing
    else
        let places = Array.concat [ [| 0 |]; seams; [| text.Length |] ]
        let read = Array.zeroCreate<Piece>(places.Length - 1)

        Concurrently.each read.Length (fun i ->
            let stretch = Span.Between(places[i], places[i + 1])
            read[i] <- piece repairs stretch.Length text stretch nothing)

        let tops = read |> Array.collect _.Tops.ToArray()
        Document(source, tops, read[read.Length - 1].Tail, NeedsNoRepair = true)

/// Below this many characters, sharing the reading out costs more than it gains.
let private fewest = 100_000

/// A text that nothing is known of.
let readAnew (source: SourceText) : Document =
    let pieces =
        if source.Text.Length < fewest then
            1
        else
            Concurrently.sharing.Parts

    readInPieces pieces source
