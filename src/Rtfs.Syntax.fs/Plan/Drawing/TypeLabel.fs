/// Element types as a person reads them on an edge: records as lists of fields, refinements left out, cut to a few short lines.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.TypeLabel

open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Read
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// In columns: what a line of a label holds.
let private widest = 30

let private mostLines = 4

/// Below this many levels a type is an ellipsis: nobody reads further on an edge.
let private depthLimit = 3

/// Types in sequence, each with whether a `?` makes it optional.
let private marked (forms: Form array) : struct (Form * bool) array =
    let found = ResizeArray<struct (Form * bool)>()

    for form in forms do
        match form with
        | SymbolOf "?" when found.Count > 0 ->
            let struct (before, _) = found[found.Count - 1]
            found[found.Count - 1] <- struct (before, true)
        | _ -> found.Add(struct (form, false))

    found.ToArray()

let private keyName (key: Form) =
    match key with
    | KeywordOf name -> name
    | other -> Printer.form other

/// The entries of a record: `[:key T]`, `[:key T ?]` or `{:key T}`.
let private entries (parts: Form array) : Form array array =
    parts
    |> Array.collect (fun part ->
        match bare part with
        | VectorOf entry -> [| entry |]
        | MapOf braced -> pairs braced |> Array.map (fun struct (key, value) -> [| key; value |])
        | other -> [| [| other |] |])

let rec private words (depth: int) (form: Form) : string =
    if depth > depthLimit then
        "…"
    else
        let inner = depth + 1

        let each separator forms =
            marked forms
            |> Array.map (fun struct (part, optional) -> words inner part + (if optional then "?" else ""))
            |> String.concat separator

        match bare form with
        | KeywordOf name
        | SymbolOf name -> name
        | MapOf _
        | VectorOf [||] -> braced depth form
        | VectorOf items ->
            let parts = items[1..]

            match items[0], parts with
            | KeywordOf("map" | "record"), _ -> braced depth form
            | KeywordOf("vector" | "tuple"), _ -> "[" + each ", " parts + "]"
            | KeywordOf("list" | "stream" as kind), _ -> $"{kind} of " + each ", " parts
            | KeywordOf "union", _ -> each " | " parts
            | KeywordOf("map-of" | "dict"), _ -> "{" + each " → " parts + "}"
            | KeywordOf("and" | "array" as kind), _ when parts.Length > 0 ->
                words inner parts[0] + (if kind = "array" then "[]" else "")
            | KeywordOf("enum" | "val"), _ -> parts |> Array.map Printer.form |> String.concat " | "
            | KeywordOf("fn" | "=>"), _ -> "function"
            | KeywordOf "forall", [| _; body |] -> words inner body
            | _ -> Printer.form form
        | other -> Printer.form other

and private field depth (entry: Form array) : string =
    match marked entry with
    | [||] -> "…"
    | [| struct (key, _) |] -> keyName key
    | several ->
        let struct (target, optional) = several[1]
        let struct (key, _) = several[0]
        $"{keyName key} {words (depth + 1) target}" + (if optional then "?" else "")

/// A record's fields, each a piece of its own.
and private fields depth (form: Form) : string list =
    let parts =
        match bare form with
        | VectorOf items when items.Length > 0 -> items[1..]
        | MapOf _ -> [| form |]
        | _ -> Array.empty

    entries parts |> Array.map (field depth) |> List.ofArray

and private braced depth form =
    "{" + String.concat ", " (fields depth form) + "}"

/// Where a label may break: between the fields of a record and the members of a union.
let rec private pieces (form: Form) : string list =
    match bare form with
    | VectorOf items when
        items.Length > 1
        && (match items[0] with
            | KeywordOf "union" -> true
            | _ -> false)
        ->
        let members = marked items[1..]

        members
        |> Seq.mapi (fun i struct (target, optional) ->
            let tail =
                (if optional then "?" else "") + (if i < members.Length - 1 then " |" else "")

            ended tail (pieces target))
        |> List.concat
    | MapOf _ -> record form
    | VectorOf items when
        items.Length > 0
        && (match items[0] with
            | KeywordOf("map" | "record") -> true
            | _ -> false)
        ->
        record form
    | other -> [ words 0 other ]

and private record form =
    match fields 0 form with
    | [] -> [ "{}" ]
    | first :: rest ->
        let all = "{" + first :: rest

        all
        |> List.mapi (fun i text -> if i < all.Length - 1 then text + "," else text + "}")

and private ended tail (parts: string list) =
    parts
    |> List.mapi (fun i text -> if i = parts.Length - 1 then text + tail else text)

let private columns (text: string) =
    Columns.cells text |> Array.sumBy _.Width

/// In columns rather than in pixels, so that every drawing breaks the same way.
let private clipped (text: string) =
    if columns text <= widest then
        text
    else
        let mutable used = 0

        let kept =
            Columns.cells text
            |> Array.takeWhile (fun cell ->
                used <- used + cell.Width
                used < widest)

        (kept |> Array.map _.Shown |> String.concat "").TrimEnd() + "…"

/// All on one line where it fits, else a piece a line where they are few, else as many a line as fit.
let private filled (parts: string list) : string list =
    let whole = String.concat " " parts

    if columns whole <= widest then
        [ whole ]
    else
        let mutable lines: string list = []
        let inside = if parts.Head.StartsWith '{' then " " else ""

        for part in parts do
            match lines with
            | line :: before when parts.Length > mostLines && columns line + 1 + columns part <= widest ->
                lines <- $"{line} {part}" :: before
            | [] -> lines <- [ clipped part ]
            | _ -> lines <- clipped (inside + part) :: lines

        let lines = List.rev lines

        if lines.Length <= mostLines then
            lines
        else
            List.truncate (mostLines - 1) lines
            @ [ inside + "…" + (if inside = "" then "" else "}") ]

/// No line for a type of which nothing is known.
let lines (elementType: string) : string list =
    let document = Reader.readAnew (SourceText("type", elementType))

    match document.Forms |> Array.map _.Form |> marked with
    | [||] -> []
    | several ->
        let struct (form, optional) = several[0]

        match bare form with
        | KeywordOf "any" -> []
        | _ -> filled (ended (if optional then "?" else "") (pieces form))

/// Behind the type of what is checked when the plan runs.
let private openMark = "*"

/// An edge's label, with a mark where the run is left to tell whether what flows is what is asked for.
let ofEdge (edge: TopologyEdge) : string list =
    match lines edge.ElementType with
    | lines when not edge.IsCheckedAtRunTime -> lines
    | [] -> [ openMark ]
    | lines -> ended (" " + openMark) lines

/// The whole type, and what the mark stands for.
let tooltip (edge: TopologyEdge) : string =
    if edge.IsCheckedAtRunTime then
        edge.ElementType + " (each item is checked when the plan runs)"
    else
        edge.ElementType
