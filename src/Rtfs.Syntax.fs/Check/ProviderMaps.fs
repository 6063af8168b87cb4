/// The `:provider` of a registration, as far as it is written out: its kind, its keys, and what it is registered as.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.ProviderMaps

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// What the value of a provider's key may be, where it is literal.
[<RequireQualifiedAccess>]
type private Shape =
    | Text
    | Sequence
    | Function
    | Flag
    | Size
    | OneOf of string list

/// A kind of provider that belongs to the language. What others ask for, their hosts know.
type private Kind = {
    Name: string
    /// What it may be registered as, without `stream-`; empty: anything.
    Roles: string list
    /// Why it can be nothing else.
    Nature: string
    /// Each with an example.
    Required: (string * Shape * string) list
    Optional: (string * Shape) list
}

let private kinds = [
    {
        Name = "local"
        Roles = []
        Nature = ""
        Required = []
        Optional = [ "buffer-size", Shape.Size ]
    }
    {
        Name = "values"
        Roles = [ "source" ]
        Nature = "can only be read"
        Required = [ "items", Shape.Sequence, "[1 2 3]" ]
        Optional = []
    }
    {
        Name = "function"
        Roles = [ "transform"; "bidirectional" ]
        Nature = "answers what it is sent"
        Required = [ "fn", Shape.Function, "(fn [item] …)" ]
        Optional = [ "buffer-size", Shape.Size ]
    }
    {
        Name = "file"
        Roles = [ "source"; "sink" ]
        Nature = "is read, or written to"
        Required = [
            "path", Shape.Text, "\"data/readings.ndjson\""
            "format", Shape.OneOf [ "ndjson"; "csv"; "lines"; "edn" ], ":ndjson"
        ]
        Optional = [ "append", Shape.Flag ]
    }
]

/// Kinds of the whole language that this version does not know.
let private later = [ "stdio"; "generator"; "timer" ]

let private checkValue (report: OptionReport) (key: string) (shape: Shape) (example: string) (value: Core) =
    match value with
    | Literal datum ->
        let refuse expected =
            wrongValue report value.Span key datum expected []

        match shape, datum.Node with
        | Shape.Text, Node.String text when not (System.String.IsNullOrWhiteSpace text) -> ()
        | Shape.Text, _ -> refuse $"a text that is not blank, such as {example}"
        | Shape.Sequence, (Node.List _ | Node.Vector _) -> ()
        | Shape.Sequence, _ -> refuse $"a vector, such as {example}"
        // What is called is looked at where its type is known.
        | Shape.Function, _ -> ()
        | Shape.Flag, (Node.Bool _ | Node.Nil) -> ()
        | Shape.Flag, _ -> refuse "true or false"
        | Shape.Size, Node.Int size when size > 0L -> ()
        | Shape.Size, Node.Nil -> ()
        | Shape.Size, _ -> refuse "an integer, 1 or more"
        | Shape.OneOf words, (Node.Keyword word | Node.String word) when List.contains word words -> ()
        | Shape.OneOf words, _ -> wrongValue report value.Span key datum (alternatives words) words
    | Core.Map(_, span) ->
        match shape with
        | Shape.Sequence -> report "RTFS3002" span $":{key} must be a vector, found a map" $"write :{key} {example}"
        | Shape.Text -> report "RTFS3002" span $":{key} must be a text, found a map" $"write :{key} {example}"
        | Shape.Function
        | Shape.Flag
        | Shape.Size
        | Shape.OneOf _ -> ()
    | _ -> ()

let private isNil (value: Core) =
    match value with
    | Literal datum -> datum.Node = Node.Nil
    | _ -> false

let private written (role: string) = ":stream-" + role

/// What a kind cannot be registered as is one mistake, whatever it is given.
let private checkRole (report: OptionReport) (kind: Kind) (role: string) (place: Span) : bool =
    let fits = kind.Roles.IsEmpty || List.contains role kind.Roles

    if not fits then
        report
            "RTFS3006"
            place
            $":kind :{kind.Name} {kind.Nature}, and does not go with :type {written role}"
            ("register it as " + System.String.Join(" or ", kind.Roles |> List.map written))

    fits

