/// What the names of a binding's pattern stand for, given what is known of the value that is taken apart.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Destructure

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private itemsOf (types: NamedTypes) (target: Type) (wanted: int) (hasRest: bool) : Result<Type array * Type, Type> =
    let atoms = Atom.ofType types target

    let readings =
        atoms
        |> List.map (fun atom ->
            atom.Parts
            |> List.tryPick (fun part ->
                match part with
                | Type.Tuple items when items.Length = wanted || (hasRest && items.Length > wanted) ->
                    Some(Ok(Array.take wanted items, Join.items types (Array.skip wanted items)))
                | Type.Tuple _ -> Some(Error part)
                | Type.Vector item
                | Type.List item -> Some(Ok(Array.create wanted item, item))
                | Type.Primitive Primitive.Any
                | Type.Alias _
                | Type.Variable _ -> Some(Ok(Array.create wanted Atom.any, Atom.any))
                | Type.Resource _ when not (part.Equals Caught.error) ->
                    Some(Ok(Array.create wanted Atom.any, Atom.any))
                | _ -> None)
            |> Option.defaultValue (Error(Atom.toType atom)))

    let found =
        readings
        |> List.choose (fun reading ->
            match reading with
            | Ok parts -> Some parts
            | Error _ -> None)

    match found with
    | [] -> Error target
    | _ ->
        Ok(
            Array.init wanted (fun i -> found |> Seq.map (fun (items, _) -> items[i]) |> Join.joinAll types),
            found |> Seq.map snd |> Join.joinAll types
        )

/// Whether it may have another number of items than a pattern takes, as far as its type tells.
let private mayDiffer (types: NamedTypes) (known: Known) (wanted: int) (hasRest: bool) : bool =
    let size =
        Refinement.Count(
            (if hasRest then
                 Comparison.GreaterOrEqual
             else
                 Comparison.Equal),
            int64 wanted
        )

    let isOpen (atom: Atom) =
        match atom.Parts with
        | [ (Type.Vector item | Type.List item) ] ->
            not (item.Equals Atom.never)
            && Relation.satisfies types atom size <> Relation.Fit.Wholly
        | [ Type.Tuple _ ] -> Relation.satisfies types atom size <> Relation.Fit.Wholly
        | _ -> false

    match known.Type, known.Shape with
    | _, Shape.Datum { Node = Node.List items } when
        items.Forms.Length = wanted || hasRest && items.Forms.Length > wanted
        ->
        false
    // What a call has given a rest parameter.
    | Type.List _, Shape.Many parts when parts.Length = wanted || hasRest && parts.Length > wanted -> false
    | _ when hasRest && wanted = 0 -> false
    | _ -> Atom.ofType types known.Type |> List.exists isOpen

let private isMapLike (types: NamedTypes) (target: Type) : bool voption =
    let fits =
        Atom.ofType types target
        |> List.map (fun atom ->
            atom.Parts
            |> List.exists (fun part ->
                match part with
                | Type.Map _
                | Type.MapOf _
                | Type.Primitive Primitive.Any
                | Type.Alias _
                | Type.Variable _ -> true
                | Type.Resource _ -> not (part.Equals Caught.error)
                | _ -> false))

    if fits |> List.forall id then ValueSome true
    elif fits |> List.exists id then ValueNone
    else ValueSome false

let private add (locals: Locals) (binding: Binding | null) (known: Known) : Locals =
    match binding with
    | null -> locals
    | present -> locals.SetItem(present, known)

