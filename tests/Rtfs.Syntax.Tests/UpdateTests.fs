/// Reading after an edit gives what reading the new text gives, and keeps what the edit did not touch.
module Rtfs.Syntax.Tests.UpdateTests

open System
open System.Text
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests.Reading
open Xunit
open FsCheck.Xunit

/// Everything that a document says, spans and trivia and diagnostics included.
let private dump (document: Document) : string =
    let text = StringBuilder()

    let trivia (pieces: Trivia array) =
        for piece in pieces do
            text.Append('<').Append(piece.Kind.ToString()).Append(piece.Text) |> ignore

    let rec form (one: Form) =
        trivia one.Lead

        text.Append(one.Span.Start).Append('+').Append(one.Span.Length).Append(one.Text)
        |> ignore

        let items kind (items: Items) =
            text.Append(kind: string).Append('(') |> ignore
            items.Forms |> Array.iter form
            trivia items.Tail
            text.Append(items.Closed).Append(')') |> ignore

        match one.Node with
        | Node.List inner -> items "list" inner
        | Node.Vector inner -> items "vector" inner
        | Node.Map inner -> items "map" inner
        | Node.Function inner -> items "function" inner
        | Node.Consume inner -> items "consume" inner
        | Node.Prefixed(prefix, target) ->
            text.Append(prefix) |> ignore
            form target
        | Node.Meta(meta, target) ->
            Array.iter form meta
            form target
        | node -> text.Append(node.GetType().Name) |> ignore

    for top in document.Forms do
        text.Append($"\n{top.Start}+{top.Length}: ") |> ignore
        form top.Form

    trivia document.Tail

    let place (span: Span) = $"{span.Start}+{span.Length}"

    for found in document.Diagnostics do
        let related =
            found.Related
            |> Seq.map (fun one -> place one.Span + one.Message)
            |> String.concat ";"

        text.Append($"\n{found.Code} {place found.Span} {found.Message} {found.Fix} {related}")
        |> ignore

    text.ToString()

let private agrees (document: Document) (span: Span) (replacement: string) : Document =
    let updated = Language.Update(document, span, replacement)
    let old = document.Source.Text
    let text = old.Substring(0, span.Start) + replacement + old.Substring span.End
    Assert.Equal(text, updated.Source.Text)
    Assert.Equal(text, Language.Print updated)
    let fresh = read text

    if fresh.Forms.Length <> updated.Forms.Length || dump fresh <> dump updated then
        Assert.Fail $"{old}\n--- {span.Start}+{span.Length} -> {replacement}\n{dump fresh}\n---\n{dump updated}"

    updated

let private edit (random: Random) (text: string) : struct (Span * string) =
    let start = random.Next(text.Length + 1)

    let length =
        match random.Next 4 with
        | 0 -> 0
        | 1 -> min 1 (text.Length - start)
        | 2 -> min (random.Next 10) (text.Length - start)
        | _ -> min (random.Next 200) (text.Length - start)

    let replacement =
        match random.Next 4 with
        | 0 -> ""
        | 1 -> Mutation.soup random 1
        | 2 -> Mutation.soup random (random.Next 6)
        | _ -> string text[random.Next text.Length]

    struct (Span.Of(start, length), replacement)

let private editAgain (seed: int) (text: string) =
    let random = Random seed
    let mutable document = read text

    for _ in 1..8 do
        let struct (span, replacement) = edit random (document.Source.Text + " ")

        let span =
            Span.Between(min span.Start document.Source.Text.Length, min span.End document.Source.Text.Length)

        document <- agrees document span replacement

[<Property(MaxTest = 300)>]
let ``Edits of the samples give what reading gives`` (seed: int) =
    let _, sample = Samples.all[Random(seed).Next Samples.all.Length]
    editAgain seed sample

[<Property(MaxTest = 2000)>]
let ``Edits of any tokens give what reading gives`` (seed: int) =
    editAgain seed (Mutation.soup (Random seed) (Random(seed).Next 40))

[<Property(MaxTest = 100)>]
let ``Typing a sample character by character gives what reading gives`` (seed: int) =
    let random = Random seed
    let _, sample = Samples.all[random.Next Samples.all.Length]
    let start = random.Next sample.Length
    let mutable document = read (sample.Substring(0, start))

    for i in start .. min (sample.Length - 1) (start + 12) do
        document <- agrees document (Span.Of(i, 0)) (string sample[i])

