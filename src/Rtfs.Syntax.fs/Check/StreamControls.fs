/// The forms that watch, steer and write to streams, and what the forms that run them give.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.StreamControls

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private count = Type.Primitive Primitive.Int

let private counts (names: string list) =
    Type.Map(
        names
        |> Seq.map (fun name -> Field(Forms.Keyword name, count, false))
        |> Array.ofSeq,
        null
    )

/// What the forms give that run a stream to its end.
let consumed =
    counts [
        "items"
        "errors"
        "skipped"
        "dead-lettered"
        "dropped"
        "failed"
        "elapsed-ms"
    ]

/// A callback of a stream, in a map or among the options of a form. Gives the function that is called with its items.
let observe (session: Session) (locals: Locals) (item: Known) (key: string) (value: Core) : Known voption =
    match key, Tuning.callbackShape key with
    | ("on-item" | "on-data"), Operations.Shape.Callback(least, given) ->
        let f = session.Infer locals value
        Callbacks.check session key least given [ item ] f value
        ValueSome f
    | _, shape ->
        Tuning.follow session locals shape key value
        ValueNone

/// Callbacks that come as a value, such as the name of a map: what is known of them is looked at, at the place where they are given.
/// Gives the functions that are called with the stream's items.
let observeValue (session: Session) (item: Known) (callbacks: Known) (place: Core) : Known list =
    let report: OptionReport =
        fun code span message fix -> session.Report(code, span, message, fix)

    let known = Operations.callbacks |> List.map fst

    let entries =
        match callbacks.Shape, callbacks.Type with
        | Shape.Entries entries, _ -> entries
        | _, Type.Map(fields, _) ->
            fields
            |> Seq.filter (fun field -> not field.Optional)
            |> Seq.map (fun field -> struct (field.Key, Known.ofType field.Type))
            |> List.ofSeq
        | _ -> []

    entries
    |> List.collect (fun (struct (key, value)) ->
        match key with
        | KeywordOf name when List.contains name known ->
            match Tuning.callbackShape name with
            | Operations.Shape.Callback(least, given) ->
                let isOfItems = name = "on-item" || name = "on-data"
                let items = if isOfItems then [ item ] else Happenings.given name given
                Callbacks.check session name least given items value place
                if isOfItems then [ value ] else []
            | _ -> []
        | KeywordOf name ->
            unknownKey report place.Span name "the callbacks of a stream" known known
            []
        | _ -> [])

let private observeAll (session: Session) (locals: Locals) (item: Known) (entries: KeyValuePair<Core, Core> array) =
    for entry in entries do
        match entry.Key with
        | Core.Quote(KeywordOf key, _) -> observe session locals item key entry.Value |> ignore
        | _ -> Tuning.callBack session locals entry.Value

/// An item of which something is known, or of which somebody has been told that nothing is.
let itemOf (target: Type) : Known =
    match target with
    | Type.Primitive Primitive.Any -> Known.told
    | known -> Known.ofType known

let watch (session: Session) (locals: Locals) (arguments: Core array) (options: Options) : Known =
    let reference =
        match Array.tryHead arguments, optionOf options "stream-handle" with
        | Some first, _
        | None, Some first -> ValueSome first
        | None, None -> ValueNone

    match reference with
    | ValueNone -> Known.any
    | ValueSome reference ->
        let stream = session.Infer locals reference
        expectStream session stream reference.Span

        let struct (item, body) =
            match stream.Shape, Stages.idOf stream with
            | Shape.Stream stage, _ -> struct (itemOf stage.Output, ValueSome stage)
            | Shape.Sink stage, _ -> struct (itemOf stage.Input, ValueSome stage)
            | _, ValueSome text ->
                let offer = Stages.offerOf session (Stages.canonical text)
                struct (itemOf (if isSinkRole offer then offer.Input else offer.Output), ValueNone)
            | _, ValueNone -> struct (Known.told, ValueNone)

        session.RunningWith(
            body,
            fun () ->
                for option in options do
                    match option.Key, option.Value with
                    | "stream-handle", _ -> ()
                    | "events", Core.Map(entries, _) -> observeAll session locals item entries
                    | "events", value ->
                        Tuning.follow session locals (Tuning.shapeOf "stream-callbacks" "events") "events" value
                        observeValue session item (session.Infer locals value) value |> ignore
                    | key, value -> observe session locals item key value |> ignore
        )

        match stream.Shape, Stages.idOf stream with
        | (Shape.Stream _ | Shape.Sink _), _
        | _, ValueNone -> stream
        | _, ValueSome text ->
            // The handle of what the id denotes.
            let handle =
                if isSinkRole (Stages.offerOf session (Stages.canonical text)) then
                    Type.Resource "StreamSink"
                else
                    Type.Stream item.Type

            { stream with Type = handle }

