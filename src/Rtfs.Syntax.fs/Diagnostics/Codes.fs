/// The registry of every diagnostic code. A code never changes its meaning; the families stand in files of their own.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.Codes

open System.Collections.Generic

let all: CodeEntry array =
    Array.concat [
        ReadingCodes.all
        DecodingCodes.all
        ShapeCodes.all
        ControlCodes.all
        TypeCodes.all
        InferenceCodes.all
        MacroCodes.all
        ModuleCodes.all
        NameCodes.all
        StreamCodes.all
        RunCodes.all
    ]
    |> Array.sortWith (fun a b -> System.String.CompareOrdinal(a.Code, b.Code))

let private byCode =
    let found = Dictionary<string, CodeEntry>()

    for entry in all do
        found.Add(entry.Code, entry)

    found

let tryFind (code: string) : CodeEntry voption =
    match byCode.TryGetValue code with
    | true, found -> ValueSome found
    | _ -> ValueNone

/// A code that no family registers is an error, as nothing milder could be meant.
let severityOf (code: string) : Severity =
    match tryFind code with
    | ValueSome entry -> entry.Severity
    | ValueNone -> Severity.Error

/// `a, b and c`.
let listed (words: string list) : string =
    match List.rev words with
    | [] -> ""
    | [ only ] -> only
    | last :: before -> System.String.Join(", ", List.rev before) + " and " + last
