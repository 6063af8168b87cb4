/// Modules: what their names become, what an import sees of them, and what is said where there is nothing to import.
module Rtfs.Syntax.Tests.ModuleTests

open System
open Xunit
open Rtfs.Syntax.Tests.CoreNotation

let private shown (text: string) =
    let analysis = Catalogues.analyzeWithModules text
    Assert.Empty(analysis.Diagnostics |> Seq.map _.Message)
    String.Join("\n", analysis.Program.Forms |> Array.map (fun form -> show form.Core))

let private twoPrivate =
    "(do (def checked/ two 2) (def checked/double (fn [x] (* $x checked/ two))) {:name \"checked\" :exports [double]})"

[<Theory>]
[<InlineData("(import checked) (checked/double 1)", "nil\n(checked/double 1)")>]
[<InlineData("(import checked :as c) (map c/double [1])", "nil\n(map checked/double [1])")>]
[<InlineData("(import checked :only [double]) (double 1)", "nil\n(checked/double 1)")>]
let ``A module is lowered before the text that imports it`` (text: string) (own: string) =
    Assert.Equal(twoPrivate + "\n" + own, shown text)

[<Fact>]
let ``A module that two texts need is there once`` () =
    let program =
        (Catalogues.analyzeWithModules "(import twice) (import checked) (twice/quadruple (checked/double 1))").Program

    let sources = program.Forms |> Array.map _.Source.Name
    Assert.Equal<string array>([| "checked.rtfs"; "twice.rtfs"; "example"; "example"; "example" |], sources)

[<Fact>]
let ``A macro is imported like a function`` () =
    Assert.EndsWith("(if 1 nil 2)", shown "(import macros :as m) (m/unless 1 2)")

[<Fact>]
let ``A module gives its name and its exports`` () =
    Assert.Equal(
        "(do (def a/f (fn [] a/ g)) (def a/ g 1) {:name \"a\" :exports [f]})",
        shown "(module a (:exports [f]) (defn f [] g) (def g 1))"
    )

[<Theory>]
[<InlineData("(import nowhere.at.all)", "RTFS0150", "nowhere/at/all.rtfs")>]
[<InlineData("(import example)", "RTFS0151", "example → example")>]
[<InlineData("(import round.a)", "RTFS0153", "round.a.rtfs → round.b.rtfs → round.a.rtfs")>]
[<InlineData("(import broken)", "RTFS0153", "broken.rtfs:1:16")>]
[<InlineData("(import misnamed)", "RTFS0152", "misnamed.rtfs")>]
[<InlineData("(import unchecked)", "RTFS1006", "unchecked.rtfs:1:32")>]
[<InlineData("(import checked) checked/two", "RTFS0154", "two")>]
[<InlineData("(import checked :as c) (c/duble 1)", "RTFS0154", "did you mean `double`?")>]
[<InlineData("(import checked :only [two])", "RTFS0154", "two")>]
[<InlineData("(module a (:exports [x]))", "RTFS0155", "`x`")>]
[<InlineData("(import checked :as)", "RTFS0157", "no value")>]
[<InlineData("(module)", "RTFS0157", "name")>]
let ``What cannot be imported is said once, at the import`` (text: string) (code: string) (part: string) =
    let found = Assert.Single (Catalogues.analyzeWithModules text).Diagnostics
    Assert.Equal(code, found.Code)
    Assert.Contains(part, found.Message)

let private high =
    "(register-stream-capability :capability-id \"a.b:v1.0:high\" :type :stream-sink :provider {:kind :file :path \"out.ndjson\" :format :ndjson})"

[<Theory>]
[<InlineData("(import feeds) (def feeds/readings 5)", "RTFS3018", 15, 22, "feeds/readings")>]
[<InlineData("(import feeds :only [readings]) (def readings 5)", "RTFS3018", 32, 16, "feeds/readings")>]
[<InlineData("(import again) (println 1)",
             "RTFS1006",
             0,
             14,
             "again.rtfs:3:3: `again/readings` is a stream's handle already")>]
[<InlineData("(import feeds) (import logs) (feeds/put 1) (logs/put 2)",
             "RTFS1006",
             15,
             13,
             "logs.rtfs:2:3: a.b:v1.0:log and a.b:v1.0:low write the same file")>]
let ``What a plan does twice is told where a module has a part in it`` (text: string) code start length (part: string) =
    let found = Assert.Single (Catalogues.analyzeWithModules text).Diagnostics
    Assert.Equal(code, found.Code)
    Assert.Equal((start, length), (found.Span.Start, found.Span.Length))
    Assert.Contains(part, found.Message)

[<Fact>]
let ``A file that a module writes is told of at the second sink, with where the first is`` () =
    let text =
        "(import feeds) "
        + high
        + " (feeds/put 1) (stream-produce (stream-sink \"a.b:v1.0:high\") 2)"

    let found = Assert.Single (Catalogues.analyzeWithModules text).Diagnostics
    Assert.Equal("RTFS3019", found.Code)
    Assert.Equal((15, high.Length), (found.Span.Start, found.Span.Length))
    let related = Assert.Single found.Related
    Assert.Equal(0, related.Span.Start)
    Assert.Contains("feeds.rtfs:2:3", related.Message)

[<Fact>]
let ``A module's stream may be read, and its sink written, from outside`` () =
    let text =
        "(import feeds) (import logs :as l) (feeds/put 1) (stream-callbacks feeds/readings {:on-item println})"

    Assert.Empty((Catalogues.analyzeWithModules text).Diagnostics |> Seq.map _.Message)
