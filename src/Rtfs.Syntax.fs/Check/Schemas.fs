/// Schemas that are written out: what is no type (RTFS0130 to RTFS0133), and what no item can be checked against (RTFS3002).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Schemas

open System.Text.RegularExpressions
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What keeps a kind of type from being a schema, or nothing.
let private fault (kind: string) : string voption =
    match kind with
    | "fn"
    | "=>" -> ValueSome "a function type: what a function takes and gives shows only when it is called"
    | "resource" -> ValueSome "a resource, which is no data"
    | "stream" -> ValueSome "a stream inside of an item"
    | "stream-bi"
    | "stream-duplex" -> ValueSome "a stream in both directions"
    | "forall" -> ValueSome "a type with variables"
    | _ -> ValueNone

let private checkPredicate (report: OptionReport) (form: Form) (name: string) (arguments: Form array) =
    match Predicates.ofForms name arguments with
    | Ok(Refinement.MatchesRegex pattern) ->
        try
            Regex(pattern, RegexOptions.CultureInvariant) |> ignore
        with :? RegexParseException as fault ->
            report
                "RTFS3002"
                arguments[0].Span
                $"the pattern {Printer.form arguments[0]} does not read: {fault.Message}"
                "write a regular expression; a bracket that stands for itself has a backslash before it"
    | Ok(Refinement.Custom _) ->
        report
            "RTFS3002"
            form.Span
            $"no value can be checked against :{name}, a predicate that nothing defines"
            "leave it out, or check it in a stage"
    | Ok _
    | Error _ -> ()

/// A type that reads; `isWhole` is whether it is the whole schema, which alone may be a stream.
let rec private checkType (report: OptionReport) (isWhole: bool) (form: Form) : unit =
    let inside = checkType report false

    let checkField (entry: Form array) =
        if entry.Length > 1 then
            inside entry[1]

    match bare form with
    | VectorOf items as form when items.Length > 0 ->
        match items[0] with
        | KeywordOf "stream" when isWhole -> items[1..] |> Array.iter inside
        | KeywordOf("val" | "enum") -> ()
        | KeywordOf("map" | "record") ->
            for part in items[1..] do
                match bare part with
                | VectorOf entry -> checkField entry
                | MapOf braced ->
                    for struct (_, target) in pairs braced do
                        inside target
                | _ -> ()
        | KeywordOf "array" -> inside items[1]
        | KeywordOf "and" ->
            inside items[1]

            for part in items[2..] do
                match bare part with
                | VectorOf refinement as whole when refinement.Length > 0 ->
                    match refinement[0] with
                    | KeywordOf name when not (TypeNames.constructors.Contains name) ->
                        checkPredicate report whole name refinement[1..]
                    | _ -> inside part
                | _ -> inside part
        | KeywordOf kind ->
            match fault kind with
            | ValueSome fault ->
                report
                    "RTFS3002"
                    form.Span
                    $"no value can be checked against {fault}"
                    "write the type of the data that comes, or :any"
            | ValueNone -> items[1..] |> Array.iter inside
        | _ -> ()
    | MapOf items ->
        for struct (_, target) in pairs items do
            inside target
    | _ -> ()

let check (report: OptionReport) (schema: Form) : unit =
    match schema.Node with
    | Node.Nil -> ()
    | _ ->
        let reading: Report = {
            Refuse = report
            // Names that nothing defines are told of with the others.
            Name = fun _ _ -> ()
        }

        match TypeReader.ofForm reading schema with
        | null -> ()
        | _ -> checkType report true schema
