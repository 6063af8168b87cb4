/// Functions of sequences: which end may be missing, what is added, and what wiring follows through what a program builds.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.SequenceRules

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// The items of what is known to have so many at least.
let private itemOfSome (types: NamedTypes) (least: int64) (target: Type) : Type voption =
    let wanted =
        if least = 1L then
            Refinement.NonEmpty
        else
            Refinement.Count(Comparison.GreaterOrEqual, least)

    target
    |> Join.ofAtoms types (fun atom ->
        match atom.Parts with
        | [ (Type.Vector item | Type.List item) ] when Relation.satisfies types atom wanted = Relation.Fit.Wholly ->
            ValueSome item
        | _ -> ValueNone)

/// The first or the last of a sequence: nil, where it may have none.
let endOf (call: RuleCall) : Known =
    let result = general call

    match call.Values with
    | [ { Type = Type.Tuple items } ] when items.Length > 0 ->
        Known.ofType (
            if call.Signature.Name = "last" then
                Array.last items
            else
                items[0]
        )
    | [ subject ] ->
        match itemOfSome call.Session.Types 1L subject.Type with
        | ValueSome item -> { result with Type = item }
        | ValueNone -> result
    | _ -> result

let first (index: int64) (call: RuleCall) : Known =
    match call.Values with
    | [ { Type = Type.Tuple items } as subject ] when items.Length > 0 ->
        match subject.Shape with
        | Shape.Many parts when int index < parts.Length -> parts[int index]
        | _ -> Known.ofType (item call.Session subject.Type (Forms.Int index) Atom.nil)
    | _ when index = 0L -> endOf call
    | [ subject ] ->
        let result = general call

        match itemOfSome call.Session.Types (index + 1L) subject.Type with
        | ValueSome item -> { result with Type = item }
        | ValueNone -> result
    | _ -> general call

