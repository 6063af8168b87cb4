/// Programs whose forms lean on each other, and changes of them as an editor makes them: of a character, a name, or a whole form.
module Rtfs.Syntax.Tests.Changes

open System
open System.Text
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text

/// Forms with names from small pools, so that they meet. `{f}` is a function, `{d}` a value, `{s}` a stream, `{t}` a type, `{m}` a macro,
/// `{p}` a pipeline or plan, `{c}` a capability, `{l}` a literal, `{k}` a key.
let private templates = [|
    "(def {d} {l})"
    "(def {d} (+ {l} {d}))"
    "(def {d} ({f} {d}))"
    "(def {d} {:value {l} {k} {l}})"
    "(def {d} [{l} {l} {d}])"
    "(do (def {d} {l}) (defn {f} [x] (+ x {d})))"
    "(if {d} (def {d} {l}))"
    "(defn {f} [x] (+ x {l}))"
    "(defn {f} [x] (def {d} x) (+ {d} {l}))"
    "(defn {f} [x] ({f} ({f} x)))"
    "(defn {f} [x : :int] :int (+ x {d}))"
    "(defn {f} [{:keys [value unit]}] (if (> value {l}) :high :low))"
    "(defn {f} [r] (assoc r {k} ({f} ({k} r))))"
    "(defn {f} [r : {t}] ({k} r))"
    "(defn {f} [n] (if (> n 0) ({f} (- n 1)) {d}))"
    "(defn {f} [x] (let [{d} (inc x) y (+ {d} 1)] {d}))"
    "(defn {f} [xs] (reduce + 0 (map {f} xs)))"
    "(defn {f} [] (stream-consume (stream-source \"{c}\") {item => ({f} item)}))"
    "(defn {f} [s] (stream-map s {f}))"
    "(defn {f} [x] (when (nil? x) ({f} x)))"
    "(defn {f} [x] (do (loop [i 0 a x] (if (< i 3) (recur (inc i) ({f} a)) a))))"
    "(deftype {t} [:map [:value :float] [{k} :string]])"
    "(defn {f} [x : {t} y : Nobody] [x y])"
    "(def {d} (stream-sink \"{c}\"))"
    "(register-stream-capability :capability-id \"{c}\" :type :stream-sink :provider {:kind :file :path \"{k}\" :format :lines})"
    "(defstruct {t} :value :int {k} {t})"
    "(defmacro {m} [a & b] `(if ~a (do ~@b) {l}))"
    "(defmacro {m} [a] `(def {d} ~a))"
    "({m} {d} ({f} {l}))"
    "({m} (> {d} {l}) {d})"
    "(register-stream-capability :capability-id \"{c}\" :type :stream-source :output-schema [:stream [:map [:value :float] [{k} :string]]])"
    "(register-stream-capability :capability-id \"{c}\" :type :stream-sink :input-schema [:map [:value {t}]])"
    "(register-stream-capability :capability-id {d} :type :stream-source :output-schema [:stream :int])"
    "(def {s} (stream-source \"{c}\"))"
    "(def {s} (stream-map {s} {f}))"
    "(def {s} (stream-filter {s} (fn [x] (> (:value x) {l}))))"
    "(def {s} ({f} {s}))"
    "(def {s} (stream-sink \"{c}\"))"
    "(stream-consume {s} {item => (log-info (:value item) ({f} item))})"
    "(stream-consume (stream-map (stream-source \"{c}\") {f}) {item => (log-info item)})"
    "(stream-consume {s} {:on-item {f}})"
    "(parallel (stream-consume {s} {x => ({f} x)}) (stream-consume {s} {x => x}))"
    "(def {p} (stream-pipeline [{s} (stream-map {f}) (stream-sink \"{c}\")]))"
    "(def {p} (stream-pipeline [\"{c}\" {f} \"{c}\"]))"
    "(stream-execute {p})"
    "(stream-close {s})"
    "(stream-cancel \"{c}\")"
    "(stream-close \"{c}\")"
    "(stream-produce \"{c}\" {l})"
    "(def {s} (with-resource [h StreamHandle (stream-source \"{c}\")] h))"
    "(defn {f} [s : [:stream {t}]] (stream-map s {f}))"
    "(stream-execute (stream-pipeline [{s} {f} (stream-filter {f}) {s}]))"
    "(def {p} (plan :plan-id \"p\" :program (do (def {d} {l}) (stream-consume (stream-source \"{c}\") {x => {d}}))))"
    "(def {p} '(plan :plan-id \"q\" :program (do (stream-execute (stream-pipeline [\"{c}\" (stream-sink \"{c}\")])))))"
    "(marketplace:execute-plan {p})"
    "(stream-transform :input-stream \"{c}\" :output-stream \"{c}\" :fn {f})"
    "(call :{c} {d})"
    "({f} {d})"
    "({f} {:value {l}})"
    "(map {f} [{l} {d}])"
    "(match {d} {:value v} ({f} v) [a b] a _ nil)"
    "(try ({f} {d}) (catch TypeError e {d}))"
    "; a comment\n{d}"
|]

