/// Clauses of `match`: what each can still meet after those before it, and those that nothing reaches (RTFS2007).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Matches

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private spanOf (pattern: MatchPattern) : Span =
    match pattern with
    | MatchPattern.Any span
    | MatchPattern.Literal(_, span)
    | MatchPattern.Vector(_, _, span)
    | MatchPattern.Map(_, _, span)
    | MatchPattern.As(_, _, span)
    | MatchPattern.OfType(_, span) -> span
    | MatchPattern.Name binding -> binding.Span

/// The type of what a pattern matches, as far as a type can say it.
let rec private typeOf (pattern: MatchPattern) : Type =
    match pattern with
    | MatchPattern.Any _
    | MatchPattern.Name _ -> Atom.any
    | MatchPattern.Literal(datum, _) when TypeNames.isLiteral datum -> Type.Val datum
    | MatchPattern.Literal _ -> Atom.any
    | MatchPattern.Vector(items, null, _) ->
        Type.Union [|
            Type.Tuple(items |> Array.map typeOf)
            Type.List(items |> Array.map typeOf |> Join.items Atom.noNames)
        |]
    | MatchPattern.Vector _ -> Type.Union [| Type.Vector Atom.any; Type.List Atom.any |]
    | MatchPattern.Map(entries, _, _) ->
        Type.Map(entries |> Array.map (fun entry -> Field(entry.Key, typeOf entry.Value, false)), null)
    | MatchPattern.As(_, inner, _) -> typeOf inner
    | MatchPattern.OfType(target, _) -> target

/// Whether the pattern matches every value of its type.
let rec private isWhole (pattern: MatchPattern) : bool =
    match pattern with
    | MatchPattern.Any _
    | MatchPattern.Name _
    | MatchPattern.OfType _ -> true
    | MatchPattern.Literal(datum, _) -> TypeNames.isLiteral datum
    | MatchPattern.Vector(items, rest, _) -> isNull rest && items |> Array.forall isWhole
    | MatchPattern.Map(entries, _, _) -> entries |> Array.forall (fun entry -> isWhole entry.Value)
    | MatchPattern.As(_, inner, _) -> isWhole inner

let private add (locals: Locals) (binding: Binding | null) (known: Known) : Locals =
    match binding with
    | null -> locals
    | present -> locals.SetItem(present, known)

let rec private bind (session: Session) (locals: Locals) (pattern: MatchPattern) (known: Known) : Locals =
    let types = session.Types

    match pattern with
    | MatchPattern.Any _
    | MatchPattern.Literal _
    | MatchPattern.OfType _ -> locals
    | MatchPattern.Name binding -> locals.SetItem(binding, known)
    | MatchPattern.As(binding, inner, _) -> bind session (locals.SetItem(binding, known)) inner known
    | MatchPattern.Vector(items, rest, _) ->
        let itemAt i =
            Atom.ofType types known.Type
            |> Seq.map (fun atom ->
                match atom.Parts with
                | [ Type.Tuple items ] when i < items.Length -> items[i]
                | [ (Type.Vector item | Type.List item) ] -> item
                | _ -> Atom.any)
            |> Join.joinAll types

        let locals =
            items
            |> Seq.indexed
            |> Seq.fold
                (fun locals (i, item) ->
                    bind session locals item (Known.ofType (Narrow.toType types (typeOf item) (itemAt i))))
                locals

        add locals rest (Known.ofType (Type.Vector Atom.any))
    | MatchPattern.Map(entries, rest, _) ->
        let locals =
            entries
            |> Seq.fold
                (fun locals entry ->
                    let value =
                        if Known.isAny known then
                            Known.any
                        else
                            Lookup.key session known ValueNone entry.Key Atom.nil false entry.Key.Span

                    bind
                        session
                        locals
                        entry.Value
                        (Known.ofType (Narrow.toType types (typeOf entry.Value) value.Type)))
                locals

        add locals rest (Known.ofType (Type.Map(Array.empty, null)))

/// What is left of a type when the pattern, without a guard, did not match: whole patterns take their type away.
let private without (types: NamedTypes) (pattern: MatchPattern) (target: Type) : Type =
    match pattern with
    | _ when not (isWhole pattern) -> target
    | MatchPattern.Any _
    | MatchPattern.Name _
    | MatchPattern.As(_, (MatchPattern.Any _ | MatchPattern.Name _), _) -> Atom.never
    | _ -> Narrow.notType types (typeOf pattern) target

let private isNever target =
    match target with
    | Type.Primitive Primitive.Never -> true
    | _ -> false

/// The value that the clauses give, joined.
let infer (session: Session) (locals: Locals) (value: Core) (clauses: MatchClause array) : Known =
    let types = session.Types
    let subject = session.Infer locals value

    // A literal that is matched against others is an example of its kind.
    let mutable left =
        match value with
        | Core.Quote _ -> Join.literals subject.Type
        | _ -> subject.Type

    let mutable result = ValueNone
    let mutable isSaid = false

    // What is matched is known as well where it stands: under a name, or a key of one.
    let narrowed (reached: Locals) (change: Type -> Type) =
        match value with
        | Subjects.Subject session (binding, path) -> Subjects.refine session reached binding path change
        | _ -> reached

    let mutable reached = locals

    for clause in clauses do
        let met =
            match clause.Pattern with
            | MatchPattern.Any _
            | MatchPattern.Name _ -> left
            | pattern -> Narrow.toType types (typeOf pattern) left

        if isNever left || isNever met then
            // The first of those that nothing reaches; what follows it is unreachable for the same reason.
            if not isSaid then
                let why =
                    if isNever left then
                        "the clauses before it match every value"
                    else
                        $"the value is {Shown.inMessage left}"

                session.ReportIdle(
                    "RTFS2007",
                    spanOf clause.Pattern,
                    true,
                    fun () -> $"this clause is never reached: {why}"
                )

                isSaid <- isNever left
        else
            session.ReportIdle("RTFS2007", spanOf clause.Pattern, false, (fun () -> ""))

            let known =
                match clause.Pattern with
                | MatchPattern.Any _
                | MatchPattern.Name _ -> { subject with Type = met }
                | _ -> Known.ofType met

            let there =
                match clause.Pattern with
                | MatchPattern.Any _
                | MatchPattern.Name _ -> reached
                | pattern -> narrowed reached (Narrow.toType types (typeOf pattern))

            let inside = bind session there clause.Pattern known

            let inside =
                match clause.Guard with
                | null -> inside
                | guard ->
                    session.Infer inside guard |> ignore
                    Assume.condition session inside guard true

            let given = session.Perhaps(fun () -> session.Infer inside clause.Body)

            result <-
                match result with
                | ValueNone -> ValueSome given
                | ValueSome before -> ValueSome(Known.either types before given)

            if isNull clause.Guard then
                left <- without types clause.Pattern left
                reached <- narrowed reached (without types clause.Pattern)

    match result with
    | ValueSome known -> known
    | ValueNone -> Known.ofType Atom.never