/// A value that cannot be taken apart so is told of (RTFS2010).
let rec bind (session: Session) (locals: Locals) (pattern: Pattern) (known: Known) (core: Core voption) : Locals =
    match pattern with
    | Pattern.Ignore _ -> locals
    | Pattern.Name binding -> locals.SetItem(binding, known)
    | Pattern.Vector(items, rest, whole, span) ->
        let locals = add locals whole known

        let parts =
            match known.Shape with
            | Shape.Many parts -> parts
            | _ -> []

        let hasRest = not (isNull rest)

        if Known.isAny known then
            Expect.anyFlows session known core span (fun () -> "it is taken apart as a vector")

        let least = if hasRest then "at least " else ""
        let noun = if items.Length = 1 then "item" else "items"
        let comparison = if hasRest then "<=" else "="

        let types, restType =
            match itemsOf session.Types known.Type items.Length hasRest with
            | Ok found ->
                if session.IsStrict && mayDiffer session.Types known items.Length hasRest then
                    session.Report(
                        "RTFS2002",
                        span,
                        $"this pattern takes {least}{items.Length} {noun}, and the value may have another number of them: found {Shown.inMessage known.Type}",
                        $"test how many there are first, (when ({comparison} {items.Length} (count items)) …), or give it a type that says so: [:tuple …]"
                    )

                found
            | Error found ->

                session.Report(
                    "RTFS2010",
                    span,
                    $"this pattern takes {least}{items.Length} {noun}, and the value is {Shown.inMessage found}",
                    Caught.help found
                )

                Array.create items.Length Atom.any, Atom.any

        let unknown =
            if session.IsStrict && Known.isAny known then
                Known.told
            else
                Known.any

        let locals =
            items
            |> Seq.indexed
            |> Seq.fold
                (fun locals (i, item) ->
                    let value =
                        match List.tryItem i parts with
                        | Some part -> part
                        | None when Known.isAny known -> unknown
                        | None -> Known.ofType types[i]

                    bind session locals item value ValueNone)
                locals

        let left = parts |> List.skip (min items.Length parts.Length)

        add
            locals
            rest
            (if left.IsEmpty then
                 Known.ofType (Type.Vector restType)
             else
                 {
                     Type = Type.Vector restType
                     Shape = Shape.Many left
                 })
    | Pattern.Map(entries, rest, whole, span) ->
        let locals = add locals whole known

        match whole with
        | null -> ()
        | present -> Subjects.aliasParts session entries present

        if Known.isAny known then
            Expect.anyFlows session known core span (fun () -> "it is taken apart as a map")

        let fits = isMapLike session.Types known.Type

        match fits with
        | ValueSome true -> ()
        | ValueSome false ->
            session.Report(
                "RTFS2010",
                span,
                $"this pattern takes a map apart, and the value is {Shown.inMessage known.Type}",
                Caught.help known.Type
            )
        | ValueNone ->
            session.Report(
                "RTFS2002",
                span,
                $"this pattern takes a map apart, and the value may be none: found {Shown.inMessage known.Type}",
                "give a default, (or value {}), or test it first, (when value …)"
            )

        let readable =
            match fits with
            | ValueSome true -> known
            | _ ->
                Known.ofType (
                    known.Type
                    |> Narrow.filter session.Types (fun atom ->
                        isMapLike session.Types (Atom.toType atom) = ValueSome true)
                )

        let locals =
            entries
            |> Seq.fold
                (fun locals entry ->
                    let value =
                        if fits = ValueSome false then
                            Known.any
                        elif Known.isAny known then
                            if session.IsStrict then Known.told else Known.any
                        else
                            Lookup.key
                                session
                                readable
                                ValueNone
                                entry.Key
                                Atom.nil
                                true
                                (spanOf entry.Value entry.Key)

                    bind session locals entry.Value value ValueNone)
                locals

        add
            locals
            rest
            (Known.ofType (
                entries
                |> Seq.fold (fun target entry -> Keys.without session.Types entry.Key target) readable.Type
            ))

/// Where a key of a pattern stands: at the name that it is bound to, as `:keys` writes it.
and private spanOf (pattern: Pattern) (key: Form) : Span =
    match pattern with
    | Pattern.Name binding -> binding.Span
    | Pattern.Ignore span
    | Pattern.Vector(_, _, _, span)
    | Pattern.Map(_, _, _, span) -> if key.Span.Length > 0 then key.Span else span
