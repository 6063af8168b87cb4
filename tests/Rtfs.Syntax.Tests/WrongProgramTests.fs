/// Wrong programs and exactly what is said of each: code, place, length and message, nothing more and nothing less.
module Rtfs.Syntax.Tests.WrongProgramTests

open System
open System.IO
open System.Runtime.CompilerServices
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics

type private Here() =
    static member Path([<CallerFilePath>] ?path: string) = defaultArg path ""

let private corpus =
    let tests =
        Path.GetDirectoryName(Here.Path()) |> Option.ofObj |> Option.defaultValue "."

    Path.GetFullPath(Path.Combine(tests, "..", "corpus", "wrong-programs.txt"))

let private expectation = "=> "

/// A case is lines of a program, then one line for each diagnostic; a blank line ends it.
let private cases =
    lazy
        (File.ReadAllText(corpus).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
         |> Array.map (fun block ->
             let lines = block.Trim('\n').Split '\n'
             let said, program = lines |> Array.partition _.StartsWith(expectation)
             String.Join("\n", program), said))

let private say (analysis: Analysis) =
    analysis.Diagnostics
    |> Seq.map (fun (found: Diagnostic) ->
        let position = analysis.Document.Source.PositionOf found.Span.Start

        $"{expectation}{found.Code} {position.Line + 1}:{position.Character + 1}+{found.Span.Length} {found.Message}")
    |> Array.ofSeq

[<Fact>]
let ``Each wrong program gives exactly its diagnostics`` () =
    if Environment.GetEnvironmentVariable "RTFS_UPDATE" = "1" then
        let blocks =
            cases.Value
            |> Array.map (fun (program, _) ->
                String.Join("\n", Array.append [| program |] (say (Catalogues.analyze program))))

        File.WriteAllText(corpus, String.Join("\n\n", blocks) + "\n")
    else
        for program, said in cases.Value do
            let found = say (Catalogues.analyze program)

            Assert.True(
                (found = said),
                $"{program}\nexpected\n%A{said}\nfound\n%A{found}\n"
                + "accept with: RTFS_UPDATE=1 dotnet test tests/Rtfs.Syntax.Tests --filter WrongProgramTests"
            )

[<Fact>]
let ``There are many wrong programs, each wrong`` () =
    Assert.True(cases.Value.Length >= 100)

    for program, said in cases.Value do
        Assert.True(said.Length > 0, program)

[<Fact>]
let ``Diagnostics stand in the order of the text`` () =
    for program, _ in cases.Value do
        let starts =
            (Catalogues.analyze program).Diagnostics |> Seq.map _.Span.Start |> Array.ofSeq

        Assert.Equal<int array>(Array.sort starts, starts)

/// Each of these has one mistake, in a place where much depends on it.
[<Theory>]
[<InlineData("(defn f [x] (let [y (g x] y))\n(defn g [x] x)\n(f 1)")>]
[<InlineData("(defn f [x] (+ x 1.))\n(f 1)")>]
[<InlineData("(def limits {:high 1 :low})\n(get limits :high)")>]
[<InlineData("(defn f x)\n(f 1)\n(f 2)")>]
[<InlineData("(def source (stream-source \"com.example:v1.0:readings\" {:params {:a \"\\q\"}}))")>]
[<InlineData("(stream-consume (stream-source \"com.example:v1.0:readings\") {x =>})")>]
[<InlineData("(let [x (if)] (+ x 1))")>]
[<InlineData("(stream-map (fn) {:error-handling (if)})")>]
[<InlineData("(def a (str b))\n(def c (str b b))")>]
[<InlineData("(let [a 1 b] (+ a b))")>]
let ``One mistake of reading or shape hides what follows from it`` (text: string) =
    let codes = (Catalogues.analyze text).Diagnostics |> Seq.map _.Code |> List.ofSeq
    let expected = if text.Contains "(stream-map (fn)" then 2 else 1
    Assert.True((codes.Length = expected), $"%A{codes}")
