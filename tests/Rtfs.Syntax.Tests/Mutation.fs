/// Seeded damage to texts: the inputs of the round-trip, update and fuzzing tests.
module Rtfs.Syntax.Tests.Mutation

open System
open System.Text

/// What a generator of RTFS-like text is made of: whole tokens, marks that open something, and hostile characters.
let pieces = [|
    "("
    ")"
    "["
    "]"
    "{"
    "}"
    "#("
    "#|"
    "|#"
    "#{"
    "\""
    "\\"
    "\\\""
    ";"
    "\n"
    "\r\n"
    "\r"
    "\t"
    " "
    ","
    "'"
    "`"
    "~"
    "~@"
    "@"
    "^"
    "^:delegation "
    ":local "
    ":remote "
    "=>"
    ":"
    "::"
    "a"
    "a:"
    "a:b"
    ":k"
    "com.acme:v1.0:fn"
    "&"
    "&x"
    "%1"
    "1"
    "-5"
    "1.5"
    "1."
    ".5"
    "1e5"
    "0x4F"
    "99999999999999999999"
    "##Inf"
    "##"
    "#_"
    "#"
    "nil"
    "true"
    "2024-12-08T10:30:00Z"
    "2024-12-08T10:30:00_1Z"
    "550e8400-e29b-41d4-a716-446655440000"
    "resource://a)"
    "\n("
    "\n["
    "\n'("
    "\nx"
    "{x => "
    "\u0000"
    "\uFFFF"
    "\uFEFF"
    "\uD800"
    "\uDC00"
    "😀"
    "λ"
    "é"
    "\u00A0"
    "\u2028"
|]

let private pick (random: Random) (items: 'T array) = items[random.Next items.Length]

let soup (random: Random) (length: int) : string =
    let text = StringBuilder()

    for _ in 1..length do
        text.Append(pick random pieces) |> ignore

    text.ToString()

/// One small change somewhere: a character turned, cut out or doubled, a piece set in, a slice moved.
let once (random: Random) (text: string) : string =
    if text.Length = 0 then
        pick random pieces
    else
        let at = random.Next text.Length

        match random.Next 8 with
        | 0 -> text.Remove(at, 1)
        | 1 -> text.Insert(at, pick random pieces)
        | 2 -> text.Insert(at, string text[at])
        | 3 -> text.Remove(at, 1).Insert(at, string (char (int text[at] ^^^ (1 <<< random.Next 16))))
        | 4 -> text.Remove(at, min (text.Length - at) (random.Next 40))
        | 5 ->
            let from = random.Next text.Length
            text.Insert(at, text.Substring(from, min (text.Length - from) (random.Next 60)))
        | 6 -> text.Insert(at, pick random [| "("; ")"; "["; "]"; "{"; "}"; "\""; "#|"; "\n(" |])
        | _ -> text.Substring(0, at)

let many (random: Random) (count: int) (text: string) : string =
    let mutable result = text

    for _ in 1..count do
        result <- once random result

    result
