/// How diagnostics look: the carets stand under what they mean, whatever the text is made of.
module Rtfs.Syntax.Tests.RenderTests

open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text

let private one (text: string) (part: string) (fix: string | null) =
    let source = SourceText("plan.rtfs", text)
    let span = Span.Of(text.IndexOf(part, System.StringComparison.Ordinal), part.Length)
    Language.Render(source, [| Diagnostic("RTFS1001", Severity.Error, span, "message", fix, Array.empty) |], false)

/// The two lines of the excerpt, without the gutter.
let private excerpt (text: string) (part: string) =
    let lines = (one text part null).Split '\n'
    struct (lines[3].Substring 4, lines[4].Substring 4)

[<Fact>]
let ``A diagnostic shows its place, its line, carets and help`` () =
    let expected =
        "error[RTFS1001]: message\n"
        + " --> plan.rtfs:2:6\n"
        + "  |\n"
        + "2 | (str totl)\n"
        + "  |      ^^^^\n"
        + "  |\n"
        + "  = help: write total\n"
        + "\n"
        + "1 error\n"

    Assert.Equal(expected, one "(def total 1)\n(str totl)" "totl" "write total")

[<Theory>]
[<InlineData("(f x)", "x", "(f x)", "   ^")>]
[<InlineData("\t(f x)", "x", "    (f x)", "       ^")>]
[<InlineData("a\tx", "x", "a   x", "    ^")>]
[<InlineData("\"日本\" x", "x", "\"日本\" x", "       ^")>]
[<InlineData("x 日本", "日本", "x 日本", "  ^^^^")>]
[<InlineData("\"😀\" x", "x", "\"😀\" x", "     ^")>]
[<InlineData("\"👩‍👧\" x", "x", "\"👩‍👧\" x", "     ^")>]
[<InlineData("\"e\u0301\" x", "x", "\"e\u0301\" x", "    ^")>]
[<InlineData("\"🇩🇪\" x", "x", "\"🇩🇪\" x", "     ^")>]
[<InlineData("\"❤️\" x", "x", "\"❤️\" x", "     ^")>]
[<InlineData("\"한국\" x", "한국", "\"한국\" x", " ^^^^")>]
[<InlineData("a\u200Bb x", "x", "a·b x", "    ^")>]
[<InlineData("\u0301 x", "x", "◌\u0301 x", "  ^")>]
[<InlineData("日\tx", "x", "日  x", "    ^")>]
[<InlineData("x \u202E abc", "abc", "x · abc", "    ^^^")>]
[<InlineData("(a b)\r\n", "b", "(a b)", "   ^")>]
[<InlineData("\uFEFF(f x)", "x", "(f x)", "   ^")>]
[<InlineData("\"\u001b[31m\" x", "x", "\"·[31m\" x", "        ^")>]
let ``Carets stand under their span`` (text: string) (part: string) (line: string) (carets: string) =
    let struct (shown, pointed) = excerpt text part
    Assert.Equal(line, shown)
    Assert.Equal(carets, pointed)

let private rendered (text: string) (span: Span) (related: RelatedPlace list) =
    Language.Render(
        SourceText("plan.rtfs", text),
        [|
            Diagnostic("RTFS1001", Severity.Error, span, "message", null, Array.ofList related)
        |],
        false
    )

/// Between the place and the count.
let private body (text: string) =
    let lines = text.Split '\n'
    String.concat "\n" lines[3 .. lines.Length - 4]

[<Fact>]
let ``A span of two lines shows both`` () =
    let text = "(f\n  (let [a 1]\n    b))"

    Assert.Equal(
        "2 |   (let [a 1]\n  |   ^^^^^^^^^^\n3 |     b))\n  |     ^^",
        body (rendered text (Span.Of(5, text.Length - 6)) [])
    )

[<Fact>]
let ``A span of many lines shows its first and its last`` () =
    let text = "(do\r\n  a\r\n  b\r\n)\r\n"

    Assert.Equal("1 | (do\n  | ^^^\n...\n4 | )\n  | ^", body (rendered text (Span.Of(0, text.Length - 2)) []))

[<Theory>]
[<InlineData("(a\n", 0, 3)>]
[<InlineData("(a\r\n", 0, 4)>]
[<InlineData("(a\n   \n", 0, 7)>]
let ``Line breaks and blanks at the end of a span are no lines of it`` (text: string) start length =
    Assert.Equal("1 | (a\n  | ^^", body (rendered text (Span.Of(start, length)) []))

[<Fact>]
let ``A place inside of a line break is the end of the line`` () =
    Assert.Equal("1 | ab\n  |   ^", body (rendered "ab\r\ncd" (Span.Of(3, 0)) []))

[<Fact>]
let ``The end of a text that ends with a line break is an empty line`` () =
    Assert.Equal("2 |\n  | ^", body (rendered "(a\n" (Span.Of(3, 0)) []))

