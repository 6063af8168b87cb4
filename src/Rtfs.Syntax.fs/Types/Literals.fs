/// Literals as members of types: their primitive, and their exact order.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Literals

open System
open System.Text.RegularExpressions
open Rtfs.Syntax.Tree

/// The primitive that a literal is of; `any` for a form that is no literal.
let primitiveOf (form: Form) : Primitive =
    match form.Node with
    | Node.Nil -> Primitive.Nil
    | Node.Bool _ -> Primitive.Bool
    | Node.Int _ -> Primitive.Int
    | Node.Float _ -> Primitive.Float
    | Node.String _
    | Node.Resource _ -> Primitive.String
    | Node.Keyword _ -> Primitive.Keyword
    | Node.Symbol _ -> Primitive.Symbol
    | Node.Timestamp _ -> Primitive.Timestamp
    | Node.Uuid _ -> Primitive.Uuid
    | Node.List _
    | Node.Vector _
    | Node.Map _
    | Node.Function _
    | Node.Consume _
    | Node.Prefixed _
    | Node.Meta _
    | Node.Broken _ -> Primitive.Any

/// An int against a float without rounding: a float above 2^53 has neighbours that are no ints of the same rounding.
let private intAgainstFloat (a: int64) (b: float) : int =
    if b >= 9223372036854775808.0 then
        -1
    elif b < -9223372036854775808.0 then
        1
    else
        let whole = Math.Floor b
        let order = compare a (int64 whole)

        if order <> 0 then order
        elif b > whole then -1
        else 0

/// The order of two literals of one kind (numbers, strings by code units, timestamps); nothing for others and for NaN.
let order (a: Form) (b: Form) : int voption =
    match a.Node, b.Node with
    | Node.Int a, Node.Int b -> ValueSome(compare a b)
    | Node.Float a, Node.Float b when not (Double.IsNaN a || Double.IsNaN b) -> ValueSome(compare a b)
    | Node.Int a, Node.Float b when not (Double.IsNaN b) -> ValueSome(intAgainstFloat a b)
    | Node.Float a, Node.Int b when not (Double.IsNaN a) -> ValueSome(-(intAgainstFloat b a))
    | Node.String a, Node.String b -> ValueSome(sign (String.CompareOrdinal(a, b)))
    | Node.Timestamp a, Node.Timestamp b -> ValueSome(compare a b)
    | _ -> ValueNone

let private isNumber (value: Form) =
    match value.Node with
    | Node.Int _
    | Node.Float _ -> true
    | _ -> false

/// Numbers by their value, as a refinement compares them: `[:= 1]` takes 1.0, though `(= 1 1.0)` is false. NaN is no number's equal.
let private isSame (value: Form) (bound: Form) =
    if isNumber value && isNumber bound then
        order value bound = ValueSome 0
    else
        value.Equals bound

/// Whether two literals stand in the relation of a refinement. Nothing where they have none.
let holds (comparison: Comparison) (value: Form) (bound: Form) : bool voption =
    match comparison with
    | Comparison.Equal -> ValueSome(isSame value bound)
    | Comparison.NotEqual -> ValueSome(not (isSame value bound))
    | _ ->
        match order value bound with
        | ValueNone -> ValueNone
        | ValueSome order ->
            ValueSome(
                match comparison with
                | Comparison.Greater -> order > 0
                | Comparison.GreaterOrEqual -> order >= 0
                | Comparison.Less -> order < 0
                | _ -> order <= 0
            )

let isUrl (text: string) : bool =
    text.StartsWith("http://", StringComparison.Ordinal)
    || text.StartsWith("https://", StringComparison.Ordinal)

/// As the run sees it: one part, one @, and a host with a dot that is neither first nor last.
let isEmail (text: string) : bool =
    let at = text.IndexOf '@'
    let host = text.Substring(at + 1)

    at > 0
    && not (host.Contains '@')
    && not (text |> Seq.exists Char.IsWhiteSpace)
    && host.IndexOf '.' > 0
    && not (host.EndsWith '.')
    && not (host.Contains("..", StringComparison.Ordinal))

/// Whether a pattern is found in a text; nothing for a pattern that only a search with no bound on its time can tell of, or that does
/// not read.
let matches (pattern: string) (text: string) : bool voption =
    try
        ValueSome(Regex(pattern, RegexOptions.CultureInvariant ||| RegexOptions.NonBacktracking).IsMatch text)
    with
    | :? NotSupportedException
    | :? ArgumentException -> ValueNone
