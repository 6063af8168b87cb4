/// The pictures of a topology: valid and safe for any label, the same for the same topology, and legible where types are long.
module Rtfs.Syntax.Tests.DrawingTests

open System
open System.IO
open System.Xml.Linq
open Xunit
open FsCheck.Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Plan.Drawing
open Rtfs.Syntax.Text

let private stage id kind label (capability: string | null) =
    TopologyStage(id, kind, label, capability, Span.Of(0, 0))

let private row =
    "[:map [:sensor-id :string] [:value :float] [:severity [:enum :high :low]]]"

let private two label elementType =
    Topology(
        [|
            stage "source-1" "source" label "com.a:v1.0:in"
            stage "sink-1" "sink" "out" null
        |],
        [| TopologyEdge("source-1", "sink-1", elementType) |]
    )

let private parsed (svg: string) =
    use reader = new StringReader(svg)
    XDocument.Load reader

let private named name (document: XDocument) =
    document.Descendants()
    |> Seq.filter (fun element -> element.Name.LocalName = name)

let private attribute (name: string) (element: XElement) =
    element.Attribute(XName.Get name) |> Option.ofObj |> Option.map _.Value

let private texts document =
    named "text" document |> Seq.map _.Value |> List.ofSeq

[<Theory>]
[<InlineData(":any", "")>]
[<InlineData(":int", "int")>]
[<InlineData(":string?", "string?")>]
[<InlineData("Reading", "Reading")>]
[<InlineData("[:vector :int]", "[int]")>]
[<InlineData("[:vector [:tuple :int :string]]", "[[int, string]]")>]
[<InlineData("[:map-of :string [:vector :int]]?", "{string → [int]}?")>]
[<InlineData("[:and :string [:min-length 1]]", "string")>]
[<InlineData("[:enum :high \"low\" 3]", ":high | \"low\" | 3")>]
[<InlineData("[:union :int :string?]", "int | string?")>]
[<InlineData("[:map]", "{}")>]
[<InlineData("{:a :int}", "{a int}")>]
[<InlineData("[:map [:a :int] [:b :string ?]]", "{a int, b string?}")>]
[<InlineData("[:map [:sensor-id :string] [:value :float] [:at :timestamp]]",
             "{sensor-id string,\n value float,\n at timestamp}")>]
[<InlineData("[:map [:a [:map [:b [:map [:c [:map [:d :int]]]]]]]]", "{a {b {c {d …}}}}")>]
[<InlineData("[:fn [:int] :int]", "function")>]
[<InlineData("", "")>]
[<InlineData("[:map [:a", "{a}")>]
[<InlineData("[:unheard-of 1 2]", "[:unheard-of 1 2]")>]
let ``A type is shortened to what one reads at a glance`` (elementType: string) (expected: string) =
    Assert.Equal(expected, TypeLabel.lines elementType |> String.concat "\n")

[<Fact>]
let ``A record of many fields is four lines at most, and says that there is more`` () =
    let fields =
        [ for i in 1..30 -> $"[:field-number-{i} :string]" ] |> String.concat " "

    let lines = TypeLabel.lines $"[:map {fields}]"
    Assert.Equal(4, lines.Length)
    Assert.Equal(" …}", List.last lines)
    Assert.All(lines, (fun line -> Assert.InRange(line.Length, 1, 31)))

[<Fact>]
let ``The picture is an SVG that says what it shows`` () =
    let document = parsed (Language.ToSvg(two "in" row))
    let root = Option.ofObj document.Root |> Option.get
    Assert.Equal("http://www.w3.org/2000/svg", root.Name.NamespaceName)
    Assert.Equal("img", attribute "role" root |> Option.defaultValue "")

    let ids =
        Seq.append (named "title" document) (named "desc" document)
        |> Seq.choose (attribute "id")

    Assert.Equal(attribute "aria-labelledby" root |> Option.defaultValue "", String.Join(" ", ids))
    Assert.Contains("2 stages, 1 edge: in → out.", (named "desc" document |> Seq.head).Value)
    Assert.Contains(row, named "title" document |> Seq.map _.Value)
    Assert.Contains("prefers-color-scheme:dark", (named "style" document |> Seq.head).Value)
    Assert.Empty(named "script" document)
    Assert.Empty(named "image" document)

    Assert.Equal<string list>(
        [
            "{sensor-id string,"
            " value float,"
            " severity :high | :low}"
            "in"
            "source"
            "com.a:v1.0:in"
            "out"
            "sink"
        ],
        texts document
    )

