/// The rules of types one by one, as somebody who looks one up would ask: is the first below the second, and how does it fit.
module Rtfs.Syntax.Tests.TypeRuleTests

open System
open System.Collections.Generic
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators

let private read (text: string) : Type =
    match (Language.TypeOf text).Type with
    | null -> failwith $"no type: {text}"
    | target -> target

let private shown (target: Type) = Language.Print target

[<Theory>]
// Primitives and literals.
[<InlineData(":int", ":number")>]
[<InlineData(":float", ":number")>]
[<InlineData("[:union :int :float]", ":number")>]
[<InlineData(":number", "[:union :int :float]")>]
[<InlineData("[:val 5]", ":int")>]
[<InlineData("[:enum 1 2]", ":int")>]
[<InlineData("[:val 1]", "[:enum 1 2]")>]
[<InlineData(":bool", "[:enum true false]")>]
[<InlineData("[:enum false true]", ":bool")>]
[<InlineData("[:val nil]", ":nil")>]
[<InlineData(":nil", ":int?")>]
[<InlineData(":int?", "[:union :nil :int]")>]
[<InlineData("Nobody", "Nobody")>]
[<InlineData("Nobody", ":any")>]
// Unions: the left is taken apart first.
[<InlineData("[:union :int :string]", "[:union :int :string :keyword]")>]
[<InlineData("[:union [:union :string :int] :nil]", "[:union :int :string]?")>]
// Vectors, lists and tuples.
[<InlineData("[:vector :int]", "[:vector :number]")>]
[<InlineData("[:tuple :int :float]", "[:vector :number]")>]
[<InlineData("[:tuple :int :string]", "[:tuple :number :any]")>]
[<InlineData("[:array :int [2 3]]", "[:vector [:vector :int]]")>]
[<InlineData("[:array :int [2 3]]", "[:array :int [? 3]]")>]
[<InlineData("[:array :int]", "[:vector :int]")>]
[<InlineData("[:tuple :int :int]", "[:array :int [2]]")>]
[<InlineData("[:vector :never]", "[:vector :int]")>]
// Maps: by width and by depth; only a closed one is below one with a field that it does not name.
[<InlineData("[:map [:a :int] [:b :int]]", "[:map [:a :number]]")>]
[<InlineData("[:map [:a :int]]", "[:map [:a :int ?]]")>]
[<InlineData("[:map [:* :never]]", "[:map [:a :int ?]]")>]
[<InlineData("[:map [:a :int] [:* :never]]", "[:map [:a :int] [:b :string ?]]")>]
[<InlineData("[:map [:* :string]]", "[:map [:a :string ?]]")>]
[<InlineData("[:map]", "[:map [:a :any ?]]")>]
[<InlineData("[:map [:a :int] [:* :never]]", "[:map-of :keyword :int]")>]
[<InlineData("[:map [:a :int] [\"b\" :string] [:* :never]]", "[:map-of [:union :keyword :string] [:union :int :string]]")>]
[<InlineData("[:map [:a :int]]", "[:map-of :any :any]")>]
[<InlineData("[:map-of :keyword :int]", "[:map-of :any :number]")>]
[<InlineData("[:map-of :keyword :int]", "[:map [:a :int ?] [:* :number]]")>]
[<InlineData("[:map-of :keyword :never]", "[:map [:* :never]]")>]
// Functions and streams.
[<InlineData("[:fn [:number] :int]", "[:fn [:int] :number]")>]
[<InlineData("[:fn [& :any] :int]", "[:fn [:int :string] :int]")>]
[<InlineData("[:fn [:int & :any] :int]", "[:fn [:int :string & :keyword] :int]")>]
[<InlineData("[:stream :int]", "[:stream :number]")>]
[<InlineData("[:stream-bi :input :number :output :int]", "[:stream-bi :input :int :output :number]")>]
[<InlineData("[:stream-duplex :input :any :output :int]", "[:stream-duplex :input :int :output :any]")>]
// Refinements.
[<InlineData("[:and :int [:> 5]]", ":int")>]
[<InlineData("[:and :int [:> 5]]", "[:and :int [:>= 6]]")>]
[<InlineData("[:and :int [:>= 6]]", "[:and :int [:> 5.5]]")>]
[<InlineData("[:and :int [:> 2.5]]", "[:and :int [:>= 3]]")>]
[<InlineData("[:and :int [:in-range 1 3]]", "[:and :number [:> 0] [:< 4]]")>]
[<InlineData("[:and :int [:> 5]]", "[:and :int [:!= 5]]")>]
[<InlineData("[:and :string [:length 3]]", "[:and :string [:min-length 1] [:max-length 5]]")>]
[<InlineData("[:val \"abc\"]", "[:and :string [:length 3] [:> \"abb\"]]")>]
[<InlineData("[:and :string [:= \"http://a\"]]", "[:and :string [:is-url] [:length 8]]")>]
[<InlineData("[:and [:vector :int] [:count 2]]", "[:and [:vector :int] [:non-empty]]")>]
[<InlineData("[:tuple :int :int]", "[:and [:vector :int] [:max-count 2]]")>]
[<InlineData("[:map [:a :int]]", "[:and [:map] [:has-key :a] [:non-empty]]")>]
[<InlineData("[:and [:map] [:required-keys [:a :b]]]", "[:and [:map] [:has-key :b]]")>]
[<InlineData("[:and :any :int]", ":int")>]
[<InlineData("[:and :string [:slug \"x\"]]", "[:and :string [:slug \"x\"]]")>]
// What has no values is below everything.
[<InlineData("[:and :int [:> 5] [:< 6]]", ":never")>]
[<InlineData("[:and [:val 3] [:> 5]]", ":never")>]
[<InlineData("[:and :keyword [:> :a]]", ":never")>]
[<InlineData("[:and :string [:min-length 2] [:max-length 1]]", ":never")>]
[<InlineData("[:and [:map [:* :never]] [:has-key :a]]", ":never")>]
[<InlineData("[:map [:a :never]]", ":never")>]
[<InlineData("[:tuple :int :never]", ":never")>]
[<InlineData("Self", ":never")>]
[<InlineData("Endless", ":never")>]
// Names are what they mean.
[<InlineData("Point", "[:map [:a :number]]")>]
[<InlineData("[:map [:a :int] [:b :int] [:c :int]]", "Point")>]
[<InlineData("Chain", "WideChain")>]
[<InlineData("Deep", "Deeper")>]
[<InlineData("[:vector Deep]", "[:vector Deeper]")>]
[<InlineData("Even", "[:tuple :int [:tuple :int Even]]?")>]
[<InlineData("[:map-of :string [:vector :string]]", "Json")>]
let ``Below`` (lower: string) (upper: string) =
    Assert.True(Relation.isSubtype names (read lower) (read upper))
    Assert.Equal(Relation.Fit.Wholly, Relation.fit names (read lower) (read upper))

