/// The whole way from text to core: what resolves to what, and that no text whatever is too much for it.
module Rtfs.Syntax.Tests.AnalysisTests

open System
open FsCheck.FSharp
open FsCheck.Xunit
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tests.CoreNotation
open Rtfs.Syntax.Tree

[<Theory>]
[<InlineData("(let [x 1 x (+ x 1)] x)", "(let [x 1 x (+ $x 1)] $x)")>]
[<InlineData("(if 1 2)", "(if 1 2 nil)")>]
[<InlineData("(when 1 2 3)", "(if 1 (do 2 3) nil)")>]
[<InlineData("(cond 1 2 :else 3)", "(if 1 2 3)")>]
[<InlineData("(-> 1 inc (+ 2) :k)", "(:k (+ (inc 1) 2))")>]
[<InlineData("(->> [1] (map inc) (filter odd?))", "(filter odd? (map inc [1]))")>]
[<InlineData("#(+ % %2)", "(fn [%1 %2] (+ $%1 $%2))")>]
[<InlineData("(fn [a & b] b)", "(fn [a & b] $b)")>]
[<InlineData("(fn [[a _ & r :as all] {:keys [k] \"s\" t :as m}] [a r all k t m])",
             "(fn [[a _ & r :as all] {:k k \"s\" t :as m}] [$a $r $all $k $t $m])")>]
[<InlineData("(defn f \"Doc.\" [x] x)", "(def f (fn [x] $x))")>]
[<InlineData("(let [f (fn [n] (g n)) g (fn [n] (f n))] (f 1))", "(let [f (fn [n] ($g $n)) g (fn [n] ($f $n))] ($f 1))")>]
[<InlineData("(fn [] (def a 1) (println a) (defn b [] (c)) (defn c [] a) (b))",
             "(fn [] (let [a 1 _ (println $a) b (fn [] ($c)) c (fn [] $a)] ($b)))")>]
[<InlineData("(:k {:k 1} 2)", "(:k {:k 1} 2)")>]
[<InlineData("(and 1 (or 2 3))", "(and 1 (or 2 3))")>]
[<InlineData("@:region", "<context :region | >")>]
[<InlineData("@region", "<resource:ref \"region\" | >")>]
[<InlineData("(get :region)", "<context :region nil | >")>]
[<InlineData("`(+ ~(inc 1) [x ~2])", "(list + (inc 1) [x 2])")>]
[<InlineData("`(+ ~@(list 1 2) 3)", "( splice (list ) (list +) (list 1 2) (list 3))")>]
[<InlineData("(.count [1])", "(count [1])")>]
[<InlineData("(fn [call] (call 1))", "(fn [call] ($call 1))")>]
[<InlineData("(defn step [x] x) (step 1)", "(def step (fn [x] $x))\n(step 1)")>]
[<InlineData("(map stream-source [])", "(map stream-source [])")>]
[<InlineData("()", "(list )")>]
let ``Forms lower to core`` (text: string) (core: string) = Assert.Equal(core, lowered text)

[<Theory>]
[<InlineData("(stream-map inc {:error-handling :skip})", "<stream-map inc | :error-handling :skip>")>]
[<InlineData("(stream-map inc :error-handling :skip)", "<stream-map inc | :error-handling :skip>")>]
[<InlineData("(fn [h] (stream-key-by h :id))", "(fn [h] <stream-key-by $h :id | >)")>]
[<InlineData("(fn [h] (stream-key-by h :id :error-handling :skip))",
             "(fn [h] <stream-key-by $h :id | :error-handling :skip>)")>]
[<InlineData("(stream-aggregate {:n [:count]} {:error-handling :skip})",
             "<stream-aggregate {:n [:count]} | :error-handling :skip>")>]
[<InlineData("(fn [h] (stream-aggregate h {:n [:count]}))", "(fn [h] <stream-aggregate $h {:n [:count]} | >)")>]
[<InlineData("(fn [h] (-> h (stream-window {:type :tumbling :count 2})))",
             "(fn [h] <stream-window $h | :type :tumbling :count 2>)")>]
[<InlineData("(stream-transform :value {:error-handling :skip})", "<stream-transform :value | :error-handling :skip>")>]
[<InlineData("(stream-transform :fn inc)", "<stream-transform  | :fn inc>")>]
[<InlineData("(fn [h o] (stream-map h inc o))", "(fn [h o] <stream-map $h inc $o | >)")>]
[<InlineData("(fn [h] (stream-consume h {[a b] => a} {:timeout-ms 5}))",
             "(fn [h] <stream-consume $h (consumer [[a b]] $a) | :timeout-ms 5>)")>]
[<InlineData("(fn [h] (-> h (stream-consume {x => x})))", "(fn [h] <stream-consume $h (consumer [x] $x) | >)")>]
[<InlineData("(stream-source com.example:v1.0/readings {:schema [:map [:v float]]})",
             "<stream-source com.example:v1.0/readings | :schema [:map [:v float]]>")>]
[<InlineData("(call :com.example:v1.0/greet :a 1)", "<call :com.example:v1.0/greet :a 1 | >")>]
[<InlineData("(plan :plan-id (str 1) :program (do (println x)))", "{:plan-id (str 1) :program (do (println x))}")>]
let ``Operations have their options apart`` (text: string) (core: string) =
    let analysis = Catalogues.analyze text
    Assert.True(analysis.Reads)
    Assert.Equal(core, show (Assert.Single analysis.Program.Forms).Core)

