/// RTFS0117 to RTFS0127: matching, looping, recovering, and the forms that the host takes part in.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.ControlCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0117"
        "A clause of match is wrong"
        "`match` takes a value, then patterns and results in turn, each with an optional `(when guard)` between. A pattern is a literal, a name, `_`, a vector `[a b & rest]`, a map `{:key pattern}`, quoted data, `(:as name pattern)` or a type."
        "(match 5 (+ 1 2) :three _ :other)"
        "(match 5 3 :three _ :other)"
    error
        "RTFS0118"
        "A word of another language"
        "The word belongs to other Lisps. Values of this language do not change and modules are files; the help line names what does the same work."
        "(def x 1)\n(set! x 2)"
        "(let [x 1 x (+ x 1)] x)"
    error
        "RTFS0120"
        "recur out of its place"
        "`recur` starts the nearest `loop` or function again, and nothing can be left to do after it: it stands last in the body, or last in a branch of `if`, `do`, `let`, `when`, `cond` or `match` that stands last, or as the last operand of an `and` or `or` that does. It cannot leave a `try`."
        "(loop [n 3] (if (= n 0) 1 (* n (recur (dec n)))))"
        "(loop [n 3 product 1] (if (= n 0) product (recur (dec n) (* n product))))"
    error
        "RTFS0121"
        "recur with the wrong number of values"
        "`recur` gives every binding of its loop, or every parameter of its function, one new value. The rest parameter of a function takes one, a sequence."
        "(loop [n 3 sum 0] (if (= n 0) sum (recur (dec n))))"
        "(loop [n 3 sum 0] (if (= n 0) sum (recur (dec n) (+ sum n))))"
    error
        "RTFS0123"
        "A try without its parts"
        "After its body, `try` has clauses `(catch Kind name handler)` and, last, `(finally cleanup)`: at least one of these, and nothing after them. They stand nowhere else."
        "(try (/ 1 0))"
        "(try (/ 1 0) (catch DivisionByZero e 0))"
    error
        "RTFS0125"
        "A step without its parts"
        "`step` takes a name, a string, and a body; options may stand between. `step-if` takes a condition and one or two branches, `step-loop` a condition and a body."
        "(step (println \"loading\"))"
        "(step \"load\" (println \"loading\"))"
    error
        "RTFS0126"
        "A branch of parallel is wrong"
        "Each branch of `parallel` is a vector of a name, which says what it is, and one expression. The result is the vector of the values, in their order."
        "(parallel (+ 1 2) [high (+ 3 4)])"
        "(parallel [low (+ 1 2)] [high (+ 3 4)])"
    error
        "RTFS0127"
        "with-resource binds one name"
        "`with-resource` takes a vector of a name, the type of the resource and the expression that opens it, and then a body. The resource is released when the body is left."
        "(with-resource [1 2] :done)"
        "(with-resource [n :int 2] (+ n 1))"
|]