let private checkKeys
    (report: OptionReport)
    (kind: Kind)
    (role: string)
    (entries: OptionPairs.Entry array)
    (span: Span)
    =
    let known =
        (kind.Required |> List.map (fun (key, _, _) -> key))
        @ (kind.Optional |> List.map fst)

    let mutable strangers = 0

    for struct (key, place, value) in entries do
        match key with
        | "kind" -> ()
        | "append" when kind.Name = "file" && role = "source" && not (isNil value) ->
            report
                "RTFS3006"
                place
                ":append says how a sink opens its file, and this is a :stream-source"
                "leave it out"
        | _ ->
            match
                kind.Required |> List.tryFind (fun (name, _, _) -> name = key),
                kind.Optional |> List.tryFind (fun (name, _) -> name = key)
            with
            | Some(_, shape, example), _ when not (isNil value) -> checkValue report key shape example value
            | Some _, _ -> ()
            | None, Some(_, shape) -> checkValue report key shape "" value
            | None, None ->
                strangers <- strangers + 1
                let keys = "kind" :: known
                unknownKey report place key $"a provider of kind :{kind.Name}" keys keys

    // A key that is misspelt is not missing besides.
    if strangers = 0 then
        let isGiven (key: string) =
            entries
            |> Array.exists (fun (struct (given, _, value)) -> given = key && not (isNil value))

        match kind.Required |> List.filter (fun (key, _, _) -> not (isGiven key)) with
        | [] -> ()
        | missing ->
            let noun = if missing.Length = 1 then "option" else "options"
            let names = missing |> List.map (fun (key, _, _) -> key) |> keywords
            let written = missing |> List.map (fun (key, _, example) -> $":{key} {example}")

            report
                "RTFS3005"
                span
                $"a provider of kind :{kind.Name} needs the {noun} {names}"
                ("write " + System.String.Join(" ", written))

let private checkMap
    (report: OptionReport)
    (offered: string list)
    (role: string)
    (pairs: KeyValuePair<Core, Core> array)
    span
    =
    let mutable isReadable = true

    for pair in pairs do
        match pair.Key with
        | Literal(KeywordOf _) -> ()
        | Literal other ->
            isReadable <- false

            report
                "RTFS3001"
                pair.Key.Span
                $"an option of :provider is named by a keyword, found {Describe.form other}"
                "write {:kind :values :items [1 2 3]}"
        | _ -> isReadable <- false

    let entries = OptionPairs.ofMap pairs

    let kindNamed (name: string) =
        kinds |> List.tryFind (fun kind -> kind.Name = name)

    let checkAs (name: string) (place: Span) =
        match kindNamed name with
        | Some kind when isReadable ->
            if checkRole report kind role place then
                checkKeys report kind role entries span
        | Some _
        | None -> ()

    match entries |> Array.tryFind (fun (struct (key, _, _)) -> key = "kind") with
    | Some(struct (_, _, (Literal(KeywordOf name | StringOf name) as value))) when
        offered.IsEmpty || List.contains name offered
        ->
        checkAs name value.Span
    | Some(struct (_, _, (Literal(KeywordOf name | StringOf name) as value))) when List.contains name later ->
        report
            "RTFS3003"
            value.Span
            $":kind :{name} is not available in this version"
            $"write {alternatives offered}, or let the host register the capability"
    | Some(struct (_, _, (Literal found as value))) when found.Node <> Node.Nil ->
        if not offered.IsEmpty then
            wrongValue report value.Span "kind" found (alternatives offered) offered
    | Some(struct (_, _, Literal _))
    | None when isReadable ->
        // Without a kind it is a channel inside the process; what else it says, it says of another kind.
        if
            entries
            |> Array.exists (fun (struct (key, _, _)) -> key <> "kind" && key <> "buffer-size")
        then
            report
                "RTFS3005"
                span
                "`:provider` needs the option :kind"
                $"write one of {keywords (
                                    if offered.IsEmpty then
                                        kinds |> List.map _.Name
                                    else
                                        offered
                                )} behind :kind"
        else
            checkAs "local" span
    | Some _
    | None -> ()

/// `offered` are the kinds that the host knows: none means that it did not say.
let check (report: OptionReport) (offered: string list) (options: KeyValuePair<string, Core> array) : unit =
    let given name =
        options
        |> Array.tryPick (fun option -> if option.Key = name then Some option.Value else None)

    match given "type", given "provider" with
    | Some(Literal(KeywordOf role)), Some(Core.Map(pairs, span)) when List.contains role Operations.streamTypes ->
        checkMap report offered (role.Replace("stream-", "")) pairs span
    | _ -> ()
