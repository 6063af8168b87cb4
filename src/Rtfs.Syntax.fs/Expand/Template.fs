/// Templates: quoted code with computed parts.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Template

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

/// What fills a template is called by names that no text can write, so that no definition of a text changes it.
let private splicing = " splice"
let private prefixing = " prefixed"
let private prefixingEach = " prefixed-each"

/// The level inside a prefix: a template is one deeper, an insertion one less deep.
let private levelInside (prefix: Prefix) level =
    match prefix with
    | Prefix.QuasiQuote -> level + 1
    | Prefix.Unquote
    | Prefix.Splice -> level - 1
    | Prefix.Quote
    | Prefix.Context -> level

/// Whether an insertion of the outermost template is inside of the form.
let private computes (level: int) (root: Form) =
    let pending = Stack<struct (Form * int)>()
    pending.Push(struct (root, level))
    let mutable found = false

    while not found && pending.Count > 0 do
        let struct (form, level) = pending.Pop()

        match form.Node with
        | Node.Prefixed(prefix, target) ->
            let inside = levelInside prefix level
            found <- inside = 0
            pending.Push(struct (target, inside))
        | _ ->
            for part in children form do
                pending.Push(struct (part, level))

    found

let private word (prefix: Prefix) =
    match prefix with
    | Prefix.Quote -> "quote"
    | Prefix.QuasiQuote -> "quasiquote"
    | Prefix.Unquote -> "unquote"
    | Prefix.Splice -> "splice"
    | Prefix.Context -> "context"

let private call name (arguments: Core array) span =
    Core.Call(Core.Global(name, span), arguments, span)

let private prefixed name prefix (target: Core) span =
    call name [| literal (at span (Node.Keyword(word prefix))); target |] span

/// Templates inside of templates count levels: what is inserted at an inner level stays data, until a mark for each level has been met.
let rec private build (context: LoweringContext) (scope: Scope) (level: int) (form: Form) : Core =
    let inner = { scope with Depth = scope.Depth + 1 }
    let part = build context inner level

    /// Items that come from the items of a sequence: `~@b`, and `~~@b` one template further in, which is `~item` for each.
    let spliced (item: Form) =
        match item.Node with
        | Node.Prefixed(Prefix.Splice, target) when level = 1 -> ValueSome(lower context inner target)
        | Node.Prefixed((Prefix.Unquote | Prefix.Splice) as prefix, target) when level = 2 ->
            match target.Node with
            | Node.Prefixed(Prefix.Splice, items) ->
                ValueSome(prefixed prefixingEach prefix (lower context inner items) item.Span)
            | _ -> ValueNone
        | _ -> ValueNone

    /// `(a ~@b c) is (splice (list 'a) b (list 'c)).
    let sequence (items: Form array) (make: Core array * Span -> Core) =
        let segments = items |> Array.map spliced

        if segments |> Array.exists _.IsSome then
            let segments =
                Array.zip items segments
                |> Array.map (fun (item, segment) ->
                    match segment with
                    | ValueSome found -> found
                    | ValueNone -> make ([| part item |], item.Span))

            let start = make (Array.empty, form.Span)
            call splicing (Array.append [| start |] segments) form.Span
        else
            make (items |> Array.map part, form.Span)

    if not (fits scope) || not (computes level form) then
        literal form
    else
        match form.Node with
        | Node.Prefixed(Prefix.Unquote, target) when level = 1 -> lower context inner target
        | Node.List items -> sequence items.Forms Core.List
        | Node.Vector items -> sequence items.Forms Core.Vector
        | Node.Map items ->
            let entries =
                pairs items.Forms
                |> Array.map (fun struct (key, value) -> KeyValuePair(part key, part value))

            Core.Map(entries, form.Span)
        | Node.Function items ->
            let struct (parameters, code) = Sugar.functionLiteral context form items.Forms

            part (
                listAt form.Span [|
                    symbolAt form.Span "fn"
                    at form.Span (Node.Vector(Items.Of parameters))
                    code
                |]
            )
        | Node.Consume items ->
            let forms = items.Forms
            part (listAt form.Span (Array.concat [ [| forms[1]; forms[0] |]; forms[2..] ]))
        | Node.Meta(_, target) -> part target
        | Node.Prefixed(Prefix.Splice, _) when level = 1 ->
            refuse
                context
                "RTFS0107"
                form.Span
                "`~@` inserts the items of a sequence into a list or vector, and there is none around it"
                "use ~ for one value, or put it inside ( )"
        | Node.Prefixed(Prefix.Context, _) ->
            refuse
                context
                "RTFS0107"
                form.Span
                "the name of a parameter cannot be inserted after `@`"
                "insert the value of the parameter with ~"
        | Node.Prefixed(prefix, target) ->
            prefixed prefixing prefix (build context inner (levelInside prefix level) target) form.Span
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
        | Node.Broken _ -> literal form

/// Quoted code with computed parts. What computes nothing stays one datum.
let ofForm (context: LoweringContext) (scope: Scope) (form: Form) : Core =
    build context (Scope.inside scope) 1 form
