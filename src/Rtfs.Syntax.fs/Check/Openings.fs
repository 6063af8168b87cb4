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

let optionOf (options: Options) (name: string) : Core option =
    let mutable found = None
    let mutable i = 0

    while found.IsNone && i < options.Length do
        if options[i].Key = name then
            found <- Some options[i].Value

        i <- i + 1

    found

/// A schema's element, from type data; the diagnostics of one that does not read are those of lowering.
let private elementOf (annex: Annex) (form: Form) : Type =
    let target =
        match annex.SchemaOf form with
        | ValueSome target -> target
        | ValueNone ->
            match TypeReader.ofForm Report.silent form with
            | null -> Atom.any
            | target -> target

    match target with
    | Type.Stream element -> element
    | target -> target

let schemaOf (annex: Annex) (options: Options) (names: string list) : Type =
    names
    |> Seq.tryPick (fun name ->
        match optionOf options name with
        | Some(Core.Quote(datum, _)) -> Some(elementOf annex datum)
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

/// What a form gives that watches a stream: its handle, where the stream was given by an id or as a pipeline.
let handleOf (stream: Known) (stage: DraftStage voption) : Known =
    match stream.Shape, stage with
    | (Shape.Stream _ | Shape.Sink _), _
    | _, ValueNone -> stream
    | _, ValueSome stage when stage.Kind = "sink" -> sinkOf stage
    | _, ValueSome stage -> handle stage

/// RTFS3014: an end opened as what it is not.
let wrongEnd (session: Session) (id: string) (role: string) (span: Span) (asked: string) (fix: string) =
    let role = role.Replace("stream-", "").Replace("bidirectional", "conversation")
    session.Report("RTFS3014", span, $"{id} is a {role}, and is opened as {asked} here", fix)

let isSinkRole (offer: Offer) = offer.Role.EndsWith "sink"

let isOnlySink (offer: Offer) = offer.HasOneEnd && isSinkRole offer

let isOnlySource (offer: Offer) =
    offer.HasOneEnd && offer.Role.EndsWith "source"

/// A pipeline of more than one stage writes to its last one, where that can be written to.
let private endsInSink (assembly: Assembly) : bool =
    match List.tryLast assembly.Parts with
    | Some last when assembly.Parts.Length > 1 ->
        match last.Shape with
        | Shape.Sink _ -> true
        | Shape.Stream stage -> stage.Kind = "bidirectional" || stage.Kind = "duplex"
        | _ -> (Stages.idOf last).IsSome
    | Some _
    | None -> false

/// RTFS2001, where nothing that is known of the value can be a stream, or stand for one.
let expectStream (session: Session) (known: Known) (span: Span) : unit =
    let refuse found fix =
        session.Report("RTFS2001", span, $"a stream is expected here, a handle or a capability id, found {found}", fix)

    match known.Shape with
    | Shape.Operator pending ->
        refuse $"the stage {pending.Kind} without a stream" $"give it one, as in (stream-{pending.Kind} stream …)"
    | Shape.Pipeline assembly when endsInSink assembly ->
        refuse "a pipeline that ends in a sink" "run it by stream-execute, or leave its sink out"
    | _ ->
        if not (MayBe.stream session known) then
            refuse (Shown.inMessage known.Type) "open one: (stream-source \"namespace:v1.0:name\")"

/// RTFS2001, where nothing that is known of the value can be written to.
let expectSink (session: Session) (known: Known) (span: Span) : unit =
    if not (MayBe.sink session known) then
        session.Report(
            "RTFS2001",
            span,
            $"a sink is expected here, a handle or a capability id, found {Shown.inMessage known.Type}",
            "open one: (stream-sink \"namespace:v1.0:name\")"
        )

/// RTFS3006: what is open already keeps the schema that it was opened with.
let refuseSchema (session: Session) (options: Options) : unit =
    for option in options do
        match option.Key, option.Value with
        | ("schema" | "strict-validation"), Core.Quote(datum, span) when
            datum.Node <> Node.Nil && datum.Node <> Node.Bool false
            ->
            session.Report(
                "RTFS3006",
                span,
                $":{option.Key} is said where a stream is opened, and this one is open already",
                "say it in the form that opens the stream first"
            )
        | _ -> ()

/// The one conversation that a bare id stands for.
let conversationOf (session: Session) (id: string) (offer: Offer) (span: Span) : DraftStage =
    let stage =
        Stages.shared session ("conversation " + id) (fun () ->
            Stages.open' session "bidirectional" null id (session.PlaceOf span) offer.Input offer.Output null)

    session.Trace.Read.Add stage
    stage

/// A conversation is opened as one, or named by its bare id.
let private refuseConversation (session: Session) (id: string) (offer: Offer) (asked: string) (span: Span) =
    if offer.IsConversation then
        wrongEnd session id offer.Role span asked "open it by stream-bidirectional, and read or write its handle"

/// What the streams among the members of a type hold.
let private elements (target: Type) : Type list =
    Join.members target
    |> List.choose (fun part ->
        match part with
        | Type.Stream element -> Some element
        | _ -> None)

/// A stream of which nothing but its type is known.
let private ofType (session: Session) (target: Type) (span: Span) : DraftStage voption =
    match elements target with
    | [] -> ValueNone
    | several ->
        match Join.joinAll session.Types several with
        | Type.Primitive Primitive.Any -> ValueNone
        | element -> ValueSome(Stages.open' session "stream" null null (session.PlaceOf span) Atom.any element null)

/// A stream position: a handle, or a bare id or resource reference, which denotes one stream wherever it is written.
let streamOf (session: Session) (known: Known) (span: Span) : DraftStage voption =
    match known.Shape with
    // One of several whose items are of different types: wired as the first, and read as any of them.
    | Shape.Stream stage when (elements known.Type).Length > 1 ->
        match ofType session known.Type span with
        | ValueSome any ->
            Stages.connect session stage any
            ValueSome any
        | ValueNone -> ValueSome stage
    // One of several, and of the others nothing is known.
    | Shape.Stream stage when known.Type = Atom.any ->
        if session.IsStrict then
            session.Report(
                "RTFS2009",
                span,
                "nothing is known of the items of this stream (:any)",
                "annotate what gives it, as in (defn f [s : [:stream :int]] : [:stream :int] …)"
            )

        let any =
            Stages.open' session "stream" null null (session.PlaceOf span) Atom.any Atom.any null

        Stages.connect session stage any
        ValueSome any
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
            elif offer.IsConversation then
                ValueSome(conversationOf session id offer span)
            else
                ValueSome(
                    Stages.shared session ("stream " + id) (fun () ->
                        Stages.openSource session id Atom.any (session.PlaceOf span))
                )
        | ValueNone ->
            expectStream session known span
            ofType session known.Type span

let openedSink (session: Session) (text: string) (schema: Type) (span: Span) : DraftStage =
    let id = Stages.canonical text
    let offer = Stages.offerOf session id

    if isOnlySource offer then
        wrongEnd session id offer.Role span "a sink" "register it as a :stream-sink, or open it by stream-source"

    refuseConversation session id offer "a sink" span
    Stages.openSink session id schema (session.PlaceOf span)

/// What a bare id denotes where items are written to it.
let writerOf (session: Session) (text: string) (span: Span) : DraftStage =
    let id = Stages.canonical text
    let offer = Stages.offerOf session id

    if offer.IsConversation then
        conversationOf session id offer span
    else
        openedSink session text Atom.any span

/// Where dead letters go: a sink, its id, or a channel.
let expectLetters (session: Session) (known: Known) (span: Span) : unit =
    match known.Shape, Stages.idOf known with
    | _, ValueSome text ->
        let id = Stages.canonical text
        let offer = Stages.offerOf session id

        if isOnlySource offer then
            wrongEnd session id offer.Role span "a sink" "name a sink, or a channel inside the process"
    | _ -> expectSink session known span

/// The kind of a provider that is written out, as far as it says: one without is a channel inside the process.
let private kindOf (options: Options) : string voption =
    match optionOf options "provider" with
    | None -> ValueSome "local"
    | Some(Core.Map(entries, _)) ->
        let kind =
            entries
            |> Array.tryFind (fun entry ->
                match entry.Key with
                | Core.Quote(KeywordOf "kind", _) -> true
                | _ -> false)

        match kind |> Option.map _.Value with
        | None -> ValueSome "local"
        | Some(Core.Quote((KeywordOf kind | StringOf kind), _)) -> ValueSome kind
        | Some _ -> ValueNone
    | Some _ -> ValueNone

/// What a registration says.
let offerOf (annex: Annex) (options: Options) : Offer =
    let role =
        match optionOf options "type" with
        | Some(Core.Quote(KeywordOf role, _)) -> role
        | _ -> ""

    {
        Role = role
        Input = schemaOf annex options [ "input-schema" ]
        Output = schemaOf annex options [ "output-schema" ]
        HasOneEnd =
            (match kindOf options with
             | ValueSome kind -> kind <> "local"
             | ValueNone -> false)
        IsConversation =
            (match kindOf options with
             | ValueSome("local" | "function") -> role.EndsWith "bidirectional"
             | ValueSome _
             | ValueNone -> false)
    }

/// A source by its id, which a sink alone is not.
let openedSource (session: Session) (id: string) (schema: Type) (options: Options) (span: Span) : DraftStage =
    let offer = Stages.offerOf session id

    if isOnlySink offer then
        wrongEnd session id offer.Role span "a source" "open it by stream-sink, or register it as a :stream-source"

    refuseConversation session id offer "a source" span

    let schema =
        match schema with
        | Type.Primitive Primitive.Any -> strictly options offer.Output
        | given -> given

    Stages.openSource session id schema (session.PlaceOf span)

/// Kinds of stages whose handles are read and nothing else.
let private areRead =
    HashSet<string>([ "map"; "filter"; "transform"; "key-by"; "window"; "aggregate"; "multiplex" ])

/// RTFS3014 where a form writes to what is only read. `isChannel` is whether the form takes either end of a channel, `fix` what to write to.
let writtenTo (session: Session) (stage: DraftStage) (isChannel: bool) (span: Span) (fix: string) : unit =
    let isOnlyRead =
        match stage.Kind, stage.Capability with
        | "source", null -> not isChannel
        | "source", (NonNull id) ->
            let offer = Stages.offerOf session id
            // A transform has two ends, whatever it is opened by.
            isOnlySource offer || not (isChannel || offer.Role.EndsWith "transform")
        | kind, _ -> areRead.Contains kind

    if isOnlyRead then
        session.Report("RTFS3014", span, $"{stage.Title} is read, and is written to here", fix)

/// What a form that writes items alone is given in place of a stream.
let writeToSink = "write to a sink: (stream-sink \"namespace:v1.0:name\")"
