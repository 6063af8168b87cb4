/// Types of every kind for the laws of types, over few keys, bounds and names, so that they meet often.
module Rtfs.Syntax.Tests.TypeGenerators

open System
open System.Collections.Generic
open FsCheck
open FsCheck.FSharp
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let any = Type.Primitive Primitive.Any
let never = Type.Primitive Primitive.Never
let int = Type.Primitive Primitive.Int
let float = Type.Primitive Primitive.Float
let number = Type.Primitive Primitive.Number
let string = Type.Primitive Primitive.String
let keyword = Type.Primitive Primitive.Keyword
let nil = Type.Primitive Primitive.Nil
let bool = Type.Primitive Primitive.Bool

let key (name: string) = Forms.Keyword name
let required name target = Field(key name, target, false)
let optional name target = Field(key name, target, true)
let openMap (fields: Field list) = Type.Map(Array.ofList fields, null)
let closedMap (fields: Field list) = Type.Map(Array.ofList fields, never)
let union (members: Type list) = Type.Union(Array.ofList members)

let where subject (refinements: Refinement list) =
    Type.And(subject, Array.ofList refinements)

/// Recursive in every way that a definition can be: through a field, a union, an item, an optional item, itself, and one another.
let names: NamedTypes =
    dict [
        "Point", openMap [ required "a" int; required "b" int ]
        "Tree", openMap [ required "a" int; optional "b" (Type.Alias "Tree") ]
        "Chain", Type.Optional(openMap [ required "a" int; required "b" (Type.Alias "Chain") ])
        "WideChain", union [ nil; openMap [ required "a" number; required "b" (Type.Alias "WideChain") ] ]
        "Nest", Type.Vector(Type.Alias "Nest")
        "Deep", Type.Vector(Type.Optional(union [ Type.Alias "Deep"; int ]))
        "Deeper", Type.Vector(Type.Optional(union [ Type.Alias "Deeper"; number ]))
        "Even", Type.Optional(Type.Tuple [| int; Type.Alias "Odd" |])
        "Odd", Type.Tuple [| int; Type.Alias "Even" |]
        "Self", Type.Alias "Self"
        "Endless", openMap [ required "a" (Type.Alias "Endless") ]
        "Json",
        union [
            Type.Alias "Json"
            string
            Type.Vector(Type.Alias "Json")
            Type.MapOf(string, Type.Alias "Json")
        ]
    ]
    |> Dictionary
    :> NamedTypes

let private aliases = Gen.elements [ for name in names.Keys -> Type.Alias name ]

let keys =
    Gen.elements [ key "a"; key "b"; key "c"; Forms.String "k"; Forms.Int 1L ]

let numbers =
    Gen.oneof [
        Gen.map Forms.Int (Gen.choose64 (-1L, 5L))
        Gen.map Forms.Float (Gen.elements [ -0.5; 1.0; 2.0; 2.5; 3.0 ])
    ]

let strings =
    Gen.map Forms.String (Gen.elements [ ""; "a"; "b"; "ab"; "http://a"; "a@b"; "😀" ])

let days =
    Gen.map (fun day -> Forms.Timestamp(DateTime(2024, 1, day, 0, 0, 0, DateTimeKind.Utc))) (Gen.choose (1, 3))

let literals =
    Gen.frequency [
        4, numbers
        3, strings
        2, Gen.map Forms.Keyword (Gen.elements [ "a"; "b" ])
        2, Gen.map Forms.Bool (Gen.elements [ true; false ])
        1, Gen.constant (Forms.Nil())
        1, days
    ]

let private comparisons = Gen.elements (Enum.GetValues<Comparison>())

let private sizes =
    Gen.elements [ Comparison.GreaterOrEqual; Comparison.LessOrEqual; Comparison.Equal ]

let private comparing (bounds: Gen<Form>) =
    Gen.map2 (fun comparison bound -> Refinement.Compare(comparison, bound)) comparisons bounds

let private range (bounds: Gen<Form>) =
    Gen.map2 (fun low high -> Refinement.InRange(low, high)) bounds bounds

let numeric = Gen.oneof [ comparing numbers; range numbers ]

let textual =
    Gen.oneof [
        comparing strings
        Gen.map2 (fun comparison length -> Refinement.Length(comparison, length)) sizes (Gen.choose64 (0L, 3L))
        Gen.map Refinement.MatchesRegex (Gen.elements [ "^a"; "b$" ])
        Gen.elements [
            Refinement.IsUrl
            Refinement.IsEmail
            Refinement.Custom("slug", [| Forms.Int 1L |])
        ]
    ]

