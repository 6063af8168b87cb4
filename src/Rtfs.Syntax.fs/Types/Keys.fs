/// What maps hold under literal keys: reading a key of a type, writing one, taking one away.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Keys

open Rtfs.Syntax.Tree

/// What a key gives on one atom of a type.
[<RequireQualifiedAccess>]
type Reading =
    /// The key is there, or may be missing (`isSure` false).
    | Found of target: Type * isSure: bool
    /// A record that names other keys: closed, the key is never there; open, nothing is known of it.
    | Unknown of known: Form list * isClosed: bool
    /// Nothing has keys here: nil gives nil.
    | Nothing
    /// No map at all.
    | Unfit of found: Type
    | Any

let private isNever (target: Type | null) =
    match target with
    | null -> false
    | Type.Primitive primitive -> primitive = Primitive.Never
    | _ -> false

/// A key of one plain type.
let private part (names: NamedTypes) (key: Form) (target: Type) : Reading =
    match target with
    | Type.Primitive Primitive.Any -> Reading.Any
    | Type.Primitive Primitive.Nil -> Reading.Nothing
    | Type.Map(fields, rest) ->
        match fields |> Array.tryFind (fun field -> field.Key.Equals key) with
        | Some field -> Reading.Found(field.Type, not field.Optional)
        | None ->
            match rest with
            | null when fields.Length = 0 -> Reading.Any
            | null -> Reading.Unknown(fields |> Seq.map _.Key |> List.ofSeq, false)
            | never when isNever never -> Reading.Unknown(fields |> Seq.map _.Key |> List.ofSeq, true)
            | wildcard -> Reading.Found(wildcard, false)
    | Type.MapOf(keyType, value) ->
        if Relation.fit names (Type.Val key) keyType = Relation.Fit.Not then
            Reading.Unknown([], true)
        else
            Reading.Found(value, false)
    // An alias that nobody defines, a type variable, a resource: whatever it is.
    | Type.Variable _
    | Type.Alias _ -> Reading.Any
    | _ -> Reading.Unfit target

let private readAtoms (names: NamedTypes) (key: Form) (target: Type) : Reading list =
    Atom.ofType names target
    |> List.map (fun atom ->
        let readings = atom.Parts |> List.map (part names key)

        let found =
            readings
            |> List.tryFind (fun reading ->
                match reading with
                | Reading.Found(_, true) -> true
                | _ -> false)
            |> Option.orElse (
                readings
                |> List.tryFind (fun reading ->
                    match reading with
                    | Reading.Found _ -> true
                    | _ -> false)
            )
            |> Option.defaultValue readings.Head

        match found with
        | Reading.Found(target, false) when List.contains (Refinement.HasKey key) atom.Refinements ->
            Reading.Found(target, true)
        | other -> other)

/// One answer for each atom of the type.
let read (names: NamedTypes) (key: Form) (target: Type) : Reading list =
    if Atom.isSingle target then
        [ part names key target ]
    else
        readAtoms names key target

let private mapAtoms (names: NamedTypes) (change: Type -> Type) (target: Type) : Type =
    Atom.ofType names target
    |> List.map (fun atom -> atom.Parts |> List.head |> change)
    |> Join.joinAll names

let private ofKey (key: Form) : Type = Join.literals (Type.Val key)

/// The type with a key set to a value; nil becomes a map of the one key.
let rec write (names: NamedTypes) (key: Form) (value: Type) (target: Type) : Type =
    target
    |> mapAtoms names (fun part ->
        match part with
        | Type.Map(fields, rest) ->
            let field = Field(key, value, false)

            match fields |> Array.tryFindIndex (fun known -> known.Key.Equals key) with
            | Some i -> Type.Map(fields |> Array.mapi (fun j known -> if i = j then field else known), rest)
            | None -> Type.Map(Array.append fields [| field |], rest)
        | Type.MapOf(keyType, valueType) ->
            Type.MapOf(Join.join names keyType (ofKey key), Join.join names valueType value)
        | Type.Primitive Primitive.Nil -> Type.Map([| Field(key, value, false) |], Atom.never)
        | Type.Primitive Primitive.Any -> Atom.any
        | other -> other)

/// The type without a key.
let without (names: NamedTypes) (key: Form) (target: Type) : Type =
    target
    |> mapAtoms names (fun part ->
        match part with
        | Type.Map(fields, rest) -> Type.Map(fields |> Array.filter (fun field -> not (field.Key.Equals key)), rest)
        | other -> other)

/// Where the key is there.
let present (names: NamedTypes) (key: Form) (target: Type) : Type =
    let known = Refinement.HasKey key

    let withKey (atom: Atom) =
        let parts =
            atom.Parts
            |> List.map (fun part ->
                match part with
                | Type.Map(fields, rest) ->
                    Type.Map(
                        fields
                        |> Array.map (fun field ->
                            if field.Key.Equals key then
                                Field(key, field.Type, false)
                            else
                                field),
                        rest
                    )
                | other -> other)

        let isDictionary =
            parts
            |> List.exists (fun part ->
                match part with
                | Type.MapOf _ -> true
                | _ -> false)

        {
            Parts = parts
            Refinements =
                if isDictionary && not (List.contains known atom.Refinements) then
                    known :: atom.Refinements
                else
                    atom.Refinements
        }

    let lacksKey (atom: Atom) =
        match atom.Parts with
        | [ Type.Map(fields, Closed) ] -> fields |> Array.forall (fun field -> not (field.Key.Equals key))
        | _ -> false

    Atom.ofType names target
    |> List.filter (lacksKey >> not)
    |> List.map (withKey >> Atom.toType)
    |> Join.joinAll names

