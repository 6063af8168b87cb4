/// The words of the language, one by one: what each reads as, and what a wrong one is told.
module Rtfs.Syntax.Tests.LexicalTests

open System
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tests.Reading
open Xunit

let private reads (text: string) (expected: Form) =
    let form = single text
    Assert.Equal(expected, form)
    Assert.Equal(text, Language.Print(read text))

let private list (items: Form list) = Forms.List(Array.ofList items)
let private symbol (name: string) = Forms.Symbol name

[<Fact>]
let ``Constants need a word boundary`` () =
    reads "nil" (Forms.Nil())
    reads "true" (Forms.Bool true)
    reads "false" (Forms.Bool false)
    reads "trueish" (symbol "trueish")
    reads "nilly" (symbol "nilly")
    reads "falsey?" (symbol "falsey?")

[<Fact>]
let ``A sign directly before digits belongs to the number`` () =
    reads "-5" (Forms.Int -5L)
    reads "+5" (Forms.Int 5L)
    reads "(- 5)" (list [ symbol "-"; Forms.Int 5L ])
    reads "-a" (symbol "-a")
    reads "9223372036854775807" (Forms.Int Int64.MaxValue)
    reads "-9223372036854775808" (Forms.Int Int64.MinValue)

[<Fact>]
let ``Floats have digits on both sides of the point`` () =
    reads "1.5" (Forms.Float 1.5)
    reads "1.5e3" (Forms.Float 1500.0)
    reads "-1.5e-3" (Forms.Float -0.0015)
    reads "2.0E+2" (Forms.Float 200.0)
    reads "##Inf" (Forms.Float Double.PositiveInfinity)
    reads "##-Inf" (Forms.Float Double.NegativeInfinity)
    reads "##NaN" (Forms.Float Double.NaN)

[<Theory>]
[<InlineData("9223372036854775808",
             "RTFS0007",
             "from -9223372036854775808 to 9223372036854775807",
             "9223372036854775808.0")>]
[<InlineData("1.", "RTFS0008", "digits after the point", "`1.0`")>]
[<InlineData(".5", "RTFS0008", "a digit before the point", "`0.5`")>]
[<InlineData("-.5", "RTFS0008", "a digit before the point", "`-0.5`")>]
[<InlineData("1e5", "RTFS0008", "a fraction before the exponent", "`1.0e5`")>]
[<InlineData("0x42", "RTFS0008", "a decimal number", "`66`")>]
[<InlineData("1/2", "RTFS0008", "an integer or a float", "`(/ 1 2)`")>]
[<InlineData("1abc", "RTFS0008", "a name that does not begin with a digit", "blank after the number")>]
[<InlineData("1.5.2", "RTFS0008", "a name that does not begin with a digit", "blank after the number")>]
[<InlineData("1.0e999", "RTFS0008", "64 bits", "`##Inf`")>]
[<InlineData("2024-12-08", "RTFS0009", "YYYY-MM-DDThh:mm:ssZ", "2024-12-08T10:30:00Z")>]
[<InlineData("2024-13-08T10:30:00Z", "RTFS0009", "YYYY-MM-DDThh:mm:ssZ", "that exist")>]
[<InlineData("2024-12-08T10:30:00.123Z", "RTFS0009", "_mmm", "_250Z")>]
[<InlineData("::a", "RTFS0010", "`:name`", "one colon")>]
[<InlineData(":1", "RTFS0010", "`:name`", "a letter")>]
[<InlineData(":a:b", "RTFS0010", "`:name`", "a blank between")>]
[<InlineData(":a:v1.0", "RTFS0010", "`:name`", "last part")>]
[<InlineData("naïve", "RTFS0011", "`ï` (U+00EF)", "string")>]
[<InlineData("a\u0000b", "RTFS0011", "U+0000", "string")>]
[<InlineData("a\\b", "RTFS0011", "`\\` (U+005C)", "string")>]
[<InlineData("&rest", "RTFS0011", "`&`", "`& rest`")>]
[<InlineData("'", "RTFS0012", "after `'`", "remove")>]
[<InlineData("~@", "RTFS0012", "after `~@`", "remove")>]
[<InlineData("^:private x", "RTFS0013", "^{:key value}", "as a map")>]
[<InlineData("^:delegation x", "RTFS0013", ":local-model", "as a map")>]
[<InlineData("{:a}", "RTFS0014", "a value for each key", "missing value")>]
[<InlineData("{a 1}", "RTFS0015", "the symbol `a`", "keyword")>]
[<InlineData("{1.5 1}", "RTFS0015", "the float `1.5`", "keyword")>]
[<InlineData("{:a 1 :a 2}", "RTFS0016", "`:a` again", "Remove")>]
[<InlineData("{x =>}", "RTFS0017", "after `=>`", "println")>]
[<InlineData("#{1}", "RTFS0018", "`#{`", "vector")>]
[<InlineData("#_x", "RTFS0018", "`#_x`", "Comment")>]
[<InlineData("##Infinity", "RTFS0018", "##Inf", "Remove")>]
let ``A wrong word is one diagnostic that says what was expected and how to mend it`` (text, code, expected, fix) =
    let struct (found, _, message, mending) = fault text
    Assert.Equal(code, found)
    Assert.Contains(expected, message)
    Assert.Contains(fix, Assert.IsType<string> mending)

