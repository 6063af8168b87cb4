/// Types put together: the least upper bound, and coarser types where a precise one would grow without end.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Join

open System.Collections.Generic
open Rtfs.Syntax.Tree

/// The members of a union, or the type itself; never has none.
let rec members (target: Type) : Type list =
    match target with
    | Type.Union parts -> parts |> Seq.collect members |> List.ofSeq
    | Type.Optional inner -> members inner @ [ Atom.nil ]
    | Type.Primitive Primitive.Never -> []
    | other -> [ other ]

let private isNil target =
    match target with
    | Type.Primitive Primitive.Nil -> true
    | Type.Val value -> value.Node = Node.Nil
    | _ -> false

let private truth = Forms.Bool true
let private falsehood = Forms.Bool false

let private isSame (target: Type) (literal: Form) =
    match target with
    | Type.Val value -> value.Equals literal
    | _ -> false

/// The shortest way to write a union of members: int and float are number, nil is a mark, literals are an enum.
let ofMembers (parts: Type list) : Type =
    let isPrimitive primitive target =
        match target with
        | Type.Primitive found -> found = primitive
        | _ -> false

    let parts =
        if
            parts |> List.exists (isPrimitive Primitive.Int)
            && parts |> List.exists (isPrimitive Primitive.Float)
        then
            parts
            |> List.filter (fun part -> not (isPrimitive Primitive.Float part))
            |> List.map (fun part ->
                if isPrimitive Primitive.Int part then
                    Type.Primitive Primitive.Number
                else
                    part)
        else
            parts

    let parts =
        let isTrue part = isSame part truth
        let isFalse part = isSame part falsehood

        if parts |> List.exists isTrue && parts |> List.exists isFalse then
            parts
            |> List.filter (fun part -> not (isFalse part))
            |> List.map (fun part -> if isTrue part then Type.Primitive Primitive.Bool else part)
        else
            parts

    let absent, present = parts |> List.partition isNil

    let literals =
        present
        |> List.choose (fun part ->
            match part with
            | Type.Val value -> Some value
            | _ -> None)

    let isLiteral part =
        match part with
        | Type.Val _ -> true
        | _ -> false

    let present =
        match literals with
        | []
        | [ _ ] -> present
        | several ->
            let first = present |> List.findIndex isLiteral

            (present |> List.take first)
            @ [ Type.Enum(Array.ofList several) ]
            @ (present |> List.skip first |> List.filter (fun part -> not (isLiteral part)))

    match present, absent with
    | [], [] -> Atom.never
    | [], _ -> Atom.nil
    | [ only ], [] -> only
    | [ only ], _ -> TypeNames.orNil only
    | several, [] -> Type.Union(Array.ofList several)
    | several, _ -> Type.Optional(Type.Union(Array.ofList several))

/// Enums as their literals, so that members can be compared one by one.
let private spelled (target: Type) : Type list =
    members target
    |> List.collect (fun part ->
        match part with
        | Type.Enum values -> values |> Seq.map Type.Val |> List.ofSeq
        | other -> [ other ])

let private isAny target =
    match target with
    | Type.Primitive Primitive.Any -> true
    | _ -> false

/// The least type above both: each is a subtype of it, and it is a subtype of whatever both are subtypes of.
let join (names: NamedTypes) (a: Type) (b: Type) : Type =
    if a.Equals b then
        a
    elif isAny a || isAny b then
        Atom.any
    elif Relation.isSubtype names a b then
        b
    elif Relation.isSubtype names b a then
        a
    else
        let kept = ResizeArray<Type>(spelled a)

        for part in spelled b do
            if not (kept.Exists(fun other -> Relation.isSubtype names part other)) then
                kept.RemoveAll(fun other -> Relation.isSubtype names other part) |> ignore
                kept.Add part

        ofMembers (List.ofSeq kept)

let joinAll (names: NamedTypes) (types: seq<Type>) : Type =
    types |> Seq.fold (join names) Atom.never

/// What each atom of a type gives, together; nothing where one of them gives nothing, or there are none.
let ofAtoms (names: NamedTypes) (give: Atom -> Type voption) (target: Type) : Type voption =
    let given = Atom.ofType names target |> List.map give

    if not given.IsEmpty && given |> List.forall _.IsSome then
        ValueSome(given |> Seq.map _.Value |> joinAll names)
    else
        ValueNone

/// Numbers and strings lose their exact value; keywords, booleans and nil keep it, as tags and flags are read by it.
let rec literals (target: Type) : Type =
    match target with
    | Type.Val value ->
        match value.Node with
        | Node.Keyword _
        | Node.Bool _
        | Node.Nil -> target
        | _ -> Type.Primitive(Literals.primitiveOf value)
    | Type.Enum values -> values |> Seq.map (Type.Val >> literals) |> distinct
    | Type.Optional inner -> TypeNames.orNil (literals inner)
    | Type.Union parts -> parts |> Seq.map literals |> distinct
    | Type.Vector item -> Type.Vector(literals item)
    | Type.List item -> Type.List(literals item)
    | Type.Tuple items -> Type.Tuple(items |> Array.map literals)
    | Type.Stream item -> Type.Stream(literals item)
    | Type.Map(fields, rest) ->
        Type.Map(
            fields
            |> Array.map (fun field -> Field(field.Key, literals field.Type, field.Optional)),
            rest
        )
    | Type.MapOf(key, value) -> Type.MapOf(literals key, literals value)
    | Type.Primitive _
    | Type.Function _
    | Type.Resource _
    | Type.And _
    | Type.Array _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _
    | Type.Alias _ -> target

