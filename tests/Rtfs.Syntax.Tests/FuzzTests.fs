/// A hundred thousand damaged texts, the same on every run: none throws, none is lost, none takes long.
namespace Rtfs.Syntax.Tests

open System
open System.Diagnostics
open Rtfs.Syntax
open Rtfs.Syntax.Tests.Reading
open Xunit

/// Tests that measure run alone: others would take the machine and the garbage collector from them.
[<CollectionDefinition("Measured", DisableParallelization = true)>]
type Measured() = class end

[<Collection("Measured")>]
module FuzzTests =
    let private limit = TimeSpan.FromMilliseconds 100.0

    let private timed (text: string) : TimeSpan =
        let before = Environment.CpuUsage.TotalTime
        let watch = Stopwatch.StartNew()
        let document = read text
        let elapsed = watch.Elapsed
        // On a machine shared with others the processor's time is the fairer measure of the two.
        let elapsed = min elapsed (Environment.CpuUsage.TotalTime - before)

        if Language.Print document <> text then
            Assert.Fail $"does not print as itself: {text.Substring(0, min 500 text.Length)}"

        elapsed

    /// A busy machine may take several readings away; the best of eight is the reader's own time.
    let private checkOne (name: string) (text: string) =
        let mutable best = timed text
        let mutable tries = 1

        while best > limit && tries < 8 do
            GC.Collect()
            best <- min best (timed text)
            tries <- tries + 1

        Assert.True(best <= limit, $"{name} took {best.TotalMilliseconds} ms for {text.Length} characters")

    let private cut (text: string) =
        if text.Length > 65536 then
            text.Substring(0, 65536)
        else
            text

    [<Fact>]
    let ``A hundred thousand mutated texts`` () =
        let random = Random 20241208
        let samples = Samples.all |> List.map snd |> Array.ofList

        for i in 1..100_000 do
            let text =
                match i % 1000 with
                | 0 -> Mutation.many random 8 (cut (String.replicate 40 (String.concat "\n" samples)))
                | 500 -> cut (Mutation.soup random 30_000)
                | k when k % 3 = 0 -> Mutation.soup random (random.Next 40)
                | k when k % 3 = 1 ->
                    let sample = samples[random.Next samples.Length]
                    let from = random.Next sample.Length

                    Mutation.many
                        random
                        (1 + random.Next 4)
                        (sample.Substring(from, min (sample.Length - from) (random.Next 300)))
                | _ -> Mutation.many random (1 + random.Next 4) samples[random.Next samples.Length]

            checkOne $"input {i}" (cut text)

    /// Texts made to be slow: each repeats what makes some part of a reader look far ahead. They are half as long as the longest mutated
    /// text, as nearly every character of theirs is a diagnostic.
    [<Theory>]
    [<InlineData("(")>]
    [<InlineData(")")>]
    [<InlineData("([{")>]
    [<InlineData("([)]")>]
    [<InlineData("([)")>]
    [<InlineData("[(]\n")>]
    [<InlineData("(\n")>]
    [<InlineData("\n(a")>]
    [<InlineData("\n(]")>]
    [<InlineData("\n([)")>]
    [<InlineData("\n(a [b)")>]
    [<InlineData("\n{(]}")>]
    [<InlineData("\"")>]
    [<InlineData("\\\"")>]
    [<InlineData("\\\"\n")>]
    [<InlineData("\"\\\"\n")>]
    [<InlineData("\"\n(")>]
    [<InlineData("\n(\"")>]
    [<InlineData("#|")>]
    [<InlineData("#|\n")>]
    [<InlineData("#|(")>]
    [<InlineData("'")>]
    [<InlineData("^")>]
    [<InlineData("^{")>]
    [<InlineData("^:delegation ")>]
    [<InlineData("~@")>]
    [<InlineData("{:a ")>]
    [<InlineData("{x => ")>]
    [<InlineData(",;\n(")>]
    [<InlineData(" ")>]
    [<InlineData("a:")>]
    [<InlineData("1.")>]
    [<InlineData("é")>]
    let ``Texts that repeat what is hard to read`` (piece: string) =
        for prefix in [ ""; "("; "\""; "#|"; "{" ] do
            for suffix in [ ""; ")"; "\""; "\n(a)" ] do
                checkOne
                    $"{prefix}{piece}…{suffix}"
                    (cut (prefix + String.replicate (32000 / piece.Length) piece + suffix))