[<Fact>]
let ``An edit inside one form keeps every other form`` () =
    let text = Samples.all |> List.map snd |> String.concat "\n"
    let document = read text
    let at = text.IndexOf("celsius", StringComparison.Ordinal)
    let updated = agrees document (Span.Of(at, 7)) "kelvin"
    Assert.Equal(document.Forms.Length, updated.Forms.Length)

    let kept =
        Seq.zip document.Forms updated.Forms
        |> Seq.filter (fun (before, after) -> Object.ReferenceEquals(before.Form, after.Form))
        |> Seq.length

    Assert.Equal(document.Forms.Length - 1, kept)
    Assert.Same(document.Forms[0], updated.Forms[0])

[<Fact>]
let ``An opened bracket costs no more than its own form`` () =
    let text = "(a 1)\n(b [2])\n(c 3)\n(d 4)"
    let document = read text
    let updated = agrees document (Span.Of(11, 1)) ""
    Assert.Equal("RTFS0001", (Assert.Single updated.Diagnostics).Code)
    Assert.Same(document.Forms[0], updated.Forms[0])
    Assert.Same(document.Forms[2].Form, updated.Forms[2].Form)
    Assert.Same(document.Forms[3].Form, updated.Forms[3].Form)

[<Fact>]
let ``A span outside the text is brought inside`` () =
    let document = read "(a)"
    Assert.Equal("(a) b", Language.Print(Language.Update(document, Span.Of(90, 5), " b")))
    Assert.Equal("b(a)", Language.Print(Language.Update(document, Span.Of(-4, 2), "b")))
    Assert.Equal("b", Language.Print(Language.Update(document, Span.Of(0, 99), "b")))

[<Fact>]
let ``A byte-order mark is trivia at the start alone, also after an edit`` () =
    agrees (read "\uFEFFa b") (Span.Of(0, 0)) "x " |> ignore
    agrees (read "x \uFEFFa b") (Span.Of(0, 2)) "" |> ignore
    agrees (read "x\uFEFFa b") (Span.Of(0, 1)) "" |> ignore

[<Fact>]
let ``Edits that reach far are followed`` () =
    let document = read "(a)\n(b \"x\")\n(c \"y\")\n"
    let broken = agrees document (Span.Of(7, 1)) ""
    let mended = agrees broken (Span.Of(7, 0)) "\""
    Assert.Empty mended.Diagnostics
    let commented = agrees mended (Span.Of(0, 0)) "#|"
    agrees commented (Span.Of(commented.Source.Text.Length, 0)) "|#" |> ignore

let private pieces = [|
    "(def a 1)"
    "a"
    ":key"
    "[1 (2) 3]"
    "{:a (b)}"
    "^{:doc \"x\"} (defn f [x] x)"
    "^:delegation :local (f 1)"
    "^:delegation :remote \"m\" (f 1)"
    "^ ; c (\n(a) (b)"
    "^^{:a 1} (m) (t)"
    "^(a) b"
    "'(a b)"
    "`(a ~b ~@c)"
    "#(+ % 1)"
    "{x => (f x)}"
    "\"a ^ (string)\""
    "; a (comment ^"
    "#| (block |#"
    "@:plan/x"
    "(stream-consume s {x => x})"
    "^"
|]

[<Fact>]
let ``a text read in pieces is what it is in one`` () =
    let random = Random 11

    for _ in 1..4000 do
        let text =
            String.Join(
                (if random.Next 2 = 0 then "\n" else " ,\n\n"),
                Array.init (random.Next 14) (fun _ -> pieces[random.Next pieces.Length])
            )
            + (if random.Next 2 = 0 then "\n" else "")

        let source = SourceText("test", text)
        let inOne = Rtfs.Syntax.Read.Reader.readInPieces 1 source
        let inSeveral = Rtfs.Syntax.Read.Reader.readInPieces (2 + random.Next 6) source

        if dump inOne <> dump inSeveral then
            Assert.Fail $"{text}\n--- in one\n{dump inOne}\n--- in pieces\n{dump inSeveral}"
