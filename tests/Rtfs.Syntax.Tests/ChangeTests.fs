/// Checking a changed text gives what checking it from nothing gives, and keeps what the change does not reach.
module Rtfs.Syntax.Tests.ChangeTests

open System
open System.Collections.Generic
open System.IO
open Rtfs.Syntax
open Rtfs.Syntax.Check
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests
open Xunit

let private fresh (text: string) =
    Language.Analyze(Language.Read(text, "plan.rtfs"), Catalogues.offering)

let private differences (expected: string) (found: string) =
    let lines (text: string) = text.Split '\n'
    let missing = Array.except (lines found) (lines expected)
    let wrong = Array.except (lines expected) (lines found)
    String.Join("\n", Seq.append (missing |> Seq.map ((+) "- ")) (wrong |> Seq.map ((+) "+ ")))

/// Changes a text several times, and holds what each version is found to be against a check from nothing. Some versions are never looked
/// at, as when somebody types on.
let private follow (random: Random) (changes: int) (first: string) =
    let mutable text = first
    let mutable document = Language.Read(text, "plan.rtfs")

    for _ in 1..changes do
        let struct (span, replacement) = Changes.change random text
        let before = text
        text <- text.Substring(0, span.Start) + replacement + text.Substring span.End
        document <- Language.Update(document, span, replacement)

        if random.Next 5 > 0 then
            let found = Changes.shown (Language.Analyze(document, Catalogues.offering))
            let expected = Changes.shown (fresh text)

            if found <> expected then
                Assert.Fail $"{before}\n--- {span.Start}+{span.Length} -> {replacement}\n{differences expected found}"

[<Theory>]
[<InlineData(1)>]
[<InlineData(2)>]
[<InlineData(3)>]
[<InlineData(4)>]
let ``a changed program is found to be what it is from nothing`` (part: int) =
    for seed in 100 * part .. 100 * part + 24 do
        let random = Random seed
        follow random 16 (Changes.program random)

[<Fact>]
let ``so are changed samples`` () =
    let tests =
        Path.GetDirectoryName(__SOURCE_DIRECTORY__) |> Option.ofObj |> Option.get

    let corpus =
        Directory.GetFiles(Path.Combine(tests, "corpus", "check"), "*.txt")
        |> Array.sort

    let programs =
        corpus
        |> Seq.collect (fun file -> File.ReadAllText(file).Split "\n\n")
        |> Seq.append (Samples.all |> Seq.map snd)
        |> Array.ofSeq

    let random = Random 7

    for program in programs |> Array.filter (fun text -> text.Length > 0) do
        follow random 4 program

/// The units that a document remembers.
let private unitsOf (document: Document) : Unit array =
    match document.Checking with
    | ValueSome(:? Following.CheckMemory as memory) -> memory.Past.Units
    | _ -> Array.empty

/// The numbers of the forms that are followed again after a change.
let private followedAgain (text: string) (old: string) (replacement: string) : int list =
    let document = Language.Read(text, "plan.rtfs")
    Language.Analyze(document, Catalogues.offering).Diagnostics |> ignore
    let before = HashSet<Unit>(unitsOf document, HashIdentity.Reference)
    Assert.Equal(document.Forms.Length, before.Count)
    let place = Span.Of(text.IndexOf(old, StringComparison.Ordinal), old.Length)
    let changed = Language.Update(document, place, replacement)
    Language.Analyze(changed, Catalogues.offering).Diagnostics |> ignore

    [
        for i, unit in Seq.indexed (unitsOf changed) do
            if not (before.Contains unit) then
                i
    ]

let private chain =
    """(def limit 30.5)
(defn hot? [reading] (> (:value reading) limit))
(defn label [reading] (if (hot? reading) :high :low))
(def one (label {:value 31.0}))
(defn other [x] (+ x 1))
(def two (other 2))
(log-info one two)
"""

[<Fact>]
let ``a change reaches those that rest on it`` () =
    Assert.Equal<int list>([ 4; 5; 6 ], followedAgain chain "(+ x 1)" "(+ x 2)")
    Assert.Equal<int list>([ 0; 3; 6 ], followedAgain chain "30.5" "30.6")
    Assert.Equal<int list>([ 6 ], followedAgain chain "one two)" "two one)")

[<Fact>]
let ``what only moves is kept`` () =
    Assert.Equal<int list>([ 3; 6 ], followedAgain chain "(def one" "\n ; moved\n (def one")

let private wired =
    """(def readings (stream-source "com.example:v1.0:readings"))
(def other (stream-source "com.example:v1.0:readings"))
(stream-consume readings {x => (log-info x)})
(stream-consume readings {x => (log-info x)})
(stream-consume other {x => (log-info x)})
"""

[<Fact>]
let ``readers of one stream are followed together`` () =
    Assert.Equal<int list>([ 0; 2; 3 ], followedAgain wired "(log-info x)" "(log-warn x)")

[<Fact>]
let ``a document that nobody has checked is checked`` () =
    let document = Language.Read(chain, "plan.rtfs")
    let changed = Language.Update(document, Span.Of(0, 0), "(def x (nobody))\n")
    let analysis = Language.Analyze(changed, Catalogues.offering)
    Assert.Equal("RTFS1001", Assert.Single(analysis.Diagnostics).Code)

[<Fact>]
let ``two versions of one text do not disturb each other`` () =
    let document = Language.Read(wired, "plan.rtfs")
    Language.Analyze(document, Catalogues.offering).Diagnostics |> ignore

    let versions =
        [
            "(def readings", "(def readingz"
            "log-info", "log-inf"
            "other {", "readings {"
        ]
        |> List.map (fun (old, replacement) ->
            let at = wired.IndexOf(old, StringComparison.Ordinal)
            Language.Update(document, Span.Of(at, old.Length), replacement))

    let analyses =
        versions
        |> List.map (fun version -> Language.Analyze(version, Catalogues.offering))

    for analysis in List.rev analyses do
        Assert.Equal(Changes.shown (fresh analysis.Document.Source.Text), Changes.shown analysis)
