/// Types: every kind reads, prints back to an equal type, and mistakes are named.
module Rtfs.Syntax.Tests.TypeTests

open Xunit
open FsCheck
open FsCheck.FSharp
open FsCheck.Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

[<Theory>]
[<InlineData("int", ":int")>]
[<InlineData("Int", ":int")>]
[<InlineData(":number", ":number")>]
[<InlineData("string?", ":string?")>]
[<InlineData(":Point", "Point")>]
[<InlineData("nil", ":nil")>]
[<InlineData("[:vector :int]?", "[:vector :int]?")>]
[<InlineData("[:tuple Int String?]", "[:tuple :int :string?]")>]
[<InlineData("[:record [:a int] [:b string ?] [:* any]]", "[:map [:a :int] [:b :string ?] [:* :any]]")>]
[<InlineData("[:map {:a int \"b\" float}]", "[:map [:a :int] [\"b\" :float]]")>]
[<InlineData("{:a int}", "[:map [:a :int]]")>]
[<InlineData("[:map [:a [:vector :int]? ?]]", "[:map [:a [:vector :int]? ?]]")>]
[<InlineData("[:dict :keyword :any]", "[:map-of :keyword :any]")>]
[<InlineData("[:=> [] :int]", "[:fn [] :int]")>]
[<InlineData("[:fn [int & string] [:fn [& :any] :bool]]", "[:fn [:int & :string] [:fn [& :any] :bool]]")>]
[<InlineData("[:resource StreamHandle]", "[:resource StreamHandle]")>]
[<InlineData("[:enum :a \"b\" 1]", "[:enum :a \"b\" 1]")>]
[<InlineData("[:and :int [:>= 0] [:!= 5] [:union :int :string]]", "[:and :int [:>= 0] [:!= 5] [:union :int :string]]")>]
[<InlineData("[:and :string [:min-length 1] [:length 3] [:is-email] [:slug \"x\"]]",
             "[:and :string [:min-length 1] [:length 3] [:is-email] [:slug \"x\"]]")>]
[<InlineData("[:and {:a int} [:has-key :b] [:required-keys [:c \"d\"]]]",
             "[:and [:map [:a :int]] [:has-key :b] [:required-keys [:c \"d\"]]]")>]
[<InlineData("[:array :float [2 ?]]", "[:array :float [2 ?]]")>]
[<InlineData("[:array :float]", "[:array :float]")>]
[<InlineData("[:stream-bi :input :int :output :string]", "[:stream-bi :input :int :output :string]")>]
[<InlineData("[:forall [a] [:fn [[:vector a]] a]]", "[:forall [a] [:fn [[:vector a]] a]]")>]
let ``A type reads and prints canonically`` (text: string) (canonical: string) =
    let reading = Language.TypeOf text
    Assert.Empty(reading.Diagnostics |> Seq.map _.Message)

    match reading.Type with
    | null -> failwith "no type"
    | target -> Assert.Equal(canonical, Language.Print target)

[<Theory>]
[<InlineData("5", "RTFS0130", "5")>]
[<InlineData("[int]", "RTFS0130", "int")>]
[<InlineData("[:vectr :int]", "RTFS0131", ":vectr")>]
[<InlineData("[:vector]", "RTFS0132", "[:vector]")>]
[<InlineData("[:vector [:tuple]]", "RTFS0132", "[:tuple]")>]
[<InlineData("[:map-of :int]", "RTFS0132", "[:map-of :int]")>]
[<InlineData("[:map [:a]]", "RTFS0132", ":a")>]
[<InlineData("[:fn :int :int]", "RTFS0132", "[:fn :int :int]")>]
[<InlineData("[:enum a]", "RTFS0132", "a")>]
[<InlineData("[:and :int]", "RTFS0132", "[:and :int]")>]
[<InlineData("[:and :int [:in-range 1]]", "RTFS0133", "[:in-range 1]")>]
[<InlineData("[:and :string [:min-lenght 1]]", "RTFS0133", "[:min-lenght 1]")>]
let ``A mistake in a type has one diagnostic at its place`` (text: string) (code: string) (place: string) =
    let reading = Language.TypeOf text
    Assert.Null reading.Type
    let found = Assert.Single reading.Diagnostics
    Assert.Equal(code, found.Code)
    Assert.Equal(place, text.Substring(found.Span.Start, found.Span.Length))

let private names = Gen.elements [ "Point"; "geo/Shape"; "reading" ]

