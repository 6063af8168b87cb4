/// RTFS00xx: what keeps a text from reading.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.ReadingCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0001"
        "A bracket that is not closed"
        "Every `(`, `[`, `{` and `#(` needs its closing bracket. The place is the bracket that was opened; the form is taken to end where the next form begins a line, so that the rest of the text still reads."
        "(+ 1 2"
        "(+ 1 2)"
    error
        "RTFS0002"
        "A closing bracket without an opening one"
        "A `)`, `]` or `}` stands where no bracket of its kind is open. Remove it, or find the opening bracket that is missing before it."
        "(+ 1 2))"
        "(+ 1 2)"
    error
        "RTFS0003"
        "A string that does not end"
        "A string ends with `\"`. A quotation mark inside of one is written `\\\"`."
        "(str \"open)"
        "(str \"closed\")"
    error
        "RTFS0004"
        "A comment that does not end"
        "`#|` begins a comment of several lines, which `|#` ends. Such comments do not nest."
        "(+ 1 2)\n#| and then"
        "(+ 1 2)\n#| and then |#"
    error
        "RTFS0005"
        "Brackets nested too deeply"
        "Text nests to 500 levels, so that no text can exhaust the machine's stack. Give the inner parts names."
        (String.replicate 600 "[" + String.replicate 600 "]")
        "[[[]]]"
    error
        "RTFS0006"
        "An escape that strings do not have"
        "In a string, a backslash begins one of `\\\"` `\\\\` `\\n` `\\t` `\\r`. Other characters are written as they are."
        "(str \"100\\%\")"
        "(str \"100%\")"
    error
        "RTFS0007"
        "An integer that is too large"
        "Integers have 64 bits. Write a larger number as a float, or keep it as a string."
        "(+ 9223372036854775808 1)"
        "(+ 9223372036854775807 0)"
    error
        "RTFS0008"
        "Not a number"
        "A number is written with digits, and a float with digits on both sides of its point: `0.5`, `1.0e3`. The message says what this one lacks."
        "(+ 1. 2)"
        "(+ 1.0 2)"
    error
        "RTFS0009"
        "Not a point in time"
        "A timestamp is written `YYYY-MM-DDThh:mm:ssZ`, in UTC, with a fraction as `_250` before the `Z`, and must exist in the calendar."
        "(str 2024-13-01T00:00:00Z)"
        "(str 2024-12-01T00:00:00Z)"
    error
        "RTFS0010"
        "Not a keyword"
        "A keyword is a colon and a name: `:name`, `:ns.sub/name`, or versioned `:ns.sub:v1.0/name`. It begins with no digit and no second colon."
        "(get {:a 1} :1)"
        "(get {:a 1} :a)"
    error
        "RTFS0011"
        "A character that names cannot have"
        "Names are made of ASCII letters, digits and `_ $ + - * / = < > ! ? % . @`. Other text belongs into strings."
        "(def größe 1)"
        "(def size 1)"
    error
        "RTFS0012"
        "A mark without its form"
        "`'`, a back-quote, `~`, `~@`, `@` and `^` apply to the form after them."
        "(str ')"
        "(str 'x)"
    error
        "RTFS0013"
        "Not metadata"
        "Metadata is a map, `^{:key value}`, or `^:delegation` with `:local`, `:local-model \"name\"` or `:remote \"name\"`, before the form that it describes."
        "(defn ^:fast f [x] x)"
        "(defn ^{:runtime.hint :fast} f [x] x)"
    error
        "RTFS0014"
        "A key without a value"
        "A map holds keys and values in turn."
        "(str {:a 1 :b})"
        "(str {:a 1 :b 2})"
    error
        "RTFS0015"
        "Not a key"
        "The keys of a written map are keywords, strings or integers. A map with other keys can be built by `hash-map`."
        "(str {1.5 :a})"
        "(str (hash-map 1.5 :a))"
    warning
        "RTFS0016"
        "A key twice"
        "The map has this key more than once; the last value wins, the others are lost."
        "(str {:a 1 :a 2})"
        "(str {:a 2})"
    error
        "RTFS0017"
        "Consume logic without a body"
        "After `=>` there must be at least one form: what to do with each item."
        "(fn [numbers] (stream-consume numbers {x =>}))"
        "(fn [numbers] (stream-consume numbers {x => (println x)}))"
    error
        "RTFS0018"
        "Not something that # begins"
        "`#` begins a short function `#(…)`, a comment `#| … |#`, or one of the numbers `##Inf`, `##-Inf` and `##NaN`."
        "(str #{1 2})"
        "(str [1 2])"
|]
