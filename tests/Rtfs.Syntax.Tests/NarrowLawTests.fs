/// The laws of narrowing: what a test tells of a type never loses a value for which the test holds.
namespace Rtfs.Syntax.Tests

open System
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types
open Rtfs.Syntax.Tests.TypeGenerators
open Rtfs.Syntax.Tests.TypeValues

module NarrowLawTests =
    let private shown (target: Type) = Language.Print target
    let private isSubtype = Relation.isSubtype names
    let private isOf = Membership.isOf names

    let private isBelow (a: Type) (b: Type) =
        Assert.True(isSubtype a b, $"{shown a} is not below {shown b}")

    let private isMember (target: Type) (value: Form) (because: string) =
        Assert.True(isOf target value, $"{Language.Print value} is not of {shown target}: {because}")

    /// Of the values for which a test held, or not: that they are of the narrowed type, and that narrowing only narrows.
    let private narrows (family: Family) (narrow: Type -> Type) (holds: Form -> bool) (test: string) =
        for target in family.Types do
            let narrowed = narrow target
            isBelow narrowed target

            for value in family.Values do
                if isOf target value && holds value then
                    isMember narrowed value $"it is of {shown target}, and {test} holds"

    let private isTruthy (value: Form) =
        match value.Node with
        | Node.Nil
        | Node.Bool false -> false
        | _ -> true

    [<Law(MaxTest = 500)>]
    let ``Where a value is truthy`` (family: Family) =
        narrows family (Narrow.truthy names) isTruthy "truthy"

    [<Law(MaxTest = 500)>]
    let ``Where a value is nil or false`` (family: Family) =
        narrows family (Narrow.falsy names) (isTruthy >> not) "falsy"

    [<Law>]
    let ``Where the truth of a type is known, its values have it`` (family: Family) =
        for target in family.Types do
            match Narrow.truth names target with
            | ValueNone -> ()
            | ValueSome truth ->
                for value in family.Values do
                    if isOf target value then
                        Assert.Equal(truth, isTruthy value)

    /// Empty vectors, lists and maps are left out, as what does not fit at all is narrowed to never.
    [<Law(MaxTest = 500)>]
    let ``Where a value is of a type`` (family: Family) =
        for wanted in family.Types do
            narrows
                family
                (Narrow.toType names wanted)
                (fun value -> isOf wanted value && not (Membership.holdsEmpty value))
                $"being of {shown wanted}"

    [<Law(MaxTest = 500)>]
    let ``Where a value is not of a type`` (family: Family) =
        for excluded in family.Types do
            narrows family (Narrow.notType names excluded) (isOf excluded >> not) $"not being of {shown excluded}"

    [<Law(MaxTest = 500)>]
    let ``Where a value is equal to a literal, and where not`` (family: Family) (literal: Form) =
        let text = Language.Print literal
        narrows family (Narrow.toLiteral names literal) literal.Equals $"= {text}"
        narrows family (Narrow.notLiteral names literal) (literal.Equals >> not) $"not= {text}"

    [<Law(MaxTest = 500)>]
    let ``Where a value compares to a literal`` (family: Family) (literal: Form) =
        for comparison in Enum.GetValues<Comparison>() do
            narrows
                family
                (Narrow.compared names comparison literal)
                (fun value -> Membership.compares comparison value literal)
                $"{comparison} {Language.Print literal}"

    [<Law(MaxTest = 500)>]
    let ``What a test tells of the value under a key keeps the maps for which it holds`` (family: Family) (key: Key) =
        let under (value: Form) =
            match Membership.find key.Key value with
            | ValueSome found -> found
            | ValueNone -> Forms.Nil()

        let isMap (value: Form) = (Membership.entries value).IsSome

        narrows
            family
            (Keys.refine names key.Key (Narrow.truthy names))
            (fun value -> isMap value && isTruthy (under value))
            $"{Language.Print key.Key} being truthy"

        narrows
            family
            (Keys.refine names key.Key (Narrow.falsy names))
            (fun value -> isMap value && not (isTruthy (under value)))
            $"{Language.Print key.Key} being falsy"
