/// The one spelling of a capability id, `namespace.path:vMAJOR[.MINOR[.PATCH]]:name`, and what departs from it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.CapabilityId

open System

let private isStart (c: char) = Char.IsAsciiLetter c || c = '_'

let private isPart (c: char) =
    Char.IsAsciiLetterOrDigit c || c = '_' || c = '-'

let private isNamePart (c: char) =
    isPart c || c = '.' || c = '!' || c = '?' || c = '*' || c = '+'

/// Whether every part between dots is one that `isWhole` accepts.
let private forEachPart (isWhole: int -> int -> bool) (text: string) (start: int) (until: int) : struct (bool * int) =
    let mutable holds = true
    let mutable parts = 0
    let mutable from = start

    while holds && from <= until do
        let dot = text.IndexOf('.', from, until - from)
        let next = if dot < 0 then until else dot
        holds <- isWhole from next
        parts <- parts + 1
        from <- next + 1

    struct (holds, parts)

let private all (holds: char -> bool) (text: string) (start: int) (until: int) =
    let mutable i = start

    while i < until && holds text[i] do
        i <- i + 1

    i = until

let private isPath (text: string) (start: int) (until: int) =
    let isSegment from next =
        next > from && isStart text[from] && all isPart text from next

    let struct (holds, _) = forEachPart isSegment text start until
    holds

let private isVersion (text: string) (start: int) (until: int) =
    let isNumber from next =
        next > from && all Char.IsAsciiDigit text from next

    until > start + 1
    && text[start] = 'v'
    && (let struct (holds, parts) = forEachPart isNumber text (start + 1) until in holds && parts <= 3)

/// The canonical id of `ns.path:v1.0:name` or `ns.path:v1.0/name`, with or without a leading colon; null when malformed.
let parse (text: string) : string | null =
    let start = if text.StartsWith ':' then 1 else 0
    let first = text.IndexOf(':', start)

    if first <= start then
        null
    else
        let last = text.AsSpan(first + 1).IndexOfAny(':', '/') + first + 1

        if last = first then
            null
        else
            let wellFormed =
                isPath text start first
                && isVersion text (first + 1) last
                && last + 1 < text.Length
                && isStart text[last + 1]
                && all isNamePart text (last + 1) text.Length

            if not wellFormed then
                null
            elif start = 0 && text[last] = ':' then
                text
            else
                $"{text.Substring(start, last - start)}:{text.Substring(last + 1)}"

/// Whether a keyword or symbol is meant as a versioned id: it has `:v` and a digit inside.
let looksVersioned (name: string) =
    let at = name.IndexOf(":v", StringComparison.Ordinal)
    at > 0 && at + 2 < name.Length && Char.IsAsciiDigit name[at + 2]

/// The part that a person calls it by; the whole text of what is no id.
let shortName (id: string) =
    match parse id with
    | null -> id
    | canonical -> canonical.Substring(canonical.LastIndexOf ':' + 1)

/// What keeps a text from being an id, as the end of a sentence.
let fault (text: string) : string =
    let text = if text.StartsWith ':' then text.Substring 1 else text
    let parts = text.Split([| ':'; '/' |])

    if text.Length = 0 then
        "it is empty"
    elif parts.Length <> 3 then
        "it must have a namespace, a version and a name, with a colon between them"
    elif not (isVersion parts[1] 0 parts[1].Length) then
        $"`{parts[1]}` is no version such as v1.0"
    elif not (isPath parts[0] 0 parts[0].Length) then
        $"`{parts[0]}` is no namespace such as com.example"
    elif text.IndexOf '/' >= 0 && text.IndexOf '/' < text.IndexOf ':' then
        "a colon, not `/`, stands before the version"
    else
        $"`{parts[2]}` is no name such as data-feed"
