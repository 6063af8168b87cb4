/// Calls of the catalogue's functions: arguments against the signature, whose variables take what the arguments are.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.LibraryCalls

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private functionIn (target: Type) : Type voption =
    match target with
    | Type.Function _ -> ValueSome target
    | Type.Optional(Type.Function _ as inner) -> ValueSome inner
    | Type.Union members
    | Type.Optional(Type.Union members) ->
        members
        |> Array.tryFind (fun part ->
            match part with
            | Type.Function _ -> true
            | _ -> false)
        |> ValueOption.ofOption
    | _ -> ValueNone

let private isCallable (known: Known) =
    let isFunction (target: Type) =
        match target with
        | Type.Function _
        | Type.ForAll(_, Type.Function _) -> true
        | _ -> false

    match known.Shape, known.Type with
    | Shape.Datum(KeywordOf _), _ -> true
    | _, Type.Union members when members |> Array.forall isFunction -> true
    | _, target -> isFunction target || Sight.isFunction known

/// A function given to a library function is called with what the signature promises it.
let private applyFunction
    (session: Session)
    (bindings: Substitution.Bindings)
    (name: string)
    (parameter: Type)
    (value: Known)
    (isToldElsewhere: bool)
    (span: Span)
    =
    match parameter with
    | Type.Function(parameters, rest, result) when isNull rest || parameters.Length > 0 ->
        let once () =
            // That nothing is known of an item is told of where the sequence is, if nothing is known of that.
            let given =
                parameters
                |> Seq.map (fun parameter ->
                    match Substitution.apply bindings parameter with
                    | Type.Primitive Primitive.Any when isToldElsewhere -> Known.told
                    | target -> Known.ofType target)
                |> List.ofSeq

            session.Apply value given (given |> List.map (fun _ -> span)) span

        // What a fold gives becomes what it is given: as long as that brings something new.
        let rec settle round =
            let before =
                bindings
                |> Seq.map (fun entry -> struct (entry.Key, entry.Value))
                |> Array.ofSeq

            let given = session.Try once
            Substitution.collect session.Types bindings result (Join.literals given.Type)

            let isNew =
                before
                |> Array.exists (fun (struct (key, known)) -> not (bindings[key].Equals known))

            if isNew && round < 3 then
                settle (round + 1)
            elif isNew then
                for struct (key, known) in before do
                    if not (bindings[key].Equals known) then
                        bindings[key] <- Atom.any

        let isFold =
            match result with
            | Type.Variable variable -> bindings.ContainsKey variable
            | _ -> false

        if isFold then
            settle 0

        let given = once ()
        Sight.lose session given
        Substitution.collect session.Types bindings result given.Type

        match result with
        | Type.Primitive Primitive.Any -> ()
        | _ ->
            Expect.fits
                session
                (fun () -> $"what the function given to `{name}` gives")
                given.Type
                (Substitution.apply bindings result)
                span
            |> ignore
    | _ -> ()

/// `cores` are the arguments as they are written, where they are.
let call
    (session: Session)
    (signature: Signature)
    (values: Known list)
    (cores: Core array)
    (spans: Span list)
    (span: Span)
    : Known =
    let name = signature.Name

    if not (Closures.arity session (fun () -> $"`{name}`") signature.Least signature.Most values.Length span) then
        Known.told
    else
        let parameters = Signature.parametersFor signature values.Length
        let bindings = Substitution.Bindings()

        let parameterAt i : Type =
            if i < parameters.Length then
                parameters[i]
            else
                match signature.Rest with
                | null -> Atom.any
                | rest -> rest

        let spanAt i =
            List.tryItem i spans |> Option.defaultValue span

        let isFunctional i value =
            (functionIn (parameterAt i)).IsSome && isCallable value

        values
        |> List.iteri (fun i value ->
            if not (isFunctional i value) then
                Substitution.collect session.Types bindings (parameterAt i) value.Type)

        values |> List.iter (Sight.lose session)

        // Of an argument that is no fit, what the functions are called with is not known, and that is told of already.
        let isUnfit i (value: Known) =
            not (Known.isAny value)
            && not (isFunctional i value)
            && Relation.fit session.Types value.Type (Substitution.apply bindings (parameterAt i)) = Relation.Fit.Not

        let isToldElsewhere =
            values |> List.exists Known.isAny
            || (values |> List.indexed |> List.exists (fun (i, value) -> isFunctional i value)
                && values |> List.indexed |> List.exists (fun (i, value) -> isUnfit i value))

        let mutable isFit = true

        values
        |> List.iteri (fun i value ->
            let core = if i < cores.Length then ValueSome cores[i] else ValueNone

            if isFunctional i value then
                match functionIn (parameterAt i) with
                | ValueSome wanted -> applyFunction session bindings name wanted value isToldElsewhere (spanAt i)
                | ValueNone -> ()
            else
                let wanted = Substitution.apply bindings (parameterAt i)

                match parameterAt i with
                // A variable takes whatever comes.
                | Type.Variable _
                | Type.Optional(Type.Variable _) -> ()
                | _ ->
                    if
                        not (
                            Expect.knownFits
                                session
                                (fun () -> $"argument {i + 1} of `{name}`")
                                value
                                core
                                wanted
                                (spanAt i)
                        )
                    then
                        isFit <- false)

        let result = Substitution.apply bindings signature.Result |> Join.bounded

        match result with
        // What a mistake gives has been told of with it.
        | _ when not isFit && Substitution.hasVariable signature.Result -> Known.told
        | Type.Primitive Primitive.Any when
            not isFit
            || values
               |> List.exists (fun value ->
                   match value.Shape with
                   | Shape.Told -> true
                   | _ -> false)
            ->
            Known.told
        | _ -> Known.ofType result
