/// What the refinements of a type say together of an ordered value: ends of intervals, and the literals left out of them.
namespace Rtfs.Syntax.Types

open Rtfs.Syntax.Tree

/// An end of an interval; `Open` when the end itself is outside.
[<Struct>]
type internal End = { At: Form; Open: bool }

/// `Excluded` are literals that `:!=` names. The ends are kept apart and not merged to the narrowest: those of different kinds (numbers,
/// strings, timestamps) have no order, and which of them was first must not matter.
type internal Bounds = {
    Lows: End list
    Highs: End list
    Excluded: Form list
}

module internal Bounds =
    let unbounded = { Lows = []; Highs = []; Excluded = [] }

    /// The smallest float that no int reaches.
    let private beyondInts = 9223372036854775808.0

    /// For ints, an end is the closed one at the nearest int inside: `> 2`, `> 2.5` and `>= 3` are the same. `step` points inwards.
    let private tightened isInt (step: int64) (found: End) : End =
        let closed value = { At = Forms.Int value; Open = false }

        let last =
            if step > 0L then
                System.Int64.MaxValue
            else
                System.Int64.MinValue

        match found.At.Node with
        | Node.Int value when isInt && found.Open && value <> last -> closed (value + step)
        | Node.Float value when isInt && abs value < beyondInts ->
            let whole = if step > 0L then ceil value else floor value

            if found.Open && whole = value then
                closed (int64 whole + step)
            else
                closed (int64 whole)
        | _ -> found

    let private raise isInt (found: End) (bounds: Bounds) = {
        bounds with
            Lows = tightened isInt 1L found :: bounds.Lows
    }

    let private lower isInt (found: End) (bounds: Bounds) = {
        bounds with
            Highs = tightened isInt -1L found :: bounds.Highs
    }

    let add (isInt: bool) (comparison: Comparison) (bound: Form) (bounds: Bounds) : Bounds =
        match comparison with
        | Comparison.Greater -> raise isInt { At = bound; Open = true } bounds
        | Comparison.GreaterOrEqual -> raise isInt { At = bound; Open = false } bounds
        | Comparison.Less -> lower isInt { At = bound; Open = true } bounds
        | Comparison.LessOrEqual -> lower isInt { At = bound; Open = false } bounds
        | Comparison.Equal ->
            bounds
            |> raise isInt { At = bound; Open = false }
            |> lower isInt { At = bound; Open = false }
        | _ -> {
            bounds with
                Excluded = bound :: bounds.Excluded
          }

    /// The intervals of an int's, float's, string's or timestamp's refinements.
    let ofRefinements (isInt: bool) (refinements: Refinement list) : Bounds =
        refinements
        |> List.fold
            (fun bounds refinement ->
                match refinement with
                | Refinement.Compare(comparison, bound) -> add isInt comparison bound bounds
                | Refinement.InRange(low, high) ->
                    bounds
                    |> add isInt Comparison.GreaterOrEqual low
                    |> add isInt Comparison.LessOrEqual high
                | Refinement.OfType _
                | Refinement.Length _
                | Refinement.Count _
                | Refinement.NonEmpty
                | Refinement.MatchesRegex _
                | Refinement.HasKey _
                | Refinement.RequiredKeys _
                | Refinement.IsUrl
                | Refinement.IsEmail
                | Refinement.Custom _ -> bounds)
            unbounded

    let private isAbove isInt (found: End) (bounds: Bounds) =
        let found = tightened isInt 1L found

        bounds.Lows
        |> List.exists (fun low ->
            match Literals.order low.At found.At with
            | ValueSome order -> order > 0 || (order = 0 && (low.Open || not found.Open))
            | ValueNone -> false)

    let private isBelow isInt (found: End) (bounds: Bounds) =
        let found = tightened isInt -1L found

        bounds.Highs
        |> List.exists (fun high ->
            match Literals.order high.At found.At with
            | ValueSome order -> order < 0 || (order = 0 && (high.Open || not found.Open))
            | ValueNone -> false)

    /// Whether nothing lies between the ends.
    let isEmpty (bounds: Bounds) : bool =
        List.allPairs bounds.Lows bounds.Highs
        |> List.exists (fun (low, high) ->
            match Literals.order low.At high.At with
            | ValueSome order -> order > 0 || (order = 0 && (low.Open || high.Open))
            | ValueNone -> false)

    /// Whether every value of the interval stands in the relation to the bound.
    let implies (isInt: bool) (bounds: Bounds) (comparison: Comparison) (bound: Form) : bool =
        match comparison with
        | Comparison.Greater -> isAbove isInt { At = bound; Open = true } bounds
        | Comparison.GreaterOrEqual -> isAbove isInt { At = bound; Open = false } bounds
        | Comparison.Less -> isBelow isInt { At = bound; Open = true } bounds
        | Comparison.LessOrEqual -> isBelow isInt { At = bound; Open = false } bounds
        // Equality is strict on types and an interval is not: only the same refinement implies it.
        | Comparison.Equal -> false
        | _ ->
            bounds.Excluded |> List.exists bound.Equals
            || isAbove isInt { At = bound; Open = true } bounds
            || isBelow isInt { At = bound; Open = true } bounds

    /// Whether no value of the interval can stand in the relation to the bound.
    let excludes (isInt: bool) (bounds: Bounds) (comparison: Comparison) (bound: Form) : bool =
        let isOrder = comparison <> Comparison.Equal && comparison <> Comparison.NotEqual

        isEmpty (add isInt comparison bound bounds)
        // Nothing is greater or less than a keyword or NaN.
        || (isOrder && (Literals.order bound bound).IsNone)
        || (comparison = Comparison.Equal && bounds.Excluded |> List.exists bound.Equals)