[<Fact>]
let ``Spans cover the wrong word alone`` () =
    let text = "(f  1e5\n  \"a\\qb\" {nil 1})"
    let document = read text
    Assert.Equal<string list>([ "1e5"; "\\q"; "nil" ], document.Diagnostics |> Seq.map (covered text) |> List.ofSeq)

[<Fact>]
let ``Strings span lines and keep every other character`` () =
    reads "\"a\nb\"" (Forms.String "a\nb")
    reads "\"a\r\nb\"" (Forms.String "a\r\nb")
    reads "\"\\\"\\\\\\n\\t\\r\"" (Forms.String "\"\\\n\t\r")
    reads "\"\u0000\uFFFF\uD800\"" (Forms.String "\u0000\uFFFF\uD800")
    reads "\"(; #|\"" (Forms.String "(; #|")

[<Fact>]
let ``An unknown escape stands for its character`` () =
    let struct (code, place, message, _) = fault "\"a\\u0041\""
    Assert.Equal("RTFS0006", code)
    Assert.Equal("\\u", place)
    Assert.Contains("`\\u`", message)

[<Fact>]
let ``Symbols`` () =
    for name in
        [
            "a"
            "a.b/c"
            "/"
            "+"
            "->"
            "->>"
            "=>"
            "%"
            "%1"
            "&"
            "λ"
            "_"
            "string?"
            "set!"
            "not="
            "?"
            ".method"
            "Exception."
            "a@b"
            "resource:ref"
            "marketplace:execute-plan"
            "circuit-breaker:call"
            "cb:call"
            "$x"
            "..."
        ] do
        match name with
        | "..." -> Assert.Equal("RTFS0011", (let struct (code, _, _, _) = fault name in code))
        | name -> reads name (symbol name)

[<Fact>]
let ``A versioned name has one spelling`` () =
    reads "com.acme:v1.0/fn" (symbol "com.acme:v1.0/fn")
    reads "com.acme:v1.0:fn" (symbol "com.acme:v1.0/fn")
    reads ":com.example:v1.0/data-feed" (Forms.Keyword "com.example:v1.0/data-feed")
    reads ":com.example:v1.0:data-feed" (Forms.Keyword "com.example:v1.0/data-feed")
    reads ":rtfs.core:v2:streaming-plan" (Forms.Keyword "rtfs.core:v2/streaming-plan")
    reads ":a.b/c" (Forms.Keyword "a.b/c")
    reads ":stream-bi" (Forms.Keyword "stream-bi")

[<Fact>]
let ``A type mark stands alone, before or after a blank`` () =
    reads "[x : int]" (Forms.Vector [| symbol "x"; symbol ":"; symbol "int" |])
    reads "[x: int]" (Forms.Vector [| symbol "x"; symbol ":"; symbol "int" |])
    reads "[x :int]" (Forms.Vector [| symbol "x"; Forms.Keyword "int" |])

[<Fact>]
let ``Points in time, identities and resources`` () =
    let time = DateTime(2024, 12, 8, 10, 30, 0, DateTimeKind.Utc)
    reads "2024-12-08T10:30:00Z" (Forms.Timestamp time)
    reads "2024-12-08T10:30:00_250Z" (Forms.Timestamp(time.AddMilliseconds 250.0))
    reads "2024-12-08T10:30:00_0000001Z" (Forms.Timestamp(time.AddTicks 1L))
    let id = "550e8400-e29b-41d4-a716-446655440000"
    reads id (Forms.Uuid(Guid.Parse id))
    let letters = "deadbeef-e29b-41d4-a716-446655440000"
    reads letters (Forms.Uuid(Guid.Parse letters))
    reads "[resource://host/path?q=1]" (Forms.Vector [| Forms.Resource "resource://host/path?q=1" |])

