/// The forms of the whole language: what each lowers to, and what is said where its shape is wrong.
module Rtfs.Syntax.Tests.FormTests

open Xunit
open Rtfs.Syntax.Tests.CoreNotation

[<Theory>]
[<InlineData("(match 1 0 :a n (when (> n 1)) n _ :b)", "(match 1, '0 => :a, n when (> $n 1) => $n, _ => :b)")>]
[<InlineData("(match [] [a [b & c]] c {:k v \"s\" _ & m} m)", "(match [], [a [b & c]] => $c, {:k v \"s\" _ & m} => $m)")>]
[<InlineData("(match {} {:keys [a b] :as m} [a b m])", "(match {}, (as m {:a a :b b}) => [$a $b $m])")>]
[<InlineData("(match 1 (:as n Int) n [:vector :int] 2 :k 3 'x 4)",
             "(match 1, (as n (is :int)) => $n, (is [:vector :int]) => 2, ':k => 3, 'x => 4)")>]
[<InlineData("(match 1 [:map f xs] [f xs] _ 0)", "(match 1, [':map f xs] => [$f $xs], _ => 0)")>]
[<InlineData("(defstruct P :x Int :y Float?) (match 1 P 1 _ 2)",
             "(def P <struct P [:map [:x :int] [:y :float? ?]]>)\n(match 1, (is P) => 1, _ => 2)")>]
[<InlineData("(case 1 :a 2 3)", "(match 1, ':a => 2, _ => 3)")>]
[<InlineData("(loop [n 3 [a] [n]] (if (= n 0) a (recur (dec n) [1])))",
             "(loop [n 3 [a] [$n]] (if (= $n 0) $a (recur (dec $n) [1])))")>]
[<InlineData("(fn [n & r] (recur n r))", "(fn [n & r] (recur $n $r))")>]
[<InlineData("(fn [n] (cond (= n 0) 1 :else (do 1 (let [m 2] (when m (match m _ (recur m)))))))",
             "(fn [n] (if (= $n 0) 1 (do 1 (let [m 2] (if $m (match $m, _ => (recur $m)) nil)))))")>]
[<InlineData("(for [x [1 2] y [x]] (+ x y))", "(for [x [1 2] y [$x]] (+ $x $y))")>]
[<InlineData("(dotimes [i 3] (println i))",
             "(let [n 3] (loop [i 0 last nil] (if (< $i $n) (recur (+ $i 1) (println $i)) $last)))")>]
[<InlineData("(doseq [x [1]] x)", "(do (for [x [1]] $x) nil)")>]
[<InlineData("(try 1 2 (catch TypeError e e) (catch :net e 1) (catch _ 2) (finally 3 4))",
             "(try (do 1 2) catch TypeError e $e catch :net e 1 catch * _ 2 finally (do 3 4))")>]
[<InlineData("(try 1 (catch e e) (catch Exception x x) (catch DivisionByZero 0))",
             "(try 1 catch * e $e catch * x $x catch DivisionByZero DivisionByZero 0)")>]
[<InlineData("(let [x : int 1 y :float? 2.0 z [:vector :int]? nil] z)",
             "(let [x <let x :int 1> y <let y :float? 2.0> z <let z [:vector :int]? nil>] $z)")>]
[<InlineData("(let [f : [:fn [:int] :int] (fn [n] (f n))] f)",
             "(let [f (fn [n] ($f $n)) _ <let f [:fn [:int] :int] $f>] $f)")>]
[<InlineData("(def x : int 1)", "(def x <def x :int 1>)")>]
[<InlineData("(def x :int 1)", "(def x <def x :int 1>)")>]
[<InlineData("(defn f [a : int [b] :any & r : string] : [:vector :int]? a)",
             "(def f (fn [a: :int [b]: :any & r: :string]: [:vector :int]? $a))")>]
