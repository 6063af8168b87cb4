/// What the refinements of a type say together of an ordered value: an interval, and the literals left out of it.
namespace Rtfs.Syntax.Types

open Rtfs.Syntax.Tree

/// An end of an interval; `Open` when the end itself is outside.
[<Struct>]
type internal End = { At: Form; Open: bool }

/// `Low` and `High` are of one kind (numbers, strings or timestamps); nothing is no bound. `Excluded` are literals that `:!=` names.
type internal Bounds = {
    Low: End voption
    High: End voption
    Excluded: Form list
}

module internal Bounds =
    let unbounded = {
        Low = ValueNone
        High = ValueNone
        Excluded = []
    }

    /// For ints, an open end at a whole number is a closed one at its neighbour.
    let private tightened isInt step (found: End) : End =
        match found.At.Node with
        | Node.Int value when
            isInt
            && found.Open
            && value + step <> System.Int64.MinValue
            && value <> System.Int64.MaxValue
              ->
              {
                  At = Forms.Int(value + step)
                  Open = false
              }
        | _ -> found

    let private raise isInt (found: End) (bounds: Bounds) =
        let found = tightened isInt 1L found

        match bounds.Low with
        | ValueNone -> { bounds with Low = ValueSome found }
        | ValueSome low ->
            match Literals.order found.At low.At with
            | ValueSome order when order > 0 || (order = 0 && found.Open) -> { bounds with Low = ValueSome found }
            | _ -> bounds

    let private lower isInt (found: End) (bounds: Bounds) =
        let found = tightened isInt -1L found

        match bounds.High with
        | ValueNone -> { bounds with High = ValueSome found }
        | ValueSome high ->
            match Literals.order found.At high.At with
            | ValueSome order when order < 0 || (order = 0 && found.Open) -> { bounds with High = ValueSome found }
            | _ -> bounds

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

    /// The interval of an int's, float's, string's or timestamp's refinements.
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

    let private isAbove isInt (found: End) (low: End voption) =
        let found = tightened isInt 1L found

        match low with
        | ValueNone -> false
        | ValueSome low ->
            match Literals.order low.At found.At with
            | ValueSome order -> order > 0 || (order = 0 && (low.Open || not found.Open))
            | ValueNone -> false

    let private isBelow isInt (found: End) (high: End voption) =
        let found = tightened isInt -1L found

        match high with
        | ValueNone -> false
        | ValueSome high ->
            match Literals.order high.At found.At with
            | ValueSome order -> order < 0 || (order = 0 && (high.Open || not found.Open))
            | ValueNone -> false

    /// Whether nothing lies between the ends.
    let isEmpty (bounds: Bounds) : bool =
        match bounds.Low, bounds.High with
        | ValueSome low, ValueSome high ->
            match Literals.order low.At high.At with
            | ValueSome order -> order > 0 || (order = 0 && (low.Open || high.Open))
            | ValueNone -> false
        | _ -> false

    /// Whether every value of the interval stands in the relation to the bound.
    let implies (isInt: bool) (bounds: Bounds) (comparison: Comparison) (bound: Form) : bool =
        match comparison with
        | Comparison.Greater -> isAbove isInt { At = bound; Open = true } bounds.Low
        | Comparison.GreaterOrEqual -> isAbove isInt { At = bound; Open = false } bounds.Low
        | Comparison.Less -> isBelow isInt { At = bound; Open = true } bounds.High
        | Comparison.LessOrEqual -> isBelow isInt { At = bound; Open = false } bounds.High
        // Equality is strict on types and an interval is not: only the same refinement implies it.
        | Comparison.Equal -> false
        | _ ->
            bounds.Excluded |> List.exists (fun excluded -> excluded.Equals bound)
            || isAbove isInt { At = bound; Open = true } bounds.Low
            || isBelow isInt { At = bound; Open = true } bounds.High

    /// Whether no value of the interval can stand in the relation to the bound.
    let excludes (isInt: bool) (bounds: Bounds) (comparison: Comparison) (bound: Form) : bool =
        isEmpty (add isInt comparison bound bounds)
        || (comparison = Comparison.Equal
            && bounds.Excluded |> List.exists (fun excluded -> excluded.Equals bound))
