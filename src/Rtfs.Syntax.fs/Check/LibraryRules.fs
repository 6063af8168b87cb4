/// Functions whose result depends on more than the types of their arguments: on the kind of numbers, on indexes, on what wiring follows.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.LibraryRules

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private isWithin (session: Session) (kind: Primitive) (known: Known) =
    Relation.isSubtype session.Types known.Type (Type.Primitive kind)

/// Ints give an int, and a float among the numbers gives a float.
let private arithmetic (call: RuleCall) : Known =
    let result = general call
    let session = call.Session

    if call.Values.IsEmpty then
        result
    elif call.Values |> List.forall (isWithin session Primitive.Int) then
        Known.ofType (Type.Primitive Primitive.Int)
    elif
        call.Values |> List.exists (isWithin session Primitive.Float)
        && call.Values |> List.forall (isWithin session Primitive.Number)
    then
        Known.ofType (Type.Primitive Primitive.Float)
    else
        result

/// An int of those that are not negative. (Of floats NaN is neither.)
let private magnitude (call: RuleCall) : Known =
    let result = arithmetic call

    if isWithin call.Session Primitive.Int result then
        Known.ofType (
            Type.And(Type.Primitive Primitive.Int, [| Refinement.Compare(Comparison.GreaterOrEqual, Forms.Int 0L) |])
        )
    else
        result

/// One of the numbers, as it is.
let private extreme (call: RuleCall) : Known =
    let result = general call
    let session = call.Session

    if
        not call.Values.IsEmpty
        && call.Values |> List.forall (isWithin session Primitive.Number)
    then
        call.Values
        |> Seq.map _.Type
        |> Array.ofSeq
        |> Join.items session.Types
        |> Join.literals
        |> Known.ofType
    else
        result

/// Numbers with numbers, strings with strings, and timestamps with timestamps.
let private ordered (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | [ a; b ] when not (Known.isAny a || Known.isAny b) ->
        let kinds =
            [ Primitive.Number; Primitive.String; Primitive.Timestamp ]
            |> List.map Type.Primitive

        let may (known: Known) kind =
            Relation.fit session.Types known.Type kind <> Relation.Fit.Not

        let either = kinds |> List.filter (may a)
        let both = either |> List.filter (may b)

        match (if both.IsEmpty then either else both) with
        | [ kind ] ->
            for i, value in [ 0, a; 1, b ] do
                Expect.fits
                    session
                    (fun () -> $"argument {i + 1} of `{call.Signature.Name}`")
                    value.Type
                    kind
                    (spanAt call i)
                |> ignore

            Known.ofType call.Signature.Result
        | _ -> general call
    | _ -> general call

/// A comparison of two values that can never be equal: RTFS2008.
let private equality (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | [ a; b ] ->
        let canMeet =
            Known.isAny a
            || Known.isAny b
            || Relation.fit session.Types (Join.literals a.Type) (Join.literals b.Type)
               <> Relation.Fit.Not
            || Relation.fit session.Types (Join.literals b.Type) (Join.literals a.Type)
               <> Relation.Fit.Not

        let isNumeric known = isWithin session Primitive.Number known

        let apart =
            isNumeric a
            && isNumeric b
            && Relation.fit session.Types b.Type a.Type = Relation.Fit.Not
            && Relation.fit session.Types a.Type b.Type = Relation.Fit.Not

        // That a constant is another than the one it is held against is what constants are for.
        let isConstant i (known: Known) =
            match known.Type, coreAt call i with
            | Type.Val _, ValueSome(Core.Global _ | Core.Local _) -> true
            | _, ValueSome(Core.Quote _) -> false
            | Type.Val { Node = Node.Int _ }, _ -> isWithin session Primitive.Int a && isWithin session Primitive.Int b
            | _ -> false

        session.ReportIdle(
            "RTFS2008",
            call.Span,
            (not canMeet || apart) && not (isConstant 0 a || isConstant 1 b),
            fun () -> $"these are never equal: {Shown.inMessage a.Type} and {Shown.inMessage b.Type}"
        )
    | _ -> ()

    general call

/// The rule of a function, where it has one.
let tryFind (name: string) : (RuleCall -> Known) voption =
    match name with
    | "get" -> ValueSome KeyRules.get
    | "get-in" -> ValueSome Paths.getIn
    | "assoc-in" -> ValueSome Paths.assocIn
    | "update-in" -> ValueSome Paths.updateIn
    | "into" -> ValueSome SequenceRules.into
    | "apply" -> ValueSome SequenceRules.apply
    | "sort" -> ValueSome(SequenceRules.asMany Ordering.sort)
    | "sort-by" -> ValueSome(SequenceRules.asMany Ordering.by)
    | "min-by"
    | "max-by" -> ValueSome Ordering.by
    | "compare" -> ValueSome Ordering.compare
    | "assoc" -> ValueSome KeyRules.assoc
    | "dissoc" -> ValueSome KeyRules.dissoc
    | "update" -> ValueSome KeyRules.update
    | "merge" -> ValueSome KeyRules.merge
    | "select-keys" -> ValueSome KeyRules.selectKeys
    | "+"
    | "-"
    | "*"
    | "mod"
    | "inc"
    | "dec" -> ValueSome arithmetic
    | "abs"
    | "count"
    | "string-length" -> ValueSome magnitude
    | "max"
    | "min" -> ValueSome extreme
    | "="
    | "!="
    | "not=" -> ValueSome equality
    | "<"
    | ">"
    | "<="
    | ">=" -> ValueSome ordered
    | "first" -> ValueSome(SequenceRules.first 0L)
    | "last" -> ValueSome SequenceRules.endOf
    | "second" -> ValueSome(SequenceRules.first 1L)
    | "nth" -> ValueSome SequenceRules.nth
    | "reduce" -> ValueSome SequenceRules.reduce
    | "vector"
    | "list" -> ValueSome SequenceRules.several
    | "map" -> ValueSome(SequenceRules.asMany SequenceRules.mapped)
    | "reverse"
    | "map-indexed" -> ValueSome(SequenceRules.asMany general)
    | "filter"
    | "remove"
    | "take-while"
    | "find-first" -> ValueSome SequenceRules.filtered
    | "keys"
    | "vals"
    | "entries" -> ValueSome EntryRules.column
    | "rest"
    | "take"
    | "drop" -> ValueSome SequenceRules.part
    | "partition"
    | "partition-all" -> ValueSome SequenceRules.pieces
    | "format" -> ValueSome Formats.rule
    | "concat" -> ValueSome SequenceRules.joined
    | "conj" -> ValueSome SequenceRules.conj
    | "comp"
    | "partial"
    | "juxt"
    | "complement"
    | "constantly"
    | "every-pred"
    | "some-fn"
    | "fnil" -> ValueSome Combinators.make
    | "map-vals"
    | "map-keys"
    | "update-vals"
    | "update-keys"
    | "filter-vals" -> ValueSome EntryRules.each
    | "reduce-kv" -> ValueSome EntryRules.reduce
    | "merge-with" -> ValueSome EntryRules.mergeWith
    | _ -> ValueNone
