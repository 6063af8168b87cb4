/// Signatures that hold for all types: what their variables stand for in one use.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Substitution

open System.Collections.Generic

/// Each occurrence of a type is rewritten from the inside out; `change` sees the leaf cases too.
let rec map (change: Type -> Type) (target: Type) : Type =
    let inside = map change

    let rest (wildcard: Type | null) : Type | null =
        match wildcard with
        | null -> null
        | present -> inside present

    change (
        match target with
        | Type.Optional inner -> TypeNames.orNil (inside inner)
        | Type.Vector item -> Type.Vector(inside item)
        | Type.List item -> Type.List(inside item)
        | Type.Tuple items -> Type.Tuple(items |> Array.map inside)
        | Type.Map(fields, wildcard) ->
            Type.Map(
                fields
                |> Array.map (fun field -> Field(field.Key, inside field.Type, field.Optional)),
                rest wildcard
            )
        | Type.MapOf(key, value) -> Type.MapOf(inside key, inside value)
        | Type.Function(parameters, extra, result) ->
            Type.Function(parameters |> Array.map inside, rest extra, inside result)
        | Type.Union members -> Type.Union(members |> Array.map inside)
        | Type.And(subject, refinements) ->
            Type.And(
                inside subject,
                refinements
                |> Array.map (fun refinement ->
                    match refinement with
                    | Refinement.OfType inner -> Refinement.OfType(inside inner)
                    | other -> other)
            )
        | Type.Array(item, dimensions) -> Type.Array(inside item, dimensions)
        | Type.Stream item -> Type.Stream(inside item)
        | Type.StreamBi(input, output) -> Type.StreamBi(inside input, inside output)
        | Type.StreamDuplex(input, output) -> Type.StreamDuplex(inside input, inside output)
        | Type.ForAll(variables, body) -> Type.ForAll(variables, inside body)
        | Type.Primitive _
        | Type.Resource _
        | Type.Enum _
        | Type.Val _
        | Type.Variable _
        | Type.Alias _ -> target
    )

/// What variables stand for so far: the join of what they were given.
type Bindings = Dictionary<string, Type>

/// Variables that nothing was given for are `:any`.
let apply (bindings: Bindings) (target: Type) : Type =
    target
    |> map (fun part ->
        match part with
        | Type.Variable name ->
            match bindings.TryGetValue name with
            | true, found -> found
            | _ -> Atom.any
        // An item of what is empty.
        | Type.Optional(Type.Primitive Primitive.Never) -> Atom.nil
        | Type.Union members -> members |> Seq.collect Join.members |> List.ofSeq |> Join.ofMembers
        | other -> other)

let private bind (names: NamedTypes) (bindings: Bindings) (name: string) (found: Type) =
    match bindings.TryGetValue name with
    | true, known when Relation.isSubtype names found known -> ()
    | true, known -> bindings[name] <- Join.grown names known found
    | _ -> bindings[name] <- found

let rec hasVariable (target: Type) : bool =
    match target with
    | Type.Variable _ -> true
    | Type.Optional inner
    | Type.Vector inner
    | Type.List inner
    | Type.Stream inner
    | Type.Array(inner, _) -> hasVariable inner
    | Type.Tuple items
    | Type.Union items -> items |> Array.exists hasVariable
    | Type.Map(fields, wildcard) ->
        fields |> Array.exists (fun field -> hasVariable field.Type)
        || (match wildcard with
            | null -> false
            | present -> hasVariable present)
    | Type.MapOf(key, value) -> hasVariable key || hasVariable value
    | Type.Function(parameters, rest, result) ->
        parameters |> Array.exists hasVariable
        || hasVariable result
        || (match rest with
            | null -> false
            | present -> hasVariable present)
    | Type.And(subject, _) -> hasVariable subject
    | Type.StreamBi(input, output)
    | Type.StreamDuplex(input, output) -> hasVariable input || hasVariable output
    | Type.ForAll(_, body) -> hasVariable body
    | Type.Primitive _
    | Type.Resource _
    | Type.Enum _
    | Type.Val _
    | Type.Alias _ -> false

/// What an argument says of the variables in its parameter.
let rec collect (names: NamedTypes) (bindings: Bindings) (parameter: Type) (argument: Type) : unit =
    if hasVariable parameter then
        let inside = collect names bindings

        match parameter with
        | Type.Variable name -> bind names bindings name argument
        | Type.Optional inner -> inside inner (Narrow.notType names Atom.nil argument)
        | Type.Union members ->
            let plain, variables =
                members
                |> Array.partition (fun part ->
                    match part with
                    | Type.Variable _ -> false
                    | _ -> true)

            for part in plain do
                inside part argument

            for variable in variables do
                // What no other member takes.
                inside variable (plain |> Array.fold (fun left part -> Narrow.notType names part left) argument)
        | Type.Function(parameters, _, result) ->
            match argument with
            | Type.Function(taken, _, given) when taken.Length = parameters.Length -> inside result given
            | _ -> ()
        | _ ->
            for atom in Atom.ofType names argument do
                // What a test has told of a dictionary's keys says less of them all than the dictionary.
                let parts =
                    match atom.Parts with
                    | Type.MapOf _ as dictionary :: _ -> [ dictionary ]
                    | several -> several

                for part in parts do
                    match parameter, part with
                    | Type.Vector item, Type.Vector found
                    | Type.List item, Type.List found
                    | Type.Stream item, Type.Stream found -> inside item found
                    | Type.Vector item, Type.Tuple found -> inside item (Join.items names found)
                    | Type.Tuple items, Type.Tuple found when items.Length = found.Length ->
                        Array.iter2 inside items found
                    | Type.MapOf(key, value), Type.MapOf(foundKey, foundValue) ->
                        inside key foundKey
                        inside value foundValue
                    | Type.MapOf(key, value), Type.Map(fields, wildcard) ->
                        if fields.Length > 0 then
                            inside key (fields |> Array.map (fun field -> Type.Val field.Key) |> Join.items names)
                            inside value (fields |> Array.map _.Type |> Join.items names)

                        match wildcard with
                        | null ->
                            inside key Atom.any
                            inside value Atom.any
                        | Closed -> ()
                        | present -> inside value present
                    | Type.Map(fields, _), Type.Map(found, _) ->
                        for field in fields do
                            match found |> Array.tryFind (fun other -> other.Key.Equals field.Key) with
                            | Some other -> inside field.Type other.Type
                            | None -> ()
                    | (Type.Vector item | Type.List item), Type.Primitive Primitive.String ->
                        inside item (Type.Primitive Primitive.String)
                    | (Type.Vector item | Type.List item), Type.Val value when
                        Literals.primitiveOf value = Primitive.String
                        ->
                        inside item (Type.Primitive Primitive.String)
                    | (Type.Vector item | Type.List item | Type.Stream item), Type.Primitive Primitive.Any ->
                        inside item Atom.any
                    | Type.MapOf(key, value), Type.Primitive Primitive.Any ->
                        inside key Atom.any
                        inside value Atom.any
                    | _ -> ()
