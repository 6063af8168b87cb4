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

        session.ReportIdle(
            "RTFS2008",
            call.Span,
            not canMeet || apart,
            fun () -> $"these are never equal: {Shown.inMessage a.Type} and {Shown.inMessage b.Type}"
        )
    | _ -> ()

    general call

let private first (index: int64) (call: RuleCall) : Known =
    match call.Values with
    | [ { Type = Type.Tuple items } as subject ] when items.Length > 0 ->
        match subject.Shape with
        | Shape.Many parts when int index < parts.Length -> parts[int index]
        | _ -> Known.ofType (item call.Session subject.Type (Forms.Int index) Atom.nil)
    | _ -> general call

let private nth (call: RuleCall) : Known =
    match call.Values with
    | [ { Type = Type.Tuple _ } as subject; LiteralOf({ Node = Node.Int _ } as index) ] ->
        Known.ofType (item call.Session subject.Type index Atom.any)
    | _ -> general call

/// A fold without a start begins with the first item.
let private reduce (call: RuleCall) : Known =
    match call.Values with
    | [ f; items ] ->
        let start =
            match items.Type with
            | Type.Vector item
            | Type.List item -> Known.ofType item
            | Type.Tuple parts -> Known.ofType (Join.items call.Session.Types parts)
            | _ -> Known.any

        LibraryCalls.call
            call.Session
            call.Signature
            [ f; start; items ]
            Array.empty
            [ spanAt call 0; spanAt call 1; spanAt call 1 ]
            call.Span
    | _ -> general call

let private several (call: RuleCall) : Known = {
    Type =
        (if call.Signature.Name = "list" then
             Type.List(call.Values |> Seq.map _.Type |> Array.ofSeq |> Join.items call.Session.Types)
         else
             Type.Tuple(call.Values |> Seq.map _.Type |> Array.ofSeq))
    Shape = Shape.Many call.Values
}

/// What wiring follows through a sequence that a program builds.
let private mapped (call: RuleCall) : Known =
    let result = general call

    match call.Values with
    | [ f; { Shape = Shape.Many parts } ] when
        parts
        |> List.exists (fun part ->
            match part.Shape with
            | Shape.Plain
            | Shape.Told -> false
            | Shape.Datum _ -> false
            | _ -> true)
          ->
          {
              result with
                  Shape =
                      Shape.Many(
                          parts
                          |> List.map (fun part -> call.Session.Apply f [ part ] [ spanAt call 1 ] (spanAt call 0))
                      )
          }
    | _ -> result

let private joined (call: RuleCall) : Known =
    let result = general call

    let parts =
        call.Values
        |> List.map (fun value ->
            match value.Shape with
            | Shape.Many parts -> parts
            | _ -> [])
        |> List.concat

    if parts.IsEmpty then
        result
    else
        { result with Shape = Shape.Many parts }

/// What is added to a map: [key value], or a map.
let private entry =
    Type.Union [|
        Type.Tuple [| Atom.any; Atom.any |]
        Type.Map(Array.empty, null)
        Type.MapOf(Atom.any, Atom.any)
    |]

let private itemsOf (types: NamedTypes) (target: Type) : Type voption =
    match target with
    | Type.Vector item
    | Type.List item -> ValueSome item
    | Type.Tuple items -> ValueSome(Join.items types items)
    | _ -> ValueNone

/// The items of one collection in another.
let private into (call: RuleCall) : Known =
    let types = call.Session.Types
    let result = general call

    match call.Values with
    | [ target; added ] ->
        match target.Type, itemsOf types added.Type with
        | (Type.Map _ | Type.MapOf _), ValueSome item when not (item.Equals Atom.any || item.Equals Atom.never) ->
            Expect.fits call.Session (fun () -> "what `into` adds to a map") item entry (spanAt call 1)
            |> ignore

            result
        | held, ValueSome item ->
            match itemsOf types held with
            | ValueSome before ->
                let all = Join.items types [| before; item |]

                match held with
                | Type.List _ -> Known.ofType (Type.List all)
                | _ -> Known.ofType (Type.Vector all)
            | ValueNone -> result
        | _ -> result
    | _ -> result

