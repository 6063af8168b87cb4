/// What is put in order: `sort`, `sort-by`, `min-by`, `max-by` and `compare` take values of one kind that has an order.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Ordering

open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

let private kinds = [
    Type.Primitive Primitive.Number
    Type.Primitive Primitive.String
    Type.Primitive Primitive.Keyword
    Type.Primitive Primitive.Symbol
    Type.Primitive Primitive.Bool
    Type.Primitive Primitive.Timestamp
    Type.Primitive Primitive.Uuid
    Type.Vector Atom.any
]

/// Says where values of a type have no order among them; nil is before everything.
let rec private hasOrder (call: RuleCall) (what: string) (values: Type) (span: Span) : unit =
    let session = call.Session
    let present = Narrow.notType session.Types Atom.nil values
    let fit kind = Relation.fit session.Types present kind

    if Known.isAny (Known.ofType present) then
        Expect.anyFlows session (Known.ofType present) ValueNone span (fun () ->
            $"`{call.Signature.Name}` orders {what}, which must be of one kind")
    elif kinds |> List.exists (fun kind -> fit kind = Relation.Fit.Wholly) then
        match present with
        | Type.Vector item -> hasOrder call what item span
        | _ -> ()
    else
        let found = Shown.inMessage values

        if kinds |> List.exists (fun kind -> fit kind <> Relation.Fit.Not) then
            session.Report(
                "RTFS2002",
                span,
                $"`{call.Signature.Name}` orders {what}, which may be of several kinds and have no order then: found {found}",
                "order values of one kind, or order by a part of them with sort-by"
            )
        else
            session.Report(
                "RTFS2001",
                span,
                $"`{call.Signature.Name}` orders {what}, which have no order: expected numbers, strings, keywords, bools, times or vectors of them, found {found}",
                "order by a part of them with sort-by"
            )

let private itemOf (call: RuleCall) (items: Known) : Type =
    match itemsOf call.Session.Types items.Type with
    | ValueSome item -> item
    | ValueNone ->
        if isString call.Session.Types items.Type then
            Type.Primitive Primitive.String
        else
            Atom.any

let private given (call: RuleCall) (f: Known) (arguments: Type list) : Type =
    let span = spanAt call 0

    (call.Session.Try(fun () ->
        call.Session.Apply f (arguments |> List.map Known.ofType) (arguments |> List.map (fun _ -> span)) span))
        .Type

/// The call, whose comparison is called with two of the values that are put in order.
let private comparing (call: RuleCall) (values: Type) : RuleCall =
    let both = Array.create 2 (Join.literals values)

    let told (parameter: Type) =
        match parameter with
        | Type.Optional(Type.Function([| _; _ |], rest, result)) -> Type.Optional(Type.Function(both, rest, result))
        | other -> other

    {
        call with
            Signature = {
                call.Signature with
                    Parameters = call.Signature.Parameters |> Array.map told
            }
    }

let sort (call: RuleCall) : Known =
    match call.Values with
    | [ items ] ->
        let result = general call
        hasOrder call "items" (itemOf call items) (spanAt call 0)
        result
    | [ _; items ] -> general (comparing call (itemOf call items))
    | _ -> general call

let by (call: RuleCall) : Known =
    match call.Values with
    | [ f; items ] ->
        let result = general call
        hasOrder call "what its function gives" (given call f [ itemOf call items ]) (spanAt call 0)
        result
    | [ f; _; items ] ->
        match itemOf call items with
        // Nothing is compared.
        | Type.Primitive Primitive.Never as none -> general (comparing call none)
        | item -> general (comparing call (given call f [ item ]))
    | _ -> general call

let compare (call: RuleCall) : Known =
    match call.Values with
    | [ a; b ] when not (Known.isAny a || Known.isAny b) ->
        hasOrder call "its two arguments" (Join.items call.Session.Types [| a.Type; b.Type |]) call.Span
    | _ -> ()

    general call