/// What `(stream-meta)` gives.
let envelope =
    let field name target =
        Field(Forms.Keyword name, target, false)

    let maybe target =
        Type.Union [| target; Type.Primitive Primitive.Nil |]

    Type.Map(
        [|
            field "sequence" count
            field "timestamp" (Type.Primitive Primitive.Timestamp)
            field "direction" (Type.Primitive Primitive.Keyword)
            field "correlation-id" (maybe (Type.Primitive Primitive.String))
            field "stage" (Type.Primitive Primitive.String)
            field "metadata" (Type.Map(Array.empty, null))
        |],
        null
    )

/// A stream that is written to and read from: what is written is checked against its input, what is read is its output.
let pair (session: Session) (kind: string) (id: string | null) (offer: Offer) (span: Span) : Known =
    let stage =
        Stages.open' session kind null id (session.PlaceOf span) offer.Input offer.Output null

    session.Trace.Read.Add stage |> ignore

    {
        Type =
            (if kind = "duplex" then
                 Type.StreamDuplex(offer.Input, offer.Output)
             else
                 Type.StreamBi(offer.Input, offer.Output))
        Shape = Shape.Stream stage
    }

let bidirectional (session: Session) (locals: Locals) (arguments: Core array) (span: Span) : Known =
    let known = session.Infer locals arguments[0]

    match known.Shape, Stages.idOf known with
    | Shape.Stream _, _ -> known
    | _, ValueSome text ->
        let id = Stages.canonical text
        let offer = Stages.offerOf session id

        if isOnlySource offer then
            wrongEnd session id offer.Role span "a conversation" "open it by stream-source"
        elif isOnlySink offer then
            wrongEnd session id offer.Role span "a conversation" "open it by stream-sink"

        pair session "bidirectional" id offer span
    | _ -> Known.any

/// `:input-capability` is what the program writes, `:output-capability` what it reads. Two that are exchanged are one mistake.
let private checkEnds
    (session: Session)
    (written: struct (string * Offer * Span) voption)
    (read: struct (string * Offer * Span) voption)
    =
    let cannot (isWrong: Offer -> bool) (given: struct (string * Offer * Span) voption) =
        match given with
        | ValueSome(struct (_, offer, _)) -> isWrong offer
        | ValueNone -> false

    let refuse given (asked: string) (fix: string) =
        match given with
        | ValueSome(struct (id, offer: Offer, span)) -> wrongEnd session id offer.Role span asked fix
        | ValueNone -> ()

    let isNotWritten =
        cannot (fun offer -> isOnlySource offer || offer.IsConversation) written

    let isNotRead = cannot (fun offer -> isOnlySink offer || offer.IsConversation) read

    if cannot isOnlySource written && cannot isSinkRole read then
        refuse
            written
            "the :input-capability"
            "exchange the two: the program writes its :input-capability, and reads its :output-capability"
    else
        if isNotWritten then
            refuse written "the :input-capability" "the program writes its :input-capability: give it a sink"

        if isNotRead then
            refuse read "the :output-capability" "the program reads its :output-capability: give it a source"

