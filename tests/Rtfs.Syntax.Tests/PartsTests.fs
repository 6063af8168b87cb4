/// What is followed in parts, beside each other, is found to be what it is found to be in one.
module Rtfs.Syntax.Tests.PartsTests

open System
open System.IO
open System.Text.RegularExpressions
open Rtfs.Syntax
open Rtfs.Syntax.Check
open Rtfs.Syntax.Text
open Xunit

let private inParts: Concurrently.Sharing = { Fewest = 1; Parts = 8 }
let private inOne: Concurrently.Sharing = { Fewest = 1; Parts = 1 }

let private analyzed (sharing: Concurrently.Sharing) (text: string) =
    Analyzer.analyzeSharing sharing (Language.Read(text, "plan.rtfs")) Catalogues.offering null false

let private isSame (text: string) =
    let expected = Changes.shown (analyzed inOne text)
    let found = Changes.shown (analyzed inParts text)

    if found <> expected then
        Assert.Fail $"{text}\n--- in one\n{expected}\n--- in parts\n{found}"

/// The same program with names of its own; what it says of capabilities stays shared where `isApart` is false.
let private renamed (number: int) (isApart: bool) (program: string) =
    let names =
        Regex.Replace(
            program,
            @"(?<![:\w.-])(f|g|h|a|b|s|t|p|q|limit|readings|Reading|Alert|to-alert|(id|made|g|run|t|u|p|a|b)[123])(?![\w.:-])",
            $"$1-{number}"
        )

    if isApart then
        names.Replace("com.x:", $"com.x{number}:")
    else
        names

/// Programs beside each other, of which some have capabilities in common and some lean on the names of another.
let private together (random: Random) =
    let several =
        Array.init (2 + random.Next 6) (fun number ->
            Changes.program random
            |> renamed (if random.Next 10 = 0 then 0 else number) (random.Next 5 > 0))

    String.Join("\n", several)

[<Theory>]
[<InlineData(1)>]
[<InlineData(2)>]
[<InlineData(3)>]
[<InlineData(4)>]
let ``programs beside each other`` (part: int) =
    for seed in 1000 * part .. 1000 * part + 59 do
        isSame (together (Random seed))

[<Fact>]
let ``samples and the corpus`` () =
    let tests =
        Path.GetDirectoryName(__SOURCE_DIRECTORY__) |> Option.ofObj |> Option.get

    let corpus = Directory.GetFiles(Path.Combine(tests, "corpus", "check"), "*.txt")

    corpus
    |> Seq.collect (fun file -> File.ReadAllText(file).Split "\n\n")
    |> Seq.iter isSame

    Samples.all |> Seq.map snd |> Seq.iter isSame

let private units (text: string) =
    let analysis = analyzed inOne text
    analysis.Diagnostics |> ignore

    match analysis.Document.Checking with
    | ValueSome(:? Following.CheckMemory as memory) -> memory.Past.Units
    | _ -> Array.empty

let private partsOf (text: string) =
    let units = units text
    let count = Parts.divide 1000 (fun name -> name = "map") units
    struct (count, units |> Array.map _.Part)

[<Fact>]
let ``what names the same belongs together`` () =
    let text =
        """(def a 1)
(def b 2)
(defn f [x] (+ x a))
(defn g [x] (* x b))
(f 1)
(g 2)
(def source-of-b (stream-source "com.example:v1.0:readings"))
(stream-consume (stream-source "com.example:v1.0:readings") {x => (g x)})
(def alone 3)
"""

    let struct (count, parts) = partsOf text
    Assert.True(count > 1)
    Assert.Equal(parts[0], parts[2])
    Assert.Equal(parts[0], parts[4])
    Assert.Equal<int>([| parts[1]; parts[1]; parts[1]; parts[1] |], [| parts[3]; parts[5]; parts[6]; parts[7] |])
    Assert.NotEqual(parts[0], parts[1])

[<Fact>]
let ``a text that gives a function of the library another meaning is one part`` () =
    let struct (count, _) =
        partsOf "(def a 1)\n(defn map [f xs] xs)\n(def b 2)\n(map inc [1])\n"

    Assert.Equal(1, count)

[<Fact>]
let ``ids that are computed are found out`` () =
    let shared =
        "(stream-consume (stream-map (str \"com.example:v1.0:\" \"readings\") {NAME}) {x => (log-info x)})"

    let text =
        [ "one"; "two"; "three" ]
        |> Seq.map (fun name -> $"(defn {name} [x] (:value x))\n" + shared.Replace("{NAME}", name))
        |> String.concat "\n"

    isSame text

/// Far more forms than are followed in one, with mistakes among them.
[<Fact>]
let ``a long text`` () =
    let block (i: int) =
        let wrong = if i % 50 = 7 then "(:valeu r)" else "(:value r)"

        $"""(register-stream-capability :capability-id "com.long:v1.0:s{i}" :type :stream-source :output-schema [:stream [:map [:value :float]]])
(defn warm-{i} [r : [:map [:value :float]]] {wrong})
(stream-consume (stream-map (stream-source "com.long:v1.0:s{i}") warm-{i}) {{v => (log-info (+ v 1.0))}})
"""

    let text = String.Join("", Array.init 900 block)
    let long = Language.Read(text, "plan.rtfs")
    Assert.True(long.Forms.Length > Concurrently.sharing.Fewest)
    let found = Changes.shown (Language.Analyze(long, Catalogues.offering))
    Assert.Equal(Changes.shown (analyzed inOne text), found)
    Assert.Equal(18, (Language.Analyze(long, Catalogues.offering)).Diagnostics.Count)
