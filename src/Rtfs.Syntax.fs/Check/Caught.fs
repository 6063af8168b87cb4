/// What a `catch` gives its name: an error, which is no map, whatever was thrown.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Caught

open Rtfs.Syntax.Types

let error = Type.Resource "Error"

/// How to read what was caught, where that is what does not fit.
let help (found: Type) : string | null =
    if found.Equals error then
        "read an error with ex-message, ex-data and ex-kind: (ex-message e)"
    else
        null
