/// Macros: what they expand to, where their errors point, and that they come to an end.
module Rtfs.Syntax.Tests.MacroTests

open System
open Xunit
open Rtfs.Syntax.Tests.CoreNotation

[<Theory>]
[<InlineData("(do (defmacro incr [x] `(+ ~x 1)) (incr 41))", "(do nil (+ 41 1))")>]
[<InlineData("(defmacro unless [c & body] `(if ~c nil (do ~@body))) (unless 1 2 3)", "nil\n(if 1 nil (do 2 3))")>]
[<InlineData("(defmacro twice \"Doc.\" [f] `(let [y ~f] [y ~f])) (twice (inc 1))", "nil\n(let [y (inc 1)] [$y (inc 1)])")>]
[<InlineData("(defmacro m [xs] `[0 ~@xs 9]) (m (1 2)) (m [3])", "nil\n[0 1 2 9]\n[0 3 9]")>]
[<InlineData("(defmacro id [x] x) (id (inc 1))", "nil\n(inc 1)")>]
[<InlineData("(defmacro const [n v] `(def ~n ~v)) (const pi 3) (str pi)", "nil\n(def pi 3)\n(str pi)")>]
[<InlineData("(defmacro const [n v] `(def ~n ~v)) (fn [] (const a 1) a)", "nil\n(fn [] (let [a 1] $a))")>]
[<InlineData("(defmacro defadder [name n] `(defmacro ~name [x] `(+ ~x ~~n))) (defadder add5 5) (add5 1)",
             "nil\nnil\n(+ 1 5)")>]
[<InlineData("(defmacro m [x] `(* 2 ~x)) (-> 3 m)", "nil\n(* 2 3)")>]
[<InlineData("(defmacro m [x] `(* 2 ~x)) (fn [m] (m 1))", "nil\n(fn [m] ($m 1))")>]
[<InlineData("(defmacro m [x] `(if ~x (recur 1) 2)) (fn [n] (m n))", "nil\n(fn [n] (if $n (recur 1) 2))")>]
[<InlineData("(defmacro m [x] `(* 2 ~x)) '(m 1)", "nil\n(m 1)")>]
[<InlineData("(defmacro a [x] `(b ~x)) (defmacro b [x] `(inc ~x)) (a 1)", "nil\nnil\n(inc 1)")>]
let ``A macro stands for its template`` (text: string) (core: string) = Assert.Equal(core, lowered text)

[<Theory>]
[<InlineData("(defmacro m [x] `(* 2 ~x)) (m)", "RTFS0142 (m)")>]
[<InlineData("(defmacro m [x & xs] `(* 2 ~x)) (m)", "RTFS0142 (m)")>]
[<InlineData("(defmacro m [x] `(* 2 ~y)) (m 1)", "RTFS0141 (m 1)")>]
[<InlineData("(defmacro m [x] `(* 2 ~@x)) (m 1)", "RTFS0141 (m 1)")>]
[<InlineData("(defmacro m [x] (str x)) (m 1)", "RTFS0141 (m 1)")>]
[<InlineData("(defmacro m [[x]] x)", "RTFS0140 [x]")>]
[<InlineData("(defmacro m x)", "RTFS0140 (defmacro m x)")>]
[<InlineData("(defmacro if [x] x)", "RTFS0105 if")>]
[<InlineData("(defmacro m [x] `(m ~x)) (m 1)", "RTFS0143 (m 1)")>]
[<InlineData("(defmacro m [x] `(+ (m ~x) (m ~x))) (m 1)", "RTFS0143 (m 1)")>]
[<InlineData("(defmacro m [x] x) (map m [1])", "RTFS0115 m")>]
let ``A fault of expanding is at the call, once`` (text: string) (fault: string) =
    Assert.Equal<string list>([ fault ], faults text)

[<Fact>]
let ``A fault in what a macro makes is at the call, with the macro as the related place`` () =
    let text = "(defmacro m [x] `(let [~x] 1))\n\n(m a)"
    let found = Assert.Single (Catalogues.analyze text).Diagnostics
    Assert.Equal("RTFS0102", found.Code)
    Assert.StartsWith("in what `m` expands to: ", found.Message)
    let place = Assert.Single found.Related
    Assert.Equal("m", text.Substring(place.Span.Start, place.Span.Length))
    Assert.Equal(10, place.Span.Start)

[<Fact>]
let ``An expansion that doubles is cut off, however it is nested`` () =
    let nested = String.replicate 60 "(d " + "1" + String.replicate 60 ")"
    let text = "(defmacro d [x] `(+ ~x ~x))\n" + nested
    Assert.Contains("RTFS0143", (Catalogues.analyze text).Diagnostics |> Seq.map _.Code)