let private counting =
    Gen.frequency [
        3, Gen.map2 (fun comparison count -> Refinement.Count(comparison, count)) sizes (Gen.choose64 (0L, 3L))
        1, Gen.constant Refinement.NonEmpty
    ]

let private keyed =
    Gen.oneof [
        Gen.map Refinement.HasKey keys
        Gen.map Refinement.RequiredKeys (Gen.arrayOf keys |> Gen.map (Array.truncate 2))
        counting
    ]

/// Those that can hold of the values of a type, and now and then one that cannot.
let refinement (subject: Type) =
    let fitting =
        match subject with
        | Type.Primitive(Primitive.Int | Primitive.Float | Primitive.Number) -> numeric
        | Type.Primitive Primitive.String -> textual
        | Type.Primitive Primitive.Timestamp -> comparing days
        | Type.Vector _
        | Type.List _
        | Type.Array _
        | Type.Tuple _ -> counting
        | Type.Map _
        | Type.MapOf _ -> keyed
        | _ -> Gen.oneof [ comparing literals; numeric; textual; keyed ]

    Gen.frequency [ 12, fitting; 1, Gen.oneof [ comparing literals; numeric; textual; keyed ] ]

let leaf =
    Gen.frequency [
        12, Gen.elements [ int; float; number; string; bool; nil; keyword ]
        4, Gen.map Type.Primitive (Gen.elements (Enum.GetValues<Primitive>()))
        3, Gen.map Type.Val literals
        2, Gen.map (Array.truncate 3 >> Type.Enum) (Gen.nonEmptyListOf literals |> Gen.map Array.ofList)
        3, aliases
        1, Gen.elements [ Type.Alias "Nobody"; Type.Resource "Handle" ]
    ]

let private several inner =
    Gen.choose (1, 3) |> Gen.bind (fun count -> Gen.arrayOfLength count inner)

let private fields (inner: Gen<Type>) = gen {
    let! keys = Gen.subListOf [ key "a"; key "b"; Forms.String "k"; Forms.Int 1L ]
    let! types = Gen.listOfLength keys.Length inner
    let! marks = Gen.listOfLength keys.Length (Gen.elements [ true; false ])

    return
        List.map3 (fun key target mark -> Field(key, target, mark)) keys types marks
        |> Array.ofList
}

let rec typesOf (depth: int) : Gen<Type> =
    if depth <= 0 then
        leaf
    else
        let inner = typesOf (depth - 1)

        let refined = gen {
            let! subject = Gen.frequency [ 2, leaf; 1, inner ]
            let! count = Gen.choose (1, 2)
            let! refinements = Gen.arrayOfLength count (refinement subject)

            let! extra =
                Gen.frequency [
                    5, Gen.constant [||]
                    1, Gen.map (Refinement.OfType >> Array.singleton) inner
                ]

            return Type.And(subject, Array.append refinements extra)
        }

        let wildcard: Gen<Type | null> =
            Gen.frequency [
                2, Gen.constant null
                2, Gen.constant never
                1, Gen.map (fun (target: Type) -> target) inner
            ]

        let rest: Gen<Type | null> =
            Gen.frequency [ 2, Gen.constant null; 1, Gen.map (fun (target: Type) -> target) inner ]

        let pairs = Gen.zip inner inner

        Gen.frequency [
            4, leaf
            2, Gen.map TypeNames.orNil inner
            2, Gen.map Type.Vector inner
            1, Gen.map Type.List inner
            2, Gen.map Type.Tuple (several inner)
            4, Gen.map2 (fun fields wildcard -> Type.Map(fields, wildcard)) (fields inner) wildcard
            2,
            Gen.map2
                (fun key value -> Type.MapOf(key, value))
                (Gen.frequency [ 2, Gen.elements [ string; keyword; int; any; never ]; 1, inner ])
                inner
            2,
            gen {
                let! count = Gen.choose (0, 2)
                let! parameters = Gen.arrayOfLength count inner
                let! rest = rest
                let! result = inner
                return Type.Function(parameters, rest, result)
            }
            3, Gen.map Type.Union (several inner)
            4, refined
            1,
            Gen.map2
                (fun item dimensions -> Type.Array(item, dimensions))
                inner
                (Gen.elements [ [||]; [| 2L |]; [| -1L |]; [| 2L; -1L |]; [| 1L; 2L |] ])
            1, Gen.map Type.Stream inner
            1, Gen.map Type.StreamBi pairs
            1, Gen.map Type.StreamDuplex pairs
        ]

let types = Gen.choose (0, 3) |> Gen.bind typesOf
