/// Reading is total and lossless: whatever the text, the tree prints as the text, and its spans say where everything stands.
module Rtfs.Syntax.Tests.RoundTripTests

open System
open Rtfs.Syntax
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests.Reading
open Xunit
open FsCheck.Xunit

/// The document without its text: if it still prints, it prints from the tree.
let private printedFromTree (document: Document) =
    Language.Print(Document(SourceText("none", ""), document.Forms, document.Tail))

let rec private spansHold (text: string) (start: int) (form: Form) =
    let at = start + form.Span.Start

    Assert.True(
        form.Span.Length > 0
        && form.Span.Start >= 0
        && start + form.Span.End <= text.Length
    )

    Assert.Equal(form.Text, text.Substring(at, form.Text.Length))

    let inner (forms: Form seq) =
        for one in forms do
            Assert.True(one.Span.Start >= form.Span.Start && one.Span.End <= form.Span.End)
            spansHold text start one

    match form.Node with
    | Node.List items
    | Node.Vector items
    | Node.Map items
    | Node.Function items
    | Node.Consume items -> inner items.Forms
    | Node.Prefixed(_, target) -> inner [ target ]
    | Node.Meta(meta, target) -> inner (Seq.append meta [ target ])
    | _ -> ()

let private holds (text: string) =
    let document = read text
    Assert.Equal(text, printedFromTree document)

    for top in document.Forms do
        Assert.Equal(top.Start + top.Length, top.Start + top.Form.Span.End)
        spansHold text top.Start top.Form

    for found in document.Diagnostics do
        Assert.InRange(found.Span.Start, 0, text.Length)
        Assert.InRange(found.Span.End, found.Span.Start, text.Length)
        Assert.NotEmpty found.Message
        Assert.False(String.IsNullOrEmpty found.Fix)
        Assert.NotNull(Language.Explain found.Code)

        for place in found.Related do
            Assert.InRange(place.Span.End, place.Span.Start, text.Length)

    let starts = document.Diagnostics |> Array.map _.Span.Start
    Assert.Equal<int array>(Array.sort starts, starts)

[<Property(MaxTest = 1000, EndSize = 200)>]
let ``Any string at all`` (text: string | null) =
    match text with
    | null -> ()
    | text -> holds text

[<Property(MaxTest = 1000)>]
let ``Any UTF-16 code units`` (units: uint16 array) = holds (String(Array.map char units))

[<Property(MaxTest = 4000)>]
let ``Any sequence of tokens and marks`` (seed: int) =
    let random = Random seed
    holds (Mutation.soup random (random.Next 60))

[<Property(MaxTest = 1000)>]
let ``Any damage to the samples`` (seed: int) =
    let random = Random seed
    let _, sample = Samples.all[random.Next Samples.all.Length]
    holds (Mutation.many random (1 + random.Next 6) sample)

[<Theory>]
[<InlineData("")>]
[<InlineData(" ")>]
[<InlineData("\uFEFF")>]
[<InlineData("\uFFFF")>]
[<InlineData("(\uFFFF")>]
[<InlineData("\u0000")>]
[<InlineData("a\r\n\"b\r\nc\"\r\n")>]
[<InlineData("\r")>]
[<InlineData("; \uFFFF comment")>]
[<InlineData("#|")>]
[<InlineData("#")>]
[<InlineData("\"")>]
[<InlineData("\"\\")>]
[<InlineData("^")>]
[<InlineData("^:delegation")>]
[<InlineData("^:delegation :remote")>]
[<InlineData("^{:a 1}")>]
[<InlineData("'\n(")>]
[<InlineData("(a '\n(b)")>]
let ``Texts that end badly`` (text: string) = holds text

[<Fact>]
let ``Lone surrogates and the end mark of a stream are characters like others`` () =
    holds "\uD800(\uDC00 \"\uD800\uFFFF\") \uFFFF (a) \uFFFF"
    let document = read "\uFFFF (a)"
    Assert.Equal(2, document.Forms.Length)
