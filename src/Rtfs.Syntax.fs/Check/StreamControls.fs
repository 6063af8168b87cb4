/// The forms that watch, steer and write to streams, and what the forms that run them give.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.StreamControls

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

/// What a channel consume gives.
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

/// Functions among options are called with what nobody says the type of.
let rec callBack (session: Session) (locals: Locals) (core: Core) : unit =
    match core with
    | Core.Map(entries, _) ->
        for entry in entries do
            callBack session locals entry.Value
    | _ ->
        let known = session.Infer locals core

        match known.Shape with
        | Shape.Closure closure ->
            let given = closure.Lambda.Parameters |> Seq.map (fun _ -> Known.told) |> List.ofSeq
            session.Apply known given [] core.Span |> ignore
        | _ -> ()

/// The callbacks of a stream: `:on-item` is given its items, what the others are given is not written down.
let private observe (session: Session) (locals: Locals) (item: Known) (key: string) (value: Core) =
    match key with
    | "on-item"
    | "on-data" ->
        let f = session.Infer locals value
        session.Apply f [ item ] [ value.Span ] value.Span |> ignore
    | _ -> callBack session locals value

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

        let item =
            match stream.Shape with
            | Shape.Stream stage when stage.Output <> Atom.any -> Known.ofType stage.Output
            | Shape.Sink stage when stage.Input <> Atom.any -> Known.ofType stage.Input
            | _ -> Known.told

        for option in options do
            match option.Key, option.Value with
            | "stream-handle", _ -> ()
            | "events", Core.Map(entries, _) ->
                for entry in entries do
                    match entry.Key with
                    | Core.Quote(KeywordOf key, _) -> observe session locals item key entry.Value
                    | _ -> callBack session locals entry.Value
            | key, value -> observe session locals item key value

        stream

/// What a produce writes goes to the sink's type; a vector is several items.
let produce (session: Session) (locals: Locals) (arguments: Core array) (options: Options) : Known =
    let target = session.Infer locals arguments[0]
    let given = session.Infer locals arguments[1]

    for option in options do
        callBack session locals option.Value

    let sink =
        match target.Shape, Stages.idOf target with
        | Shape.Sink sink, _ -> ValueSome sink
        | Shape.Stream stage, _ when stage.Kind = "bidirectional" || stage.Kind = "duplex" -> ValueSome stage
        | Shape.Stream stage, _ when not (isNull stage.Capability) -> ValueNone
        | _, ValueSome text -> ValueSome(openedSink session text Atom.any arguments[0].Span)
        | _ -> ValueNone

    match sink, given.Type with
    | ValueSome sink, Type.Vector element -> Stages.produce session element sink arguments[1].Span
    | ValueSome sink, Type.Tuple elements ->
        for element in elements do
            Stages.produce session element sink arguments[1].Span
    | ValueSome sink, item -> Stages.produce session item sink arguments[1].Span
    | ValueNone, _ -> ()

    Known.ofType count

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
        pair session "bidirectional" id (Stages.offerOf session id) span
    | _ -> Known.any

let duplex (session: Session) (locals: Locals) (options: Options) (span: Span) : Known =
    let offer name =
        match optionOf options name with
        | Some reference ->
            match Stages.idOf (session.Infer locals reference) with
            | ValueSome text -> Stages.offerOf session (Stages.canonical text) |> ValueSome
            | ValueNone -> ValueNone
        | None -> ValueNone

    let input =
        match offer "input-capability" with
        | ValueSome offer -> offer.Input
        | ValueNone -> Atom.any

    let output =
        match offer "output-capability" with
        | ValueSome offer -> offer.Output
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
        }
        span

/// The last answer, where the channel form waits for it; the stream itself where callbacks do.
let interact (session: Session) (locals: Locals) (arguments: Core array) (options: Options) : Known =
    let stream = session.Infer locals arguments[0]

    let item =
        match stream.Shape with
        | Shape.Stream stage when stage.Output <> Atom.any -> Known.ofType stage.Output
        | Shape.Stream _ -> Known.told
        | _ -> Known.any

    let mutable result = stream

    for option in options do
        match option.Key, option.Value with
        | "send", value ->
            let given = session.Infer locals value

            match stream.Shape with
            | Shape.Stream stage -> Stages.produce session given.Type stage value.Span
            | _ -> ()
        | "receive", Core.Map(entries, _) ->
            for entry in entries do
                match entry.Key with
                | Core.Quote(KeywordOf key, _) -> observe session locals item key entry.Value
                | _ -> callBack session locals entry.Value
        | "receive", logic ->
            let f = session.Infer locals logic
            session.Apply f [ item ] [ logic.Span ] logic.Span |> ignore

            result <-
                Known.ofType (
                    match item.Type with
                    | Type.Primitive Primitive.Any -> Atom.any
                    | known -> Type.Union [| known; Type.Primitive Primitive.Nil |]
                )
        | _, value -> callBack session locals value

    result
