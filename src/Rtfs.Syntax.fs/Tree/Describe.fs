/// What a person calls a form, for messages: `the number 5`, `a list`, `the keyword :a`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Tree.Describe

open System.Globalization

let private short (text: string) =
    if text.Length <= 40 then
        text
    else
        text.Substring(0, 39) + "…"

let form (form: Form) : string =
    match form.Node with
    | Node.Nil -> "nil"
    | Node.Bool true -> "true"
    | Node.Bool false -> "false"
    | Node.Int value -> "the number " + value.ToString CultureInfo.InvariantCulture
    | Node.Float value -> "the number " + value.ToString("R", CultureInfo.InvariantCulture)
    | Node.String value -> "the string \"" + short (value.Replace("\n", "\\n").Replace("\r", "\\r")) + "\""
    | Node.Timestamp _ -> "a timestamp"
    | Node.Uuid _ -> "a UUID"
    | Node.Resource uri -> "the resource " + short uri
    | Node.Symbol name -> "the name `" + short name + "`"
    | Node.Keyword name -> "the keyword :" + short name
    | Node.List items when items.Forms.Length = 0 -> "an empty list"
    | Node.List _ -> "a list"
    | Node.Vector _ -> "a vector"
    | Node.Map _ -> "a map"
    | Node.Function _ -> "a function #(…)"
    | Node.Consume _ -> "consume logic {… => …}"
    | Node.Prefixed(Prefix.Quote, _) -> "a quoted form"
    | Node.Prefixed(Prefix.QuasiQuote, _) -> "a template"
    | Node.Prefixed(Prefix.Unquote, _)
    | Node.Prefixed(Prefix.Splice, _) -> "an unquoted form"
    | Node.Prefixed(Prefix.Context, _) -> "a context access"
    | Node.Meta _ -> "a form with metadata"
    | Node.Broken _ -> "unreadable text"
