/// RTFS1xxx: names that mean nothing.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.NameCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS1001"
        "Nothing has this name"
        "The name is bound by no `let`, parameter, `def` or `defn`, and the library has no function of that name. Where a known name is near, the message proposes it. A plan's `:program` sees only what it defines itself. `rtfs eval` meets such a name when it gets there; `rtfs run` and `rtfs check` refuse it before anything runs."
        "(def total 1)\n(str totl)"
        "(def total 1)\n(str total)"
    error
        "RTFS1002"
        "Not a capability id"
        "A capability is named `namespace.path:vMAJOR.MINOR:name`, as a string, or as a versioned keyword such as `:com.example:v1.0/data-feed`. The version is what lets a plan say which contract it was written for."
        "(stream-consume (stream-source \"data-feed\") {item => (println item)})"
        "(register-stream-capability :capability-id \"com.example:v1.0:data-feed\" :type :stream-source)\n(stream-consume (stream-source \"com.example:v1.0:data-feed\") {item => (println item)})"
    error
        "RTFS1003"
        "Nobody offers this capability"
        "The id is well formed, but neither the host offers it nor does the text register it. Where a known id is near, the message proposes it."
        "(call \"com.example:v1.0:greet\" \"Ada\")"
        "(register-stream-capability :capability-id \"com.example:v1.0:readings\" :type :stream-source)\n(stream-consume (stream-source \"com.example:v1.0:readings\") {item => (println item)})"
    warning
        "RTFS1004"
        "A name that is never used"
        "`let` binds the name, and nothing in its reach reads it: mostly another name was meant where it should be. A name that begins with `_` says that this is wanted."
        "(let [total (+ 1 2) label \"sum\"] total)"
        "(let [total (+ 1 2) _label \"sum\"] total)"
    warning
        "RTFS1005"
        "A name that hides another"
        "Inside, the name means the new value, and the one around it is out of reach. Binding a name anew from its own value, `(let [x (inc x)] …)`, is no such case."
        "(defn scaled [value factor] (let [factor 2] (* value factor)))"
        "(defn scaled [value factor] (let [twice 2] (* value factor twice)))"
    error
        "RTFS1006"
        "An imported module has an error"
        "The text reads, but a module that it imports, directly or through another, does not pass its checks. The message gives the first error and its place."
        "(import unchecked)"
        "(import checked)\n(checked/double 2)"
    error
        "RTFS1007"
        "No type has this name"
        "Where a type is asked for (an annotation, a schema, `deftype`, `defstruct`), a name is one of the language's types, such as `:int` or `Int`, or one that the program or a module that it imports defines by `deftype` or `defstruct`. A plan's `:program` sees only what it defines itself. No value is of a type that nothing defines."
        "(defstruct Reading :value :float)\n(defn scaled [r : Readng] (* 2 (:value r)))"
        "(defstruct Reading :value :float)\n(defn scaled [r : Reading] (* 2 (:value r)))"
|]