[<InlineData("(fn [x] :int x)", "(fn [x]: :int $x)")>]
[<InlineData("(λ [x] x)", "(fn [x] $x)")>]
[<InlineData("(defstruct P :x int :y [:vector P] ?)", "(def P <struct P [:map [:x :int] [:y [:vector P] ?]]>)")>]
[<InlineData("(fn [] (defstruct P :x int) (P {:x 1}))", "(fn [] (let [P <struct P [:map [:x :int]]>] ($P {:x 1})))")>]
[<InlineData("(step \"a\" 1 2)", "(step \"a\" 1 2)")>]
[<InlineData("(step \"a\" {:k 1} 2)", "(step \"a\" {:k 1} 2)")>]
[<InlineData("(step \"a\" :k 1 2)", "(step \"a\" {:k 1} 2)")>]
[<InlineData("(step-if 1 2)", "(step-if 1 2 nil)")>]
[<InlineData("(step-loop 1 2 3)", "(step-loop 1 (do 2 3))")>]
[<InlineData("(step-parallel 1 2)", "(step-parallel 1 2)")>]
[<InlineData("(parallel [a 1] [b 2])", "(parallel 1 2)")>]
[<InlineData("(with-resource [h StreamHandle 1] h)", "(with-resource [h 1] $h)")>]
[<InlineData("(with-resource [h : int 1] h)", "(with-resource [h <with-resource h :int 1>] $h)")>]
[<InlineData("^{:runtime.timeout 5 :doc \"x\"} (println 1)", "(hinted {:runtime.timeout 5} (println 1))")>]
[<InlineData("^{:doc \"x\"} (println 1)", "(println 1)")>]
[<InlineData("(defn ^:delegation :local f [] 1)", "(def f (fn [] 1))")>]
[<InlineData("(if-let [x 1] x 2)", "(let [the value 1] (if $the value (let [x $the value] $x) 2))")>]
[<InlineData("(when-not 1 2 3)", "(if 1 nil (do 2 3))")>]
[<InlineData("(if-not 1 2 3)", "(if 1 3 2)")>]
[<InlineData("(fn [count] (.count [1]))", "(fn [count] ($count [1]))")>]
[<InlineData("(resource:ref \"x\")", "<resource:ref \"x\" | >")>]
[<InlineData("`[~@(list 1) 2]", "( splice [] (list 1) [2])")>]
[<InlineData("`(a `(b ~(c ~(inc 1))))",
             "(list a ( prefixed :quasiquote (list b ( prefixed :unquote (list c (inc 1))))))")>]
[<InlineData("`(a '~(inc 1))", "(list a ( prefixed :quote (inc 1)))")>]
let ``A form lowers to core`` (text: string) (core: string) = Assert.Equal(core, lowered text)

[<Theory>]
[<InlineData("(match 1 2)", "RTFS0101 (match 1 2)")>]
[<InlineData("(match 1 2 3 4)", "RTFS0117 4")>]
[<InlineData("(match 1 (f x) 3)", "RTFS0117 (f x)")>]
[<InlineData("(recur 1)", "RTFS0120 (recur 1)")>]
[<InlineData("(loop [n 1] (+ 1 (recur 2)))", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] (recur 2) n)", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] (try (recur 2) (finally 1)))", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] (and (recur 2) n))", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] [(recur 2)])", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] (for [x [1]] (recur 2)))", "RTFS0120 (recur 2)")>]
[<InlineData("(loop [n 1] (recur))", "RTFS0121 (recur)")>]
[<InlineData("(fn [a b] (recur 1))", "RTFS0121 (recur 1)")>]
[<InlineData("(loop [n] n)", "RTFS0102 n")>]
[<InlineData("(for [] 1)", "RTFS0102 []")>]
[<InlineData("(for [x [1] :while 2] 1)", "RTFS0104 :while")>]
[<InlineData("(for [:when 2] 1)", "RTFS0104 :when")>]
[<InlineData("(dotimes 3 4)", "RTFS0102 3")>]
[<InlineData("(try 1)", "RTFS0123 (try 1)")>]
[<InlineData("(try 1 (catch e 2) 3)", "RTFS0123 3")>]
[<InlineData("(try 1 (finally 2) (catch e 3))", "RTFS0123 (catch e 3)")>]
[<InlineData("(try 1 (catch e))", "RTFS0123 (catch e)")>]
[<InlineData("(catch e 1)", "RTFS0123 (catch e 1)")>]
[<InlineData("(let [x : [:vectr int] 1] x)", "RTFS0131 :vectr")>]
[<InlineData("(defstruct P :x)", "RTFS0135 :x")>]
[<InlineData("(defstruct 5)", "RTFS0105 5")>]
[<InlineData("(step 1 2)", "RTFS0125 1")>]
[<InlineData("(parallel 1)", "RTFS0126 1")>]
[<InlineData("(with-resource [1] 2)", "RTFS0127 [1]")>]
[<InlineData("(set! x 1)", "RTFS0118 set!")>]
[<InlineData("(map match [1])", "RTFS0115 match")>]
[<InlineData("(defn f ([a] a) ([a b] b))", "RTFS0103 ([a] a)")>]
[<InlineData("(do (import a))", "RTFS0156 (import a)")>]
let ``A wrong shape has one diagnostic at its place`` (text: string) (fault: string) =
    Assert.Equal<string list>([ fault ], faults text)
