/// What reading can find wrong, one function for each code: the wording that people see lives here alone.
module internal Rtfs.Syntax.Read.Faults

open System
open System.Collections.Concurrent
open System.Globalization
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text

let private error code span message fix =
    Diagnostic(code, Severity.Error, span, message, fix, Array.empty)

let private counted count singular plural =
    if count = 1 then
        ("one " + singular)
    else
        (string count + " " + plural)

/// A broken text may hold the same fault at every character, so what these say is made once.
let private memo (make: 'Key -> 'Text) : 'Key -> 'Text =
    let known = ConcurrentDictionary<'Key, 'Text>()
    fun key -> known.GetOrAdd(key, make)

let private unclosedOne =
    memo (fun (struct (mark: string, closer: string)) ->
        struct ("Expected `"
                + closer
                + "` to close this `"
                + mark
                + "`, found no matching bracket before the form has to end.",
                "Add `" + closer + "` where the form is meant to end.",
                "It is taken to end here, as if `" + closer + "` stood here."))

let private unclosedMany (mark: string) (closers: string) =
    struct ("Expected `"
            + closers
            + "` to close this `"
            + mark
            + "` and the brackets inside it, found none of these "
            + string closers.Length
            + " brackets.",
            "Add `" + closers + "` where the form is meant to end.",
            "It is taken to end here, as if `" + closers + "` stood here.")

/// `closers` are the missing brackets, inner first; `ended` is where the form is taken to end.
let unclosed (opener: Span) (mark: string) (closers: string) (ended: Span) =
    let struct (message, fix, place) =
        if closers.Length = 1 then
            unclosedOne (struct (mark, closers))
        else
            unclosedMany mark closers

    Diagnostic("RTFS0001", Severity.Error, opener, message, fix, [| RelatedPlace(ended, place) |])

let private strayText =
    memo (fun (closer: char) ->
        struct ("Expected a form, found `"
                + string closer
                + "` with no open bracket that it could close.",
                "Remove this `"
                + string closer
                + "`, or add the opening bracket that it belongs to."))

let stray (span: Span) (closer: char) =
    let struct (message, fix) = strayText closer
    error "RTFS0002" span message fix

let unterminatedString (span: Span) =
    error
        "RTFS0003"
        span
        "Expected `\"` to end this string, found none; the string is taken to end with its line."
        "Add `\"` where the string is meant to end."

let unterminatedComment (span: Span) =
    error
        "RTFS0004"
        span
        "Expected `|#` to end this comment, found the end of the text; the comment is taken to end with its line."
        "Add `|#` where the comment is meant to end, or write `;` for a comment of one line."

let tooDeep (span: Span) (limit: int) =
    error
        "RTFS0005"
        span
        ("Expected at most "
         + string limit
         + " levels of nesting, found more; what lies deeper is not read.")
        "Give the inner parts names with `def` or `let`, and use the names here."

let unknownEscape (span: Span) (escape: string) =
    error
        "RTFS0006"
        span
        ("Expected one of the escapes `\\\"` `\\\\` `\\n` `\\t` `\\r`, found `"
         + escape
         + "`.")
        "Write the character itself, or `\\\\` for a backslash."

let integerRange (span: Span) (text: string) =
    error
        "RTFS0007"
        span
        ("Expected an integer from "
         + string Int64.MinValue
         + " to "
         + string Int64.MaxValue
         + ", found `"
         + text
         + "`.")
        ("Write it as a float (`" + text + ".0`), or as a string.")

let number (span: Span) (text: string) (expected: string) (fix: string) =
    error "RTFS0008" span ("Expected " + expected + ", found `" + text + "`.") fix

let timestamp (span: Span) (text: string) =
    error
        "RTFS0009"
        span
        ("Expected a timestamp `YYYY-MM-DDThh:mm:ssZ`, or with a fraction `_mmm` of three to seven digits before the `Z`, found `"
         + text
         + "`.")
        "Write it like `2024-12-08T10:30:00Z` or `2024-12-08T10:30:00_250Z`, with a date and time that exist."

let keyword (span: Span) (text: string) (fix: string) =
    error
        "RTFS0010"
        span
        ("Expected a keyword like `:name`, `:ns.sub/name` or `:ns.sub:v1.0/name`, found `"
         + text
         + "`.")
        fix

let private named (character: string) =
    let code =
        if character.Length = 2 then
            Char.ConvertToUtf32(character, 0)
        else
            int character[0]

    let hex = code.ToString("X4", CultureInfo.InvariantCulture)

    if
        character.Length = 1
        && (Char.IsControl character[0]
            || Char.IsSurrogate character[0]
            || character[0] >= '\uFFF0')
    then
        ("U+" + hex)
    else
        ("`" + character + "` (U+" + hex + ")")

let symbol (span: Span) (character: string) =
    error
        "RTFS0011"
        span
        ("Expected a form, found a word with the character "
         + named character
         + ", which no name can have here.")
        "Use letters, digits and `_ $ + - * / = < > ! ? % . @` in names; write other text as a string."

let restMark (span: Span) (text: string) =
    error
        "RTFS0011"
        span
        ("Expected `&` and a name with a blank between, found `" + text + "`.")
        ("Write `& " + text.Substring 1 + "`.")

let dangling (span: Span) (mark: string) =
    error
        "RTFS0012"
        span
        ("Expected a form after `" + mark + "`, found none.")
        ("Write the form that `" + mark + "` applies to, or remove the mark.")

let metadata (span: Span) =
    error
        "RTFS0013"
        span
        "Expected metadata `^{:key value}`, `^:delegation :local`, `^:delegation :local-model \"name\"` or `^:delegation :remote \"name\"`, found something else."
        "Write the metadata as a map: `^{:key value}`."

let oddMap (span: Span) (count: int) =
    let found = counted count "form" "forms"

    error
        "RTFS0014"
        span
        ("Expected a value for each key of this map, found " + found + ".")
        "Add the missing value, or remove the key."

let mapKey (span: Span) (found: string) =
    error
        "RTFS0015"
        span
        ("Expected a keyword, a string or an integer as key of this map, found "
         + found
         + ".")
        "Use a keyword such as `:name` as key, or build the map with `(hash-map key value)`."

let duplicateKey (span: Span) (earlier: Span) (text: string) =
    Diagnostic(
        "RTFS0016",
        Severity.Warning,
        span,
        ("Expected each key once, found `" + text + "` again; the last value wins."),
        "Remove one of the two entries.",
        [| RelatedPlace(earlier, "The same key is here.") |]
    )

let consumeBody (span: Span) =
    error
        "RTFS0017"
        span
        "Expected at least one form after `=>`, found the end of the consume binding."
        "Write what to do with each item: `{item => (println item)}`."

let dispatch (span: Span) (text: string) (fix: string) =
    error "RTFS0018" span ("Expected `#(…)`, `#|…|#`, `##Inf`, `##-Inf` or `##NaN`, found `" + text + "`.") fix
