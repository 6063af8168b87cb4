/// The laws of subtyping, consistency, joins and refinements, on types drawn together with their relatives and with values of theirs.
namespace Rtfs.Syntax.Tests

open System
open Xunit
open FsCheck.Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators
open Rtfs.Syntax.Tests.TypeValues

/// A law on the generators above, always on the same types and values: one that fails fails for everybody.
type LawAttribute() =
    inherit
        PropertyAttribute(
            Arbitrary = [| typeof<Laws> |],
            MaxTest = 500,
            Replay = "20241208,7919",
            QuietOnSuccess = true
        )

module TypeLawTests =
    let private shown (target: Type) = Language.Print target
    let private isSubtype = Relation.isSubtype names
    let private isConsistent = Relation.isConsistent names
    let private fit = Relation.fit names
    let private join = Join.join names
    let private isOf = Membership.isOf names

    let private isBelow (a: Type) (b: Type) =
        Assert.True(isSubtype a b, $"{shown a} is not below {shown b}")

    let private isSame (a: Type) (b: Type) =
        isBelow a b
        isBelow b a

    let private isMember (target: Type) (value: Form) (because: string) =
        Assert.True(isOf target value, $"{Language.Print value} is not of {shown target}: {because}")

    let private pairs (family: Family) = Seq.allPairs family.Types family.Types

    [<Law>]
    let ``Subtyping is reflexive`` (target: Type) = isBelow target target

    [<Law>]
    let ``Never is below and any above everything`` (target: Type) =
        isBelow never target
        isBelow target any

    [<Law(MaxTest = 1000)>]
    let ``Subtyping is transitive`` (family: Family) =
        let types = family.Types
        let related = types |> Array.map (fun a -> types |> Array.map (isSubtype a))
        let all = Seq.indexed types |> List.ofSeq

        for i, a in all do
            for j, b in all do
                for k, c in all do
                    if related[i][j] && related[j][k] then
                        Assert.True(related[i][k], $"{shown a} is below {shown b} and that below {shown c}")

    [<Law(MaxTest = 1000)>]
    let ``A type is below one that a single rule makes out of it`` (above: Above) = isBelow above.Lower above.Upper

    [<Law(MaxTest = 1000)>]
    let ``A value of a type is of every type above it`` (family: Family) =
        for a, b in pairs family do
            if isSubtype a b then
                for value in family.Values do
                    if isOf a value then
                        isMember b value $"it is of {shown a}"

    /// An empty vector, list or map is of types whose items have nothing in common, and the checker calls them unfit all the same.
    [<Law(MaxTest = 1000)>]
    let ``A value of a type is of none that the type does not fit`` (family: Family) =
        for a, b in pairs family do
            if fit a b = Relation.Fit.Not then
                for value in family.Values do
                    if isOf a value && not (Membership.holdsEmpty value) then
                        Assert.False(
                            isOf b value,
                            $"{Language.Print value} is of {shown a} and of {shown b}, which do not fit"
                        )

    [<Law>]
    let ``A union is the least type above its members`` (family: Family) =
        let a, b, c = family.Types[0], family.Types[1], family.Types[2]
        let both = union [ a; b ]
        isBelow a both
        isBelow b both
        Assert.Equal(isSubtype a c && isSubtype b c, isSubtype both c)
        isSame both (union [ b; a ])
        isSame (union [ both; c ]) (union [ a; union [ b; c ] ])
        isSame (union [ a; a ]) a
        isSame (union [ a; never ]) a
        isSame (TypeNames.orNil a) (union [ a; nil ])

    [<Law>]
    let ``A function takes more and gives less where it stands for another`` (above: Above) =
        let { Lower = a; Upper = b } = above
        isBelow (Type.Function([| b |], null, a)) (Type.Function([| a |], null, b))
        isBelow (Type.Function([||], b, a)) (Type.Function([||], a, b))
        isBelow (Type.StreamBi(b, a)) (Type.StreamBi(a, b))
        isBelow (Type.StreamDuplex(b, a)) (Type.StreamDuplex(a, b))

        Assert.Equal(isSubtype b a, isSubtype (Type.Function([| a |], null, a)) (Type.Function([| b |], null, a)))
        Assert.Equal(isSubtype b a, isSubtype (Type.StreamBi(a, a)) (Type.StreamBi(b, a)))

    [<Law>]
    let ``Consistency is reflexive`` (target: Type) = Assert.True(isConsistent target target)

    [<Law(MaxTest = 500)>]
    let ``A subtype is consistent`` (family: Family) =
        for a, b in pairs family do
            if isSubtype a b then
                Assert.True(isConsistent a b, $"{shown a} is below {shown b}")

    /// But any does not fit never, as nothing does.
    [<Law>]
    let ``Any is consistent with everything, both ways`` (target: Type) =
        Assert.True(isConsistent target any)
        Assert.True(isConsistent any target <> isSubtype target never, shown target)

    /// Every type that is the given one with `:any` in place of a part. Parts without values stay: any does not fit them.
    let rec private withAny (target: Type) : Type list =
        let inside (part: Type) =
            if isSubtype part never then [] else any :: withAny part

        let each (parts: Type array) (rebuild: Type array -> Type) =
            parts
            |> Seq.indexed
            |> Seq.collect (fun (i, part) ->
                inside part
                |> Seq.map (fun changed ->
                    rebuild (parts |> Array.mapi (fun j other -> if i = j then changed else other))))
            |> List.ofSeq

        match target with
        | Type.Optional part -> inside part |> List.map TypeNames.orNil
        | Type.Vector part -> inside part |> List.map Type.Vector
        | Type.List part -> inside part |> List.map Type.List
        | Type.Stream part -> inside part |> List.map Type.Stream
        | Type.Tuple parts -> each parts Type.Tuple
        | Type.Union parts -> each parts Type.Union
        | Type.MapOf(key, value) -> each [| key; value |] (fun parts -> Type.MapOf(parts[0], parts[1]))
        | Type.StreamBi(input, output) -> each [| input; output |] (fun parts -> Type.StreamBi(parts[0], parts[1]))
        | Type.StreamDuplex(input, output) ->
            each [| input; output |] (fun parts -> Type.StreamDuplex(parts[0], parts[1]))
        | Type.Map(fields, wildcard) ->
            each (fields |> Array.map _.Type) (fun parts ->
                Type.Map(
                    Array.map2 (fun (field: Field) part -> Field(field.Key, part, field.Optional)) fields parts,
                    wildcard
                ))
        | Type.Function(parameters, rest, result) ->
            each (Array.append parameters [| result |]) (fun parts ->
                Type.Function(Array.truncate parameters.Length parts, rest, Array.last parts))
        | Type.Array(item, dimensions) -> inside item |> List.map (fun item -> Type.Array(item, dimensions))
        | Type.Primitive _
        | Type.Resource _
        | Type.Enum _
        | Type.And _
        | Type.Val _
        | Type.ForAll _
        | Type.Variable _
        | Type.Alias _ -> []

    [<Law>]
    let ``Any is consistent with everything at any depth`` (target: Type) =
        for loose in withAny target do
            Assert.True(isConsistent target loose, $"{shown target} does not fit {shown loose}")
            Assert.True(isConsistent loose target, $"{shown loose} does not fit {shown target}")

    [<Fact>]
    let ``Consistency is not transitive`` () =
        Assert.True(isConsistent int any)
        Assert.True(isConsistent any string)
        Assert.False(isConsistent int string)

    [<Law(MaxTest = 500)>]
    let ``A join is the least upper bound`` (family: Family) =
        for a, b in pairs family do
            let joined = join a b
            isBelow a joined
            isBelow b joined

            for c in family.Types do
                if isSubtype a c && isSubtype b c then
                    isBelow joined c

    [<Law>]
    let ``A join is commutative, associative and idempotent`` (family: Family) =
        let a, b, c = family.Types[0], family.Types[3], family.Types[4]
        isSame (join a b) (join b a)
        isSame (join (join a b) c) (join a (join b c))
        isSame (join a a) a
        isSame (join a never) a
        isSame (join a any) any

    [<Law>]
    let ``Coarser types are above`` (family: Family) =
        for target in family.Types do
            isBelow target (Join.literals target)
            isBelow target (Join.bounded target)

        let items = Join.items names family.Types

        for target in family.Types do
            isBelow target items

    let private nested (count: int) (wrap: Type -> Type) (target: Type) =
        Seq.fold (fun inner _ -> wrap inner) target (seq { 1..count })

    [<Law(MaxTest = 20)>]
    let ``A bounded type is above one that is too deep or too wide`` (family: Family) =
        let wraps: (Type -> Type) list = [
            Type.Vector
            fun inner -> closedMap [ required "a" inner ]
            fun inner -> Type.Function([| inner |], null, int)
            fun inner -> Type.Function([| int |], inner, int)
            fun inner -> Type.Function([||], null, inner)
            fun inner -> Type.MapOf(string, inner)
            fun inner -> Type.StreamBi(inner, int)
            fun inner -> Type.StreamDuplex(int, inner)
            fun inner -> Type.Map([||], inner)
            fun inner -> Type.Array(inner, [| 2L |])
            fun inner -> where (Type.Vector inner) [ Refinement.NonEmpty ]
        ]

        for wrap in wraps do
            let deep = nested 14 wrap family.Types[0]
            isBelow deep (Join.bounded deep)

        let wide =
            union [
                for i in 1L .. 9L -> Type.Tuple [| Type.Val(Forms.Int i) |]
                yield! family.Types
            ]

        isBelow wide (Join.bounded wide)

    /// Implication by the relation against implication by trying values; the relation may miss some that hold.
    [<Law(MaxTest = 500)>]
    let ``Refinements that imply one another do so for every value`` (a: Numeric) (b: Numeric) =
        let values = [
            for i in -20L .. 60L do
                Forms.Int(i / 10L)
                Forms.Float(Operators.float i / 10.0)
        ]

        for subject in [ int; float; number ] do
            let a, b = where subject a.Refinements, where subject b.Refinements
            let inA = values |> List.filter (isOf a)

            if isSubtype a b then
                for value in inA do
                    isMember b value $"it is of {shown a}"

            if fit a b = Relation.Fit.Not then
                for value in inA do
                    Assert.False(isOf b value, $"{Language.Print value} is of {shown a} and of {shown b}")

    /// One bound against one bound is decided exactly, but that equality is strict on types while an interval is not.
    [<Law(MaxTest = 1000)>]
    let ``A single order implies all that it can`` (low: Form) (bound: Form) =
        let orders = [
            Comparison.Greater
            Comparison.GreaterOrEqual
            Comparison.Less
            Comparison.LessOrEqual
        ]

        let isNumber (form: Form) =
            match Literals.primitiveOf form with
            | Primitive.Int
            | Primitive.Float -> true
            | _ -> false

        if isNumber low && isNumber bound then
            for given, asked in Seq.allPairs orders orders do
                let a = where int [ Refinement.Compare(given, low) ]
                let b = where int [ Refinement.Compare(asked, bound) ]
                let values = [ for i in -9L .. 9L -> Forms.Int i ] |> List.filter (isOf a)
                Assert.Equal(values |> List.forall (isOf b), isSubtype a b)

    [<Law(MaxTest = 1000)>]
    let ``Refinements of strings that imply one another do so for every string`` (a: Textual) (b: Textual) =
        let values =
            [
                ""
                "a"
                "b"
                "aa"
                "ab"
                "ba"
                "bb"
                "aab"
                "abb"
                "http://a"
                "a@b"
                "a@b.c"
                "😀"
                "😀😀"
            ]
            |> List.map Forms.String

        let a, b = where string a.Refinements, where string b.Refinements
        let inA = values |> List.filter (isOf a)

        if isSubtype a b then
            for value in inA do
                isMember b value $"it is of {shown a}"

        if fit a b = Relation.Fit.Not then
            for value in inA do
                Assert.False(isOf b value, $"{Language.Print value} is of {shown a} and of {shown b}")

    [<Law(MaxTest = 1000)>]
    let ``A type prints and reads back`` (target: Type) =
        let text = shown target
        let reading = Language.TypeOf text

        match reading.Type with
        | null -> Assert.Fail $"{text}: {(Seq.head reading.Diagnostics).Message}"
        | found -> Assert.True(target.Equals found, $"{text} came back as {shown found}")