/// Definitions under which most of the templates pass.
let private prelude =
    """(register-stream-capability :capability-id "com.x:v1.0:a" :type :stream-source :output-schema [:stream [:map [:value :float] [:unit :string] [:id :string]]])
(register-stream-capability :capability-id "com.x:v1.0:b" :type :stream-sink)
(deftype Reading [:map [:value :float] [:unit :string] [:id :string]])
(deftype Alert [:map [:value :float]])
(def a 1)
(def b 2.5)
(def limit 30)
(defn f [x] (log-info "f" x))
(defn g [{:keys [value unit]}] {:value (+ value limit) :unit unit})
(defn h [r] (assoc r :id "h" :value (:value (g r))))
(defn to-alert [r : Reading] (assoc r :severity (if (> (:value r) b) :high :low)))
(def readings (stream-source "com.x:v1.0:a"))
(def s (stream-map (stream-source "com.x:v1.0:a") h))
(def t (stream-filter (stream-source "com.x:v1.0:a") (fn [x] (> (:value x) a))))
(stream-consume s {item => (f (:value item))})
(stream-consume (stream-map t to-alert) {item => (log-info (:severity item))})
(stream-execute (stream-pipeline [readings (stream-map g) (stream-sink "com.x:v1.0:b")]))
"""

let private sound = [|
    "(def {d}{n} {l})"
    "(def limit {l})"
    "(defn f [x] (log-info \"f\" x {l}))"
    "(defn f [x] (inc (count (:unit x))))"
    "(defn g [{:keys [value unit]}] {:value (+ value a) :unit unit})"
    "(defn g [r] (assoc r :value {l}))"
    "(defn h [r] (if (> (:value r) b) (g r) r))"
    "(defn g{n} [r] (h (g r)))"
    "(defn g{n} [r : Reading] (g r))"
    "(defn g{n} [r : Reading] : Reading (h r))"
    "(defn id{n} [x] x)"
    "(def made{n} (h {:value 1.5 :unit \"C\" :id \"x\"}))"
    "(def t{n} (stream-map (stream-source \"com.x:v1.0:a\") h))"
    "(def u{n} (stream-map readings to-alert))"
    "(stream-consume (stream-map (stream-source \"com.x:v1.0:a\") {g}) {item => (log-info (:value item))})"
    "(stream-consume (stream-filter (stream-source \"com.x:v1.0:a\") (fn [x] (= (:unit x) \"C\"))) {item => (f item)})"
    "(stream-consume (stream-map t{n} {g}) {item => (f (:value item))})"
    "(stream-consume s {item => (log-info (:value item) (:id item))})"
    "(stream-execute (stream-pipeline [(stream-source \"com.x:v1.0:a\") (stream-map {g}) (stream-sink \"com.x:v1.0:b\")]))"
    "(def p{n} (stream-pipeline [(stream-source \"com.x:v1.0:a\") (stream-map {g}) (stream-sink \"com.x:v1.0:b\")]))"
    "(stream-execute p{n})"
    "(defn run{n} [] (stream-consume (stream-source \"com.x:v1.0:a\") {x => ({g} x)}))"
    "(run{n})"
    "(log-info (:value (g {:value {l} :unit \"C\"})))"
    "(deftype Alert [:map [:value {t}]])"
    "(defmacro twice [x] `(do ~x ~x))"
    "(twice (log-info {d}))"
    "(let [y a z (+ y b)] (log-info z))"
    "(map (fn [x] (+ x limit)) [1 2 {d}])"
    "; a comment"
|]

