/// How one type fits another, how fits are put together, and the pairs of types whose fit shows at one look.
namespace Rtfs.Syntax.Types

open Rtfs.Syntax.Tree

/// How a type fits where another is asked for. `Partly`: some values of it do, and a check at run time tells which.
type internal Fit =
    | Not = 0
    | Partly = 1
    | Wholly = 2

[<RequireQualifiedAccess>]
module internal Fits =
    let both (a: Fit) (b: Fit) = if a < b then a else b
    let either (a: Fit) (b: Fit) = if a > b then a else b

    /// The worst of what the items give; nothing is worse than not at all.
    let all (fit: 'T -> Fit) (items: 'T array) : Fit =
        let mutable found = Fit.Wholly
        let mutable i = 0

        while i < items.Length && found <> Fit.Not do
            found <- both found (fit items[i])
            i <- i + 1

        found

    let rec allOf (fit: 'T -> Fit) (items: 'T list) : Fit =
        match items with
        | [] -> Fit.Wholly
        | first :: others ->
            match fit first with
            | Fit.Not -> Fit.Not
            | found -> both found (allOf fit others)

    let ofBool holds = if holds then Fit.Wholly else Fit.Not

    /// One primitive against another, neither of which is spelled out as several or as none.
    let ofPrimitives isGradual (found: Primitive) (wanted: Primitive) : Fit =
        ofBool (
            found = wanted
            || (isGradual && found = Primitive.Int && wanted = Primitive.Float)
        )

    let private isNumber primitive =
        primitive = Primitive.Int || primitive = Primitive.Float

    /// What a value of one primitive is where a primitive is asked for; nothing where either stands for several types, or for none.
    let private ofPrimitive isGradual (found: Primitive) (wanted: Primitive) : Fit voption =
        match found, wanted with
        | (Primitive.Never | Primitive.Number | Primitive.Bool), _
        | _, (Primitive.Never | Primitive.Bool) -> ValueNone
        | _, Primitive.Any -> ValueSome Fit.Wholly
        | Primitive.Any, _ -> ValueSome(ofBool isGradual)
        | _, Primitive.Number -> ValueSome(ofBool (isNumber found))
        | _ -> ValueSome(ofPrimitives isGradual found wanted)

    /// Whether the type is one atom, of one part and without a name.
    let isPlain (target: Type) =
        match target with
        | Type.Val value -> value.Node <> Node.Nil
        | Type.Primitive primitive ->
            match primitive with
            | Primitive.Any
            | Primitive.Never
            | Primitive.Number
            | Primitive.Bool -> false
            | _ -> true
        | _ -> false

    /// Most questions are of types that need no spelling out, and have their answer at one look.
    let atOnce isGradual (a: Type) (b: Type) : Fit voption =
        match a, b with
        | Type.Primitive found, Type.Primitive wanted -> ofPrimitive isGradual found wanted
        | Type.Val value, Type.Primitive wanted when wanted <> Primitive.Bool && value.Node <> Node.Nil ->
            match Literals.primitiveOf value with
            | Primitive.Bool when wanted <> Primitive.Never -> ValueSome(ofBool (wanted = Primitive.Any))
            | found -> ofPrimitive isGradual found wanted
        | Type.Primitive found,
          (Type.Vector _ | Type.List _ | Type.Tuple _ | Type.Map _ | Type.MapOf _ | Type.Function _) when
            found <> Primitive.Never && found <> Primitive.Any
            ->
            ValueSome Fit.Not
        | Type.Val _, (Type.Vector _ | Type.List _ | Type.Tuple _ | Type.Map _ | Type.MapOf _ | Type.Function _) ->
            ValueSome Fit.Not
        | _ -> ValueNone
