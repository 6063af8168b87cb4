/// Functions made of functions, as `comp` and `partial` make them: what they are made of is followed when they are called.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Combinators

open System.Runtime.CompilerServices
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private combination (name: string) (parts: Part list) : Combination voption =
    match name, parts with
    | "comp", parts -> ValueSome(Combination.Comp parts)
    | "partial", f :: given -> ValueSome(Combination.Partial(f, given))
    | "juxt", _ :: _ -> ValueSome(Combination.Juxt parts)
    | "complement", [ f ] -> ValueSome(Combination.Complement f)
    | "constantly", [ value ] -> ValueSome(Combination.Constantly value)
    | "every-pred", _ :: _ -> ValueSome(Combination.EveryPred parts)
    | "some-fn", _ :: _ -> ValueSome(Combination.SomeFn parts)
    | "fnil", f :: (_ :: _ as defaults) -> ValueSome(Combination.Fnil(f, defaults))
    | _ -> ValueNone

/// The rule of the functions that make them.
let make (call: RuleCall) : Known =
    let result = general call

    let parts =
        call.Values
        |> List.mapi (fun i value -> {
            Known = value
            Place = call.Session.PlaceOf(spanAt call i)
        })

    match combination call.Signature.Name parts with
    | ValueSome combination -> {
        result with
            Shape = Shape.Combined combination
      }
    | ValueNone -> result

/// The value as it is known where a test of it holds, or does not.
let private tested (session: Session) (test: Known) (value: Known) (holds: bool) : Known =
    let narrow (locals: Locals) (binding: Binding) (condition: Core) =
        let after =
            Assume.condition session (locals.SetItem(binding, value)) condition holds

        after[binding]

    match test.Shape with
    | Shape.Library name ->
        let span = Span.Of(0, 0)
        let binding = Binding("item", span)
        narrow Known.noLocals binding (Core.Call(Core.Global(name, span), [| Core.Local(binding, span) |], span))
    | Shape.Closure closure ->
        match closure.Lambda.Parameters with
        | [| Pattern.Name binding |] -> narrow closure.Locals binding closure.Lambda.Body
        | _ -> value
    | _ -> value

/// What tests give for each of the values. The next test comes to a value for which the last one's answer was as truthy as `goesOn`.
let private answers (session: Session) (parts: Part list) (values: Known list) spans span (goesOn: bool) : Type list =
    values
    |> List.mapi (fun i value ->
        let at = List.tryItem i spans |> Option.defaultValue span

        parts
        |> List.mapFold
            (fun value part ->
                let answer = session.Apply part.Known [ value ] [ at ] span
                answer.Type, tested session part.Known value goesOn)
            value
        |> fst)
    |> List.concat

let private follow
    (session: Session)
    (combination: Combination)
    (values: Known list)
    (spans: Span list)
    (span: Span)
    : Known =
    // What stands in another form is told of at the call.
    let spanOf (part: Part) =
        if obj.ReferenceEquals(part.Place.Origin, session.Origin) then
            part.Place.Span
        else
            span

    let spanAt i =
        List.tryItem i spans |> Option.defaultValue span

    match combination with
    | Combination.Comp [] ->
        if Closures.arity session (fun () -> "`identity`") 1 1 values.Length span then
            values.Head
        else
            Known.told
    | Combination.Comp parts ->
        let first = session.Apply (List.last parts).Known values spans span

        List.foldBack
            (fun (part: Part) result -> session.Apply part.Known [ result ] [ spanOf part ] (spanOf part))
            (List.take (parts.Length - 1) parts)
            first
    | Combination.Partial(f, given) ->
        session.Apply
            f.Known
            ((given |> List.map _.Known) @ values)
            ((given |> List.map spanOf) @ (values |> List.mapi (fun i _ -> spanAt i)))
            span
    | Combination.Juxt parts ->
        let results =
            parts |> List.map (fun part -> session.Apply part.Known values spans span)

        {
            Type = Type.Tuple(results |> Seq.map _.Type |> Array.ofSeq)
            Shape = Shape.Many results
        }
    | Combination.Complement f ->
        session.Apply f.Known values spans span |> ignore
        Known.ofType (Type.Primitive Primitive.Bool)
    | Combination.Constantly value -> value.Known
    | Combination.EveryPred parts ->
        answers session parts values spans span true |> ignore
        Known.ofType (Type.Primitive Primitive.Bool)
    | Combination.SomeFn parts ->
        match answers session parts values spans span false with
        | [] -> Known.ofType (Type.Val(Forms.Bool false))
        | found -> found |> Join.joinAll session.Types |> Join.bounded |> Known.ofType
    | Combination.Fnil(f, defaults) ->
        let types = session.Types

        let filled =
            values
            |> List.mapi (fun i value ->
                match List.tryItem i defaults with
                | Some given when Relation.isSubtype types value.Type Atom.nil -> struct (given.Known, spanOf given)
                | Some given when
                    not (Known.isAny value)
                    && Relation.fit types Atom.nil value.Type <> Relation.Fit.Not
                    ->
                    let other = Narrow.notType types Atom.nil value.Type
                    struct (Known.ofType (Join.join types other given.Known.Type), spanAt i)
                | _ -> struct (value, spanAt i))

        session.Apply
            f.Known
            (filled |> List.map (fun struct (value, _) -> value))
            (filled |> List.map (fun struct (_, at) -> at))
            span
    | Combination.OneOf functions ->
        functions
        |> List.map (fun f -> session.Apply f values spans span)
        |> List.reduce (Sight.either session)

/// A call of one. Combinations of combinations can be deep, and many calls in one.
let apply (session: Session) (combination: Combination) (values: Known list) (spans: Span list) (span: Span) : Known =
    if session.Step() && RuntimeHelpers.TryEnsureSufficientExecutionStack() then
        follow session combination values spans span
    else
        if session.Fuel > 0 then
            session.IsSpoiled <- true

        Known.any
