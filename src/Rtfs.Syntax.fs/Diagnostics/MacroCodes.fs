/// RTFS014x: macros and their expansion.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.MacroCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0140"
        "A macro without its parts"
        "`defmacro` takes a name, a vector of parameters that are plain names, with `& rest` for the forms left over, and one template."
        "(defmacro twice [{:keys [x]}] `(* 2 ~x))"
        "(defmacro twice [x] `(* 2 ~x))\n(twice 3)"
    error
        "RTFS0141"
        "A template that computes"
        "A macro is a template that forms are put into before the program runs: `~x` inserts a parameter and `~@xs` splices one that is a list or a vector into the sequence around it. It calls nothing; the template may contain calls, which run later."
        "(defmacro twice [x] `(* 2 ~(inc x)))\n(twice 3)"
        "(defmacro twice [x] `(* 2 (inc ~x)))\n(twice 3)"
    error
        "RTFS0142"
        "A macro with the wrong number of forms"
        "A macro takes as many forms as it has parameters, or at least that many where it has `& rest`. The related place is the macro."
        "(defmacro twice [x] `(* 2 ~x))\n(twice 3 4)"
        "(defmacro twice [x] `(* 2 ~x))\n(twice 3)"
    error
        "RTFS0143"
        "An expansion without an end"
        "What a macro's call stands for is expanded again. That must come to an end: expansions are limited in number, in depth, and in the size of what they make. Work that repeats belongs into a function."
        "(defmacro again [x] `(again ~x))\n(again 1)"
        "(defn again [x] (if (> x 3) x (again (inc x))))\n(again 1)"
|]
