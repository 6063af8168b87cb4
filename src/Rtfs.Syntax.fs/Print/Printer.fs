/// Tree to text: the very text that was read, or the canonical text of a tree that a program made. Both walk with a stack of
/// their own, since such trees may nest deeper than any machine stack.
module internal Rtfs.Syntax.Print.Printer

open System
open System.Collections.Generic
open System.Globalization
open System.Text
open Rtfs.Syntax.Tree

/// What is left to write: a form, or a mark.
[<Struct; RequireQualifiedAccess>]
type private Task =
    | Write of form: Form
    | Mark of text: string
    | Blank of trivia: Trivia array

let private mark (prefix: Prefix) =
    match prefix with
    | Prefix.Quote -> "'"
    | Prefix.QuasiQuote -> "`"
    | Prefix.Unquote -> "~"
    | Prefix.Splice -> "~@"
    | Prefix.Context -> "@"

let private brackets (node: Node) : struct (string * Items * string) voption =
    match node with
    | Node.List items -> ValueSome(struct ("(", items, ")"))
    | Node.Vector items -> ValueSome(struct ("[", items, "]"))
    | Node.Map items
    | Node.Consume items -> ValueSome(struct ("{", items, "}"))
    | Node.Function items -> ValueSome(struct ("#(", items, ")"))
    | Node.Nil
    | Node.Bool _
    | Node.Int _
    | Node.Float _
    | Node.String _
    | Node.Timestamp _
    | Node.Uuid _
    | Node.Resource _
    | Node.Symbol _
    | Node.Keyword _
    | Node.Prefixed _
    | Node.Meta _
    | Node.Broken _ -> ValueNone

let private appendTrivia (text: StringBuilder) (trivia: Trivia array) =
    for piece in trivia do
        text.Append piece.Text |> ignore

/// The text that a document was read from, made from its tree.
let document (document: Document) : string =
    let text = StringBuilder(document.Source.Text.Length)
    let tasks = Stack<Task>()

    for top in document.Forms do
        tasks.Push(Task.Write top.Form)

        while tasks.Count > 0 do
            match tasks.Pop() with
            | Task.Mark mark -> text.Append mark |> ignore
            | Task.Blank trivia -> appendTrivia text trivia
            | Task.Write form ->
                appendTrivia text form.Lead

                match brackets form.Node with
                | ValueSome(struct (opener, items, closer)) ->
                    text.Append opener |> ignore

                    if items.Closed then
                        tasks.Push(Task.Mark closer)

                    tasks.Push(Task.Blank items.Tail)

                    for i in items.Forms.Length - 1 .. -1 .. 0 do
                        tasks.Push(Task.Write items.Forms[i])
                | ValueNone ->
                    text.Append form.Text |> ignore

                    match form.Node with
                    | Node.Prefixed(_, target) -> tasks.Push(Task.Write target)
                    | Node.Meta(meta, target) ->
                        tasks.Push(Task.Write target)

                        for i in meta.Length - 1 .. -1 .. 0 do
                            tasks.Push(Task.Write meta[i])
                    | _ -> ()

    appendTrivia text document.Tail
    text.ToString()

let private float (value: float) =
    if Double.IsNaN value then
        "##NaN"
    elif Double.IsPositiveInfinity value then
        "##Inf"
    elif Double.IsNegativeInfinity value then
        "##-Inf"
    else
        let digits = value.ToString("R", CultureInfo.InvariantCulture)

        // An exponent is read only after a fraction.
        match digits.IndexOf 'E' with
        | -1 -> if digits.Contains '.' then digits else digits + ".0"
        | exponent ->
            let mantissa = digits.Substring(0, exponent)
            let mantissa = if mantissa.Contains '.' then mantissa else mantissa + ".0"
            mantissa + "e" + digits.Substring(exponent + 1).TrimStart '+'

let private quoted (value: string) =
    let text = StringBuilder(value.Length + 2)
    text.Append '"' |> ignore

    for c in value do
        match c with
        | '"' -> text.Append "\\\"" |> ignore
        | '\\' -> text.Append "\\\\" |> ignore
        | '\n' -> text.Append "\\n" |> ignore
        | '\t' -> text.Append "\\t" |> ignore
        | '\r' -> text.Append "\\r" |> ignore
        | other -> text.Append other |> ignore

    text.Append('"').ToString()

/// Three digits of a fraction when they are enough, else all seven that a tick needs.
let private timestamp (value: DateTime) =
    let ticks = value.Ticks % TimeSpan.TicksPerSecond

    let format =
        if ticks = 0L then
            "yyyy-MM-dd'T'HH:mm:ss'Z'"
        elif ticks % TimeSpan.TicksPerMillisecond = 0L then
            "yyyy-MM-dd'T'HH:mm:ss'_'fff'Z'"
        else
            "yyyy-MM-dd'T'HH:mm:ss'_'fffffff'Z'"

    value.ToString(format, CultureInfo.InvariantCulture)

let private atom (form: Form) =
    match form.Node with
    | Node.Nil -> "nil"
    | Node.Bool value -> if value then "true" else "false"
    | Node.Int value -> value.ToString CultureInfo.InvariantCulture
    | Node.Float value -> float value
    | Node.String value -> quoted value
    | Node.Timestamp value -> timestamp value
    | Node.Uuid value -> value.ToString "D"
    | Node.Resource uri -> uri
    | Node.Symbol name -> name
    | Node.Keyword name -> ":" + name
    | Node.Broken text -> text
    | Node.List _
    | Node.Vector _
    | Node.Map _
    | Node.Function _
    | Node.Consume _
    | Node.Prefixed _
    | Node.Meta _ -> ""

/// Whether the canonical text of a form begins with `@`, which must not touch a `~` before it.
let private beginsWithAt (form: Form) =
    match form.Node with
    | Node.Prefixed(Prefix.Context, _) -> true
    | Node.Broken text -> text.StartsWith '@'
    | _ -> false

/// The canonical text of a form, on one line; it reads back to an equal form when the tree holds nothing broken and its names are
/// names. A name that cannot be read back is written as it is.
let form (form: Form) : string =
    let text = StringBuilder()
    let tasks = Stack<Task>()
    tasks.Push(Task.Write form)

    let pushAll (forms: Form array) =
        for i in forms.Length - 1 .. -1 .. 0 do
            tasks.Push(Task.Write forms[i])

            if i > 0 then
                tasks.Push(Task.Mark " ")

    while tasks.Count > 0 do
        match tasks.Pop() with
        | Task.Mark mark -> text.Append mark |> ignore
        | Task.Blank trivia -> appendTrivia text trivia
        | Task.Write form ->
            match form.Node with
            | Node.Prefixed(prefix, target) ->
                text.Append(mark prefix) |> ignore

                if prefix = Prefix.Unquote && beginsWithAt target then
                    text.Append ' ' |> ignore

                tasks.Push(Task.Write target)
            | Node.Meta(meta, target) ->
                text.Append '^' |> ignore
                tasks.Push(Task.Write target)
                tasks.Push(Task.Mark " ")
                pushAll meta
            | node ->
                match brackets node with
                | ValueSome(struct (opener, items, closer)) ->
                    text.Append opener |> ignore
                    tasks.Push(Task.Mark closer)
                    pushAll items.Forms
                | ValueNone -> text.Append(atom form) |> ignore

    text.ToString()