[<Fact>]
let ``Forms made by a program are analysed with real places`` () =
    let form = Forms.List [| Forms.Symbol "str"; Forms.Symbol "zzz" |]
    let analysis = Language.Analyze([| form |], "made", Catalogues.offering)
    let found = Assert.Single analysis.Diagnostics
    Assert.Equal("RTFS1001", found.Code)
    Assert.Equal("zzz", analysis.Document.Source.Text.Substring(found.Span.Start, found.Span.Length))

[<Theory>]
[<InlineData(400)>]
[<InlineData(700)>]
[<InlineData(20000)>]
let ``A long thread of steps is lowered or refused, and never overflows`` (steps: int) =
    let analysis = Catalogues.analyze ("(-> 1" + String.replicate steps " inc" + ")")
    let codes = analysis.Diagnostics |> Seq.map _.Code |> List.ofSeq
    let expected = if steps < 600 then [] else [ "RTFS0110" ]
    Assert.Equal<string list>(expected, codes)

[<Theory>]
[<InlineData("prinln", "println")>]
[<InlineData("PRINTLN", "println")>]
[<InlineData("fliter", "filter")>]
[<InlineData("asoc", "assoc")>]
[<InlineData("zzzzzz", null)>]
[<InlineData("", null)>]
[<InlineData("x", null)>]
let ``The nearest name is the one that was meant`` (name: string) (expected: string | null) =
    Assert.Equal(expected, Language.Nearest(name, [ "println"; "filter"; "assoc"; "y"; "print-line" ]))

[<Theory>]
[<InlineData("com.example:v1.0:data-feed", "com.example:v1.0:data-feed")>]
[<InlineData("com.example:v1.0/data-feed", "com.example:v1.0:data-feed")>]
[<InlineData(":com.example:v1/x", "com.example:v1:x")>]
[<InlineData("a:v1.2.3:b", "a:v1.2.3:b")>]
[<InlineData("a:v1.2.3.4:b", null)>]
[<InlineData("a:1.0:b", null)>]
[<InlineData("a.b", null)>]
[<InlineData("a..b:v1:c", null)>]
[<InlineData("a:v1:", null)>]
[<InlineData("a:v:b", null)>]
[<InlineData("a/v1/b", null)>]
[<InlineData("", null)>]
let ``A capability id has one spelling`` (text: string) (expected: string | null) =
    Assert.Equal(expected, Language.CapabilityId text)

let private everything (text: string) =
    let analysis = Catalogues.analyze text
    let rendered = Language.Render(analysis.Document.Source, analysis.Diagnostics, true)
    Language.ToMermaid analysis.Topology |> ignore
    Language.ToJson analysis.Topology |> ignore

    for found in analysis.Diagnostics do
        Assert.NotNull(Language.Explain found.Code)
        Assert.InRange(found.Span.Start, 0, text.Length)
        Assert.InRange(found.Span.End, found.Span.Start, text.Length)

    rendered.Length >= 0

[<Property(MaxTest = 500)>]
let ``No text is too much`` (text: string | null) =
    match text with
    | null -> true
    | text -> everything text

let private words =
    [
        "if"
        "let"
        "do"
        "def"
        "defn"
        "fn"
        "quote"
        "and"
        "when"
        "cond"
        "->"
        "plan"
        "stream-map"
        "stream-consume"
    ]
    @ [
        "stream-source"
        "stream-transform"
        "stream-pipeline"
        "stream-execute"
        "stream-aggregate"
        "call"
        "x"
        "&"
        ":"
        "=>"
    ]
    @ [
        ":as"
        ":keys"
        ":program"
        ":fn"
        ":config"
        "5"
        "\"s\""
        "nil"
        "'x"
        "~x"
        "~@x"
        "@:k"
        "%"
        "#(f %)"
        "{x => y}"
    ]

let private programs =
    let rec form depth =
        if depth = 0 then
            Gen.elements words
        else
            let inside =
                Gen.listOf (form (depth - 1)) |> Gen.map (fun parts -> String.Join(" ", parts))

            Gen.oneof [
                Gen.elements words
                Gen.map (fun text -> $"({text})") inside
                Gen.map2 (fun word text -> $"({word} {text})") (Gen.elements words) inside
                Gen.map (fun text -> $"[{text}]") inside
                Gen.map (fun text -> "{" + text + "}") inside
            ]

    Gen.resize 6 (form 4)

[<Property(MaxTest = 500)>]
let ``No program is too much`` () =
    Prop.forAll (Arb.fromGen programs) everything

[<Theory>]
[<InlineData("(do", ")")>]
[<InlineData("(plan :plan-id \"long\" :program (do", "))")>]
let ``A long program is followed to its end, whatever stands around it`` (before: string, after: string) =
    let calls = String.replicate 70_000 " (f 1)"

    let analysis =
        Catalogues.analyze $"{before} (defn f [x] (+ x 1)){calls} (f \"a\"){after}"

    let found = Assert.Single analysis.Diagnostics
    Assert.Equal("RTFS2001", found.Code)

[<Fact>]
let ``a strict check takes every warning for an error`` () =
    let text =
        "(let [x 1 unused 2] x)\n(def s (stream-source \"com.example:v1.0:readings\"))\n(let [s 1] s)\n"

    let severities (strict: bool) =
        (Language.Analyze(Language.Read(text, "plan.rtfs"), Catalogues.offering, null, strict)).Diagnostics
        |> Seq.map _.Severity
        |> List.ofSeq

    Assert.Contains(Severity.Warning, severities false)
    Assert.Equal((severities false).Length, (severities true).Length)
    Assert.All(severities true, (fun severity -> Assert.Equal(Severity.Error, severity)))
