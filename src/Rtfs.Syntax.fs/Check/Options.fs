/// The arguments and options of operations, as far as they are literal: RTFS3001 to RTFS3005.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Options

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

type private Shape = Operations.Shape
type private Operation = Operations.Operation

let rec private checkValue (report: OptionReport) (key: string) (shape: Shape) (value: Core) : unit =
    let table entries expected words =
        match value with
        | Core.Map(pairs, _) -> checkEntries report key entries pairs
        | Literal(KeywordOf word) when List.contains word words -> ()
        | Literal datum -> wrongValue report value.Span key datum expected words
        | _ -> ()

    match shape with
    | Shape.Any
    | Shape.Capability
    // What is called is looked at where its type is known.
    | Shape.Callback _ -> ()
    | Shape.Type ->
        match value with
        | Literal datum -> Schemas.check report datum
        | _ -> ()
    | Shape.Map ->
        match value with
        | Literal datum when datum.Node <> Node.Nil -> wrongValue report value.Span key datum "a map" []
        | Core.Vector(_, span) -> report "RTFS3002" span $":{key} must be a map, found a vector" "write a map"
        | _ -> ()
    | Shape.Later ->
        // Said at the key.
        ()
    | Shape.Integer least ->
        match value with
        | Literal datum ->
            let expected =
                match least with
                | 0L -> "an integer, 0 or more"
                | _ -> $"an integer, {least} or more"

            match datum.Node with
            | Node.Int number when number >= least -> ()
            | _ -> wrongValue report value.Span key datum expected []
        | Core.Map _
        | Core.Vector _ -> report "RTFS3002" value.Span $":{key} must be an integer" null
        | _ -> ()
    | Shape.Fraction ->
        match value with
        | Literal datum ->
            match datum.Node with
            | Node.Int(0L | 1L) -> ()
            | Node.Float number when number >= 0.0 && number <= 1.0 -> ()
            | _ -> wrongValue report value.Span key datum "a number from 0 to 1" []
        | _ -> ()
    | Shape.Flag ->
        match value with
        | Literal datum ->
            match datum.Node with
            | Node.Bool _ -> ()
            | _ -> wrongValue report value.Span key datum "true or false" []
        | _ -> ()
    | Shape.OneOf(words, later) ->
        match value with
        | Literal(KeywordOf word) when List.contains word words -> ()
        | Literal(KeywordOf word) when List.contains word later ->
            report
                "RTFS3003"
                value.Span
                $":{key} :{word} is not available in this version"
                $"write {alternatives words}"
        | Literal datum -> wrongValue report value.Span key datum (alternatives words) words
        | Core.Map _ ->
            report
                "RTFS3002"
                value.Span
                $":{key} must be {alternatives words}, found a map"
                $"write {alternatives words}"
        | _ -> ()
    | Shape.Chooser words ->
        match value with
        | Literal(KeywordOf word) when List.contains word words -> ()
        | Literal datum -> wrongValue report value.Span key datum (alternatives words + ", or a function") words
        | _ -> ()
    | Shape.Table entries -> table entries "a map" []
    | Shape.Choice(words, entries) -> table entries (alternatives words + ", or a map") words

and private checkEntries report (owner: string) entries (pairs: KeyValuePair<Core, Core> array) =
    OptionPairs.check report owner (OptionPairs.ofMap pairs)

    for pair in pairs do
        match pair.Key with
        | Literal(KeywordOf key) -> checkOption report $":{owner}" entries key pair.Key.Span pair.Value
        | Literal other ->
            report
                "RTFS3001"
                pair.Key.Span
                $"an option of :{owner} is named by a keyword, found {Describe.form other}"
                null
        | _ -> ()

and private checkOption report owner entries key span value =
    match entries |> List.tryFind (fun (known, _) -> known = key) with
    | None ->
        entries
        |> List.filter (fun (_, shape) -> shape <> Shape.Later)
        |> List.map fst
        |> unknownKey report span key owner (entries |> List.map fst)
    | Some(_, Shape.Later) ->
        report "RTFS3003" span $"the option :{key} of {owner} is not available in this version" "leave it out"
    | Some(_, shape) -> checkValue report key shape value