[<Fact>]
let ``Numbers of related places and of a span's end widen the gutter`` () =
    let text = "(a\n" + String.replicate 9 "\n" + "b)"

    Assert.Equal(
        " 1 | (a\n   | ^^\n...\n11 | b)\n   | ^^\n 1 | (a\n   |  ^ opened here",
        body (rendered text (Span.Of(0, text.Length)) [ RelatedPlace(Span.Of(1, 1), "opened here") ])
    )

[<Fact>]
let ``A byte-order mark counts as no column`` () =
    Assert.Contains(" --> plan.rtfs:1:2\n", one "\uFEFF(totl)" "totl" null)
    Assert.Contains(" --> plan.rtfs:1:1\n", one "\uFEFF(totl)" "\uFEFF" null)

[<Fact>]
let ``A message cannot turn the direction of what follows`` () =
    let text =
        Language.Render(
            SourceText("a\u202Eb", "x"),
            [|
                Diagnostic("RTFS1001", Severity.Error, Span.Of(0, 1), "m\u2066n", null, Array.empty)
            |],
            false
        )

    Assert.Contains("m·n", text)
    Assert.Contains("a·b:1:1", text)

[<Theory>]
[<InlineData(0)>]
[<InlineData(1)>]
[<InlineData(5000)>]
[<InlineData(9996)>]
let ``The window of a long line is full, and the carets stay under their span`` (at: int) =
    let text = System.String('日', at) + "here" + System.String('b', 9996 - at)
    let lines = (rendered text (Span.Of(at, 4)) []).Split '\n'
    let line, carets = lines[3].Substring 4, lines[4].Substring 4
    let shown = Columns.cells line
    Assert.InRange(shown |> Array.sumBy _.Width, 90, 102)
    Assert.Equal("^^^^", carets.Trim())
    let before = line.Substring(0, line.IndexOf 'h')
    Assert.Equal(carets.Length - 4, Columns.cells before |> Array.sumBy _.Width)

[<Fact>]
let ``A span longer than the window has carets to its edge`` () =
    let lines =
        (rendered (System.String('a', 10000)) (Span.Of(100, 9000)) []).Split '\n'

    Assert.EndsWith("a…", lines[3])
    Assert.Equal(lines[3].Length - 1, lines[4].Length)

[<Fact>]
let ``A hundred diagnostics on a line of a megabyte are soon told`` () =
    let text = System.String('x', 1_000_000)

    let found =
        Array.init 100 (fun i -> Diagnostic("RTFS1001", Severity.Error, Span.Of(i * 10000, 1), "m", null, Array.empty))

    let watch = System.Diagnostics.Stopwatch.StartNew()
    Language.Render(SourceText("x", text), found, false) |> ignore
    // A fraction of a second; measuring the whole line for each would take minutes.
    Assert.InRange(watch.Elapsed.TotalSeconds, 0.0, 20.0)

[<Fact>]
let ``A very long line is cut around the span`` () =
    let text = System.String('a', 5000) + " here " + System.String('b', 5000)
    let struct (line, carets) = excerpt text "here"
    Assert.True(line.Length <= 110)
    Assert.StartsWith("…", line)
    Assert.EndsWith("…", line)
    Assert.Equal("here", line.Substring(carets.IndexOf '^', 4))
    Assert.Equal("^^^^", carets.Trim())

[<Theory>]
[<InlineData("")>]
[<InlineData("\n")>]
[<InlineData("abc")>]
let ``A place at the very end has a caret`` (text: string) =
    let source = SourceText("x", text)

    let found =
        Diagnostic("RTFS0001", Severity.Error, Span.Of(text.Length, 0), "m", null, Array.empty)

    Assert.Contains("^", Language.Render(source, [| found |], false))

[<Fact>]
let ``Everything is shown, and counted at the end`` () =
    let analysis =
        Catalogues.analyze "(defn f [x : int] (if))\n(str aa)\n(str bb)\n(str cc)"

    let text = Language.Render(analysis.Document.Source, analysis.Diagnostics, false)

    for found in analysis.Diagnostics do
        Assert.Contains($"[{found.Code}]: {found.Message}", text)

    Assert.EndsWith("4 errors\n", text)
    Assert.DoesNotContain("\u001b", text)

[<Fact>]
let ``Related places are shown with their own carets`` () =
    let analysis = Catalogues.analyze "(str zz)\n(str  zz)"
    let text = Language.Render(analysis.Document.Source, analysis.Diagnostics, false)
    Assert.Contains("2 | (str  zz)\n  |       ^^ used here too\n", text)

[<Fact>]
let ``Colour is there only when asked for, and changes nothing else`` () =
    let analysis = Catalogues.analyze "(if)\n(str zz)"
    let plain = Language.Render(analysis.Document.Source, analysis.Diagnostics, false)
    let coloured = Language.Render(analysis.Document.Source, analysis.Diagnostics, true)
    Assert.Contains("\u001b[1;31m", coloured)
    Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9;]*m", ""))

[<Fact>]
let ``Nothing gives nothing`` () =
    Assert.Equal("", Language.Render(SourceText("x", "y"), [||], false))
