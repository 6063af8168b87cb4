/// The graph that a plan's text gives, without running it.
module Rtfs.Syntax.Tests.TopologyTests

open System.Text.Json
open Xunit
open Rtfs.Syntax

let private readings =
    "(register-stream-capability :capability-id \"com.a:v1.0:in\" :type :stream-source :output-schema [:stream [:map [:v :float]]])\n"
    + "(register-stream-capability :capability-id \"com.a:v1.0:out\" :type :stream-sink)\n"

let private topology (text: string) =
    let analysis = Catalogues.analyze (readings + text)

    let errors =
        analysis.Diagnostics
        |> Seq.filter (fun found -> found.Severity = Rtfs.Syntax.Diagnostics.Severity.Error)

    Assert.Empty(errors |> Seq.map _.Message)
    analysis.Topology

/// `id label` of the stages, then the edges.
let private drawn text =
    let topology = topology text

    Seq.append
        (topology.Stages |> Seq.map (fun stage -> $"{stage.Id} {stage.Label}"))
        (topology.Edges
         |> Seq.map (fun edge -> $"{edge.From} -> {edge.To} {edge.ElementType}"))
    |> List.ofSeq

let private row = "[:map [:v :float]]"

[<Fact>]
let ``A pipeline is a chain`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "sink-1 out"
            "map-1 twice"
            "filter-1 number?"
            $"source-1 -> map-1 {row}"
            "map-1 -> filter-1 :float"
            "filter-1 -> sink-1 :float"
        ],
        drawn
            "(defn twice [x] (* 2 (:v x)))\n(stream-execute (stream-pipeline [(stream-source \"com.a:v1.0:in\") (stream-map twice) (stream-filter number?) (stream-sink \"com.a:v1.0:out\")]))"
    )

[<Fact>]
let ``Ids may stand for the ends of a pipeline, and names for its stages`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "filter-1 large"
            "sink-1 out"
            $"source-1 -> filter-1 {row}"
            "filter-1 -> sink-1 [:map [:v [:and :float [:> 3]]]]"
        ],
        drawn
            "(def big (stream-filter (fn [large] (> (:v large) 3))))\n(defn large [x] (> (:v x) 3))\n(def keep-large (stream-filter large))\n(stream-execute (stream-pipeline [\"com.a:v1.0:in\" keep-large \"com.a:v1.0:out\"]))"
    )

[<Fact>]
let ``Threading, windows and aggregates make a chain, and a consume ends it`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "key-by-1 :v"
            "window-1 window of 3"
            "aggregate-1 mean"
            "consume-1 consume"
            $"source-1 -> key-by-1 {row}"
            $"key-by-1 -> window-1 {row}"
            $"window-1 -> aggregate-1 {row}"
            "aggregate-1 -> consume-1 [:map [:key :float] [:mean :float]]"
        ],
        drawn
            "(-> (stream-source \"com.a:v1.0:in\") (stream-key-by :v) (stream-window {:type :tumbling :count 3}) (stream-aggregate {:mean [:avg :v]}) (stream-consume {x => (println x)}))"
    )

[<Fact>]
let ``Two readers of one handle are two edges, and a handle keeps its name`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "map-1 doubled"
            "consume-1 consume"
            "consume-2 consume"
            $"source-1 -> map-1 {row}"
            "map-1 -> consume-1 :float"
            "map-1 -> consume-2 :float"
        ],
        drawn
            "(let [doubled (stream-map \"com.a:v1.0:in\" (fn [x] (* 2 (:v x))))] (stream-consume doubled {:on-item println}) (stream-consume doubled {x => (println x)}))"
    )

