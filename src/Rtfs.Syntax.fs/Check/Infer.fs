/// The type of every expression, from the outside in: what is known of names goes down, what is known of values comes up.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Infer

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// Quoted data as far as it is worth knowing.
let rec private datumType (limit: int) (form: Form) : Type =
    match form.Node with
    | _ when limit = 0 -> Atom.any
    | Node.Vector items when items.Forms.Length <= 64 -> Type.Tuple(items.Forms |> Array.map (datumType (limit - 1)))
    | Node.Vector _ -> Type.Vector Atom.any
    | Node.List _ -> Type.List Atom.any
    | Node.Map items ->
        Type.Map(
            pairs items.Forms
            |> Array.map (fun struct (key, value) -> Field(key, datumType (limit - 1) value, false))
            |> Array.distinctBy _.Key,
            null
        )
    | Node.Symbol _ -> Type.Primitive Primitive.Symbol
    | Node.Resource _ -> Type.Primitive Primitive.String
    | _ when TypeNames.isLiteral form -> Type.Val form
    | _ -> Atom.any

let private widestTuple = 64

/// An anonymous value that a name is given to: drawings call it so.
let private named (session: Session) (known: Known) (name: string) =
    match known.Shape with
    | Shape.Stream stage
    | Shape.Sink stage -> session.Name stage name
    | _ -> ()

let private vector (session: Session) (items: Known array) : Known = {
    Type =
        (if items.Length <= widestTuple then
             Type.Tuple(items |> Array.map _.Type)
         else
             Type.Vector(items |> Array.map _.Type |> Join.items session.Types))
    Shape =
        (if items.Length <= widestTuple then
             Shape.Many(List.ofArray items)
         else
             items |> Array.iter (Sight.lose session)
             Shape.Plain)
}

let private map (session: Session) (locals: Locals) (entries: KeyValuePair<Core, Core> array) : Known =
    let parts =
        entries
        |> Array.map (fun entry -> struct (session.Infer locals entry.Key, session.Infer locals entry.Value))

    let fields =
        parts
        |> Array.map (fun (struct (key, value)) ->
            match key.Type with
            | Type.Val literal when TypeNames.isKey literal -> ValueSome(Field(literal, value.Type, false))
            | _ -> ValueNone)

    if fields |> Array.forall _.IsSome && fields.Length <= widestTuple then
        // The last of equal keys wins.
        let distinct =
            fields
            |> Seq.map _.Value
            |> Seq.rev
            |> Seq.distinctBy _.Key
            |> Seq.rev
            |> Array.ofSeq

        {
            Type = Type.Map(distinct, Atom.never)
            Shape =
                (if parts |> Array.exists (fun (struct (_, value)) -> Sight.isFollowed value) then
                     Seq.zip fields parts
                     |> Seq.map (fun (field, struct (_, value)) -> struct (field.Value.Key, value))
                     |> Seq.rev
                     |> List.ofSeq
                     |> Shape.Entries
                 else
                     Shape.Plain)
        }
    else
        for struct (_, value) in parts do
            Sight.lose session value

        Known.ofType (
            Type.MapOf(
                parts
                |> Array.map (fun (struct (key, _)) -> key.Type)
                |> Join.items session.Types,
                parts
                |> Array.map (fun (struct (_, value)) -> value.Type)
                |> Join.items session.Types
            )
        )

/// Functions that one `let` binds see themselves and each other.
let private letIn (session: Session) (locals: Locals) (bindings: KeyValuePair<Pattern, Core> array) : Locals =
    let closures = List<Closure>()
    let mutable reached = locals

    // Ahead of the rest, so that each is in reach of those before it.
    for binding in bindings do
        match binding.Key, binding.Value with
        | Pattern.Name name, Core.Function(lambda, _) ->
            let known = Closures.known session lambda reached

            match known.Shape with
            | Shape.Closure closure -> closures.Add closure
            | _ -> ()

            reached <- reached.SetItem(name, known)
        | _ -> ()

    for binding in bindings do
        match binding.Key, binding.Value with
        | Pattern.Name _, Core.Function _ -> ()
        | pattern, value ->
            for closure in closures do
                closure.Locals <- reached

            let known = session.Infer reached value

            let bound =
                match pattern with
                | Pattern.Name name ->
                    named session known name.Name
                    Assume.named known value
                | Pattern.Ignore _
                | Pattern.Vector _
                | Pattern.Map _ -> known

            reached <- Destructure.bind session reached pattern bound (ValueSome value)
            Assume.bound session pattern value

    for closure in closures do
        closure.Locals <- reached

    reached