[<Theory>]
[<InlineData(":number", ":int", "Partly")>]
[<InlineData(":any", ":int", "Wholly")>]
[<InlineData(":any", ":never", "Not")>]
[<InlineData("[:vector :any]", "[:vector :int]", "Wholly")>]
[<InlineData(":int", ":float", "Wholly")>]
[<InlineData(":float", ":int", "Not")>]
[<InlineData("[:vector :int]", "[:vector :float]", "Wholly")>]
[<InlineData(":int", ":string", "Not")>]
[<InlineData(":int?", ":int", "Partly")>]
[<InlineData("[:union :int :string]", ":keyword", "Not")>]
[<InlineData("[:enum 1 2]", "[:val 1]", "Partly")>]
[<InlineData(":int", "[:val 1]", "Partly")>]
[<InlineData("[:vector :int]", "[:list :int]", "Not")>]
[<InlineData("[:vector :int]", "[:tuple :int :int]", "Partly")>]
[<InlineData("[:vector :int]", "[:vector :string]", "Not")>]
[<InlineData("[:tuple :int]", "[:tuple :int :int]", "Not")>]
[<InlineData("[:map [:a :int ?]]", "[:map [:a :int]]", "Partly")>]
[<InlineData("[:map [:a :int ?]]", "[:map [:a :string ?]]", "Partly")>]
[<InlineData("[:map [:a :int]]", "[:map [:a :string ?]]", "Not")>]
[<InlineData("[:map]", "[:map [:a :int]]", "Partly")>]
[<InlineData("[:map [:* :never]]", "[:map [:a :int]]", "Not")>]
[<InlineData("[:map]", "[:map [:a :int ?]]", "Wholly")>]
[<InlineData("[:map [:a :int]]", "[:map [:* :never]]", "Not")>]
[<InlineData("[:map]", "[:map-of :keyword :int]", "Wholly")>]
[<InlineData("[:map-of :keyword :int]", "[:map [:a :int]]", "Partly")>]
[<InlineData("[:fn [:int] :int]", "[:fn [:int :int] :int]", "Not")>]
[<InlineData("[:fn [:int] :int]", "[:fn [& :int] :int]", "Not")>]
[<InlineData("[:fn [:int :int & :int] :int]", "[:fn [:int & :int] :int]", "Not")>]
[<InlineData("[:stream-bi :input :int :output :int]", "[:stream-duplex :input :int :output :int]", "Not")>]
[<InlineData(":int", "[:and :int [:> 5]]", "Partly")>]
[<InlineData("[:and :int [:< 5]]", "[:and :int [:> 5]]", "Not")>]
[<InlineData("[:and :float [:> 5]]", "[:and :float [:>= 6]]", "Partly")>]
[<InlineData("[:val 3]", "[:and :int [:> 5]]", "Not")>]
[<InlineData("[:val \"ftp://a\"]", "[:and :string [:is-url]]", "Not")>]
[<InlineData("[:and :keyword [:= :a]]", "[:and :any [:min-count 0]]", "Partly")>]
[<InlineData("[:and :int [:< -9223372036854775808]]", "[:and :int [:> 5]]", "Not")>]
[<InlineData("[:and :any :int]", ":string", "Not")>]
[<InlineData("Nobody", ":int", "Wholly")>]
[<InlineData(":int", "Nobody", "Wholly")>]
[<InlineData("WideChain", "Chain", "Partly")>]
[<InlineData("Even", "Odd", "Partly")>]
let ``Not below, but fits`` (found: string) (wanted: string) (fit: string) =
    Assert.False(Relation.isSubtype names (read found) (read wanted))
    Assert.Equal(Enum.Parse<Relation.Fit> fit, Relation.fit names (read found) (read wanted))