let private literals =
    Gen.oneof [
        Gen.map Forms.Int (Gen.choose64 (-5L, 5L))
        Gen.map Forms.Keyword (Gen.elements [ "a"; "b-c"; "d/e" ])
        Gen.map Forms.String (Gen.elements [ ""; "x"; "a \"b\"\n" ])
        Gen.constant (Forms.Bool true)
        Gen.constant (Forms.Float 1.5)
    ]

let private keys =
    Gen.oneof [
        Gen.map Forms.Keyword (Gen.elements [ "a"; "b" ])
        Gen.constant (Forms.String "k")
        Gen.constant (Forms.Int 1L)
    ]

let private refinements (inner: Gen<Type>) =
    Gen.oneof [
        Gen.map2
            (fun comparison bound -> Refinement.Compare(comparison, bound))
            (Gen.elements (System.Enum.GetValues<Comparison>()))
            literals
        Gen.constant (Refinement.InRange(Forms.Int 1L, Forms.Float 2.5))
        Gen.map (fun n -> Refinement.Length(Comparison.GreaterOrEqual, n)) (Gen.choose64 (0L, 9L))
        Gen.map (fun n -> Refinement.Count(Comparison.LessOrEqual, n)) (Gen.choose64 (0L, 9L))
        Gen.constant Refinement.NonEmpty
        Gen.constant (Refinement.MatchesRegex "^a+\\d$")
        Gen.map Refinement.HasKey keys
        Gen.map Refinement.RequiredKeys (Gen.arrayOf keys)
        Gen.elements [
            Refinement.IsUrl
            Refinement.IsEmail
            Refinement.Custom("slug", [| Forms.Int 1L |])
        ]
        Gen.map Refinement.OfType inner
    ]

let private optional (target: Type) =
    match target with
    | Type.Optional _ -> target
    | other -> Type.Optional other

let rec private types (size: int) : Gen<Type> =
    let leaf =
        Gen.oneof [
            Gen.map Type.Primitive (Gen.elements (System.Enum.GetValues<Primitive>()))
            Gen.map Type.Alias names
            Gen.map Type.Resource names
            Gen.map Type.Val literals
            Gen.map Type.Enum (Gen.nonEmptyListOf literals |> Gen.map Array.ofList)
        ]

    if size <= 0 then
        leaf
    else
        let inner = types (size / 3)
        let several = Gen.nonEmptyListOf inner |> Gen.map (List.truncate 3 >> Array.ofList)

        let fields =
            Gen.arrayOf (
                Gen.map3
                    (fun key target optional -> Field(key, target, optional))
                    keys
                    inner
                    (Gen.elements [ true; false ])
            )
            |> Gen.map (Array.truncate 3)

        Gen.oneof [
            leaf
            Gen.map optional inner
            Gen.map Type.Vector inner
            Gen.map Type.List inner
            Gen.map Type.Tuple several
            Gen.map2 (fun fields extra -> Type.Map(fields, extra)) fields inner
            Gen.map (fun fields -> Type.Map(fields, null)) fields
            Gen.map2 (fun key value -> Type.MapOf(key, value)) inner inner
            Gen.map2 (fun parameters result -> Type.Function(parameters, null, result)) several inner
            Gen.map2 (fun rest result -> Type.Function([||], rest, result)) inner inner
            Gen.map Type.Union several
            Gen.map2
                (fun subject parts -> Type.And(subject, Array.ofList parts))
                inner
                (Gen.nonEmptyListOf (refinements inner))
            Gen.map (fun item -> Type.Array(item, [| 2L; -1L |])) inner
            Gen.map Type.Stream inner
            Gen.map2 (fun input output -> Type.StreamBi(input, output)) inner inner
            Gen.map2 (fun input output -> Type.StreamDuplex(input, output)) inner inner
        ]

type Types =
    static member Type() : Arbitrary<Type> =
        Arb.fromGen (Gen.sized (fun size -> types (min size 30)))

[<Property(Arbitrary = [| typeof<Types> |])>]
let ``A printed type reads back to an equal type`` (target: Type) =
    let text = Language.Print target
    let reading = Language.TypeOf text

    match reading.Type with
    | null -> failwith $"{text}: {(Seq.head reading.Diagnostics).Message}"
    | found -> Assert.True(target.Equals found, $"{text} came back as {Language.Print found}")

[<Fact>]
let ``A type nested without end is refused and not read`` () =
    let form =
        Seq.fold
            (fun inner _ -> Forms.Vector [| Forms.Keyword "vector"; inner |])
            (Forms.Keyword "int")
            (seq { 1..100_000 })

    let reading = Language.TypeOf form
    Assert.Null reading.Type
    Assert.Equal("RTFS0130", (Assert.Single reading.Diagnostics).Code)