let private checkCallbacks (report: OptionReport) (logic: Core) =
    match logic with
    | Core.Map(pairs, _) ->
        OptionPairs.check report "callbacks" (OptionPairs.ofMap pairs)

        for pair in pairs do
            match pair.Key with
            | Literal(KeywordOf key) ->
                checkOption report "the callbacks of a stream" Operations.callbacks key pair.Key.Span pair.Value
            | Literal other ->
                report
                    "RTFS3001"
                    pair.Key.Span
                    $"a callback is named by a keyword, found {Describe.form other}"
                    "write {:on-item f}"
            | _ -> ()
    | Literal datum ->
        report
            "RTFS3004"
            logic.Span
            $"the logic of `stream-consume` is {{item => body}} or a map of callbacks, found {Describe.form datum}"
            "write (stream-consume stream {item => body…})"
    | _ -> ()

let private reducerShape =
    "[:count], or a reducer with a key or a function, such as [:avg :value]"

let private checkAggregates (report: OptionReport) (spec: Core) =
    match spec with
    | Core.Map(pairs, _) ->
        for pair in pairs do
            match pair.Key, pair.Value with
            | Literal(KeywordOf name), Core.Vector(items, span) ->
                match List.ofArray items with
                | Literal(KeywordOf "count") :: rest ->
                    if not rest.IsEmpty then
                        report "RTFS3002" span $"`:count` of :{name} takes nothing after it" "write [:count]"
                | Literal(KeywordOf word) :: rest when List.contains word Operations.reducers ->
                    if rest.Length <> 1 then
                        report
                            "RTFS3002"
                            span
                            $"`:{word}` of :{name} needs one key or function, found {rest.Length}"
                            $"write [:{word} :key]"
                | Literal(KeywordOf _ as found) :: _ ->
                    wrongValue
                        report
                        items[0].Span
                        name
                        found
                        $"a reducer: {alternatives Operations.reducers}"
                        Operations.reducers
                | [] -> report "RTFS3002" span $":{name} must be {reducerShape}, found an empty vector" null
                | Literal found :: _ ->
                    report "RTFS3002" items[0].Span $":{name} must be {reducerShape}, found {Describe.form found}" null
                | _ -> ()
            | Literal(KeywordOf name), Literal found ->
                report "RTFS3002" pair.Value.Span $":{name} must be {reducerShape}, found {Describe.form found}" null
            | Literal(KeywordOf _), _ -> ()
            | Literal found, _ ->
                report "RTFS3001" pair.Key.Span $"an aggregate is named by a keyword, found {Describe.form found}" null
            | _ -> ()
    | _ -> ()

let private given (options: KeyValuePair<string, Core> array) name =
    options |> Array.exists (fun option -> option.Key = name)

let private missing
    (report: OptionReport)
    (operation: Operation)
    (options: KeyValuePair<string, Core> array)
    span
    name
    =
    let known = operation.Options |> List.map fst

    // A key that is misspelt is not missing besides.
    let isMisspelt (option: KeyValuePair<string, Core>) =
        not (List.contains option.Key known) && Nearest.find option.Key known = name

    if not (given options name || options |> Array.exists isMisspelt) then
        report "RTFS3005" span $"`{operation.Name}` needs the option :{name}" $"write {operation.Usage}"

/// An options argument that is no literal stays positional: one more than the table says is right where options are taken.
let private checkCount
    (report: OptionReport)
    (operation: Operation)
    (arguments: Core array)
    options
    (span: Span)
    : bool =
    let count = arguments.Length

    let extra =
        count = operation.Most + 1
        && not operation.Options.IsEmpty
        && Array.isEmpty options
        && (match arguments[count - 1] with
            | Core.Quote _ -> false
            | _ -> true)

    let fits =
        count >= operation.Least
        && (operation.Most < 0 || count <= operation.Most || extra)

    if not fits then
        let expected =
            match operation.Least, operation.Most with
            | least, -1 -> $"at least {least}"
            | least, most when least = most -> string least
            | least, most when most = least + 1 -> $"{least} or {most}"
            | least, most -> $"{least} to {most}"

        let noun =
            if expected = "1" || expected = "at least 1" then
                "argument"
            else
                "arguments"

        let place =
            if operation.Most >= 0 && count > operation.Most then
                arguments[operation.Most].Span
            else
                span

        report
            "RTFS3004"
            place
            $"`{operation.Name}` takes {expected} {noun} besides its options, found {count}"
            $"write {operation.Usage}"

    fits