[<Theory>]
[<InlineData(":int", ":float", ":number")>]
[<InlineData(":int", ":nil", ":int?")>]
[<InlineData(":int", ":string", "[:union :int :string]")>]
[<InlineData("[:val 1]", ":int", ":int")>]
[<InlineData("[:val :a]", "[:val :b]", "[:enum :a :b]")>]
[<InlineData("[:val true]", "[:val false]", ":bool")>]
[<InlineData("[:vector :int]", "[:vector :number]", "[:vector :number]")>]
[<InlineData(":never", ":int", ":int")>]
[<InlineData(":any", ":int", ":any")>]
let ``The join`` (a: string) (b: string) (expected: string) =
    Assert.Equal(expected, shown (Join.join names (read a) (read b)))

[<Theory>]
[<InlineData(":int?", ":int", ":nil")>]
[<InlineData(":bool", "[:val true]", "[:val false]")>]
[<InlineData("[:union :bool :string]?", "[:union [:val true] :string]", "[:val false]?")>]
[<InlineData(":any", ":any", ":any")>]
[<InlineData("Nobody", "Nobody", "Nobody")>]
[<InlineData(":int", ":int", ":never")>]
let ``Where a value is truthy, and where not`` (target: string) (truthy: string) (falsy: string) =
    Assert.Equal(truthy, shown (Narrow.truthy names (read target)))
    Assert.Equal(falsy, shown (Narrow.falsy names (read target)))