let private pools =
    dict [
        "f", [| "f"; "g"; "h"; "to-alert"; "inc" |]
        "d", [| "a"; "b"; "limit"; "f" |]
        "s", [| "s"; "t"; "readings" |]
        "t", [| "Reading"; "Alert"; ":int" |]
        "m", [| "unless"; "define" |]
        "p", [| "p"; "q" |]
        "c",
        [|
            "com.example:v1.0:readings"
            "com.example:v1.0:alerts"
            "com.x:v1.0:a"
            "com.x:v1.0:b"
            "com.x:a"
        |]
        "l", [| "1"; "2.5"; "\"text\""; ":high"; "nil"; "true"; "-3" |]
        "k", [| ":value"; ":unit"; ":id" |]
        "g", [| "g"; "h"; "to-alert" |]
        "n", [| "1"; "2"; "3" |]
    ]

let private pick (random: Random) (items: 'T array) : 'T = items[random.Next items.Length]

let private filled (random: Random) (template: string) : string =
    let text = StringBuilder()
    let mutable i = 0

    while i < template.Length do
        if
            template[i] = '{'
            && i + 2 < template.Length
            && template[i + 2] = '}'
            && pools.ContainsKey(string template[i + 1])
        then
            text.Append(pick random pools[string template[i + 1]]) |> ignore
            i <- i + 3
        else
            text.Append template[i] |> ignore
            i <- i + 1

    text.ToString()

/// A form that goes well with others, most times.
let private soundForm (random: Random) = filled random (pick random sound)

/// A form that may be of any kind, and wrong in any way.
let private anyForm (random: Random) = filled random (pick random templates)

let private form (random: Random) =
    if random.Next 3 = 0 then
        anyForm random
    else
        soundForm random

/// Half of them are right at the start, or nearly so.
let program (random: Random) : string =
    if random.Next 2 = 0 then
        prelude
        + String.Join("\n", Array.init (3 + random.Next 12) (fun _ -> soundForm random))
        + "\n"
    else
        String.Join("\n", Array.init (3 + random.Next 25) (fun _ -> anyForm random))
        + "\n"

let private characters = "()[]{}\"':;~ \n1a.-fgx"

/// Where a top-level form stands, with its leading trivia.
let private place (random: Random) (text: string) : Span =
    match (Language.Read(text, "place")).Forms with
    | [||] -> Span.Of(0, 0)
    | forms ->
        let chosen = pick random forms
        Span.Of(chosen.Start, chosen.Length)

/// A change of the text: the span that goes, and what comes in its place.
let change (random: Random) (text: string) : struct (Span * string) =
    let at = random.Next(text.Length + 1)
    let one = Span.Of(at, min 1 (text.Length - at))

    match random.Next 14 with
    | 0 -> struct (Span.Of(at, 0), string characters[random.Next characters.Length])
    | 1 -> struct (one, "")
    | 2 -> struct (one, string characters[random.Next characters.Length])
    | 3 -> struct (place random text, "")
    | 4 ->
        let form = place random text
        struct (Span.Of(form.Start, 0), "\n" + text.Substring(form.Start, form.Length))
    | 5
    | 6 -> struct (Span.Of((place random text).Start, 0), "\n" + form random)
    | 7
    | 8 -> struct (place random text, "\n" + form random)
    | 9 -> struct (Span.Of((place random text).Start, 0), "\n ; moved\n")
    | kind ->
        // A name or a literal for another of its kind, at one place.
        let pool = pick random (Array.ofSeq pools.Values)
        let old = pick random pool
        let found = text.IndexOf(old, at, StringComparison.Ordinal)

        if found < 0 then
            struct (Span.Of(at, 0), " ")
        elif kind = 10 then
            struct (Span.Of(found, old.Length), old + "x")
        else
            struct (Span.Of(found, old.Length), pick random pool)

let private shownDiagnostic (found: Diagnostic) =
    let related =
        found.Related
        |> Seq.map (fun one -> $"{one.Span.Start}+{one.Span.Length} {one.Message}")
        |> String.concat "; "

    $"{found.Code} {found.Severity} {found.Span.Start}+{found.Span.Length} {found.Message} | {found.Fix} | {related}"

/// Everything that an analysis says.
let shown (analysis: Analysis) : string =
    String.Join(
        "\n",
        Seq.concat [
            analysis.Diagnostics |> Seq.map shownDiagnostic
            analysis.Shape |> Seq.map shownDiagnostic
            Seq.ofList (List.ofSeq analysis.Capabilities)
            Seq.singleton (Language.ToJson analysis.Topology)
            analysis.Program.Forms
            |> Seq.map (fun form -> $"{form.Start} {CoreNotation.show form.Core}")
        ]
    )