/// What an operation asks beyond its table.
let private checkOwn (report: OptionReport) kinds (operation: Operation) (arguments: Core array) options span =
    match operation.Name with
    | "register-stream-capability"
    | "marketplace:register-capability" ->
        missing report operation options span "capability-id"
        missing report operation options span "type"
        ProviderMaps.check report kinds options
    | "stream-window" ->
        // Without literal options they may come as a value.
        if options.Length > 0 then
            missing report operation options span "count"
        elif arguments.Length = 0 then
            missing report operation options span "type"
    | "stream-aggregate" ->
        if arguments.Length > 0 then
            checkAggregates report arguments[arguments.Length - 1]
    | "stream-consume" -> checkCallbacks report arguments[1]
    | "stream-duplex" ->
        missing report operation options span "input-capability"
        missing report operation options span "output-capability"
    | "stream-interact" ->
        for option in options do
            match option.Key, option.Value with
            | "receive", (Core.Map _ as events) -> checkCallbacks report events
            | _ -> ()
    | "stream-callbacks" ->
        if arguments.Length = 0 then
            missing report operation options span "stream-handle"
    | "stream-transform" ->
        let wired = given options "input-stream" || given options "output-stream"

        if wired then
            missing report operation options span "input-stream"
            missing report operation options span "output-stream"
        elif arguments.Length = 0 && not (given options "fn") then
            report "RTFS3004" span "`stream-transform` has nothing to transform by" $"write {operation.Usage}"
    | "stream-demultiplex" when arguments.Length = 1 ->
        missing report operation options span "criteria"
        missing report operation options span "outputs"

        for option in options do
            match option.Key, option.Value with
            | "outputs", Literal found ->
                wrongValue report option.Value.Span "outputs" found "a map of keys and sinks" []
            | "outputs", Core.Map([||], place) when not (given options "default") ->
                report "RTFS3004" place "`stream-demultiplex` has no outputs" $"write {operation.Usage}"
            | _ -> ()
    | "resource:ref" ->
        match arguments[0] with
        | Literal(StringOf _) -> ()
        | Literal found ->
            report
                "RTFS3004"
                arguments[0].Span
                $"`resource:ref` takes the name of a resource as a string, found {Describe.form found}"
                "write (resource:ref \"name\")"
        | _ -> ()
    | "stream-pipeline"
    | "stream-multiplex" ->
        match arguments[0] with
        | Literal found ->
            report
                "RTFS3004"
                arguments[0].Span
                $"`{operation.Name}` takes a vector, found {Describe.form found}"
                $"write {operation.Usage}"
        | Core.Vector([||], span) ->
            report "RTFS3004" span $"the vector of `{operation.Name}` is empty" $"write {operation.Usage}"
        | _ -> ()
    | _ -> ()

/// Whether what reads as options stands where the function of a stage belongs, behind its stream: the missing function is told of.
let private isMapForFunction
    (operation: Operation)
    (arguments: Core array)
    (options: KeyValuePair<string, Core> array)
    =
    match operation.Name, arguments with
    | ("stream-map" | "stream-filter" | "stream-key-by"), [| Core.Operation _ |] ->
        options
        |> Array.forall (fun option -> operation.Options |> List.forall (fun (known, _) -> known <> option.Key))
    | _ -> false

/// One node; `kinds` are the provider kinds that the host knows: none means that it did not say.
let check (annex: Annex) (kinds: string list) (found: ResizeArray<Diagnostic>) (core: Core) : unit =
    let report: OptionReport =
        fun code span message fix -> found.Add(Source.diagnostic code span message fix Array.empty)

    match core with
    | Core.Operation(name, arguments, options, span) ->
        match Operations.tryFind name with
        | ValueSome operation ->
            let keys = annex.OptionKeysOf core

            let options =
                if isMapForFunction operation arguments options then
                    [||]
                else
                    options

            options
            |> Array.iteri (fun i option ->
                let place = if i < keys.Length then keys[i] else span
                checkOption report operation.Name operation.Options option.Key place option.Value)

            options
            |> Array.mapi (fun i option ->
                struct (option.Key, (if i < keys.Length then keys[i] else span), option.Value))
            |> OptionPairs.check report operation.Name

            if checkCount report operation arguments options span then
                checkOwn report kinds operation arguments options span
        | ValueNone -> ()
    | Core.Map(entries, _) when (annex.ProgramOf core).IsSome -> checkEntries report "plan" Operations.planKeys entries
    | _ -> ()
