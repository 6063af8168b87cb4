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
        "(stream-source \"data-feed\")"
        "(register-stream-capability :capability-id \"com.example:v1.0:data-feed\" :type :stream-source)\n(stream-source \"com.example:v1.0:data-feed\")"
    error
        "RTFS1003"
        "Nobody offers this capability"
        "The id is well formed, but neither the host offers it nor does the text register it. Where a known id is near, the message proposes it."
        "(call \"com.example:v1.0:greet\" \"Ada\")"
        "(register-stream-capability :capability-id \"com.example:v1.0:readings\" :type :stream-source)\n(stream-source \"com.example:v1.0:readings\")"
    error
        "RTFS1006"
        "An imported module has an error"
        "The text reads, but a module that it imports, directly or through another, does not pass its checks. The message gives the first error and its place."
        "(import unchecked)"
        "(import checked)\n(checked/double 2)"
|]
