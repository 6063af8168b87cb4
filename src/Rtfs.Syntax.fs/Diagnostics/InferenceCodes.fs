/// RTFS20xx: values that do not fit where they stand.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.InferenceCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS2001"
        "A value of the wrong type"
        "The value can never be what is asked for where it stands: an argument, an annotation, a result. The message says what was expected and what was found and, inside a map or a sequence, the path that leads there."
        "(+ 1 \"2\")"
        "(+ 1 (count \"2\"))"
    warning
        "RTFS2002"
        "A value that may be of the wrong type"
        "Some of the values that can come here are not what is asked for; mostly nil is one of them. Test the value first, or give a default."
        "(defn next-id [ids : [:vector :int]] (+ 1 (last ids)))"
        "(defn next-id [ids : [:vector :int]] (+ 1 (or (last ids) 0)))"
    error
        "RTFS2003"
        "What is called is no function"
        "The first form of a list is called with the others. Functions and keywords can be called; numbers, strings, maps and vectors cannot."
        "(let [port 8080] (port))"
        "(let [port 8080] port)"
    error
        "RTFS2004"
        "The wrong number of arguments"
        "A function takes exactly as many arguments as it has parameters, or at least that many where it has `& rest`; the functions of the library take what their signatures say."
        "(defn area [w h] (* w h))\n(area 3)"
        "(defn area [w h] (* w h))\n(area 3 4)"
    error
        "RTFS2005"
        "A key that the map does not have"
        "All keys of the map are known, and this is none of them. The message names the nearest one."
        "(let [reading {:sensor-id \"temp-01\" :value 21.5}] (:valeu reading))"
        "(let [reading {:sensor-id \"temp-01\" :value 21.5}] (:value reading))"
    warning
        "RTFS2006"
        "A key that the map's type does not name"
        "The map may hold more than its type names, so that the key may be there, but nothing says so: mostly it is misspelled. Name the key in the type, as an optional one if need be."
        "(defn shown [reading : [:map [:value :float]]] (str (:valeu reading)))"
        "(defn shown [reading : [:map [:value :float]]] (str (:value reading)))"
    warning
        "RTFS2007"
        "A clause that is never reached"
        "The clauses of `match` are tried in order. Those before this one match whatever it could match, or the value can never be what it asks for."
        "(defn sign [n : :int] (match n 0 :zero other :some -1 :minus))"
        "(defn sign [n : :int] (match n 0 :zero -1 :minus other :some))"
    warning
        "RTFS2008"
        "Values that are never equal"
        "Equality is strict on types: `1` is not `1.0`, a keyword is no string. These two values can never be equal, so that the comparison says nothing."
        "(defn severe? [alert : [:map [:level [:enum :low :high]]]] (= (:level alert) \"high\"))"
        "(defn severe? [alert : [:map [:level [:enum :low :high]]]] (= (:level alert) :high))"
    warning
        "RTFS2009"
        "Nothing is known of a value"
        "A strict check (`rtfs check --strict`) says where a value of type :any comes to a place that asks for more: what the value is shows when the program runs, and not before. Annotate the parameter or the binding, or give the capability a schema. An ordinary check lets it pass."
        "(defn doubled [n] (* 2 n))"
        "(defn doubled [n : :number] (* 2 n))"
    error
        "RTFS2010"
        "A pattern that cannot take the value apart"
        "A vector pattern takes exactly as many items as it names, or at least as many with `& rest`; a map pattern takes maps."
        "(let [[x y] [1 2 3]] (+ x y))"
        "(let [[x y & others] [1 2 3]] (apply + x y others))"
|]
