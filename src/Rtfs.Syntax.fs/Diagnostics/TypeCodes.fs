/// RTFS013x: types that do not read, in annotations, schemas and `defstruct`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.TypeCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0130"
        "This is no type"
        "A type is a name (`:int`, `Int`, the name of a struct), with `?` at its end where nil is allowed too, or a vector that begins with its kind, such as `[:vector :int]`."
        "(let [x : 5 1] x)"
        "(let [x : :int 1] x)"
    error
        "RTFS0131"
        "No such kind of type"
        "The first keyword of a type in brackets says what it is made of: `:vector`, `:tuple`, `:map`, `:map-of`, `:fn`, `:enum`, `:union`, `:and`, `:val`, `:array` and others. This one is none of them."
        "(defn sum [xs : [:vectr :int]] (reduce + xs))"
        "(defn sum [xs : [:vector :int]] (reduce + xs))"
    error
        "RTFS0132"
        "A type with the wrong parts"
        "Each kind of type takes its own parts: `[:vector T]` one type, `[:map-of K V]` two, `[:map [:key T] [:other T ?]]` fields, `[:fn [T U] R]` parameters and a result, `[:enum a b]` literals."
        "(defn sum [xs : [:vector :int :int]] (reduce + xs))"
        "(defn sum [xs : [:tuple :int :int]] (reduce + xs))"
    error
        "RTFS0133"
        "A predicate with the wrong arguments"
        "In `[:and T …]`, predicates such as `[:> 0]`, `[:in-range 1 5]`, `[:min-length 1]` or `[:matches-regex \"^a\"]` ask more of a value than its type. Each takes arguments of its own."
        "(defn grade [n : [:and :int [:in-range 1]]] n)"
        "(defn grade [n : [:and :int [:in-range 1 6]]] n)"
    error
        "RTFS0135"
        "A struct with the wrong parts"
        "`defstruct` takes a name, then a keyword and a type for each field. A `?` behind the type says that the field may be missing."
        "(defstruct Point :x Float :y)"
        "(defstruct Point :x Float :y Float)"
|]