[<Fact>]
let ``Blanks, commas, comments and a byte-order mark are trivia`` () =
    reads "[1, 2,,3]" (Forms.Vector [| Forms.Int 1L; Forms.Int 2L; Forms.Int 3L |])
    reads "\uFEFF; first\r\n(a #| (b \" |# c) ; end" (list [ symbol "a"; symbol "c" ])
    let lead = (Assert.Single(forms "\uFEFF ,; c\n#| d |#x")).Lead
    let kinds = lead |> Array.map _.Kind

    Assert.Equal<TriviaKind array>(
        [|
            TriviaKind.ByteOrderMark
            TriviaKind.Whitespace
            TriviaKind.Comma
            TriviaKind.LineComment
            TriviaKind.Whitespace
            TriviaKind.BlockComment
        |],
        kinds
    )

    Assert.Equal("RTFS0011", (Assert.Single (read "a \uFEFF").Diagnostics).Code)

[<Fact>]
let ``Prefixes`` () =
    let x = symbol "x"
    reads "'x" (Forms.Prefixed(Prefix.Quote, x))

    reads
        "`(a ~x ~@x)"
        (Forms.Prefixed(
            Prefix.QuasiQuote,
            list [
                symbol "a"
                Forms.Prefixed(Prefix.Unquote, x)
                Forms.Prefixed(Prefix.Splice, x)
            ]
        ))

    reads "~ @x" (Forms.Prefixed(Prefix.Unquote, Forms.Prefixed(Prefix.Context, x)))
    reads "@:key" (Forms.Prefixed(Prefix.Context, Forms.Keyword "key"))
    reads "#(* % 2)" (Forms.Function [| symbol "*"; symbol "%"; Forms.Int 2L |])

[<Fact>]
let ``Metadata`` () =
    let meta (data: Form list) target = Forms.Meta(Array.ofList data, target)
    let keyword (name: string) = Forms.Keyword name
    reads "^{:a 1} x" (meta [ Forms.Map [| keyword "a"; Forms.Int 1L |] ] (symbol "x"))
    reads "^:delegation :local x" (meta [ keyword "delegation"; keyword "local" ] (symbol "x"))

    reads
        "^:delegation :remote \"m\" x"
        (meta [ keyword "delegation"; keyword "remote"; Forms.String "m" ] (symbol "x"))

    reads
        "(fn ^:delegation :local-model \"m\" ^{:a 1} [x] x)"
        (list [
            symbol "fn"
            meta
                [ keyword "delegation"; keyword "local-model"; Forms.String "m" ]
                (meta [ Forms.Map [| keyword "a"; Forms.Int 1L |] ] (Forms.Vector [| symbol "x" |]))
            symbol "x"
        ])

[<Fact>]
let ``A brace whose second form is an arrow is a consume binding`` () =
    reads "{x => (f x)}" (Forms.Consume [| symbol "x"; symbol "=>"; list [ symbol "f"; symbol "x" ] |])
    let pattern = Forms.Map [| Forms.Keyword "keys"; Forms.Vector [| symbol "id" |] |]
    reads "{{:keys [id]} => a b}" (Forms.Consume [| pattern; symbol "=>"; symbol "a"; symbol "b" |])
    reads "{[a b] => a}" (Forms.Consume [| Forms.Vector [| symbol "a"; symbol "b" |]; symbol "=>"; symbol "a" |])

[<Fact>]
let ``Map keys of patterns and templates are no fault`` () =
    for text in
        [
            "{name :name}"
            "{:keys [a b] :as all}"
            "{[a b] :pair & more}"
            "`{~k 1}"
            "{1 :a \"s\" :b}"
        ] do
        single text |> ignore

[<Fact>]
let ``A key that comes twice is a warning with both places`` () =
    let text = "{:a 1 \"a\" 2 :a 3}"
    let found = Assert.Single (read text).Diagnostics
    Assert.Equal(Severity.Warning, found.Severity)
    Assert.Equal(12, found.Span.Start)
    Assert.Equal(1, (Assert.Single found.Related).Span.Start)

[<Fact>]
let ``The registry's examples of reading give their code alone, or nothing`` () =
    for entry in ReadingCodes.all do
        let wrong = read entry.Wrong
        Assert.NotEmpty wrong.Diagnostics

        for found in wrong.Diagnostics do
            Assert.Equal(entry.Code, found.Code)
            Assert.Equal(entry.Severity, found.Severity)

        Assert.Empty (read entry.Right).Diagnostics
