/// The laws of keys: reading, writing, taking away and merging on types is what it is on their values.
namespace Rtfs.Syntax.Tests

open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators
open Rtfs.Syntax.Tests.TypeValues

module KeyLawTests =
    let private shown (target: Type) = Language.Print target
    let private isOf = Membership.isOf names

    let private isMember (target: Type) (value: Form) (because: string) =
        Assert.True(isOf target value, $"{Language.Print value} is not of {shown target}: {because}")

    let private pairs (family: Family) = Seq.allPairs family.Types family.Types

    [<Law(MaxTest = 700)>]
    let ``Reading a key gives what a value has there`` (family: Family) (key: Key) =
        for target in family.Types do
            let readings = Keys.read names key.Key target

            for value in family.Values do
                if isOf target value then
                    let found = Membership.find key.Key value
                    let isMap = (Membership.entries value).IsSome

                    let explains (reading: Keys.Reading) =
                        match reading, found with
                        | Keys.Reading.Found(target, _), ValueSome under -> isOf target under
                        | Keys.Reading.Found(_, isSure), ValueNone -> isMap && not isSure
                        | Keys.Reading.Unknown(known, isClosed), ValueNone ->
                            isMap && (isClosed || not (List.contains key.Key known))
                        | Keys.Reading.Unknown(_, isClosed), ValueSome _ -> not isClosed
                        | Keys.Reading.Nothing, _ -> value.Node = Node.Nil
                        | Keys.Reading.Unfit found, _ -> isOf found value && not isMap
                        | Keys.Reading.Any, _ -> true

                    Assert.True(
                        readings |> List.exists explains,
                        $"{Language.Print key.Key} of {Language.Print value}, which is of {shown target}"
                    )

    let private without (key: Form) (entries: (Form * Form) list) =
        entries |> List.filter (fun (known, _) -> not (known.Equals key))

    [<Law(MaxTest = 700)>]
    let ``Writing a key and taking it away`` (family: Family) (key: Key) =
        let key = key.Key
        let written = family.Types[4]
        let under = family.Values |> Array.filter (isOf written)

        for target in family.Types do
            let writing = Keys.write names key written target
            let taking = Keys.without names key target

            for value in family.Values do
                if isOf target value then
                    match Membership.entries value with
                    | ValueSome entries ->
                        let rest = without key entries
                        isMember taking (Membership.mapOf rest) $"{shown target} without {Language.Print key}"

                        for one in under do
                            let changed = Membership.mapOf ((key, one) :: rest)
                            isMember writing changed $"{shown target} with {Language.Print key} {Language.Print one}"
                    | ValueNone when value.Node = Node.Nil ->
                        for one in under do
                            isMember writing (Membership.mapOf [ key, one ]) $"{shown target}, nil of it, with a key"
                    | ValueNone -> ()

    /// Open maps are taken at their word: a key that one does not name is not thought to meet one that the other names, though a value of an
    /// open type may hold any key. Without that nothing would be known of a merged map.
    [<Law(MaxTest = 300)>]
    let ``Merging maps gives the entries of both, the later ones winning`` (family: Family) =
        let isNamed (target: Type) (key: Form) =
            Atom.ofType names target
            |> List.collect _.Parts
            |> List.exists (fun part ->
                match part with
                | Type.Map(fields, null) -> fields |> Array.exists (fun field -> field.Key.Equals key)
                | Type.Map _
                | Type.MapOf _ -> true
                | _ -> false)

        let maps target =
            family.Values
            |> Seq.filter (isOf target)
            |> Seq.choose (fun value ->
                match Membership.entries value with
                | ValueSome entries -> Some entries
                | ValueNone -> if value.Node = Node.Nil then Some [] else None)
            |> Seq.truncate 10
            |> List.ofSeq

        for a, b in pairs family do
            let merged = Keys.merge names a b

            for first in maps a do
                for second in maps b do
                    let clashes =
                        first |> List.exists (fun (key, _) -> isNamed b key && not (isNamed a key))
                        || second |> List.exists (fun (key, _) -> isNamed a key && not (isNamed b key))

                    if not clashes && not (first.IsEmpty && second.IsEmpty) then
                        let kept =
                            first
                            |> List.filter (fun (key, _) ->
                                not (second |> List.exists (fun (other, _) -> other.Equals key)))

                        isMember merged (Membership.mapOf (kept @ second)) $"merged of {shown a} and {shown b}"
