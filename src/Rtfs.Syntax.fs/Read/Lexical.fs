/// The words of the language: where a word ends, and what it is. Everything works on the source itself, because
/// FParsec's own string parsers rewrite line ends.
module internal Rtfs.Syntax.Read.Lexical

open System
open System.Globalization
open System.Text
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private inTable (characters: string) =
    let table = Array.create 128 false

    for c in characters do
        table[int c] <- true

    table

let private letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

let private delimiters = inTable " \t\r\n,()[]{}\";"
let private starts = inTable (letters + "_$+-*/=<>!?%")
let private inside = inTable (letters + "_$+-*/=<>!?%0123456789.@")

let isDelimiter (c: char) = int c < 128 && delimiters[int c]
let private isStart (c: char) = int c < 128 && starts[int c]
let private isInside (c: char) = int c < 128 && inside[int c]

/// The end of the word that begins at `start`: a word runs to the next blank, comma, bracket, quote mark or `;`.
let wordEnd (text: string) (start: int) =
    let mutable i = start

    while i < text.Length && not (isDelimiter text[i]) do
        i <- i + 1

    i

/// The end of the line that holds `start`, its line break left out.
let lineEnd (text: string) (start: int) =
    let found = text.AsSpan(start).IndexOfAny('\n', '\r')
    if found < 0 then text.Length else start + found

/// After the closing quote mark of the string that opens at `start`, or -1 when it has none.
let stringEnd (text: string) (start: int) =
    let mutable i = start + 1
    let mutable result = -2

    while result = -2 do
        let found =
            if i >= text.Length then
                -1
            else
                text.AsSpan(i).IndexOfAny('"', '\\')

        if found < 0 then result <- -1
        elif text[i + found] = '"' then result <- i + found + 1
        else i <- i + found + 2

    result

/// After the `|#` of the comment that opens at `start`, or -1 when it has none.
let commentEnd (text: string) (start: int) =
    let from = start + 2

    let found =
        if from > text.Length then
            -1
        else
            text.IndexOf("|#", from, StringComparison.Ordinal)

    if found < 0 then -1 else found + 2

let private isIdentifier (name: ReadOnlySpan<char>) =
    let mutable good =
        name.Length > 0
        && (isStart name[0] || (name[0] = '.' && name.Length > 1 && isStart name[1]))

    let mutable i = 1

    while good && i < name.Length do
        good <- isInside name[i]
        i <- i + 1

    good

/// `v1`, `v1.0`, `v1.0.2`
let private isVersion (name: string) =
    name.Length > 1
    && name[0] = 'v'
    && name.Substring(1).Split('.')
       |> Array.forall (fun part -> part.Length > 0 && part |> Seq.forall Char.IsAsciiDigit)

let private versioned (name: string) : string | null =
    match name.Split(':') with
    | [| space; version; last |] when
        isIdentifier (space.AsSpan())
        && isVersion version
        && isIdentifier (last.AsSpan())
        ->
        $"{space}:{version}/{last}"
    | [| space; rest |] when isIdentifier (space.AsSpan()) ->
        match rest.IndexOf '/' with
        | -1 -> null
        | slash when isVersion (rest.Substring(0, slash)) && isIdentifier (rest.AsSpan(slash + 1)) -> name
        | _ -> null
    | _ -> null

/// The normalised name of a symbol, or null when the word is none.
let symbolName (word: string) : string | null =
    if isIdentifier (word.AsSpan()) || word = "&" || word = "λ" || word = ":" then
        word
    elif word.Contains ':' then
        match versioned word with
        | null when word.Split(':') |> Array.forall (fun part -> isIdentifier (part.AsSpan())) -> word
        | name -> name
    else
        null

/// The normalised name of a keyword from its name without the leading colon, or null when it is none.
let keywordName (name: string) : string | null =
    if isIdentifier (name.AsSpan()) then name
    elif name.Contains ':' then versioned name
    else null

let private digitsFrom (word: string) (start: int) =
    let mutable i = start

    while i < word.Length && Char.IsAsciiDigit word[i] do
        i <- i + 1

    i

let private looksLikeDate (word: string) =
    word.Length >= 10
    && digitsFrom word 0 = 4
    && word[4] = '-'
    && digitsFrom word 5 = 7
    && word[7] = '-'
    && digitsFrom word 8 = 10

