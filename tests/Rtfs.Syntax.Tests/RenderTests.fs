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
[<InlineData("\"\u001b[31m\" x", "x", "\"·[31m\" x", "        ^")>]
let ``Carets stand under their span`` (text: string) (part: string) (line: string) (carets: string) =
    let struct (shown, pointed) = excerpt text part
    Assert.Equal(line, shown)
    Assert.Equal(carets, pointed)

[<Fact>]
let ``A span of several lines shows its first`` () =
    let struct (line, carets) = excerpt "(let [a 1]\n  b)" "(let [a 1]\n  b)"
    Assert.Equal("(let [a 1]", line)
    Assert.Equal("^^^^^^^^^^", carets)

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
