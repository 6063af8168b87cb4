/// The canonical printer: trees that programs make come back from their text as they were.
module Rtfs.Syntax.Tests.PrinterTests

open System
open System.Threading
open Xunit
open FsCheck
open FsCheck.FSharp
open FsCheck.Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests.Reading

let private name =
    Gen.elements [
        "a"
        "x1"
        "+"
        "-"
        "->"
        "map"
        "a.b/c"
        "set!"
        "%"
        "%1"
        "&"
        "_"
        "λ"
        "resource:ref"
        "com.acme:v1.0/fn"
        "circuit-breaker:call"
        ":"
        "/"
        "?"
        "=>"
        "nilly"
        "e5"
        ".get"
    ]

let private keyword =
    Gen.elements [
        "a"
        "keys"
        "a.b/c"
        "com.acme:v1.0.2/fn"
        "?"
        "rtfs.core:v2/plan"
        "->x"
        "+"
    ]

let private text =
    Gen.listOf (
        Gen.frequency [
            6, Gen.elements [ 'a'; ' '; '"'; '\\'; '\n'; '\r'; '\t'; '('; ')'; ';'; '#'; '|' ]
            1, Gen.elements [ '\u0000'; '\uFFFF'; '\uFEFF'; '\uD800'; '\uDC00'; 'é' ]
        ]
    )
    |> Gen.map (fun characters -> String(Array.ofList characters))

let private moment =
    Gen.map2
        (fun day ticks -> DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(float day).AddTicks ticks)
        (Gen.choose (0, 3_600_000))
        (Gen.elements [ 0L; 1L; 9_999_999L; 10_000L; 2_500_000L; 864_000_000_000L - 1L; 600_000_000L ])

let private double =
    Gen.oneof [
        Gen.elements [
            0.0
            -0.0
            1.0
            1e300
            1e-300
            Double.MaxValue
            Double.Epsilon
            0.1
            1e21
            -1.5e-7
            Double.NaN
            Double.PositiveInfinity
            Double.NegativeInfinity
        ]
        ArbMap.defaults |> ArbMap.generate<float>
    ]

let private atom =
    Gen.oneof [
        Gen.constant (Forms.Nil())
        Gen.map Forms.Bool (Gen.elements [ true; false ])
        Gen.map
            Forms.Int
            (Gen.oneof [
                Gen.elements [ Int64.MinValue; Int64.MaxValue; -1L ]
                ArbMap.defaults |> ArbMap.generate<int64>
            ])
        Gen.map Forms.Float double
        Gen.map Forms.String text
        Gen.map Forms.Symbol name
        Gen.map Forms.Keyword keyword
        Gen.map Forms.Timestamp moment
        Gen.map Forms.Uuid (ArbMap.defaults |> ArbMap.generate<Guid>)
        Gen.map Forms.Resource (Gen.elements [ "resource://a"; "resource://host/p?q=1&r=2"; "resource://x#y" ])
    ]

let private delegation =
    Gen.elements [
        [| Forms.Keyword "delegation"; Forms.Keyword "local" |]
        [| Forms.Keyword "delegation"; Forms.Keyword "remote"; Forms.String "m" |]
        [| Forms.Keyword "delegation"; Forms.Keyword "local-model"; Forms.String "\"" |]
    ]

let rec private tree (size: int) : Gen<Form> =
    if size <= 0 then
        atom
    else
        let inner = tree (size / 3)

        let many =
            Gen.choose (0, 4) |> Gen.bind (fun count -> Gen.arrayOfLength count inner)

        let key =
            Gen.oneof [
                Gen.map Forms.Keyword keyword
                Gen.map Forms.String text
                Gen.map Forms.Int (Gen.elements [ 1L; -2L ])
            ]

        let map =
            Gen.choose (0, 3)
            |> Gen.bind (fun count -> Gen.arrayOfLength count (Gen.map2 (fun k v -> [| k; v |]) key inner))
            |> Gen.map (Array.concat >> Forms.Map)

        let binding =
            Gen.oneof [ Gen.map Forms.Symbol name; Gen.map Forms.Vector many; map ]

        Gen.frequency [
            2, atom
            4, Gen.map Forms.List many
            3, Gen.map Forms.Vector many
            3, map
            1, Gen.map Forms.Function many
            1,
            Gen.map3
                (fun item first rest -> Forms.Consume(Array.concat [ [| item; Forms.Symbol "=>"; first |]; rest ]))
                binding
                inner
                many
            2,
            Gen.map2
                (fun prefix target -> Forms.Prefixed(prefix, target))
                (Gen.elements [
                    Prefix.Quote
                    Prefix.QuasiQuote
                    Prefix.Unquote
                    Prefix.Splice
                    Prefix.Context
                ])
                inner
            1,
            Gen.map2
                (fun meta target -> Forms.Meta(meta, target))
                (Gen.oneof [ delegation; Gen.map Array.singleton map ])
                inner
        ]

