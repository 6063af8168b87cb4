/// Options that each may stand, and not together: RTFS3006.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.OptionPairs

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// A key, where it stands, and its value.
type Entry = (struct (string * Span * Core))

let ofMap (pairs: KeyValuePair<Core, Core> array) : Entry array =
    pairs
    |> Array.choose (fun pair ->
        match pair.Key with
        | Literal(KeywordOf key) -> Some(struct (key, pair.Key.Span, pair.Value))
        | _ -> None)

/// An option that says something: nil says as much as leaving it out.
let private find (entries: Entry array) (name: string) : (struct (Span * Core)) voption =
    entries
    |> Array.tryPick (fun (struct (key, span, value)) ->
        match value with
        | Literal datum when datum.Node = Node.Nil -> None
        | _ when key = name -> Some(struct (span, value))
        | _ -> None)
    |> function
        | Some found -> ValueSome found
        | None -> ValueNone

let private aliases (report: OptionReport) (entries: Entry array) =
    for alias, name in Operations.aliases do
        match find entries name, find entries alias with
        | ValueSome(struct (first, _)), ValueSome(struct (second, _)) ->
            report
                "RTFS3006"
                (if second.Start > first.Start then second else first)
                $":{name} and :{alias} are two names of one callback"
                $"leave one of them out; one function may do both: (fn [x] (do (f x) (g x)))"
        | _ -> ()

/// An option that one strategy alone reads.
let private belongs (report: OptionReport) (entries: Entry array) (name: string) (strategy: string) (fix: string) =
    match find entries name with
    | ValueNone -> ()
    | ValueSome(struct (_, value)) ->
        match find entries "strategy" with
        | ValueSome(struct (_, Literal(KeywordOf word))) when word = strategy -> ()
        | ValueNone
        | ValueSome(struct (_, (Literal _ | Core.Function _))) ->
            report "RTFS3006" value.Span $":{name} goes with :strategy :{strategy}" fix
        | ValueSome _ -> ()

let private count (entries: Entry array) (name: string) : (struct (Span * int64)) voption =
    match find entries name with
    | ValueSome(struct (_, (Literal datum as value))) ->
        match datum.Node with
        | Node.Int number -> ValueSome(struct (value.Span, number))
        | _ -> ValueNone
    | ValueSome _
    | ValueNone -> ValueNone

/// The buffer of a reader has one size, and grows from it to the largest.
let private buffer (report: OptionReport) (entries: Entry array) =
    match find entries "backpressure" with
    | ValueSome(struct (_, Core.Map(pairs, _))) ->
        let inside = ofMap pairs
        belongs report inside "max-size" "resize" "write :strategy :resize, or leave :max-size out"
        let outer = count entries "buffer-size"
        let inner = count inside "buffer-size"

        match outer, inner with
        | ValueSome(struct (_, outer)), ValueSome(struct (place, inner)) when outer <> inner ->
            report
                "RTFS3006"
                place
                $":buffer-size is {outer} beside :backpressure and {inner} inside of it, and they are one size"
                "leave one of them out"
        | _ ->
            match (if inner.IsSome then inner else outer), count inside "max-size" with
            | ValueSome(struct (_, size)), ValueSome(struct (place, largest)) when largest < size ->
                report
                    "RTFS3006"
                    place
                    $":max-size {largest} is less than :buffer-size {size}, which the buffer begins with"
                    $"write :max-size {size} or more"
            | _ -> ()
    | ValueSome _
    | ValueNone -> ()

/// A strategy says whether there are retries.
let private retry (report: OptionReport) (owner: string) (entries: Entry array) =
    match find entries "strategy", find entries "retry" with
    | ValueSome _, ValueSome(struct (span, _)) when owner = "error-handling" ->
        report
            "RTFS3006"
            span
            ":retry stands beside :strategy, which says what to do"
            "write :strategy {:retry {…}}, or :retry alone"
    | _ -> ()

/// `stream-callbacks` takes its callbacks in one place.
let private events (report: OptionReport) (entries: Entry array) =
    match find entries "events" with
    | ValueSome _ ->
        for struct (key, span, _) in entries do
            // Whether they are called is no callback.
            if
                key <> "enable-callbacks"
                && Operations.callbacks |> List.exists (fun (known, _) -> known = key)
            then
                report
                    "RTFS3006"
                    span
                    $":{key} stands beside :events, which holds the callbacks"
                    "write it inside :events"
    | ValueNone -> ()

/// The options of one map, or of one form.
let check (report: OptionReport) (owner: string) (entries: Entry array) : unit =
    if entries.Length > 1 || owner = "stream-multiplex" then
        aliases report entries

        match owner with
        | "stream-multiplex" ->
            belongs report entries "priorities" "priority" "write :strategy :priority, or leave :priorities out"
            belongs report entries "seed" "random" "write :strategy :random, or leave :seed out"
        | "stream-callbacks" -> events report entries
        | _ -> ()

    retry report owner entries
    buffer report entries
