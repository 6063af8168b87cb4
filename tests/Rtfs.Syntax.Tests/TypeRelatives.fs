/// Types next to a given one: above it or below it by one rule, somewhere in it. Two types drawn apart are hardly ever related.
module Rtfs.Syntax.Tests.TypeRelatives

open FsCheck
open FsCheck.FSharp
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators

let private replaced (i: int) (change: Gen<'T>) (items: 'T array) : Gen<'T array> =
    change
    |> Gen.map (fun changed -> items |> Array.mapi (fun j item -> if i = j then changed else item))

let private changeOne (change: 'T -> Gen<'T>) (items: 'T array) : Gen<'T array> = gen {
    let! i = Gen.choose (0, items.Length - 1)
    return! replaced i (change items[i]) items
}

let private loosened (refinement: Refinement) : Gen<Refinement> =
    let lower (form: Form) =
        match form.Node with
        | Node.Int value -> Gen.elements [ form; Forms.Int(value - 1L); Forms.Float(Operators.float value - 0.5) ]
        | _ -> Gen.constant form

    let higher (form: Form) =
        match form.Node with
        | Node.Int value -> Gen.elements [ form; Forms.Int(value + 1L); Forms.Float(Operators.float value + 0.5) ]
        | _ -> Gen.constant form

    match refinement with
    | Refinement.Compare(Comparison.Greater, bound) ->
        Gen.map2
            (fun comparison bound -> Refinement.Compare(comparison, bound))
            (Gen.elements [ Comparison.Greater; Comparison.GreaterOrEqual; Comparison.NotEqual ])
            (Gen.constant bound)
    | Refinement.Compare(Comparison.GreaterOrEqual, bound) ->
        Gen.map (fun bound -> Refinement.Compare(Comparison.GreaterOrEqual, bound)) (lower bound)
    | Refinement.Compare(Comparison.LessOrEqual, bound) ->
        Gen.map (fun bound -> Refinement.Compare(Comparison.LessOrEqual, bound)) (higher bound)
    | Refinement.InRange(low, high) ->
        Gen.oneof [
            Gen.map2 (fun low high -> Refinement.InRange(low, high)) (lower low) (higher high)
            Gen.constant (Refinement.Compare(Comparison.GreaterOrEqual, low))
            Gen.constant (Refinement.Compare(Comparison.LessOrEqual, high))
        ]
    | Refinement.Length(Comparison.GreaterOrEqual, length) ->
        Gen.constant (Refinement.Length(Comparison.GreaterOrEqual, max 0L (length - 1L)))
    | Refinement.Length(Comparison.Equal, length) ->
        Gen.constant (Refinement.Length(Comparison.LessOrEqual, length + 1L))
    | Refinement.Count(Comparison.GreaterOrEqual, count) when count > 1L -> Gen.constant Refinement.NonEmpty
    | Refinement.Count(Comparison.Equal, count) ->
        Gen.elements [
            Refinement.Count(Comparison.GreaterOrEqual, count)
            Refinement.Count(Comparison.LessOrEqual, count)
        ]
    | Refinement.RequiredKeys keys when keys.Length > 0 -> Gen.constant (Refinement.HasKey keys[0])
    | other -> Gen.constant other

/// A type above the given one by one rule, somewhere in it. With `up` false, one below.
let rec private step (up: bool) (target: Type) : Gen<Type> =
    let same = step up
    let against = step (not up)

    let outside =
        if up then
            Gen.frequency [
                1, Gen.constant any
                2, Gen.constant (TypeNames.orNil target)
                3, Gen.map (fun other -> Type.Union [| other; target |]) leaf
            ]
        else
            Gen.frequency [
                1, Gen.constant never
                4, Gen.map (fun refinement -> Type.And(target, [| refinement |])) (refinement target)
            ]

    let inside =
        match target with
        | Type.Primitive(Primitive.Int | Primitive.Float) when up -> Gen.constant number
        | Type.Primitive Primitive.Number when not up -> Gen.elements [ int; float ]
        | Type.Primitive Primitive.Bool when not up -> Gen.constant (Type.Val(Forms.Bool true))
        | Type.Primitive Primitive.Any when not up -> types
        | Type.Primitive Primitive.Never when up -> types
        | Type.Primitive _
        | Type.Resource _
        | Type.ForAll _
        | Type.Variable _ -> outside
        | Type.Optional inner ->
            if up then
                Gen.map TypeNames.orNil (same inner)
            else
                Gen.oneof [ Gen.constant inner; Gen.constant nil; Gen.map TypeNames.orNil (same inner) ]
        | Type.Vector item -> Gen.map Type.Vector (same item)
        | Type.List item -> Gen.map Type.List (same item)
        | Type.Stream item -> Gen.map Type.Stream (same item)
        | Type.Tuple items ->
            let one = changeOne same items |> Gen.map Type.Tuple

            if up then
                Gen.oneof [ one; Gen.constant (Type.Vector(Type.Union items)) ]
            else
                one
        | Type.Map(fields, wildcard) ->
            Gen.oneof (List.map Gen.constant (widened up fields wildcard) @ inField up fields wildcard)
        | Type.MapOf(key, value) ->
            Gen.oneof [
                Gen.map (fun key -> Type.MapOf(key, value)) (same key)
                Gen.map (fun value -> Type.MapOf(key, value)) (same value)
            ]
        | Type.Function(parameters, rest, result) ->
            let byResult =
                Gen.map (fun result -> Type.Function(parameters, rest, result)) (same result)

            if parameters.Length = 0 then
                byResult
            else
                Gen.oneof [
                    byResult
                    changeOne against parameters
                    |> Gen.map (fun parameters -> Type.Function(parameters, rest, result))
                ]
        | Type.StreamBi(input, output) ->
            Gen.oneof [
                Gen.map (fun input -> Type.StreamBi(input, output)) (against input)
                Gen.map (fun output -> Type.StreamBi(input, output)) (same output)
            ]
        | Type.StreamDuplex(input, output) ->
            Gen.oneof [
                Gen.map (fun input -> Type.StreamDuplex(input, output)) (against input)
                Gen.map (fun output -> Type.StreamDuplex(input, output)) (same output)
            ]
        | Type.Union members ->
            let one = changeOne same members |> Gen.map Type.Union

            if up then
                Gen.oneof [
                    one
                    Gen.map (fun other -> Type.Union(Array.append members [| other |])) leaf
                ]
            elif members.Length > 1 then
                Gen.oneof [ one; Gen.constant (Type.Union(Array.tail members)) ]
            else
                one
        | Type.Enum values ->
            if up then
                Gen.map (fun value -> Type.Enum(Array.append values [| value |])) literals
            else
                Gen.map Type.Val (Gen.elements values)
        | Type.Val value ->
            if up then
                Gen.oneof [
                    Gen.constant (Type.Primitive(Literals.primitiveOf value))
                    Gen.map (fun other -> Type.Enum [| other; value |]) literals
                ]
            else
                outside
        | Type.And(subject, refinements) ->
            if up then
                Gen.oneof [
                    Gen.constant subject
                    changeOne loosened refinements
                    |> Gen.map (fun refinements -> Type.And(subject, refinements))
                    Gen.map (fun subject -> Type.And(subject, refinements)) (same subject)
                ]
            else
                Gen.oneof [
                    Gen.map (fun extra -> Type.And(subject, Array.append refinements [| extra |])) (refinement subject)
                    Gen.map (fun subject -> Type.And(subject, refinements)) (same subject)
                ]
        | Type.Array(item, dimensions) ->
            let byItem = Gen.map (fun item -> Type.Array(item, dimensions)) (same item)

            if up then
                Gen.oneof [
                    byItem
                    Gen.constant (Type.Array(item, dimensions |> Array.map (fun _ -> -1L)))
                ]
            else
                byItem
        | Type.Alias name ->
            match names.TryGetValue name with
            | true, meaning -> Gen.constant meaning
            | _ -> outside

    Gen.frequency [ 1, outside; 4, inside ]

/// By width and by optional fields.
and private widened up (fields: Field array) wildcard : Type list =
    let marked optional =
        fields
        |> Array.mapi (fun i field ->
            if i = 0 then
                Field(field.Key, field.Type, optional)
            else
                field)

    if up then
        [
            Type.Map(marked true, wildcard)
            Type.Map(fields, null)
            Type.Map(Array.truncate 1 fields, null)
            if wildcard = never then
                Type.MapOf(
                    Type.Union [| never; yield! fields |> Array.map (fun field -> Type.Val field.Key) |],
                    Type.Union [| never; yield! fields |> Array.map _.Type |]
                )
        ]
    else
        [
            Type.Map(marked false, wildcard)
            Type.Map(fields, never)
            match wildcard with
            | null when not (fields |> Array.exists (fun field -> field.Key.Equals(key "c"))) ->
                Type.Map(Array.append fields [| required "c" int |], null)
            // Closed, a map without optional fields has none; a wildcard would let it have them with another type.
            | _ -> Type.Map(fields |> Array.filter (fun field -> not field.Optional), never)
        ]

and private inField up (fields: Field array) wildcard : Gen<Type> list = [
    if fields.Length > 0 then
        changeOne
            (fun (field: Field) ->
                step up field.Type
                |> Gen.map (fun target -> Field(field.Key, target, field.Optional)))
            fields
        |> Gen.map (fun fields -> Type.Map(fields, wildcard))
    match wildcard with
    | null -> ()
    | present -> step up present |> Gen.map (fun wildcard -> Type.Map(fields, wildcard))
]

let above (target: Type) = step true target
let below (target: Type) = step false target

/// Types made out of one another, so that many of them are related.
let family = gen {
    let! first = types
    let! second = Gen.oneof [ above first; below first ]
    let! third = Gen.oneof [ above second; below second; above first ]
    let! fourth = Gen.oneof [ above third; below third; above first ]
    let! other = leaf
    return [| first; second; third; fourth; other |]
}
