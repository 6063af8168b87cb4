/// The registry of codes: its examples do what it says, and the pages made from it are current.
module Rtfs.Syntax.Tests.CodeTests

open System
open System.IO
open System.Runtime.CompilerServices
open System.Text
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics

/// Those of RTFS009x are about bytes, which no example has.
let private isStatic (code: string) =
    not (code.StartsWith "RTFS9") && not (code.StartsWith "RTFS009")

/// What only a strict check tells.
let private isStrict (code: string) = (code = "RTFS2009")

let private found (code: string) (text: string) =
    Language.Analyze(Language.Read(text, "example"), Catalogues.empty, Catalogues.modules, isStrict code).Diagnostics
    |> Seq.map (fun diagnostic -> $"{diagnostic.Code} {diagnostic.Message}")
    |> Array.ofSeq

let staticCodes: TheoryData<string> =
    TheoryData<string>(Language.Codes |> Seq.map _.Code |> Seq.filter isStatic)

let private explain code =
    match Language.Explain code with
    | null -> failwith $"{code} is not registered"
    | entry -> entry

[<Theory; MemberData(nameof staticCodes)>]
let ``A wrong example gives exactly its code`` (code: string) =
    let codes =
        found code (explain code).Wrong |> Array.map (fun line -> line.Substring(0, 8))

    Assert.Equal<string array>([| code |], codes)

[<Theory; MemberData(nameof staticCodes)>]
let ``A right example gives no diagnostic`` (code: string) =
    Assert.Empty(found code (explain code).Right)

[<Fact>]
let ``The examples of run-time errors read and lower`` () =
    for entry in Language.Codes do
        if not (isStatic entry.Code) then
            for text in [ entry.Wrong; entry.Right ] do
                let analysis = Language.Analyze(Language.Read(text, entry.Code), Catalogues.empty)
                Assert.True(analysis.Reads, $"{entry.Code}: {text}")

[<Fact>]
let ``Every code is registered once, in order, with all of its parts`` () =
    let codes = Language.Codes |> Seq.map _.Code |> Array.ofSeq
    Assert.Equal<string array>(Array.distinct codes |> Array.sort, codes)

    for entry in Language.Codes do
        Assert.Matches("^RTFS[0-9]{4}$", entry.Code)
        Assert.EndsWith(".", entry.Meaning)
        Assert.NotEqual<string>(entry.Wrong, entry.Right)
        Assert.DoesNotContain("\n", entry.Title)

[<Fact>]
let ``An unknown code is not explained`` () =
    Assert.Null(Language.Explain "RTFS7777")

let private fence (text: string) = $"```clojure\n{text}\n```\n"

let private page (entry: Explanation) =
    let severity =
        match entry.Severity with
        | Severity.Error -> "error"
        | Severity.Warning -> "warning"
        | _ -> "information"

    let shown (text: string) =
        if text.Length > 400 then
            text.Substring(0, 60) + " …"
        else
            text

    StringBuilder()
        .Append($"# {entry.Code}: {entry.Title}\n\n")
        .Append($"Severity: {severity}.\n\n")
        .Append($"{entry.Meaning}\n\n")
        .Append("## Wrong\n\n")
        .Append(fence (shown entry.Wrong))
        .Append("\n## Right\n\n")
        .Append(fence (shown entry.Right))
        .ToString()

let private index () =
    let text = StringBuilder()

    text
        .Append("# Diagnostics\n\n")
        .Append(
            "`rtfs explain CODE` prints the same, `rtfs explain` lists all. The pages are made from the registry in\n"
        )
        .Append("`src/Rtfs.Syntax.fs/Diagnostics`, and tests run their examples; to make them again:\n\n")
        .Append("```sh\nRTFS_UPDATE=1 dotnet test tests/Rtfs.Syntax.Tests --filter CodeTests\n```\n")
    |> ignore

    for family, entries in Language.Codes |> Seq.groupBy _.Family do
        text.Append($"\n## {family}\n\n") |> ignore

        for entry in entries do
            text.Append($"- [{entry.Code}]({entry.Code}.md) {entry.Title}\n") |> ignore

    text.ToString()

[<Fact>]
let ``Every code belongs to a family, and families do not mix`` () =
    let families = Language.Codes |> Seq.map _.Family |> List.ofSeq
    Assert.DoesNotContain("Others", families)
    let changes = families |> List.pairwise |> List.filter (fun (a, b) -> a <> b)
    Assert.Equal(List.length (List.distinct families), 1 + changes.Length)

type private Here() =
    static member Path([<CallerFilePath>] ?path: string) = defaultArg path ""

[<Fact>]
let ``The pages under docs/diagnostics are current`` () =
    let tests =
        Path.GetDirectoryName(Here.Path()) |> Option.ofObj |> Option.defaultValue "."

    let folder =
        Path.GetFullPath(Path.Combine(tests, "..", "..", "docs", "diagnostics"))

    let pages =
        Array.append
            [| "README.md", index () |]
            (Language.Codes
             |> Seq.map (fun entry -> entry.Code + ".md", page entry)
             |> Array.ofSeq)

    if Environment.GetEnvironmentVariable "RTFS_UPDATE" = "1" then
        Directory.CreateDirectory folder |> ignore

        for file in Directory.GetFiles(folder, "*.md") do
            File.Delete file

        for name, text in pages do
            File.WriteAllText(Path.Combine(folder, name), text)

    let advice =
        "regenerate with: RTFS_UPDATE=1 dotnet test tests/Rtfs.Syntax.Tests --filter CodeTests"

    for name, text in pages do
        let path = Path.Combine(folder, name)
        Assert.True(File.Exists path, $"docs/diagnostics/{name} is missing; {advice}")
        Assert.True((File.ReadAllText path = text), $"docs/diagnostics/{name} is out of date; {advice}")

    let extra =
        Directory.GetFiles(folder, "*.md")
        |> Array.map (fun path -> string (Path.GetFileName path))
        |> Array.except (Array.map fst pages)

    Assert.True(extra.Length = 0, $"pages of codes that do not exist: %A{extra}; {advice}")
