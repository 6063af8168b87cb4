/// The predicates of `:and`: their names, and what each takes.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Predicates

open System.Collections.Generic
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private comparisons = [
    ">", Comparison.Greater
    ">=", Comparison.GreaterOrEqual
    "<", Comparison.Less
    "<=", Comparison.LessOrEqual
    "=", Comparison.Equal
    "!=", Comparison.NotEqual
]

let private known =
    HashSet<string>(
        "in-range min-length max-length length matches-regex min-count max-count count non-empty has-key required-keys is-url is-email"
            .Split
            ' '
    )

let private isNumber (form: Form) =
    match form.Node with
    | Node.Int _
    | Node.Float _ -> true
    | _ -> false

let private size (make: int64 -> Refinement) (arguments: Form array) =
    match arguments |> Array.map _.Node with
    | [| Node.Int count |] when count >= 0L -> Ok(make count)
    | _ -> Error "takes one integer that is not negative"

let private alone (refinement: Refinement) (arguments: Form array) =
    if arguments.Length = 0 then
        Ok refinement
    else
        Error "takes nothing"

/// A predicate from its name without the colon and its arguments, or what it takes instead.
let ofForms (name: string) (arguments: Form array) : Result<Refinement, string> =
    match comparisons |> List.tryFind (fun (sign, _) -> sign = name) with
    | Some(_, comparison) ->
        match arguments with
        | [| bound |] when isLiteral bound -> Ok(Refinement.Compare(comparison, bound))
        | _ -> Error "takes one literal"
    | None ->
        match name with
        | "in-range" ->
            match arguments with
            | [| low; high |] when isNumber low && isNumber high -> Ok(Refinement.InRange(low, high))
            | _ -> Error "takes two numbers, the least and the greatest"
        | "min-length" -> size (fun n -> Refinement.Length(Comparison.GreaterOrEqual, n)) arguments
        | "max-length" -> size (fun n -> Refinement.Length(Comparison.LessOrEqual, n)) arguments
        | "length" -> size (fun n -> Refinement.Length(Comparison.Equal, n)) arguments
        | "min-count" -> size (fun n -> Refinement.Count(Comparison.GreaterOrEqual, n)) arguments
        | "max-count" -> size (fun n -> Refinement.Count(Comparison.LessOrEqual, n)) arguments
        | "count" -> size (fun n -> Refinement.Count(Comparison.Equal, n)) arguments
        | "matches-regex" ->
            match arguments with
            | [| StringOf pattern |] -> Ok(Refinement.MatchesRegex pattern)
            | _ -> Error "takes one string, the regular expression"
        | "non-empty" -> alone Refinement.NonEmpty arguments
        | "is-url" -> alone Refinement.IsUrl arguments
        | "is-email" -> alone Refinement.IsEmail arguments
        | "has-key" ->
            match arguments with
            | [| key |] when isKey key -> Ok(Refinement.HasKey key)
            | _ -> Error "takes one key: a keyword, a string or an integer"
        | "required-keys" ->
            match arguments with
            | [| VectorOf keys |] when keys |> Array.forall isKey -> Ok(Refinement.RequiredKeys keys)
            | _ -> Error "takes a vector of keys"
        | _ ->
            match Nearest.find name known with
            | null ->
                if arguments |> Array.forall isLiteral then
                    Ok(Refinement.Custom(name, arguments))
                else
                    Error "takes literals"
            | near -> Error $"is no predicate; did you mean :{near}?"

let private sign (comparison: Comparison) =
    comparisons |> List.find (fun (_, known) -> known = comparison) |> fst

let private bounded (comparison: Comparison) (noun: string) =
    match comparison with
    | Comparison.GreaterOrEqual -> "min-" + noun
    | Comparison.LessOrEqual -> "max-" + noun
    | _ -> noun

/// The name and the arguments that read back to the predicate; a type among refinements is none.
let toForms (refinement: Refinement) : struct (string * Form array) voption =
    let found name arguments = ValueSome(struct (name, arguments))

    match refinement with
    | Refinement.OfType _ -> ValueNone
    | Refinement.Compare(comparison, bound) -> found (sign comparison) [| bound |]
    | Refinement.InRange(low, high) -> found "in-range" [| low; high |]
    | Refinement.Length(comparison, length) -> found (bounded comparison "length") [| Forms.Int length |]
    | Refinement.Count(comparison, count) -> found (bounded comparison "count") [| Forms.Int count |]
    | Refinement.NonEmpty -> found "non-empty" Array.empty
    | Refinement.MatchesRegex pattern -> found "matches-regex" [| Forms.String pattern |]
    | Refinement.HasKey key -> found "has-key" [| key |]
    | Refinement.RequiredKeys keys -> found "required-keys" [| Forms.Vector keys |]
    | Refinement.IsUrl -> found "is-url" Array.empty
    | Refinement.IsEmail -> found "is-email" Array.empty
    | Refinement.Custom(name, arguments) -> found name arguments