[<Fact>]
let ``A wired transform joins its ends`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "transform-1 :v"
            "sink-1 out"
            $"source-1 -> transform-1 {row}"
            "transform-1 -> sink-1 :float"
        ],
        drawn "(stream-transform :input-stream \"com.a:v1.0:in\" :output-stream \"com.a:v1.0:out\" :transform-fn :v)"
    )

[<Fact>]
let ``A function that opens streams is followed at each call`` () =
    Assert.Equal<string list>(
        [
            "source-1 in"
            "transform-1 sensor a"
            "source-2 in"
            "transform-2 sensor b"
            "multiplex-1 all"
            $"source-1 -> transform-1 {row}"
            $"source-2 -> transform-2 {row}"
            "transform-1 -> multiplex-1 [:map [:v :float] [:id :string]]"
            "transform-2 -> multiplex-1 [:map [:v :float] [:id :string]]"
        ],
        drawn
            "(defn sensor [id] (stream-transform (stream-source \"com.a:v1.0:in\") (fn [x] (assoc x :id id))))\n(def all (stream-multiplex [(sensor \"a\") (sensor \"b\")] {:strategy :round-robin}))"
    )

[<Fact>]
let ``An output shows the string by which its items are told apart`` () =
    let drawn =
        drawn (
            "(register-stream-capability :capability-id \"com.t:v1.0:in\" :type :stream-source :output-schema [:stream [:union [:map [:t [:val \"a\"]] [:n :int]] [:map [:t [:val \"b\"]] [:s :string]]]])\n"
            + "(register-stream-capability :capability-id \"com.t:v1.0:out\" :type :stream-sink)\n"
            + "(stream-demultiplex \"com.t:v1.0:in\" {:criteria :t :outputs {\"b\" \"com.t:v1.0:out\"} :default \"com.t:v1.0:out\"})"
        )

    Assert.Contains("output-1 -> sink-1 [:map [:t [:val \"b\"]] [:s :string]]", drawn)

[<Fact>]
let ``A plan that is executed is drawn, with its own definitions`` () =
    let program =
        readings.Replace("\n", " ")
        + " (stream-consume (stream-source \"com.a:v1.0:in\") {x => (println x)})"

    Assert.Equal<string list>(
        [ "source-1 in"; "consume-1 consume"; $"source-1 -> consume-1 {row}" ],
        drawn $"(def p (plan :program (do {program})))\n(marketplace:execute-plan (assoc p :plan-id \"x\"))"
    )

[<Fact>]
let ``Functions that call each other without end do not hang the drawing`` () =
    Assert.Empty((topology "(defn f [x] (do (g x) (g x)))\n(defn g [x] (do (f x) (f x)))\n(f 1)").Stages)

[<Fact>]
let ``Mermaid escapes what people write, and leaves unknown types out`` () =
    let text =
        "(def s (stream-source \"com.a:v1.0:in\" {:schema [:enum \"a|b\" \"<c>\"]}))\n(stream-consume (stream-map s dissoc) {x => (println x)})"

    Assert.Equal(
        "flowchart LR\n"
        + "    source-1([\"in (source)\"])\n"
        + "    map-1[\"dissoc (map)\"]\n"
        + "    consume-1((\"consume\"))\n"
        + "    source-1 -->|\"#quot;a#124;b#quot; #124; #quot;#lt;c#gt;#quot;\"| map-1\n"
        + "    map-1 --> consume-1",
        Language.ToMermaid(topology text)
    )

[<Fact>]
let ``JSON has the stages with their places, and the edges`` () =
    let json =
        Language.ToJson(topology "(stream-consume (stream-source \"com.a:v1.0:in\") {x => (println x)})")

    use document = JsonDocument.Parse json
    let stage = document.RootElement.GetProperty("stages")[0]
    let names = [ for property in stage.EnumerateObject() -> property.Name ]
    Assert.Equal<string list>([ "id"; "kind"; "label"; "capability"; "line"; "character" ], names)
    Assert.Equal("com.a:v1.0:in", stage.GetProperty("capability").GetString())
    Assert.Equal(2, stage.GetProperty("line").GetInt32())
    Assert.Equal(16, stage.GetProperty("character").GetInt32())
    let edge = document.RootElement.GetProperty("edges")[0]
    Assert.Equal("source-1", edge.GetProperty("from").GetString())
    Assert.Equal("consume-1", edge.GetProperty("to").GetString())
    Assert.Equal(row, edge.GetProperty("type").GetString())

[<Fact>]
let ``Functions that call themselves in many places hide nothing of what follows them`` () =
    let calls = Seq.init 12 (fun i -> $"(walk (- n {i}))") |> String.concat " "

    Assert.Equal<string list>(
        [ "source-1 in"; "sink-1 out"; $"source-1 -> sink-1 {row}" ],
        drawn
            $"(defn walk [n] (if (< n 2) n (+ {calls})))\n(def steps (walk 3))\n(stream-execute (stream-pipeline [(stream-source \"com.a:v1.0:in\") (stream-sink \"com.a:v1.0:out\")]))"
    )

/// The edges whose items are checked when the plan runs.
let private leftToRun text =
    (topology text).Edges
    |> Seq.filter _.IsCheckedAtRunTime
    |> Seq.map (fun edge -> $"{edge.From} -> {edge.To}")
    |> List.ofSeq

[<Fact>]
let ``What a check cannot tell is left to the run, edge by edge`` () =
    let sink schema =
        $"(register-stream-capability :capability-id \"com.a:v1.0:warm\" :type :stream-sink :input-schema {schema})\n(stream-execute (stream-pipeline [\"com.a:v1.0:in\" \"com.a:v1.0:warm\"]))"

    Assert.Equal<string list>([ "source-1 -> sink-1" ], leftToRun (sink "[:map [:v [:and :float [:> 0]]]]"))
    Assert.Empty(leftToRun (sink "[:map [:v :float]]"))

    let filtered test =
        $"(register-stream-capability :capability-id \"com.a:v1.0:warm\" :type :stream-sink :input-schema [:map [:v [:and :float [:> 0]]]])\n(stream-execute (stream-pipeline [\"com.a:v1.0:in\" (stream-filter (fn [x] ({test} (:v x) 0))) \"com.a:v1.0:warm\"]))"

    Assert.Empty(leftToRun (filtered ">"))
    Assert.Equal<string list>([ "filter-1 -> sink-1" ], leftToRun (filtered ">="))

[<Fact>]
let ``A function that asks for more leaves its edge to the run`` () =
    let show = "(defn show [x : [:map [:v [:and :float [:> 0]]]]] (str (:v x)))\n"

    Assert.Equal<string list>(
        [ "source-1 -> map-1" ],
        leftToRun (show + "(stream-consume (stream-map \"com.a:v1.0:in\" show) {x => (println x)})")
    )

    Assert.Equal<string list>(
        [ "source-1 -> consume-1" ],
        leftToRun (show + "(stream-consume \"com.a:v1.0:in\" {:on-item show})")
    )

[<Fact>]
let ``What is left to the run is marked in every drawing`` () =
    let drawn =
        topology
            "(defn show [x : [:map [:v [:and :float [:> 0]]]]] (str (:v x)))\n(stream-consume (stream-map \"com.a:v1.0:in\" show) {x => (println x)})"

    use document = JsonDocument.Parse(Language.ToJson drawn)

    let left =
        document.RootElement.GetProperty("edges").EnumerateArray()
        |> Seq.map (fun edge -> edge.GetProperty("checked").ToString())

    Assert.Equal<string>([ "run-time"; "" ], left)
    Assert.Contains("|\"{v float} *\"|", Language.ToMermaid drawn)
    Assert.Contains("{v float} *", Language.ToDot drawn)
    Assert.Contains("each item is checked when the plan runs", Language.ToSvg drawn)