/// The items of the last argument are arguments; how many there are is known of a vector that is written out.
let private apply (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | f :: (_ :: _ as arguments) ->
        let last = List.last arguments
        let lastAt = spanAt call arguments.Length
        let before = arguments |> List.take (arguments.Length - 1)

        match last.Type with
        | Type.Tuple items ->
            let given =
                match last.Shape with
                | Shape.Many parts when parts.Length = items.Length -> before @ parts
                | _ -> before @ (items |> Seq.map Known.ofType |> List.ofSeq)

            session.Apply f given (given |> List.map (fun _ -> lastAt)) call.Span
        | _ ->
            let sequence =
                Type.Union [| Type.Vector Atom.any; Type.List Atom.any; Type.Primitive Primitive.String |]

            Expect.knownFits session (fun () -> "the last argument of `apply`") last ValueNone sequence lastAt
            |> ignore

            match f.Shape, itemsOf session.Types last.Type with
            | Shape.Library name, ValueSome item ->
                match session.Signatures.TryGetValue name with
                // Of a function that takes any number, one item stands for all.
                | true, signature when not (isNull signature.Rest) && signature.Least <= arguments.Length ->
                    let given = before @ [ Known.ofType item ]
                    session.Apply f given (given |> List.map (fun _ -> lastAt)) call.Span
                | _ -> general call
            | _ -> general call
    | _ -> general call

/// What is added to a map is an entry.
let private conj (call: RuleCall) : Known =
    let types = call.Session.Types

    let isMap (atom: Atom) =
        atom.Parts
        |> List.exists (fun part ->
            match part with
            | Type.Map _
            | Type.MapOf _ -> true
            | _ -> false)

    let isAnyMap =
        not call.Values.IsEmpty
        && Atom.ofType types call.Values.Head.Type |> List.exists isMap

    if isAnyMap then
        call.Values
        |> List.iteri (fun i value ->
            if i > 0 && not (Known.isAny value) then
                Expect.fits
                    call.Session
                    (fun () -> $"argument {i + 1} of `conj`, to a map,")
                    value.Type
                    entry
                    (spanAt call i)
                |> ignore)

    match call.Values with
    | { Type = Type.Tuple items } as subject :: added when items.Length + added.Length <= 64 -> {
        Type = Type.Tuple(Array.append items (added |> Seq.map _.Type |> Array.ofSeq))
        Shape =
            (match subject.Shape with
             | Shape.Many parts -> Shape.Many(parts @ added)
             | _ -> Shape.Plain)
      }
    | { Type = Type.Vector item } :: added ->
        Known.ofType (Type.Vector(Join.items types (Array.append [| item |] (added |> Seq.map _.Type |> Array.ofSeq))))
    | { Type = Type.List item } :: added ->
        Known.ofType (Type.List(Join.items types (Array.append [| item |] (added |> Seq.map _.Type |> Array.ofSeq))))
    | _ -> general call

/// The rule of a function, where it has one.
let tryFind (name: string) : (RuleCall -> Known) voption =
    match name with
    | "get" -> ValueSome KeyRules.get
    | "get-in" -> ValueSome Paths.getIn
    | "assoc-in" -> ValueSome Paths.assocIn
    | "update-in" -> ValueSome Paths.updateIn
    | "into" -> ValueSome into
    | "apply" -> ValueSome apply
    | "sort" -> ValueSome Ordering.sort
    | "sort-by"
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
    | "first" -> ValueSome(first 0L)
    | "second" -> ValueSome(first 1L)
    | "nth" -> ValueSome nth
    | "reduce" -> ValueSome reduce
    | "vector"
    | "list" -> ValueSome several
    | "map" -> ValueSome mapped
    | "concat" -> ValueSome joined
    | "conj" -> ValueSome conj
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