let nth (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | subject :: index :: rest when rest.Length < 2 ->
        let result = general call

        let literal =
            match index with
            | LiteralOf({ Node = Node.Int _ } as literal) -> literal
            | _ -> Forms.Nil()

        match literal.Node, subject.Type, rest with
        | Node.Int i, Type.Tuple items, [] when i < 0L || i >= int64 items.Length ->
            let noun = if items.Length = 1 then "item" else "items"

            session.Report(
                "RTFS2001",
                spanAt call 1,
                $"the index {i} is out of bounds: this vector has {items.Length} {noun}",
                "give a default for what is not there: (nth items index default)"
            )

            Known.told
        | Node.Int _, Type.Tuple _, _ ->
            let fallback =
                match rest with
                | [ given ] -> given.Type
                | _ -> Atom.any

            Known.ofType (item session subject.Type literal fallback)
        | _, _, [ given ] -> {
            result with
                Type = Join.join session.Types result.Type given.Type
          }
        | _ -> result
    | _ -> general call

/// A fold without a start begins with the first item.
let reduce (call: RuleCall) : Known =
    match call.Values with
    | [ f; items ] ->
        let start =
            match itemsOf call.Session.Types items.Type with
            | ValueSome item -> Known.ofType item
            | ValueNone when Known.isAny items -> Known.any
            | ValueNone when isString call.Session.Types items.Type -> Known.ofType (Type.Primitive Primitive.String)
            // What is no sequence is told of.
            | ValueNone -> Known.told

        LibraryCalls.call
            call.Session
            call.Signature
            [ f; start; items ]
            Array.empty
            [ spanAt call 0; spanAt call 1; spanAt call 1 ]
            call.Span
    | _ -> general call

/// What is left of a sequence by a test of its items.
let filtered (call: RuleCall) : Known =
    let session = call.Session
    let result = general call

    match call.Values with
    | test :: _ ->
        let where = Filters.where session test (call.Signature.Name <> "remove")

        match result.Type with
        | Type.Vector item -> {
            result with
                Type = Type.Vector(where item)
          }
        | Type.List item -> {
            result with
                Type = Type.List(where item)
          }
        // `find-first`: one of them, or none.
        | Type.Primitive _ -> result
        | found when call.Signature.Name = "find-first" -> {
            result with
                Type = TypeNames.orNil (where (Narrow.notType session.Types Atom.nil found))
          }
        | _ -> result
    | [] -> result

let several (call: RuleCall) : Known = {
    Type =
        (if call.Signature.Name = "list" then
             Type.List(call.Values |> Seq.map _.Type |> Array.ofSeq |> Join.items call.Session.Types)
         else
             Type.Tuple(call.Values |> Seq.map _.Type |> Array.ofSeq))
    Shape = Shape.Many call.Values
}

/// What wiring follows through a sequence that a program builds.
let mapped (call: RuleCall) : Known =
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

/// As many items as there were, which a strict check asks of what is taken apart.
let asMany (rule: RuleCall -> Known) (call: RuleCall) : Known =
    let result = rule call

    match List.tryLast call.Values, result.Type with
    | Some { Type = Type.Tuple items }, Type.Vector given when call.Session.IsStrict && items.Length > 0 -> {
        result with
            Type = Type.Tuple(Array.create items.Length given)
      }
    | _ -> result

/// The first items of a vector that is written out, or those behind them, of which a strict check knows how many there are.
let part (call: RuleCall) : Known =
    let result = general call

    let cut (keep: Type array -> Type array) (items: Type array) = {
        result with
            Type = Type.Tuple(keep items)
    }

    match call.Signature.Name, call.Values with
    | _ when not call.Session.IsStrict -> result
    | "rest", [ { Type = Type.Tuple items } ] when items.Length > 0 -> cut Array.tail items
    | "take", [ LiteralOf { Node = Node.Int count }; { Type = Type.Tuple items } ] when
        count >= 0L && count <= int64 items.Length
        ->
        cut (Array.take (int count)) items
    | "drop", [ LiteralOf { Node = Node.Int count }; { Type = Type.Tuple items } ] when
        count >= 0L && count <= int64 items.Length
        ->
        cut (Array.skip (int count)) items
    | _ -> result

/// Pieces of so many items; the last has as many as the others where nothing is left over.
let pieces (call: RuleCall) : Known =
    let result = general call

    match call.Values with
    | [ LiteralOf { Node = Node.Int size }; { Type = Type.Tuple items } ] when
        size > 0L && items.Length > 0 && int64 items.Length % size = 0L
        ->
        let piece = Array.create (int size) (Join.items call.Session.Types items)

        {
            result with
                Type = Type.Vector(Type.Tuple piece)
        }
    | _ -> result

/// The items of all of them, where all are known.
let private allOf (values: Known list) : Known list voption =
    let parts =
        values
        |> List.choose (fun value ->
            match value.Shape with
            | Shape.Many parts -> Some parts
            | _ -> None)

    if parts.Length = values.Length then
        ValueSome(List.concat parts)
    else
        ValueNone

let joined (call: RuleCall) : Known =
    let result = general call

    match allOf call.Values with
    | ValueSome(_ :: _ as parts) -> { result with Shape = Shape.Many parts }
    | _ -> result

/// What is added to a map: [key value], or a map.
let private entry =
    Type.Union [|
        Type.Tuple [| Atom.any; Atom.any |]
        Type.Map(Array.empty, null)
        Type.MapOf(Atom.any, Atom.any)
    |]

/// The items of one collection in another.
let into (call: RuleCall) : Known =
    let types = call.Session.Types
    let result = general call

    match call.Values with
    | [ target; added ] ->
        match target.Type, itemsOf types added.Type with
        | (Type.Map _ | Type.MapOf _), ValueSome item when not (item.Equals Atom.any || item.Equals Atom.never) ->
            Expect.fits call.Session (fun () -> "what `into` adds to a map") item entry (spanAt call 1)
            |> ignore

            match item with
            | Type.Tuple [| key; value |] -> Known.ofType (withEntry types target.Type key value)
            | _ -> Known.ofType (Type.Map(Array.empty, null))
        | (Type.Map _ | Type.MapOf _), _ -> Known.ofType (Type.Map(Array.empty, null))
        | held, ValueSome item ->
            match itemsOf types held with
            | ValueSome before ->
                let all = Join.items types [| before; item |]

                match held, allOf call.Values with
                // A list takes what is added at its front.
                | Type.List _, _ -> Known.ofType (Type.List all)
                | _, ValueSome parts when parts |> List.exists Sight.isFollowed -> {
                    Type = Type.Vector all
                    Shape = Shape.Many parts
                  }
                | _ -> Known.ofType (Type.Vector all)
            | ValueNone -> result
        | _ -> result
    | _ -> result

/// The items of the last argument are arguments; how many there are is known of a vector that is written out.
let apply (call: RuleCall) : Known =
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
let conj (call: RuleCall) : Known =
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
