/// RTFS01xx: forms of the language that do not have their shape.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.ShapeCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0101"
        "A form has too few or too many parts"
        "Each form of the language has a shape: `if` takes a condition, a consequent and an optional alternative; a function has parameters and a body; `def` takes a name and one value. Add what is missing, or hold several expressions together with `(do …)`."
        "(if true 1 2 3)"
        "(if true 1 2)"
    error
        "RTFS0102"
        "The bindings of let are not pairs"
        "`let` takes one vector, of names and values in turn. A name at the end without a value, or something else than a vector, cannot be bound."
        "(let [x] x)"
        "(let [x 1] x)"
    error
        "RTFS0103"
        "A parameter list is wrong"
        "The parameters of a function are a vector of names or patterns, with `& rest` at its end for the arguments that are left over."
        "(defn double x (* x 2))"
        "(defn double [x] (* x 2))"
    error
        "RTFS0104"
        "This cannot be bound"
        "Where a value is taken apart there stands a name, `_` for what is not needed, a vector of patterns, or a map such as `{:keys [a b]}`. Other values bind nothing."
        "(let [5 x] x)"
        "(let [x 5] x)"
    error
        "RTFS0105"
        "This cannot be defined"
        "`def` and `defn` define a name. A literal is no name, and the words of the language (`if`, `let`, `fn` …) keep their meaning everywhere."
        "(def if 1)"
        "(def condition 1)"
    error
        "RTFS0106"
        "Consume logic out of its place"
        "`{item => body}` is no value: it says what happens to each item, and stands only as the logic of `stream-consume` or as the `:receive` of `stream-interact`. Elsewhere write a function."
        "(def show {x => (println x)})"
        "(def show (fn [x] (println x)))"
    error
        "RTFS0107"
        "Nothing to insert into"
        "`~x` and `~@xs` put values into a template, which a back-quote begins. Outside of one there is nothing that they could be put into; `~@` moreover needs a list around it."
        "(def x 1)\n(+ ~x 1)"
        "(def x 1)\n`(+ ~x 1)"
    error
        "RTFS0109"
        "A step that cannot be threaded through"
        "`->` and `->>` put a value into a call: each step is a call or the name of a function. A function written in place must be called, in a pair of parentheses of its own."
        "(-> 5 (fn [x] (* x 2)))"
        "(-> 5 ((fn [x] (* x 2))))"
    error
        "RTFS0110"
        "Nested too deeply"
        "Programs nest to a limit, so that no text can exhaust the machine's stack. Steps of `->` and clauses of `cond` count, as each is inside the one before. Move a part into a function of its own."
        (String.replicate 340 "(str " + "1" + String.replicate 340 ")"
         |> fun text -> $"(-> {text}" + String.replicate 340 " str" + ")")
        "(str (str (str 1)))"
    error
        "RTFS0111"
        "A plan is incomplete"
        "`plan` takes keys and values in turn. It needs a `:program`, which is kept as data until the plan is executed."
        "(plan :plan-id \"readings\")"
        "(plan :plan-id \"readings\" :program (do (println \"started\")))"
    error
        "RTFS0113"
        "A condition without an expression"
        "`cond` takes conditions and expressions in turn; the last condition is usually `:else`."
        "(cond (> 1 2) :more :else)"
        "(cond (> 1 2) :more :else :less)"
    error
        "RTFS0114"
        "A short function that is not short"
        "In `#( )` the parameters are `%`, or `%1` to `%20`, and one `#( )` cannot stand inside another, as `%` would be either's. Write `(fn [x] …)`."
        "(map #(map #(+ % 1) %) [[1] [2]])"
        "(map (fn [xs] (map #(+ % 1) xs)) [[1] [2]])"
    error
        "RTFS0115"
        "A form of the language used as a value"
        "Words such as `if`, `when` and `->` say how the forms after them are read. They are no functions, and cannot be passed on. Wrap one in a function."
        "(map when [true false])"
        "(map (fn [c] (when c 1)) [true false])"
    error
        "RTFS0116"
        "A parameter without a name"
        "`@:name` reads a parameter that the plan was started with. What follows `@` must be a keyword or a name."
        "(str @5)"
        "(str @:region)"
|]
