/// How mistakes in options are worded, wherever they are found.
[<AutoOpen>]
module internal Rtfs.Syntax.Check.OptionFaults

open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Expand

/// A code, a place, a message and a fix.
type OptionReport = string -> Span -> string -> (string | null) -> unit

[<return: Struct>]
let (|Literal|_|) (core: Core) =
    match core with
    | Core.Quote(datum, _) -> ValueSome datum
    | _ -> ValueNone

let keywords (words: string list) =
    words |> List.map (fun word -> ":" + word) |> Codes.listed

/// `known` are the keys that may have been meant, `offered` those of them that can be written.
let unknownKey
    (report: OptionReport)
    (span: Span)
    (key: string)
    (owner: string)
    (known: string list)
    (offered: string list)
    =
    match Nearest.find key known with
    | null -> report "RTFS3001" span $"unknown option :{key} of {owner}" $"its options are {keywords offered}"
    | near -> report "RTFS3001" span $"unknown option :{key} of {owner}; did you mean :{near}?" $"write :{near}"

let wrongValue (report: OptionReport) (span: Span) key found expected (known: string list) =
    let near =
        match found with
        | KeywordOf word -> Nearest.find word known
        | _ -> null

    match near with
    | null -> report "RTFS3002" span $":{key} must be {expected}, found {Describe.form found}" $"write {expected}"
    | near ->
        report
            "RTFS3002"
            span
            $":{key} must be {expected}, found {Describe.form found}; did you mean :{near}?"
            $"write :{near}"

let alternatives (words: string list) =
    match words with
    | [ only ] -> $":{only}"
    | _ ->
        let shown = words |> List.map (fun word -> ":" + word)

        System.String.Join(", ", shown[.. shown.Length - 2])
        + " or "
        + shown[shown.Length - 1]
