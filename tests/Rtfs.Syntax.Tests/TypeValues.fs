/// Values for types, and what the laws are about: families of types with values of theirs.
module Rtfs.Syntax.Tests.TypeValues

open System
open FsCheck
open FsCheck.FSharp
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators
open Rtfs.Syntax.Tests.TypeRelatives

let private pool = Gen.oneof [ literals; numbers; strings ]

let private sequence (items: Gen<'T>) =
    Gen.choose (0, 3) |> Gen.bind (fun count -> Gen.arrayOfLength count items)

/// Values that are likely to be of the type, without a promise.
let rec valuesOf (depth: int) (target: Type) : Gen<Form> =
    let inner = valuesOf (depth - 1)

    let distinct (entries: seq<Form * Form>) =
        entries |> Seq.distinctBy fst |> Membership.mapOf

    if depth <= 0 then
        match target with
        | Type.Optional _ -> Gen.constant (Forms.Nil())
        | _ -> pool
    else
        match target with
        | Type.Primitive Primitive.Int -> Gen.map Forms.Int (Gen.choose64 (-2L, 6L))
        | Type.Primitive Primitive.Float ->
            Gen.map Forms.Float (Gen.elements [ -1.5; -0.5; 1.0; 1.5; 2.0; 2.5; 3.0; 9.0 ])
        | Type.Primitive Primitive.Number -> numbers
        | Type.Primitive Primitive.String -> strings
        | Type.Primitive Primitive.Keyword -> Gen.map Forms.Keyword (Gen.elements [ "a"; "b"; "c" ])
        | Type.Primitive Primitive.Bool -> Gen.map Forms.Bool (Gen.elements [ true; false ])
        | Type.Primitive Primitive.Nil -> Gen.constant (Forms.Nil())
        | Type.Primitive Primitive.Symbol -> Gen.constant (Forms.Symbol "s")
        | Type.Primitive Primitive.Timestamp -> days
        | Type.Primitive Primitive.Uuid -> Gen.constant (Forms.Uuid Guid.Empty)
        | Type.Primitive _ ->
            Gen.frequency [
                4, pool
                1, Gen.map Forms.Vector (sequence pool)
                1, Gen.map Forms.List (sequence pool)
                1,
                Gen.map2 (fun keys values -> distinct (Seq.zip keys values)) (sequence keys) (Gen.arrayOfLength 3 pool)
            ]
        | Type.Optional target -> Gen.frequency [ 1, Gen.constant (Forms.Nil()); 4, valuesOf depth target ]
        | Type.Vector item -> Gen.map Forms.Vector (sequence (inner item))
        | Type.List item -> Gen.map Forms.List (sequence (inner item))
        | Type.Tuple items -> Gen.map Forms.Vector (items |> Array.map inner |> Gen.sequenceToArray)
        | Type.Map(fields, wildcard) -> gen {
            let! named =
                fields
                |> Array.map (fun field ->
                    Gen.zip
                        (Gen.map (fun value -> field.Key, value) (inner field.Type))
                        (if field.Optional then
                             Gen.elements [ true; false ]
                         else
                             Gen.constant true))
                |> Gen.sequenceToArray

            let rest: Type =
                match wildcard with
                | null -> any
                | present -> present

            let! extra =
                if rest = never then
                    Gen.constant [||]
                else
                    Gen.frequency [ 1, Gen.constant [||]; 1, sequence (Gen.zip keys (inner rest)) ]

            let isNamed (key, _) =
                fields |> Array.exists (fun field -> field.Key.Equals key)

            return distinct (Seq.append (named |> Seq.filter snd |> Seq.map fst) (extra |> Seq.filter (isNamed >> not)))
          }
        | Type.MapOf(key, value) ->
            let keyed = if key = any then keys else inner key

            Gen.map distinct (sequence (Gen.zip keyed (inner value)) |> Gen.map Seq.ofArray)
        | Type.Enum values -> Gen.elements values
        | Type.Val value -> Gen.constant value
        | Type.Union members -> Gen.elements members |> Gen.bind (valuesOf depth)
        | Type.And(subject, refinements) ->
            Gen.frequency [
                3, valuesOf depth subject
                1, Gen.elements refinements |> Gen.bind (valueUnder depth subject)
            ]
        | Type.Array(item, dimensions) ->
            let rec shaped dimensions =
                match dimensions with
                | [] -> inner item
                | size :: rest when size < 0L -> Gen.map Forms.Vector (sequence (shaped rest))
                | size :: rest -> Gen.map Forms.Vector (Gen.arrayOfLength (Operators.int size) (shaped rest))

            if dimensions.Length = 0 then
                Gen.map Forms.Vector (sequence (inner item))
            else
                shaped (List.ofArray dimensions)
        | Type.Alias name ->
            match names.TryGetValue name with
            | true, meaning -> valuesOf (depth - 1) meaning
            | _ -> pool
        | Type.Function _
        | Type.Resource _
        | Type.Stream _
        | Type.StreamBi _
        | Type.StreamDuplex _
        | Type.ForAll _
        | Type.Variable _ -> pool

/// A value that a refinement itself suggests.
and private valueUnder depth subject (refinement: Refinement) : Gen<Form> =
    match refinement with
    | Refinement.OfType target -> valuesOf depth target
    | Refinement.Compare(_, bound) -> Gen.constant bound
    | Refinement.InRange(low, high) -> Gen.elements [ low; high ]
    | Refinement.HasKey key ->
        Gen.map2
            (fun value under ->
                match Membership.entries value with
                | ValueSome entries -> (key, under) :: entries |> Seq.distinctBy fst |> Membership.mapOf
                | ValueNone -> value)
            (valuesOf depth subject)
            pool
    | Refinement.Length _
    | Refinement.Count _
    | Refinement.NonEmpty
    | Refinement.MatchesRegex _
    | Refinement.RequiredKeys _
    | Refinement.IsUrl
    | Refinement.IsEmail
    | Refinement.Custom _ -> valuesOf depth subject

/// Several values of one type.
let membersOf (count: int) (target: Type) : Gen<Form list> =
    Gen.listOfLength count (valuesOf 4 target)
    |> Gen.map (List.filter (Membership.isOf names target) >> List.distinct)

/// Types made out of one another, with values of them.
[<StructuredFormatDisplay("{Shown}")>]
type Family = {
    Types: Type array
    Values: Form array
} with

    member family.Shown =
        family.Types |> Array.map Rtfs.Syntax.Language.Print |> String.concat "\n"

/// A type, and one above it by a single rule.
[<StructuredFormatDisplay("{Shown}")>]
type Above = {
    Lower: Type
    Upper: Type
} with

    member above.Shown = Rtfs.Syntax.Language.Print above.Lower

type Key = { Key: Form }

type Numeric = { Refinements: Refinement list }

type Textual = { Refinements: Refinement list }

let private upToThree (one: Gen<Refinement>) =
    Gen.choose (1, 3) |> Gen.bind (fun count -> Gen.listOfLength count one)

type Laws =
    static member Key() : Arbitrary<Key> =
        Gen.map (fun key -> { Key.Key = key }) keys |> Arb.fromGen

    static member Numeric() : Arbitrary<Numeric> =
        Gen.map (fun refinements -> { Numeric.Refinements = refinements }) (upToThree numeric)
        |> Arb.fromGen

    static member Textual() : Arbitrary<Textual> =
        Gen.map (fun refinements -> { Textual.Refinements = refinements }) (upToThree textual)
        |> Arb.fromGen

    static member Type() : Arbitrary<Type> = Arb.fromGen types

    static member Form() : Arbitrary<Form> = Arb.fromGen literals

    static member Above() : Arbitrary<Above> =
        gen {
            let! lower = types
            let! upper = above lower
            return { Lower = lower; Upper = upper }
        }
        |> Arb.fromGen

    static member Family() : Arbitrary<Family> =
        gen {
            let! types = family
            let! values = types |> Array.map (membersOf 8) |> Gen.sequenceToArray

            return {
                Types = types
                Values = values |> Seq.concat |> Array.ofSeq
            }
        }
        |> Arb.fromGen