type Trees =
    static member Form() : Arbitrary<Form> = Arb.fromGen (Gen.sized tree)

[<Property(Arbitrary = [| typeof<Trees> |], MaxTest = 3000, EndSize = 200)>]
let ``A printed tree reads back to an equal tree`` (form: Form) =
    let printed = Language.Print form
    let document = read printed
    let back = Assert.Single document.Forms

    Assert.Empty(document.Diagnostics |> Seq.filter (fun found -> found.Code <> "RTFS0016"))
    Assert.Equal(form, back.Form)
    Assert.Equal(form.GetHashCode(), back.Form.GetHashCode())
    Assert.Equal(printed, Language.Print back.Form)
    Assert.Equal(printed, Language.Print document)

[<Theory>]
[<InlineData("(a  b ,c ; d\n)", "(a b c)")>]
[<InlineData("1.50", "1.5")>]
[<InlineData("1.0e300", "1.0e300")>]
[<InlineData("2.5E-10", "2.5e-10")>]
[<InlineData("+7", "7")>]
[<InlineData(":a:v1:b", ":a:v1/b")>]
[<InlineData("' x", "'x")>]
[<InlineData("~ @x", "~ @x")>]
[<InlineData("~@x", "~@x")>]
[<InlineData("{ x  =>  y }", "{x => y}")>]
[<InlineData("^{:a 1}x", "^{:a 1} x")>]
[<InlineData("#(  + % 1)", "#(+ % 1)")>]
[<InlineData("2024-12-08T10:30:00_5000000Z", "2024-12-08T10:30:00_500Z")>]
[<InlineData("(f (g", "(f (g))")>]
let ``The canonical text has one spelling`` (text, expected) =
    Assert.Equal(expected, Language.Print((Assert.Single (read text).Forms).Form))

[<Fact>]
let ``A name that is none is printed as it is`` () =
    Assert.Equal("(not a name nil)", Language.Print(Forms.List [| Forms.Symbol "not a name"; Forms.Symbol "nil" |]))
    Assert.Equal(":", Language.Print(Forms.Keyword ""))

let private nested depth (wrap: Form -> Form) =
    let mutable form = Forms.Int 1L

    for _ in 1..depth do
        form <- wrap form

    form

/// Runs on a thread with a stack smaller than any pool's.
let private onSmallStack (work: unit -> unit) =
    let mutable failure: exn | null = null

    let thread =
        Thread(
            (fun () ->
                try
                    work ()
                with found ->
                    failure <- found),
            1024 * 1024
        )

    thread.Start()
    thread.Join()

    match failure with
    | null -> ()
    | found -> raise (AggregateException found)

[<Fact>]
let ``Trees of any depth are printed, compared and hashed`` () =
    onSmallStack (fun () ->
        let wraps: (Form -> Form) list = [
            fun form -> Forms.List [| form |]
            fun form -> Forms.Map [| Forms.Keyword "a"; form |]
            fun form -> Forms.Prefixed(Prefix.Quote, form)
            fun form -> Forms.Meta([| Forms.Map [||] |], form)
            fun form -> Forms.Meta([| form |], Forms.Nil())
        ]

        for wrap in wraps do
            let a = nested 100_000 wrap
            let b = nested 100_000 wrap
            let c = wrap a
            Assert.True(a.Equals b)
            Assert.False(a.Equals c)
            Assert.Equal(a.GetHashCode(), b.GetHashCode())
            let printed = Language.Print a
            Assert.True(printed.Length > 100_000)
            let document = read printed
            Assert.Equal(printed, Language.Print document)

            document.Diagnostics
            |> Seq.filter (fun found -> found.Code = "RTFS0005")
            |> Assert.Single
            |> ignore)

[<Fact>]
let ``Forms nest up to the limit on a small stack`` () =
    onSmallStack (fun () ->
        // The map of metadata is one level more.
        for opener, closer, depth in
            [
                "(", ")", 500
                "[", "]", 500
                "{:a ", "}", 500
                "#(", ")", 500
                "'", "", 500
                "^{} ", "", 499
            ] do
            let text = String.replicate depth opener + "1" + String.replicate depth closer
            let document = read text
            Assert.Empty document.Diagnostics
            Assert.Equal(text, Language.Print document)

            Assert.Equal(
                (Assert.Single document.Forms).Form,
                (Assert.Single (read (Language.Print document.Forms[0].Form)).Forms).Form
            ))

[<Theory>]
[<InlineData("(")>]
[<InlineData("[")>]
[<InlineData("'")>]
[<InlineData("^")>]
[<InlineData("~@")>]
[<InlineData("#(")>]
[<InlineData("{:a ")>]
let ``A million levels are one diagnostic`` (opener: string) =
    onSmallStack (fun () ->
        let text = String.replicate 1_000_000 opener
        let document = read text
        Assert.Equal(text, Language.Print document)
        Assert.Equal("RTFS0005", (Assert.Single document.Diagnostics).Code))
