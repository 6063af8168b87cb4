/// What a value is taken for where a type is written for it: the annotation says what else it may be.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Held

/// `found` fits `wanted`. A record keeps the keys that the annotation does not name, and gets those that it may have besides; a literal is
/// one of its kind; of a union, an enum or a dict the value is any.
let rec at (names: NamedTypes) (wanted: Type) (found: Type) : Type = inside names [] wanted found

and private inside (names: NamedTypes) (unfolding: string list) (wanted: Type) (found: Type) : Type =
    let at = inside names unfolding

    match wanted, found with
    | Type.Alias name, _ ->
        match names.TryGetValue name with
        | true, meaning when not (List.contains name unfolding) ->
            match inside names (name :: unfolding) meaning found with
            | same when same.Equals meaning -> wanted
            | other -> other
        | _ -> wanted
    | Type.Primitive Primitive.Any, _
    | (Type.Function _ | Type.Variable _ | Type.ForAll _), _ -> found
    | Type.Primitive _, _ -> Join.literals found
    | Type.Map(fields, wildcard), Type.Map(known, rest) -> record at fields wildcard known rest
    | Type.Vector item, Type.Vector held -> Type.Vector(at item held)
    | Type.Vector item, Type.Tuple held when held.Length > 0 -> Type.Vector(at item (Join.items names held))
    | Type.List item, Type.List held -> Type.List(at item held)
    | Type.Tuple items, Type.Tuple held when items.Length = held.Length -> Type.Tuple(Array.map2 at items held)
    | Type.And(subject, refinements), Type.And(held, _) -> Type.And(at subject held, refinements)
    | Type.And(subject, refinements), held -> Type.And(at subject held, refinements)
    | _ -> wanted

and private record at (fields: Field array) (wildcard: Type | null) (known: Field array) (rest: Type | null) : Type =
    let wantedFor (key: Rtfs.Syntax.Tree.Form) =
        fields |> Array.tryFind (fun field -> field.Key.Equals key)

    let kept =
        known
        |> Array.map (fun field ->
            match wantedFor field.Key with
            | Some wanted -> Field(field.Key, at wanted.Type field.Type, field.Optional)
            | None -> field)

    let missing =
        fields
        |> Array.filter (fun field -> known |> Array.forall (fun other -> not (other.Key.Equals field.Key)))
        |> Array.map (fun field -> Field(field.Key, field.Type, true))

    let rest: Type | null =
        match wildcard with
        | null -> rest
        | Type.Primitive Primitive.Never -> rest
        | present -> present

    Type.Map(Array.append kept missing, rest)