and private distinct (types: seq<Type>) : Type =
    let seen = HashSet<Type>()
    types |> Seq.collect spelled |> Seq.filter seen.Add |> List.ofSeq |> ofMembers

/// The most members of a union that inference makes, and the deepest type.
let private widest = 8
let private deepest = 12

let rec private isDeeper (limit: int) (target: Type) : bool =
    let inside = isDeeper (limit - 1)

    let isOtherDeeper (other: Type | null) =
        match other with
        | null -> false
        | present -> inside present

    limit <= 0
    || match target with
       | Type.Optional inner -> inside inner
       | Type.Union parts -> parts |> Array.exists inside
       | Type.Vector item
       | Type.List item
       | Type.Array(item, _)
       | Type.Stream item -> inside item
       | Type.Tuple items -> items |> Array.exists inside
       | Type.Map(fields, rest) -> fields |> Array.exists (fun field -> inside field.Type) || isOtherDeeper rest
       | Type.MapOf(key, value) -> inside key || inside value
       | Type.Function(parameters, rest, result) ->
           parameters |> Array.exists inside || isOtherDeeper rest || inside result
       | Type.StreamBi(input, output)
       | Type.StreamDuplex(input, output) -> inside input || inside output
       | Type.And(subject, _) -> inside subject
       | Type.Primitive _
       | Type.Resource _
       | Type.Enum _
       | Type.Val _
       | Type.ForAll _
       | Type.Variable _
       | Type.Alias _ -> false

let rec private depth (limit: int) (target: Type) : Type =
    let inside = depth (limit - 1)
    let isTooDeep = isDeeper (limit - 1)

    let insideOther (other: Type | null) : Type | null =
        match other with
        | null -> null
        | present -> inside present

    if limit <= 0 then
        Atom.any
    else
        match target with
        | Type.Optional inner -> TypeNames.orNil (inside inner)
        | Type.Union parts -> Type.Union(parts |> Array.map inside)
        | Type.Vector item -> Type.Vector(inside item)
        | Type.List item -> Type.List(inside item)
        | Type.Array(item, dimensions) -> Type.Array(inside item, dimensions)
        | Type.Tuple items -> Type.Tuple(items |> Array.map inside)
        | Type.Stream item -> Type.Stream(inside item)
        | Type.Map(fields, rest) ->
            Type.Map(
                fields
                |> Array.map (fun field -> Field(field.Key, inside field.Type, field.Optional)),
                insideOther rest
            )
        | Type.MapOf(key, value) -> Type.MapOf(inside key, inside value)
        // What a function takes would have to become narrower, down to never, for the function to become wider.
        | Type.Function(parameters, rest, result) ->
            let isRestTooDeep =
                match rest with
                | null -> false
                | present -> isTooDeep present

            if isRestTooDeep || parameters |> Array.exists isTooDeep then
                Atom.any
            else
                Type.Function(parameters, rest, inside result)
        | Type.StreamBi(input, output) ->
            if isTooDeep input then
                Atom.any
            else
                Type.StreamBi(input, inside output)
        | Type.StreamDuplex(input, output) ->
            if isTooDeep input then
                Atom.any
            else
                Type.StreamDuplex(input, inside output)
        | Type.And(subject, refinements) -> Type.And(inside subject, refinements)
        | Type.Primitive _
        | Type.Resource _
        | Type.Enum _
        | Type.Val _
        | Type.ForAll _
        | Type.Variable _
        | Type.Alias _ -> target

let private isTooWide (target: Type) =
    match target with
    | Type.Union parts
    | Type.Optional(Type.Union parts) -> parts.Length > widest
    | _ -> false

/// Without the literals of an enum that has too many, keywords too.
let rec private withoutLongEnums (target: Type) : Type =
    match target with
    | Type.Enum values when values.Length > 4 * widest ->
        values |> Seq.map (Literals.primitiveOf >> Type.Primitive) |> distinct
    | Type.Optional inner -> TypeNames.orNil (withoutLongEnums inner)
    | Type.Union parts -> parts |> Seq.map withoutLongEnums |> distinct
    | other -> other

/// A type of bounded size above the given one.
let bounded (target: Type) : Type =
    let coarser =
        withoutLongEnums (if isTooWide target then literals target else target)

    let narrowed = if isTooWide coarser then Atom.any else coarser

    if isDeeper deepest narrowed then
        depth deepest narrowed
    else
        narrowed

/// What a sequence holds whose items have these types: the join, with literals widened where the items differ.
let items (names: NamedTypes) (types: Type array) : Type =
    match types |> Array.distinct with
    | [| only |] -> only
    | several -> several |> Seq.map literals |> joinAll names |> bounded

/// The join of what a name holds in one round and in the next: vectors that grow are vectors of their items, whatever their lengths.
let grown (names: NamedTypes) (before: Type) (after: Type) : Type =
    let before = literals before
    let after = literals after

    let itemOf target =
        match target with
        | Type.Tuple parts -> ValueSome(items names parts)
        | Type.Vector item -> ValueSome item
        | _ -> ValueNone

    match itemOf before, itemOf after with
    | ValueSome a, ValueSome b when not (before.Equals after) -> Type.Vector(items names [| a; b |])
    | _ -> bounded (join names before after)
