/// Templates: quoted code with computed parts.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Template

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

let private isInsert (form: Form) =
    match form.Node with
    | Node.Prefixed((Prefix.Unquote | Prefix.Splice), _) -> true
    | _ -> false

let private hasInsert (form: Form) =
    walk (fun _ -> true) form |> Seq.exists isInsert

/// A prefix as the list that means the same, for quoted prefixes with computed parts.
let private word (prefix: Prefix) =
    match prefix with
    | Prefix.Quote -> "quote"
    | Prefix.QuasiQuote -> "quasiquote"
    | Prefix.Unquote -> "unquote"
    | Prefix.Splice -> "unquote-splicing"
    | Prefix.Context -> "context"

let private isSplice (part: Form) =
    match part.Node with
    | Node.Prefixed(Prefix.Splice, _) -> true
    | _ -> false

/// Templates inside of templates count levels: what is inserted at an inner level stays data, until a mark for each level has been met.
let rec private build (context: LoweringContext) (scope: Scope) (level: int) (form: Form) : Core =
    let inner = { scope with Depth = scope.Depth + 1 }
    let part = build context inner level

    /// `(a ~@b c) is (concat (list 'a) b (list 'c)).
    let sequence (items: Form array) (make: Core array * Span -> Core) =
        if level = 1 && Array.exists isSplice items then
            let segments =
                items
                |> Array.map (fun item ->
                    match item.Node with
                    | Node.Prefixed(Prefix.Splice, target) -> lower context inner target
                    | _ -> make ([| part item |], item.Span))

            let start = make (Array.empty, form.Span)
            Core.Call(Core.Global("concat", form.Span), Array.append [| start |] segments, form.Span)
        else
            make (items |> Array.map part, form.Span)

    if not (fits scope) || not (hasInsert form) then
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
            let level =
                match prefix with
                | Prefix.QuasiQuote -> level + 1
                | Prefix.Unquote
                | Prefix.Splice -> level - 1
                | Prefix.Quote
                | Prefix.Context -> level

            let head = literal (symbolAt form.Span (word prefix))
            Core.List([| head; build context inner level target |], form.Span)
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
