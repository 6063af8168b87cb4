/// What a brace holds: a consume binding or a map, and whether a map's keys and values are in order.
module internal Rtfs.Syntax.Read.Braces

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private isArrow (form: Form) =
    match form.Node with
    | Node.Symbol "=>" -> true
    | _ -> false

let private isBinding (form: Form) =
    match form.Node with
    | Node.Symbol _
    | Node.Vector _
    | Node.Map _ -> true
    | _ -> false

/// `{binding => body…}`
let isConsume (forms: Form array) =
    forms.Length >= 3 && isBinding forms[0] && isArrow forms[1]

/// Whether something inside was already reported, so that what a count or a key would say here is a mere consequence.
let private isDamaged (form: Form) =
    match form.Node with
    | Node.Broken _ -> true
    | Node.List items
    | Node.Vector items
    | Node.Map items
    | Node.Function items
    | Node.Consume items -> not items.Closed
    | _ -> false

let private described (form: Form) =
    match form.Node with
    | Node.Nil -> "nil"
    | Node.Bool value -> if value then "`true`" else "`false`"
    | Node.Float _ -> $"the float `{form.Text}`"
    | Node.Timestamp _ -> "a timestamp"
    | Node.Uuid _ -> "a UUID"
    | Node.Resource _ -> "a resource"
    | Node.Symbol name -> $"the symbol `{name}`"
    | Node.List _ -> "a list"
    | Node.Vector _ -> "a vector"
    | Node.Map _ -> "a map"
    | Node.Function _ -> "a function"
    | Node.Consume _ -> "a consume binding"
    | Node.Prefixed _ -> "a prefixed form"
    | Node.Meta _ -> "a form with metadata"
    | Node.Int _
    | Node.String _
    | Node.Keyword _
    | Node.Broken _ -> "something else"

/// A literal key; or one of a pattern or template: `{name :key}`, `{[a b] :key}`, `{… & rest}`, `{~key value}`.
let private isKey (key: Form) (value: Form) =
    match key.Node, value.Node with
    | (Node.Int _ | Node.String _ | Node.Keyword _), _ -> true
    | Node.Symbol "&", Node.Symbol _ -> true
    | (Node.Symbol _ | Node.Vector _ | Node.Map _), Node.Keyword _ -> true
    | Node.Prefixed(Prefix.Unquote, _), _ -> true
    | _ -> false

let private isLiteral (key: Form) =
    match key.Node with
    | Node.Int _
    | Node.String _
    | Node.Keyword _ -> true
    | _ -> false

let private duplicates (report: Diagnostic -> unit) (forms: Form array) =
    let seen = Dictionary<Form, Span>()

    for i in 0..2 .. forms.Length - 2 do
        let key = forms[i]

        if isLiteral key then
            match seen.TryGetValue key with
            | true, earlier -> report (Faults.duplicateKey key.Span earlier key.Text)
            | _ -> seen.Add(key, key.Span)

/// Reports a map's missing value, keys of a wrong kind and keys that come twice.
let check (report: Diagnostic -> unit) (span: Span) (forms: Form array) =
    if forms |> Array.exists isDamaged then
        ()
    elif forms.Length = 2 && isBinding forms[0] && isArrow forms[1] then
        report (Faults.consumeBody forms[1].Span)
    else
        if forms.Length % 2 = 1 then
            report (Faults.oddMap span forms.Length)

        for i in 0..2 .. forms.Length - 2 do
            if not (isKey forms[i] forms[i + 1]) then
                report (Faults.mapKey forms[i].Span (described forms[i]))

        if forms.Length > 2 then
            duplicates report forms