[<Theory>]
[<InlineData(":any", ":int", ":int", ":any")>]
[<InlineData("[:union :int :string]", ":int", ":int", ":string")>]
[<InlineData(":number", ":int", ":int", ":float")>]
[<InlineData(":int?", ":nil", ":nil", ":int")>]
[<InlineData("[:enum :a :b :c]", "[:val :a]", "[:val :a]", "[:enum :b :c]")>]
[<InlineData(":string", "[:val \"x\"]", "[:val \"x\"]", ":string")>]
[<InlineData("[:map [:a :int]]", "[:map [:a :any] [:b :int]]", "[:map [:a :int]]", "[:map [:a :int]]")>]
[<InlineData("[:and :any [:> 5]]", ":int", "[:and :int [:> 5]]", "[:and :any [:> 5]]")>]
let ``Where a value is of a type, and where not`` (target: string) (wanted: string) (inside: string) (outside: string) =
    Assert.Equal(inside, shown (Narrow.toType names (read wanted) (read target)))
    Assert.Equal(outside, shown (Narrow.notType names (read wanted) (read target)))

[<Fact>]
let ``A bounded type has few members, also where nil is one`` () =
    let tuples = [ for i in 1..9 -> Type.Tuple(Array.create i keyword) ]
    let keywords = [| for i in 1..33 -> key $"k{i}" |]
    Assert.Equal(any, Join.bounded (union tuples))
    Assert.Equal(any, Join.bounded (Type.Optional(union tuples)))
    Assert.Equal(union (List.tail tuples), Join.bounded (union (List.tail tuples)))
    Assert.Equal(keyword, Join.bounded (Type.Enum keywords))
    Assert.Equal(Type.Optional keyword, Join.bounded (Type.Optional(Type.Enum keywords)))
    Assert.Equal(Type.Enum(Array.tail keywords), Join.bounded (Type.Enum(Array.tail keywords)))

/// Each of many names has fields of the others, so that the pairs that can meet are few and the ways to meet them are without number.
[<Fact>]
let ``Names that name one another take no time without end`` () =
    let count = 24
    let found = Dictionary<string, Type>()

    for side, leaf in [ "A", int; "B", number ] do
        for i in 0 .. count - 1 do
            let next step =
                Type.Alias $"{side}{(i + step) % count}"

            found.Add(
                $"{side}{i}",
                union [
                    leaf
                    Type.Tuple [| next 1; next 2 |]
                    openMap [ required "a" (next 1); required "b" (next 3); optional "c" (next 5) ]
                ]
            )

            // Nothing but more of them: no value ends.
            found.Add($"{side}Endless{i}", Type.Tuple [| Type.Alias $"{side}Endless{(i + 1) % count}"; next 1 |])

    let a, b = Type.Alias "A0", Type.Alias "B0"
    Assert.True(Relation.isSubtype found a b)
    Assert.False(Relation.isSubtype found b a)
    Assert.Equal(Relation.Fit.Partly, Relation.fit found b a)
    Assert.True(Relation.isSubtype found (Type.Alias "BEndless0") a)
    Assert.False(Relation.isSubtype found a (Type.Alias "BEndless0"))

[<Fact>]
let ``A deeply nested type is decided`` () =
    let nested leaf =
        Seq.fold (fun inner _ -> Type.Vector inner) leaf (seq { 1..400 })

    Assert.True(Relation.isSubtype names (nested int) (nested number))
    Assert.False(Relation.isSubtype names (nested number) (nested int))
