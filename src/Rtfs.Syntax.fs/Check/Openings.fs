/// Streams and sinks where they are opened: options, schemas, roles, and ends that are opened as what they are not (RTFS3014).
[<AutoOpen>]
module internal Rtfs.Syntax.Check.Openings

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

type Options = KeyValuePair<string, Core> array

let optionOf (options: Options) name =
    options
    |> Seq.tryPick (fun option -> if option.Key = name then Some option.Value else None)

/// A schema's element, from type data; the diagnostics of one that does not read are those of lowering.
let elementOf (form: Form) : Type =
    match TypeReader.ofForm Report.silent form with
    | null -> Atom.any
    | Type.Stream element -> element
    | target -> target

let schemaOf (options: Options) (names: string list) : Type =
    names
    |> Seq.tryPick (fun name ->
        match optionOf options name with
        | Some(Core.Quote(datum, _)) -> Some(elementOf datum)
        | _ -> None)
    |> Option.defaultValue Atom.any

/// A record that names all of its keys, and whatever it holds.
let private closed (target: Type) : Type =
    target
    |> Substitution.map (fun part ->
        match part with
        | Type.Map(fields, null) -> Type.Map(fields, Atom.never)
        | other -> other)

let isTrue (options: Options) name =
    match optionOf options name with
    | Some(Core.Quote(datum, _)) -> datum.Node = Node.Bool true
    | _ -> false

let strictly (options: Options) (target: Type) =
    if isTrue options "strict-validation" then
        closed target
    else
        target

/// What people call the function that a stage works by.
let functionLabel (core: Core) : string | null =
    match core with
    | Core.Global(name, _) -> name
    | Core.Local(binding, _) -> binding.Name
    | Core.Quote(KeywordOf name, _) -> ":" + name
    | Core.Function(lambda, _) ->
        match lambda.Name, lambda.Body, lambda.Parameters with
        // (fn [x] (f x)) and #(f %) are f.
        | null, Core.Call(Core.Global(name, _), [| Core.Local(argument, _) |], _), [| Pattern.Name parameter |] when
            obj.ReferenceEquals(parameter, argument)
            ->
            name
        | null, Core.Call(Core.Quote(KeywordOf name, _), [| Core.Local(argument, _) |], _), [| Pattern.Name parameter |] when
            obj.ReferenceEquals(parameter, argument)
            ->
            ":" + name
        | name, _, _ -> name
    | _ -> null

let handle (stage: DraftStage) : Known = {
    Type = Type.Stream stage.Output
    Shape = Shape.Stream stage
}

let sinkOf (stage: DraftStage) : Known = {
    Type = Type.Resource "StreamSink"
    Shape = Shape.Sink stage
}

/// RTFS3014: an end opened as what it is not.
let wrongEnd (session: Session) (id: string) (role: string) (span: Span) (asked: string) (fix: string) =
    let role = role.Replace("stream-", "")
    session.Report("RTFS3014", span, $"{id} is a {role}, and is opened as {asked} here", fix)

let isSinkRole (offer: Offer) = offer.Role.EndsWith "sink"

let private isOnlySink (offer: Offer) = offer.HasOneEnd && isSinkRole offer

let private isOnlySource (offer: Offer) =
    offer.HasOneEnd && offer.Role.EndsWith "source"

/// A stream position: a handle, or a bare id or resource reference, which denotes one stream wherever it is written.
let streamOf (session: Session) (known: Known) (span: Span) : DraftStage voption =
    match known.Shape with
    | Shape.Stream stage -> ValueSome stage
    // Reading a sink taps what it accepts.
    | Shape.Sink stage -> ValueSome stage
    | _ ->
        match Stages.idOf known with
        | ValueSome text ->
            let id = Stages.canonical text
            let offer = Stages.offerOf session id

            if isSinkRole offer then
                ValueSome(Stages.openSink session id Atom.any (session.PlaceOf span))
            else
                ValueSome(
                    Stages.shared session ("stream " + id) (fun () ->
                        Stages.openSource session id Atom.any (session.PlaceOf span))
                )
        | ValueNone ->
            match known.Type with
            | Type.Primitive Primitive.Any
            | Type.Stream _
            | Type.StreamBi _
            | Type.StreamDuplex _
            | Type.Resource _
            | Type.Alias _
            | Type.Variable _ -> ()
            | found ->
                session.Report(
                    "RTFS2001",
                    span,
                    $"a stream is expected here, a handle or a capability id, found {Shown.inMessage found}",
                    null
                )

            ValueNone

let openedSink (session: Session) (text: string) (schema: Type) (span: Span) : DraftStage =
    let id = Stages.canonical text
    let offer = Stages.offerOf session id

    if isOnlySource offer then
        wrongEnd session id offer.Role span "a sink" "register it as a :stream-sink, or open it by stream-source"

    Stages.openSink session id schema (session.PlaceOf span)

/// A provider that is written out, and is no channel inside the process, reads or writes.
let private hasOneEnd (options: Options) =
    match optionOf options "provider" with
    | Some(Core.Map(entries, _)) ->
        entries
        |> Array.exists (fun entry ->
            match entry.Key, entry.Value with
            | Core.Quote(KeywordOf "kind", _), Core.Quote(KeywordOf kind, _) -> kind <> "local"
            | _ -> false)
    | _ -> false

/// What a registration says.
let offerOf (options: Options) : Offer = {
    Role =
        (match optionOf options "type" with
         | Some(Core.Quote(KeywordOf role, _)) -> role
         | _ -> "")
    Input = schemaOf options [ "input-schema" ]
    Output = schemaOf options [ "output-schema" ]
    HasOneEnd = hasOneEnd options
}

/// A source by its id, which a sink alone is not.
let openedSource (session: Session) (id: string) (schema: Type) (options: Options) (span: Span) : DraftStage =
    let offer = Stages.offerOf session id

    if isOnlySink offer then
        wrongEnd session id offer.Role span "a source" "open it by stream-sink, or register it as a :stream-source"

    let schema =
        match schema with
        | Type.Primitive Primitive.Any -> strictly options offer.Output
        | given -> given

    Stages.openSource session id schema (session.PlaceOf span)