/// What no value leads into has no part in a result; outside of calls it is looked at for what is wired in it.
let private lookAt (session: Session) (locals: Locals) (unreached: Core) =
    if session.Frames.IsEmpty && session.Trials = 0 then
        session.Unreached <- session.Unreached + 1
        session.Infer locals unreached |> ignore
        session.Unreached <- session.Unreached - 1

let private branch (session: Session) (locals: Locals) condition consequent alternative : Known =
    let test = session.Infer locals condition
    let truth = Narrow.truth session.Types test.Type
    let whenTrue = Assume.condition session locals condition true
    let whenFalse = Assume.condition session locals condition false

    // What is never reached has no type, and in a call that is followed no mistakes.
    let isReached locals holds =
        truth <> ValueSome(not holds) && not (Assume.isNever session locals condition)

    let infer locals holds part =
        if isReached locals holds then
            ValueSome(session.Perhaps(fun () -> session.Infer locals part))
        else
            lookAt session locals part
            ValueNone

    match infer whenTrue true consequent, infer whenFalse false alternative with
    | ValueSome a, ValueSome b -> Sight.either session a b
    | ValueSome only, ValueNone
    | ValueNone, ValueSome only -> only
    | ValueNone, ValueNone -> Known.ofType Atom.never

/// `and`: the first that is falsy, or the last.
let private conjunction (session: Session) (locals: Locals) (items: Core array) (stopsAt: bool) : Known =
    let mutable reached = locals
    let mutable result = Known.ofType Atom.never
    let last = items.Length - 1

    let mutable isOver = false

    items
    |> Array.iteri (fun i item ->
        if isOver then
            lookAt session reached item
        else

            let known = session.Infer reached item
            isOver <- i < last && Narrow.truth session.Types known.Type = ValueSome stopsAt

            if isOver then
                result <- Sight.either session result known
            elif i = last then
                result <- Sight.either session result known
            else
                let stopped =
                    if stopsAt then
                        Narrow.truthy session.Types known.Type
                    else
                        Narrow.falsy session.Types known.Type

                result <- Sight.either session result { known with Type = stopped }
                reached <- Assume.condition session reached item (not stopsAt))

    if items.Length = 0 then
        Known.ofType (Type.Val(if stopsAt then Forms.Nil() else Forms.Bool true))
    else
        result

let private check (session: Session) (locals: Locals) value target (role: string) (name: string | null) : Known =
    let known = session.Infer locals value

    let subject () =
        match name with
        | null -> $"the value of this {role}"
        | name -> $"`{name}`"

    // The annotation is what tells of a value of which nothing is known.
    if not (Known.isAny known) then
        Expect.knownFits session subject known (ValueSome value) target value.Span
        |> ignore

    Closures.met session known target

let private together (session: Session) (locals: Locals) (branches: Core array) : Known =
    // Every branch is there when the streams start.
    let before = session.Ended

    let values, after =
        branches
        |> Array.mapFold
            (fun after branch ->
                session.Ended <- before
                let known = session.Infer locals branch
                known, Ended.both after session.Ended)
            before

    session.Ended <- after
    vector session values

let private step (session: Session) (locals: Locals) (kind: string) (options: Core | null) (body: Core array) : Known =
    match options with
    | null -> ()
    | present -> session.Infer locals present |> ignore

    match kind, body with
    | "step-if", [| condition; consequent; alternative |] -> branch session locals condition consequent alternative
    | "step-parallel", _ -> together session locals body
    | _ -> body |> Array.fold (fun _ part -> session.Infer locals part) Known.nil

let private globalOf (session: Session) (locals: Locals) (name: string) : Known =
    session.Trace.Reads.Add name

    let told =
        match session.Globals.TryGetValue name with
        | true, binding ->
            match locals.TryGetValue binding with
            | true, known -> ValueSome known
            | _ -> ValueNone
        | _ -> ValueNone

    match told |> ValueOption.orElseWith (fun () -> session.Define name) with
    | ValueSome known -> known
    | ValueNone ->
        match session.Signatures.TryGetValue name with
        | true, signature -> {
            Type = signature.Whole
            Shape = Shape.Library name
          }
        | _ when session.Mistaken.Contains name -> Known.told
        | _ -> Known.any