let private timestampFormats = [|
    for digits in 3..7 -> "yyyy-MM-dd'T'HH:mm:ss'_'" + String('f', digits) + "'Z'"
|]

let private timestamp (word: string) : DateTime voption =
    let format =
        match word.Length with
        | 20 -> "yyyy-MM-dd'T'HH:mm:ss'Z'"
        | length when length >= 24 && length <= 28 -> timestampFormats[length - 24]
        | _ -> ""

    let mutable value = DateTime.MinValue

    if
        format <> ""
        && DateTime.TryParseExact(word, format, CultureInfo.InvariantCulture, DateTimeStyles.None, &value)
    then
        ValueSome(DateTime.SpecifyKind(value, DateTimeKind.Utc))
    else
        ValueNone

let private uuid (word: string) : Guid voption =
    let mutable value = Guid.Empty

    if
        word.Length = 36
        && word[8] = '-'
        && Guid.TryParseExact(word, "D", &value)
        && word |> Seq.forall (fun c -> c = '-' || Char.IsAsciiHexDigit c)
    then
        ValueSome value
    else
        ValueNone

/// Why a word that begins like a number is none, and how to mend it.
let private malformedNumber (span: Span) (word: string) =
    let sign = if word[0] = '-' || word[0] = '+' then 1 else 0
    let whole = digitsFrom word sign
    let rest = word.Substring whole

    if rest = "." then
        Faults.number span word "digits after the point of a float" $"Write `{word}0`."
    elif whole = sign then
        Faults.number span word "a digit before the point of a float" $"Write `{word.Substring(0, sign)}0{rest}`."
    elif
        (rest[0] = 'e' || rest[0] = 'E')
        && rest.TrimStart('e', 'E').TrimStart('+', '-') |> Seq.forall Char.IsAsciiDigit
        && rest.Length > 1
    then
        Faults.number
            span
            word
            "a fraction before the exponent of a float"
            $"Write `{word.Substring(0, whole)}.0{rest}`."
    elif word.AsSpan(sign).StartsWith("0x") || word.AsSpan(sign).StartsWith("0X") then
        let mutable value = 0L

        let fix =
            if Int64.TryParse(rest.AsSpan 1, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, &value) then
                $"Write it in decimal: `{word.Substring(0, sign)}{value}`."
            else
                "Write the number in decimal."

        Faults.number span word "a decimal number" fix
    elif rest[0] = '/' then
        Faults.number
            span
            word
            "an integer or a float"
            $"Write the division: `(/ {word.Substring(0, whole)} {rest.Substring 1})`."
    else
        Faults.number
            span
            word
            "a number, or a name that does not begin with a digit"
            "Put a blank after the number, or begin the name with a letter."

let private number (report: Diagnostic -> unit) (span: Span) (word: string) =
    let sign = if word[0] = '-' || word[0] = '+' then 1 else 0
    let whole = digitsFrom word sign

    if whole = word.Length && whole > sign then
        let mutable value = 0L

        if Int64.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, &value) then
            Node.Int value
        else
            report (Faults.integerRange span word)
            Node.Broken word
    else
        let fraction =
            if whole > sign && whole < word.Length && word[whole] = '.' then
                digitsFrom word (whole + 1)
            else
                -1

        let isFloat =
            if fraction <= whole + 1 then
                false
            elif fraction = word.Length then
                true
            elif word[fraction] = 'e' || word[fraction] = 'E' then
                let signed = fraction + 1

                let digits =
                    if signed < word.Length && (word[signed] = '+' || word[signed] = '-') then
                        signed + 1
                    else
                        signed

                digits < word.Length && digitsFrom word digits = word.Length
            else
                false

        if isFloat then
            let value = Double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture)

            if Double.IsFinite value then
                Node.Float value
            else
                let infinity = if value > 0.0 then "##Inf" else "##-Inf"

                report (
                    Faults.number span word "a float of 64 bits (up to 1.79e308)" $"Write `{infinity}` for infinity."
                )

                Node.Broken word
        elif sign = 0 && looksLikeDate word then
            match timestamp word with
            | ValueSome value -> Node.Timestamp value
            | ValueNone ->
                match uuid word with
                | ValueSome value -> Node.Uuid value
                | ValueNone ->
                    report (Faults.timestamp span word)
                    Node.Broken word
        else
            match uuid word with
            | ValueSome value -> Node.Uuid value
            | ValueNone ->
                report (malformedNumber span word)
                Node.Broken word

