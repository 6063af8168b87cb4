/// RTFS3xxx: streaming forms used wrongly.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.StreamCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let private registered =
    "(register-stream-capability :capability-id \"com.example:v1.0:readings\" :type :stream-source)\n"

let all: CodeEntry array = [|
    error
        "RTFS3001"
        "An option that does not exist"
        "The form, or the map inside its options, knows no such key. An unknown option is refused, not ignored, so that a slip such as `:bufer-size` cannot change what a plan does unseen."
        (registered
         + "(stream-source \"com.example:v1.0:readings\" {:config {:bufer-size 10}})")
        (registered
         + "(stream-source \"com.example:v1.0:readings\" {:config {:buffer-size 10}})")
    error
        "RTFS3002"
        "A value that the option cannot have"
        "The option takes one of a few keywords, a number in a range, true or false, or a map of further options. The message lists what is possible."
        "(stream-filter odd? {:error-handling :skp})"
        "(stream-filter odd? {:error-handling :skip})"
    error
        "RTFS3003"
        "Not available in this version"
        "The operation, option or value belongs to the streaming language, but this version does not run it. It is refused, not ignored."
        (registered + "(stream-take (stream-source \"com.example:v1.0:readings\") 3)")
        (registered
         + "(stream-filter (stream-source \"com.example:v1.0:readings\") some-wanted?)"
         |> fun text -> "(defn some-wanted? [item] (> (:value item) 3))\n" + text)
    error
        "RTFS3004"
        "Wrong arguments of an operation"
        "Each operation takes a known number of arguments before its options, and some ask for a vector or for consume logic. The help line shows the form's shape."
        "(stream-pipeline)"
        "(stream-pipeline [(stream-filter odd?)])"
    error
        "RTFS3005"
        "An option is missing"
        "The operation cannot work without this option: a registration needs its id and its type, a window its size, a wired transform both of its ends."
        "(stream-window {:type :tumbling})"
        "(stream-window {:type :tumbling :count 10})"
|]
