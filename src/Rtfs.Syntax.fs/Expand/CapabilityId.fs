/// The one spelling of a capability id, `namespace.path:vMAJOR[.MINOR[.PATCH]]:name`, and what departs from it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.CapabilityId

open System

let private isStart (c: char) = Char.IsAsciiLetter c || c = '_'

let private isPart (c: char) =
    Char.IsAsciiLetterOrDigit c || c = '_' || c = '-'

let private isNamePart (c: char) =
    isPart c || c = '.' || c = '!' || c = '?' || c = '*' || c = '+'

let private isSegment (text: string) =
    text.Length > 0 && isStart text[0] && String.forall isPart text

let private isVersion (text: string) =
    text.Length > 1
    && text[0] = 'v'
    && (let numbers = text.Substring(1).Split '.'

        numbers.Length <= 3
        && numbers
           |> Array.forall (fun number -> number.Length > 0 && String.forall Char.IsAsciiDigit number))

/// The canonical id of `ns.path:v1.0:name` or `ns.path:v1.0/name`, with or without a leading colon; null when malformed.
let parse (text: string) : string | null =
    let text = if text.StartsWith ':' then text.Substring 1 else text
    let first = text.IndexOf ':'

    if first <= 0 then
        null
    else
        let last = text.IndexOfAny([| ':'; '/' |], first + 1)

        if last < 0 then
            null
        else
            let path = text.Substring(0, first)
            let version = text.Substring(first + 1, last - first - 1)
            let name = text.Substring(last + 1)

            let wellFormed =
                path.Split '.' |> Array.forall isSegment
                && isVersion version
                && name.Length > 0
                && isStart name[0]
                && String.forall isNamePart name

            if wellFormed then $"{path}:{version}:{name}" else null

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
    elif not (isVersion parts[1]) then
        $"`{parts[1]}` is no version such as v1.0"
    elif not (parts[0].Split '.' |> Array.forall isSegment) then
        $"`{parts[0]}` is no namespace such as com.example"
    elif text.IndexOf '/' >= 0 && text.IndexOf '/' < text.IndexOf ':' then
        "a colon, not `/`, stands before the version"
    else
        $"`{parts[2]}` is no name such as data-feed"
