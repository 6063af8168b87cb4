/// Broken brackets and quote marks: each is one diagnostic, at its place, and leaves its neighbours whole.
module Rtfs.Syntax.Tests.RecoveryTests

open System
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests.Reading
open Xunit

/// Where the brackets of a text stand that are no part of a string or comment.
let private brackets (text: string) : int list =
    let rec within (form: Form) : int list =
        let ends mark (items: Items) =
            form.Span.Start + mark
            :: (form.Span.End - 1)
            :: (items.Forms |> Seq.collect within |> List.ofSeq)

        match form.Node with
        | Node.List items
        | Node.Vector items
        | Node.Map items
        | Node.Consume items -> ends 0 items
        | Node.Function items -> ends 1 items
        | Node.Prefixed(_, target) -> within target
        | Node.Meta(meta, target) -> (meta |> Seq.collect within |> List.ofSeq) @ within target
        | _ -> []

    [
        for top in (read text).Forms do
            for place in within top.Form -> top.Start + place
    ]

let private startOf (top: TopForm) = top.Start + top.Form.Span.Start

let private startsLine (text: string) (at: int) = at = 0 || text[at - 1] = '\n'

let names: seq<objnull array> =
    Samples.all |> Seq.map (fun (name, _) -> [| box name |])

[<Theory>]
[<MemberData(nameof names)>]
let ``The samples read without a diagnostic and print as themselves`` (name: string) =
    let text = Samples.text name
    let document = read text
    Assert.Empty(document.Diagnostics |> Seq.map _.Message)
    Assert.Equal(text, Language.Print document)
    Assert.NotEmpty(brackets text)

/// Whatever bracket is missing, there is one bracket fault, and every top-level form at the start of a line is what it was, but for
/// the one that lost the bracket.
let private deleteEach (text: string) =
    let original = read text

    for place in brackets text do
        let broken = text.Remove(place, 1)
        let document = read broken
        Assert.Equal(broken, Language.Print document)
        let context = $"without the bracket at {place}:\n{broken}"
        let faults = document.Diagnostics |> Seq.filter isBracketFault |> Seq.length
        Assert.True((faults = 1), $"{faults} bracket faults {context}")

        let found = document.Forms |> Seq.map (fun top -> startOf top, top.Form) |> dict

        for top in original.Forms do
            let start = startOf top
            let touched = start <= place && place < top.Start + top.Length

            if startsLine text start && not touched then
                let moved = if place < start then start - 1 else start
                Assert.True(found.ContainsKey moved, $"no form at {moved} {context}")
                Assert.True(found[moved].Equals top.Form, $"another form at {moved} {context}")

[<Theory>]
[<MemberData(nameof names)>]
let ``A deleted bracket is one fault and leaves the other forms whole`` (name: string) = deleteEach (Samples.text name)

[<Fact>]
let ``A deleted bracket is found among all the samples together`` () =
    Samples.all |> List.map snd |> String.concat "\n" |> deleteEach

let private only (text: string) =
    let found = Assert.Single (read text).Diagnostics
    Assert.Equal(text, Language.Print(read text))
    found

[<Fact>]
let ``An unclosed form ends before the next form in column 0`` () =
    let text = "(def a [1 2)\n\n; about b\n(def b 2)"
    let found = only text
    Assert.Equal("RTFS0001", found.Code)
    Assert.Equal(7, found.Span.Start)
    Assert.Equal(1, found.Span.Length)
    Assert.Contains("`]`", found.Message)
    Assert.Contains("Add `]`", found.Fix)
    Assert.Equal(11, (Assert.Single found.Related).Span.Start)

    let unclosed = "(def a (f 1)\n\n; about b\n(def b 2)"
    let found = only unclosed
    Assert.Equal(0, found.Span.Start)
    Assert.Equal(12, (Assert.Single found.Related).Span.Start)
    let document = read unclosed
    Assert.Equal(2, document.Forms.Length)
    Assert.Equal("\n\n; about b\n", document.Forms[1].Form.Lead |> Seq.map _.Text |> String.concat "")

[<Fact>]
let ``Several brackets left open at one place are one fault that names them all`` () =
    let found = only "(a [b {:c (d"
    Assert.Equal("RTFS0001", found.Code)
    Assert.Equal(0, found.Span.Start)
    Assert.Contains("`)}])`", found.Fix)

[<Fact>]
let ``Forms in column 0 may stand inside well-formed code`` () =
    Assert.Equal(1, (read "(do\n(a)\n[b]\n)").Forms.Length)
    Assert.Empty (read "(do\n(a)\n[b]\n)").Diagnostics

[<Fact>]
let ``A fault inside code that nests forms in column 0 leaves its outer form whole`` () =
    let document = read "(do\n(def x [1)\n(def y 2)\n)\n(next)"
    Assert.Equal("RTFS0001", (Assert.Single document.Diagnostics).Code)
    Assert.Equal(2, document.Forms.Length)

[<Fact>]
let ``A stray closer is one fault wherever it stands`` () =
    for text, at in
        [
            "(a))", 3
            ")", 0
            "(a ] b)", 3
            "[a (b c) d) e]", 10
            "(f [a b c) d])", 9
            "a } (b)", 2
        ] do
        let found = only text
        Assert.Equal("RTFS0002", found.Code)
        Assert.Equal(at, found.Span.Start)
        Assert.Contains($"`{text[at]}`", found.Message)

[<Fact>]
let ``Each of two broken forms has its own fault`` () =
    let document = read "(a (b\n(c [d\n(e)"
    Assert.Equal<string list>([ "RTFS0001"; "RTFS0001" ], codes document)
    Assert.Equal<int list>([ 0; 6 ], document.Diagnostics |> Seq.map _.Span.Start |> List.ofSeq)
    Assert.Equal(3, document.Forms.Length)

[<Fact>]
let ``A string without end is one fault and ends with its line`` () =
    let text = "(def a 1)\n(println \"oops)\n(def b 2)"
    let found = only text
    Assert.Equal("RTFS0003", found.Code)
    Assert.Equal("\"oops)", covered text found)
    Assert.Equal(3, (read text).Forms.Length)

[<Fact>]
let ``A missing quote mark does not turn the strings after it inside out`` () =
    let text = "(log \"a)\n(log \"b\")\n(log \"c\" (d))\n"
    let found = only text
    Assert.Equal("RTFS0003", found.Code)
    Assert.Equal(5, found.Span.Start)
    let forms = forms text
    Assert.Equal(single "(log \"b\")", forms[1])
    Assert.Equal(single "(log \"c\" (d))", forms[2])

[<Fact>]
let ``A comment without end is one fault and ends with its line`` () =
    let text = "(a)\n#| open\n(b)"
    let found = only text
    Assert.Equal("RTFS0004", found.Code)
    Assert.Equal("#| open", covered text found)
    Assert.Equal(3, (read text).Forms.Length)

[<Fact>]
let ``A damaged map has no second fault`` () =
    for text in [ "{:a (f x :b 2}"; "(g {:a f x) :b 2})"; "{:a ] :b}" ] do
        Assert.Single (read text).Diagnostics |> ignore
