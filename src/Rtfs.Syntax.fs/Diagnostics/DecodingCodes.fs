/// RTFS009x: what a host finds while it makes text of bytes, before reading. They stand here because every code does.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.DecodingCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0090"
        "Not UTF-8"
        "A plan is a UTF-8 file, with or without a byte-order mark, and this one holds bytes that are not UTF-8: as a rule it was saved in an older encoding. Nothing is guessed, because a guess would change names and strings."
        "(str \"gr\uFFFDn\")"
        "(str \"grün\")"
|]