let private node (session: Session) (locals: Locals) (core: Core) : Known =
    match core with
    | Core.Quote(datum, _) ->
        match session.Origin.Annex.ProgramOf core with
        | ValueSome program ->
            session.Trace.Plans.Add(struct (program, session.Origin))

            {
                Type = Type.List Atom.any
                Shape = Shape.Plan(program, session.Origin)
            }
        | _ -> {
            Type = datumType 12 datum
            Shape = Shape.Datum datum
          }
    | Core.Local(binding, _) ->
        match locals.TryGetValue binding with
        | true, known -> Assume.read known
        | _ -> Known.any
    | Core.Global(name, _) -> globalOf session locals name
    | Core.Vector(items, _) -> vector session (items |> Array.map (session.Infer locals))
    | Core.List(items, _) ->
        let items = items |> Array.map (session.Infer locals)

        {
            Type = Type.List(items |> Array.map _.Type |> Join.items session.Types)
            Shape = Shape.Many(List.ofArray items)
        }
    | Core.Map(entries, _) ->
        let known = map session locals entries

        match session.Origin.Annex.ProgramOf core with
        | ValueSome program ->
            session.Trace.Plans.Add(struct (program, session.Origin))

            {
                known with
                    Shape = Shape.Plan(program, session.Origin)
            }
        | _ -> known
    | Core.If(condition, consequent, alternative, _) -> branch session locals condition consequent alternative
    | Core.Do(body, _) -> body |> Array.fold (fun _ part -> session.Infer locals part) Known.nil
    | Core.And(items, _) -> session.Perhaps(fun () -> conjunction session locals items false)
    | Core.Or(items, _) -> session.Perhaps(fun () -> conjunction session locals items true)
    | Core.Let(bindings, body, _) -> session.Infer (letIn session locals bindings) body
    | Core.Function(lambda, _)
    | Core.Consumer(lambda, _) -> Closures.known session lambda locals
    | Core.Define(name, value, _) ->
        let known = session.Infer locals value
        named session known name

        if session.Trials = 0 then
            if Sight.isHandle known then
                session.Trace.Handles.Add core

            session.Record name known

        known
    | Core.Call(callee, arguments, span) -> Calls.core session locals callee arguments span
    | Core.Operation(name, arguments, options, span) -> StreamForms.infer session locals name arguments options span
    | Core.Match(value, clauses, _) -> Matches.infer session locals value clauses
    | Core.Loop(bindings, body, _) -> session.Perhaps(fun () -> Loops.loop session locals bindings body)
    | Core.Recur(arguments, _) -> Loops.recur session locals arguments
    | Core.For(bindings, body, _) -> session.Perhaps(fun () -> Loops.comprehension session locals bindings body)
    | Core.Try(body, catches, cleanup, _) -> Attempts.infer session locals body catches cleanup
    | Core.Check(value, target, role, name, _) -> check session locals value target role name
    | Core.Struct(_, target, _) -> Known.ofType (Type.Function([| target |], null, target))
    | Core.Parallel(branches, _) -> together session locals branches
    | Core.Step(kind, _, options, body, _) -> step session locals kind options body
    | Core.Hinted(hints, target, _) ->
        session.Infer locals hints |> ignore
        session.Infer locals target
    | Core.WithResource(binding, value, body, _) ->
        let known = session.Infer locals value
        named session known binding.Name
        let result = session.Infer (locals.SetItem(binding, known)) body
        Readers.close session known "released" value.Span
        result

/// Joins the recursion: what is too deep or too long is `:any`.
let start (session: Session) : unit =
    session.Infer <-
        fun locals core ->
            if session.Step() && RuntimeHelpers.TryEnsureSufficientExecutionStack() then
                node session locals core
            else
                if session.Fuel > 0 then
                    session.IsSpoiled <- true

                Known.any

    // Who is given a function may not call it.
    session.Apply <-
        fun callee values spans span -> session.Perhaps(fun () -> Calls.apply session callee values spans span)