[<Fact>]
let ``The same topology gives the same picture, and each kind its own colour`` () =
    let kinds = [
        "source"
        "sink"
        "transform"
        "filter"
        "key-by"
        "window"
        "aggregate"
        "multiplex"
        "demultiplex"
        "consume"
        "resource"
        "circuit-breaker"
    ]

    let topology () =
        Topology([| for kind in kinds -> stage kind kind kind null |], [||])

    let svg = Language.ToSvg(topology ())
    Assert.Equal(svg, Language.ToSvg(topology ()))
    let looks = kinds |> List.map Look.ofKind

    Assert.Equal(
        kinds.Length,
        looks
        |> List.map (fun look -> (Look.colours look).Fill)
        |> List.distinct
        |> List.length
    )

    Assert.Equal(kinds.Length, looks |> List.map Look.icon |> List.distinct |> List.length)

[<Fact>]
let ``A plan that wires nothing is told so`` () =
    let document = parsed (Language.ToSvg(Topology([||], [||])))
    Assert.Contains("Nothing is wired", texts document)

[<Fact>]
let ``An edge to a stage that is not there draws nothing`` () =
    let topology =
        Topology(
            [| stage "a" "source" "in" null |],
            [| TopologyEdge("a", "b", ":int"); TopologyEdge("c", "a", ":int") |]
        )

    Assert.Equal<string list>([ "in"; "source" ], texts (parsed (Language.ToSvg topology)))

[<Fact>]
let ``A long name keeps its beginning, a long id its end, and both are whole in the tooltip`` () =
    let name = "temperatures of every greenhouse in the northern region, uncalibrated"

    let id =
        "com.example.greenhouses.northern-region.sensors:v1.0:temperatures-uncalibrated"

    let topology = Topology([| stage "a" "source" name id |], [||])
    let document = parsed (Language.ToSvg topology)
    let shown = texts document
    Assert.StartsWith("temperatures of every", shown[0])
    Assert.EndsWith("…", shown[1])
    Assert.StartsWith("…", shown[3])
    Assert.EndsWith(":temperatures-uncalibrated", shown[3])
    Assert.Contains($"{name} (source) {id}", named "title" document |> Seq.map _.Value)

[<Theory>]
[<InlineData("<b>&amp; \"quoted\" 'too'")>]
[<InlineData("温度を変換する関数その一とその二とその三とその四とその五")>]
[<InlineData("🌡️ 👩‍👧 e\u0301")>]
[<InlineData("a\u0000b\u001b[31mc\u202Ed")>]
[<InlineData("\uD83D alone \uDE00")>]
[<InlineData("\uFFFE\uFFFF")>]
[<InlineData("")>]
[<InlineData("   ")>]
[<InlineData("]]>")>]
let ``Any label gives valid XML`` (label: string) =
    let topology = two label $"[:enum \"{label}\"]"
    parsed (Language.ToSvg topology) |> ignore
    Assert.DoesNotContain("\u001b", Language.ToSvg topology)
    Assert.DoesNotContain("\u202E", texts (parsed (Language.ToSvg topology)) |> String.concat "")

[<Property(MaxTest = 300, Replay = "3,5")>]
let ``Any text as label, id, kind and type gives valid XML``
    (label: char array)
    (kind: char array)
    (elementType: char array)
    =
    let topology =
        Topology(
            [|
                stage "a" (String kind) (String label) (String label)
                stage "b" "sink" (String kind) null
            |],
            [|
                TopologyEdge("a", "b", String(elementType))
                TopologyEdge("b", "a", String(elementType))
            |]
        )

    parsed (Language.ToSvg topology) |> ignore

[<Fact>]
let ``Graphviz gets the shapes, colours and shortened types, quoted`` () =
    let expected =
        "digraph plan {\n"
        + "    rankdir=LR\n"
        + "    graph [bgcolor=transparent, nodesep=0.3, ranksep=0.5]\n"
        + "    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#1f2933\", penwidth=1.2, margin=\"0.18,0.1\"]\n"
        + "    edge [fontname=\"Menlo,Consolas,monospace\", fontsize=9, fontcolor=\"#52606d\", color=\"#8795a5\", arrowsize=0.7]\n"
        + "    \"source-1\" [label=\"a \\\"b\\\" \\\\N &amp;lt;\\nsource\\ncom.a:v1.0:in\\n\", fillcolor=\"#e7f5ec\", color=\"#2f855a\"]\n"
        + "    \"sink-1\" [label=\"out\\nsink\\n\", fillcolor=\"#e9ecfc\", color=\"#4f5fc4\"]\n"
        + "    \"source-1\" -> \"sink-1\" [label=\"{sensor-id string,\\l value float,\\l severity :high | :low}\\l\", tooltip=\"[:map [:sensor-id :string] [:value :float] [:severity [:enum :high :low]]]\"]\n"
        + "}"

    Assert.Equal(expected, Language.ToDot(two "a \"b\" \\N &lt;" row))

[<Fact>]
let ``Mermaid gets the shortened type over lines, and JSON the whole one`` () =
    let topology = two "in" row

    Assert.Contains(
        "|\"{sensor-id string,<br/> value float,<br/> severity :high #124; :low}\"|",
        Language.ToMermaid topology
    )

    Assert.Contains(row, Language.ToJson topology)