let private keyword (report: Diagnostic -> unit) (span: Span) (word: string) =
    let name = word.Substring 1

    match keywordName name with
    | null ->
        let fix =
            if name.StartsWith ':' then
                "Write one colon."
            elif name.Length > 0 && Char.IsAsciiDigit name[0] then
                "Begin the keyword's name with a letter, or use the integer itself."
            elif name.Contains ':' then
                "Put a blank between two keywords, or give a versioned keyword its last part: `:ns.sub:v1.0/name`."
            else
                "Use letters, digits and `_ $ + - * / = < > ! ? % . @` in the name."

        report (Faults.keyword span word fix)
        Node.Broken word
    | name -> Node.Keyword name

let private hashed (report: Diagnostic -> unit) (span: Span) (word: string) =
    match word with
    | "##Inf" -> Node.Float Double.PositiveInfinity
    | "##-Inf" -> Node.Float Double.NegativeInfinity
    | "##NaN" -> Node.Float Double.NaN
    | _ ->
        let fix =
            if word = "#_" || word.StartsWith "#_" then
                "Comment the form out with `;` or `#| |#`."
            elif word.StartsWith "#'" then
                "Write the name without `#'`."
            else
                "Remove the `#`."

        report (Faults.dispatch span word fix)
        Node.Broken word

/// The first character that makes a word no name; a pair of surrogates counts as one.
let private culprit (word: string) =
    let mutable i = 0

    while i < word.Length - 1 && (isInside word[i] || word[i] = ':') do
        i <- i + 1

    if i + 1 < word.Length && Char.IsSurrogatePair(word[i], word[i + 1]) then
        word.Substring(i, 2)
    else
        word.Substring(i, 1)

let private symbol (report: Diagnostic -> unit) (span: Span) (word: string) =
    match symbolName word with
    | null ->
        match uuid word with
        | ValueSome value -> Node.Uuid value
        | ValueNone ->
            if word.Length > 1 && word[0] = '&' && not (isNull (symbolName (word.Substring 1))) then
                report (Faults.restMark span word)
            else
                report (Faults.symbol span (culprit word))

            Node.Broken word
    | name ->
        match uuid word with
        | ValueSome value -> Node.Uuid value
        | ValueNone -> Node.Symbol name

/// What a word is. `span` is its place, for what `report` is told.
let classify (report: Diagnostic -> unit) (span: Span) (word: string) : Node =
    let digitAt i =
        i < word.Length && Char.IsAsciiDigit word[i]

    match word[0] with
    | c when Char.IsAsciiDigit c -> number report span word
    | '+'
    | '-' when digitAt 1 || (word.Length > 1 && word[1] = '.' && digitAt 2) -> number report span word
    | '.' when digitAt 1 -> number report span word
    | ':' when word.Length > 1 -> keyword report span word
    | '#' -> hashed report span word
    | _ ->
        match word with
        | "nil" -> Node.Nil
        | "true" -> Node.Bool true
        | "false" -> Node.Bool false
        | _ when word.StartsWith("resource://", StringComparison.Ordinal) && word.Length > 11 -> Node.Resource word
        | _ -> symbol report span word

/// The value of a string from the text between its quote marks; `at` is where that text begins, for diagnostics.
let unescape (report: Diagnostic -> unit) (at: int) (body: string) : string =
    if not (body.Contains '\\') then
        body
    else
        let value = StringBuilder(body.Length)
        let mutable i = 0

        while i < body.Length do
            if body[i] <> '\\' then
                value.Append body[i] |> ignore
                i <- i + 1
            elif i + 1 = body.Length then
                i <- i + 1
            else
                match body[i + 1] with
                | '"' -> value.Append '"' |> ignore
                | '\\' -> value.Append '\\' |> ignore
                | 'n' -> value.Append '\n' |> ignore
                | 't' -> value.Append '\t' |> ignore
                | 'r' -> value.Append '\r' |> ignore
                | other ->
                    report (Faults.unknownEscape (Span.Of(at + i, 2)) (body.Substring(i, 2)))
                    value.Append other |> ignore

                i <- i + 2

        value.ToString()