/// A field as a test leaves it; nothing where the record has no such value.
let private refined (names: NamedTypes) (change: Type -> Type) (field: Field) : Field voption =
    let before =
        if field.Optional then
            TypeNames.orNil field.Type
        else
            field.Type

    let after = change before

    if isNever after then
        ValueNone
    else
        let isSure =
            not field.Optional
            || (Atom.ofType names after
                |> List.forall (fun atom -> not (List.contains Atom.nil atom.Parts)))

        // The nil of a key that is missing is no value of its field, unless the field may hold one.
        let holdsNil = Relation.isSubtype names Atom.nil field.Type

        let isMissing (atom: Atom) =
            not holdsNil && atom.Parts = [ Atom.nil ] && atom.Refinements.IsEmpty

        let shown = Narrow.filter names (isMissing >> not) after

        ValueSome(Field(field.Key, (if isNever shown then field.Type else shown), not isSure))

/// What a test tells of a key that nobody has named, where it is not met by a key that is missing. `held` is the type of any such value.
let private found (key: Form) (change: Type -> Type) (held: Type) : Field voption =
    let after = change held

    if isNever (change Atom.nil) && not (isNever after) && not (after.Equals Atom.any) then
        ValueSome(Field(key, after, false))
    else
        ValueNone

/// The type with what a test told of the value under a key; members that cannot have such a value are gone.
let refine (names: NamedTypes) (key: Form) (change: Type -> Type) (target: Type) : Type =
    let isRecord part =
        match part with
        | Type.Map _ -> true
        | _ -> false

    let inRecord (record: Type) (fields: Field array) (rest: Type | null) (atom: Atom) =
        let put fields rest =
            Some {
                atom with
                    Parts =
                        atom.Parts
                        |> List.map (fun part ->
                            if obj.ReferenceEquals(part, record) then
                                Type.Map(fields, rest)
                            else
                                part)
            }

        match fields |> Array.tryFindIndex (fun field -> field.Key.Equals key) with
        | Some i ->
            match refined names change fields[i] with
            | ValueNone -> None
            | ValueSome field -> put (fields |> Array.mapi (fun j known -> if i = j then field else known)) rest
        | None ->
            match rest with
            // The key is not there: its value is nil.
            | Closed -> if isNever (change Atom.nil) then None else Some atom
            | _ ->
                let held: Type =
                    match rest with
                    | null -> Atom.any
                    | present -> present

                match found key change held with
                | ValueNone -> Some atom
                // Of a map of which nothing was known nothing else is said by that.
                | ValueSome field when fields.Length = 0 -> put [| field |] held
                | ValueSome field -> put (Array.append fields [| field |]) rest

    Atom.ofType names target
    |> List.choose (fun atom ->
        match atom.Parts |> List.tryFind isRecord, atom.Parts with
        | Some(Type.Map(fields, rest) as record), _ -> inRecord record fields rest atom
        | _, [ Type.MapOf(keys, value) as dictionary ] when Relation.fit names (Type.Val key) keys <> Relation.Fit.Not ->
            match found key change value with
            | ValueSome field ->
                Some {
                    atom with
                        Parts = [ dictionary; Type.Map([| field |], value) ]
                }
            | ValueNone -> Some atom
        // A key of nil is nil.
        | _, [ Type.Primitive Primitive.Nil ] when isNever (change Atom.nil) -> None
        | _ -> Some atom)
    |> List.map Atom.toType
    |> Join.ofMembers

/// The type that holds the entries of all, those of the later ones winning.
let merge (names: NamedTypes) (first: Type) (second: Type) : Type =
    // Of keys that an open type does not name nothing is known, and they are not thought to replace those that another names.
    let under (field: Field) (rest: Type | null) : Type =
        match rest with
        | null -> field.Type
        | present -> Join.join names field.Type present

    let merged a b =
        match a, b with
        | Type.Map(fields, rest), Type.Map(others, otherRest) ->
            let kept =
                fields
                |> Array.map (fun field ->
                    match others |> Array.tryFind (fun other -> other.Key.Equals field.Key) with
                    | Some other when not other.Optional -> other
                    | Some other -> Field(field.Key, Join.join names field.Type other.Type, field.Optional)
                    | None -> Field(field.Key, under field otherRest, field.Optional))

            let added =
                others
                |> Array.filter (fun other -> not (fields |> Array.exists (fun field -> field.Key.Equals other.Key)))
                |> Array.map (fun other ->
                    if other.Optional then
                        Field(other.Key, under other rest, true)
                    else
                        other)

            let rest: Type | null =
                match rest, otherRest with
                | null, _
                | _, null -> null
                | a, b -> Join.join names a b

            Type.Map(Array.append kept added, rest)
        | Type.MapOf(key, value), Type.MapOf(otherKey, otherValue) ->
            Type.MapOf(Join.join names key otherKey, Join.join names value otherValue)
        | Type.Primitive Primitive.Nil, other -> other
        | other, Type.Primitive Primitive.Nil -> other
        | Type.Map([||], rest), other
        | other, Type.Map([||], rest) when isNever rest -> other
        | _ -> Type.Map(Array.empty, null)

    match Atom.ofType names first, Atom.ofType names second with
    | [ a ], [ b ] when not (Atom.isAny a || Atom.isAny b) -> merged a.Parts.Head b.Parts.Head
    | _ -> Type.Map(Array.empty, null)