let duplex (session: Session) (locals: Locals) (options: Options) (span: Span) : Known =
    let offer name =
        match optionOf options name with
        | Some reference ->
            match Stages.idOf (session.Infer locals reference) with
            | ValueSome text ->
                let id = Stages.canonical text
                ValueSome(struct (id, Stages.offerOf session id, reference.Span))
            | ValueNone -> ValueNone
        | None -> ValueNone

    let written = offer "input-capability"
    let read = offer "output-capability"
    checkEnds session written read

    let input =
        match written with
        | ValueSome(struct (_, offer, _)) -> offer.Input
        | ValueNone -> Atom.any

    let output =
        match read with
        | ValueSome(struct (_, offer, _)) -> offer.Output
        | ValueNone -> Atom.any

    pair
        session
        "duplex"
        null
        {
            Role = "duplex"
            Input = input
            Output = output
            HasOneEnd = false
            IsConversation = false
        }
        span

/// The conversation that an interaction goes through: a handle, or the id of one, which stands for one in the run. RTFS2001 and RTFS3014 where it is
/// known to be none.
let private conversationIn (session: Session) (stream: Known) (span: Span) : Known =
    let fix = "open a conversation: (stream-bidirectional \"namespace:v1.0:name\")"

    match stream.Shape, Stages.idOf stream with
    | Shape.Stream stage, _ ->
        writtenTo session stage false span fix
        stream
    | Shape.Sink stage, _ ->
        session.Report("RTFS3014", span, $"{stage.Title} is written to, and is asked for answers here", fix)
        stream
    | _, ValueSome text ->
        let id = Stages.canonical text
        let offer = Stages.offerOf session id

        if isOnlySource offer || isOnlySink offer || offer.Role.EndsWith "transform" then
            wrongEnd session id offer.Role span "a conversation" fix
            Known.told
        else
            handle (conversationOf session id offer span)
    | _, ValueNone ->
        if not (MayBe.stream session stream) then
            session.Report(
                "RTFS2001",
                span,
                $"`stream-interact` takes a conversation, its handle or its id, found {Shown.inMessage stream.Type}",
                fix
            )

        stream

/// The last answer, where the channel form waits for it; the stream itself where callbacks do.
let interact (session: Session) (locals: Locals) (arguments: Core array) (options: Options) : Known =
    let stream =
        conversationIn session (session.Infer locals arguments[0]) arguments[0].Span

    let struct (item, body) =
        match stream.Shape with
        | Shape.Stream stage -> struct (itemOf stage.Output, ValueSome stage)
        | _ -> struct (Known.any, ValueNone)

    let receive (logic: Core) : Known =
        let f = session.Infer locals logic

        match logic with
        | Core.Consumer _ ->
            session.Apply f [ item ] [ logic.Span ] logic.Span |> ignore

            Known.ofType (
                match item.Type with
                | Type.Primitive Primitive.Any -> Atom.any
                | known -> Type.Union [| known; Type.Primitive Primitive.Nil |]
            )
        | _ ->
            if not (MayBe.map session f || MayBe.nothing session f) then
                session.Report(
                    "RTFS3002",
                    logic.Span,
                    $":receive must be {{item => body}} or a map of callbacks, found {Callbacks.found logic f}",
                    "write :receive {answer => body}, or :receive {:on-item f}"
                )

            stream

    let mutable result = stream

    for option in options do
        match option.Key, option.Value with
        | "send", value ->
            let given = session.Infer locals value

            match stream.Shape with
            | Shape.Stream stage -> Stages.produce session given.Type stage value.Span
            | _ -> ()
        | "receive", Core.Map(entries, _) -> session.RunningWith(body, fun () -> observeAll session locals item entries)
        | "receive", logic -> result <- session.RunningWith(body, fun () -> receive logic)
        | key, value -> Tuning.follow session locals (Tuning.shapeOf "stream-interact" key) key value

    result
