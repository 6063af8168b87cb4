/// How the later phases look at a form: partial patterns, so that each asks for the one kind it cares about.
[<AutoOpen>]
module internal Rtfs.Syntax.Tree.View

open Rtfs.Syntax.Text

[<return: Struct>]
let (|SymbolOf|_|) (form: Form) =
    match form.Node with
    | Node.Symbol name -> ValueSome name
    | _ -> ValueNone

[<return: Struct>]
let (|KeywordOf|_|) (form: Form) =
    match form.Node with
    | Node.Keyword name -> ValueSome name
    | _ -> ValueNone

[<return: Struct>]
let (|StringOf|_|) (form: Form) =
    match form.Node with
    | Node.String value -> ValueSome value
    | _ -> ValueNone

[<return: Struct>]
let (|ListOf|_|) (form: Form) =
    match form.Node with
    | Node.List items -> ValueSome items.Forms
    | _ -> ValueNone

[<return: Struct>]
let (|VectorOf|_|) (form: Form) =
    match form.Node with
    | Node.Vector items -> ValueSome items.Forms
    | _ -> ValueNone

[<return: Struct>]
let (|MapOf|_|) (form: Form) =
    match form.Node with
    | Node.Map items -> ValueSome items.Forms
    | _ -> ValueNone

[<return: Struct>]
let (|BrokenText|_|) (form: Form) =
    match form.Node with
    | Node.Broken text -> ValueSome text
    | _ -> ValueNone

let isConsume (form: Form) =
    match form.Node with
    | Node.Consume _ -> true
    | _ -> false

let isBroken (form: Form) =
    match form with
    | BrokenText _ -> true
    | _ -> false

/// The colon before a type. Alone it is no keyword, however it was read.
[<return: Struct>]
let (|Colon|_|) (form: Form) =
    match form with
    | SymbolOf ":"
    | KeywordOf "" -> ValueSome()
    | _ -> ValueNone

/// What metadata describes, without the metadata.
let rec bare (form: Form) =
    match form.Node with
    | Node.Meta(_, target) -> bare target
    | _ -> form

let at (span: Span) (node: Node) : Form = {
    Node = node
    Span = span
    Lead = Array.empty
    Text = ""
}

let symbolAt span name = at span (Node.Symbol name)
let listAt span (forms: Form array) = at span (Node.List(Items.Of forms))

/// A map's keys with their values; a last key without a value, which reading has complained of, is left out.
let pairs (forms: Form array) =
    Array.init (forms.Length / 2) (fun i -> struct (forms[2 * i], forms[2 * i + 1]))

/// The direct parts of a form, in the order of the text.
let children (form: Form) : Form array =
    match form.Node with
    | Node.List items
    | Node.Vector items
    | Node.Map items
    | Node.Function items
    | Node.Consume items -> items.Forms
    | Node.Prefixed(_, target) -> [| target |]
    | Node.Meta(meta, target) -> Array.append meta [| target |]
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
    | Node.Broken _ -> Array.empty

/// Calls `act` with the direct parts of a form, in the order of the text.
let eachPart (act: Form -> unit) (form: Form) : unit =
    match form.Node with
    | Node.List items
    | Node.Vector items
    | Node.Map items
    | Node.Function items
    | Node.Consume items ->
        for part in items.Forms do
            act part
    | Node.Prefixed(_, target) -> act target
    | Node.Meta(meta, target) ->
        for part in meta do
            act part

        act target
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
    | Node.Broken _ -> ()

/// Every form of a tree, outermost first, those inside what `enter` refuses left out. On the heap, so that no depth is too deep.
let walk (enter: Form -> bool) (root: Form) : seq<Form> = seq {
    let pending = System.Collections.Generic.Stack<Form>()
    pending.Push root

    while pending.Count > 0 do
        let form = pending.Pop()
        yield form

        if enter form then
            let parts = children form

            for i in parts.Length - 1 .. -1 .. 0 do
                pending.Push parts[i]
}
