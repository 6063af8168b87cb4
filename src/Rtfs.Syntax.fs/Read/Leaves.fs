/// The rules of what holds no other form: strings, words, stray brackets, and text too deep to enter.
module internal Rtfs.Syntax.Read.Leaves

open System
open FParsec
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Read.Reading
open Rtfs.Syntax.Read.Brackets

/// The rest of a line that opens a string or a comment without end.
let private toLineEnd (stream: CharStream<Reading>) =
    let reading = stream.UserState
    stream.Seek(int64 (Lexical.lineEnd reading.Text (index stream)))
    reading.Touched <- true
    reading.Excused <- true

let text (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream

        let finish =
            if isUnterminated reading start then
                -1
            else
                Lexical.stringEnd reading.Text start

        let bodyEnd =
            if finish >= 0 then
                stream.Seek(int64 finish)
                finish - 1
            else
                toLineEnd stream
                reading.Found.Add(Faults.unterminatedString (spanFrom stream start))
                index stream

        let body = slice reading (start + 1) bodyEnd

        let value =
            if finish >= 0 then
                Lexical.unescape reading.Found.Add (start + 1 - reading.Base) body
            else
                body

        let node =
            if finish >= 0 then
                Node.String value
            else
                Node.Broken(slice reading start bodyEnd)

        Reply(made stream lead start node (slice reading start (index stream)))

let private slotOf (reading: Reading) (characters: ReadOnlySpan<char>) =
    let mutable hash = 17

    for i in 0 .. characters.Length - 1 do
        hash <- hash * 31 + int characters[i]

    (hash ^^^ (hash >>> 15)) &&& (reading.Words.Length - 1)

let word (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        let finish = Lexical.wordEnd reading.Text start

        // `x: int` writes a type mark after a name: the colon is a word of its own.
        let finish =
            if
                finish - start > 1
                && reading.Text[finish - 1] = ':'
                && not (isNull (Lexical.symbolName (slice reading start (finish - 1))))
            then
                // Where the name ends depends on the whole word.
                reading.Touched <- true
                finish - 1
            else
                finish

        stream.Seek(int64 finish)
        let characters = reading.Text.AsSpan(start, finish - start)
        let slot = slotOf reading characters
        let known = reading.Words[slot]

        if characters.SequenceEqual(known.AsSpan()) then
            Reply(made stream lead start reading.Nodes[slot] known)
        else
            let found = characters.ToString()

            let node =
                Lexical.classify reading.Found.Add (Span.Of(start - reading.Base, finish - start)) found

            match node with
            | Node.Broken _ -> ()
            | _ ->
                reading.Words[slot] <- found
                reading.Nodes[slot] <- node

            Reply(made stream lead start node found)

/// Text beyond the depth limit, as one `Broken` form: prefixes and a bracket up to its end, counted, not entered.
let tooDeep (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let source = reading.Text
        let start = index stream
        let mutable depth = 0
        // The forms that the prefixes before still ask for: `^` asks for two.
        let mutable wanted = 1
        let mutable i = start
        let mutable go = true

        let passed () =
            if depth = 0 then
                wanted <- wanted - 1
                wanted > 0
            else
                true

        while go do
            if i >= source.Length then
                reading.Touched <- true
                go <- false
            else
                let mutable repaired = true

                match repairAt reading i with
                | ValueSome repair when repair.Kind = RepairKind.Boundary && (i > start || depth > 0) ->
                    reading.Touched <- true
                    go <- false
                | ValueSome repair when repair.Kind = RepairKind.Unclosed && repair.Count > 0 ->
                    reading.Touched <- true
                    let taken = min depth repair.Count
                    depth <- depth - taken

                    reading.Repairs[reading.Cursor] <-
                        {
                            repair with
                                Count = repair.Count - taken
                        }

                    go <- depth > 0 || (taken > 0 && passed ())
                | ValueSome repair when repair.Kind = RepairKind.Stray ->
                    reading.Touched <- true
                    i <- i + 1
                    go <- passed ()
                | ValueSome repair when repair.Kind = RepairKind.Unterminated ->
                    reading.Touched <- true
                    i <- Lexical.lineEnd source i
                    go <- passed ()
                | _ -> repaired <- false

                if not repaired then
                    match source[i] with
                    | ' '
                    | '\t'
                    | '\r'
                    | '\n'
                    | ',' -> i <- i + 1
                    | ';' -> i <- Lexical.lineEnd source i
                    | '('
                    | '['
                    | '{' ->
                        depth <- depth + 1
                        i <- i + 1
                    | ')'
                    | ']'
                    | '}' ->
                        if depth > 0 then
                            depth <- depth - 1
                            i <- i + 1
                            go <- passed ()
                        else
                            go <- false
                    | '"' ->
                        i <-
                            match Lexical.stringEnd source i with
                            | -1 -> Lexical.lineEnd source i
                            | finish -> finish

                        go <- passed ()
                    | '^' ->
                        if depth = 0 then
                            wanted <- wanted + 1

                        i <- i + 1
                    | '\''
                    | '`'
                    | '~'
                    | '@' -> i <- i + 1
                    | '#' when i + 1 < source.Length && source[i + 1] = '(' -> i <- i + 1
                    | '#' when i + 1 < source.Length && source[i + 1] = '|' ->
                        i <-
                            match Lexical.commentEnd source i with
                            | -1 -> Lexical.lineEnd source i
                            | finish -> finish
                    | _ ->
                        i <- Lexical.wordEnd source i
                        go <- passed ()

        stream.Seek(int64 i)

        if not reading.Excused then
            reading.Found.Add(Faults.tooDeep (Span.Of(start - reading.Base, 1)) DepthLimit)

        reading.Excused <- true
        Reply(broken stream lead start)

let stray (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        let closer = stream.Read()
        reading.Touched <- true
        reading.Found.Add(Faults.stray (spanFrom stream start) closer)
        Reply(broken stream lead start)

let endlessComment (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let start = index stream
        toLineEnd stream
        stream.UserState.Found.Add(Faults.unterminatedComment (spanFrom stream start))
        Reply(broken stream lead start)

/// The `#` of `#{`; the brace after it is read as a brace, and not checked.
let setMark (lead: Trivia array) : Parser<Form, Reading> =
    fun stream ->
        let reading = stream.UserState
        let start = index stream
        stream.Skip()
        reading.Unchecked <- start + 1
        let place = Span.Of(start - reading.Base, 2)
        reading.Found.Add(Faults.dispatch place "#{" "Write the set as a vector: `[…]`.")
        Reply(broken stream lead start)
