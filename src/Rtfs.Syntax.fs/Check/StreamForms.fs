/// What each streaming form makes of its arguments: streams, sinks, stages and pipelines, with the types of what flows.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.StreamForms

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// RTFS3004 for logic that is known to be none. A literal is told of with the other arguments.
let private expectLogic (session: Session) (logic: Core) (known: Known) =
    match logic with
    | Core.Consumer _
    | Core.Quote _ -> ()
    | _ ->
        if not (MayBe.map session known) then
            session.Report(
                "RTFS3004",
                logic.Span,
                $"the logic of `stream-consume` is {{item => body}} or a map of callbacks, found {Callbacks.found logic known}",
                "write (stream-consume stream {item => body…}), or {:on-item f}"
            )

let private consume
    (session: Session)
    (locals: Locals)
    (arguments: Core array)
    (options: Options)
    (span: Span)
    : Known =
    let stream = session.Infer locals arguments[0]

    let from =
        match stream.Shape with
        | Shape.Pipeline assembly ->
            expectStream session stream arguments[0].Span
            Pipelines.expectStart session assembly
            session.Draw assembly
            Pipelines.assemble session assembly
        | _ -> streamOf session stream arguments[0].Span

    // Callbacks come as a map, written out or as a value.
    let runs = arguments[1].IsConsumer

    match from with
    | ValueSome stage -> Readers.read session stage runs span
    | ValueNone -> ()

    let item: Known =
        match from with
        | ValueSome stage when stage.Output <> Atom.any -> Known.ofType stage.Output
        | ValueSome _ -> Known.told
        | ValueNone -> Known.any

    let stage =
        Stages.open' session "consume" null null (session.PlaceOf span) Atom.any Atom.any null

    match from with
    | ValueSome from -> Stages.connect session from stage
    | ValueNone -> ()

    let readBy (f: Known) =
        match from with
        | ValueSome from -> Stages.readBy session from stage f
        | ValueNone -> ()

    let body () =
        Tuning.options session locals "stream-consume" [] options

        match arguments[1] with
        | Core.Map(entries, _) ->
            for entry in entries do
                match entry.Key with
                | Core.Quote(KeywordOf key, _) ->
                    StreamControls.observe session locals item key entry.Value
                    |> ValueOption.iter readBy
                | _ -> Tuning.callBack session locals entry.Value

            handleOf stream from
        | logic ->
            let f = session.Infer locals logic
            expectLogic session logic f

            match logic, f.Shape with
            | Core.Consumer _, Shape.Closure _ ->
                session.Apply f [ item ] [ logic.Span ] logic.Span |> ignore
                readBy f
            | _ -> StreamControls.observeValue session item f logic |> List.iter readBy

            if runs then
                Known.ofType StreamControls.consumed
            else
                handleOf stream from

    session.RunningWith(from, body)

/// RTFS2001 and RTFS3004, where what is executed is known to be no pipeline, or to end in no sink.
let private expectPipeline (session: Session) (pipeline: Known) (span: Span) =
    match pipeline.Shape, pipeline.Type with
    | Shape.Pipeline assembly, _ ->
        let refuse (what: string) =
            session.Report(
                "RTFS3004",
                span,
                $"`stream-execute` runs a pipeline into its sink, and this one ends in {what}",
                "end it by a sink, or consume it: (stream-consume pipeline {item => body…})"
            )

        match List.tryLast assembly.Parts |> Option.map _.Shape with
        // That it is not the last has been said.
        | _ when assembly.Parts |> List.exists (fun part -> part.Shape.IsSink) -> ()
        | Some(Shape.Operator pending) -> refuse $"the stage {pending.Kind}"
        | Some(Shape.Closure _ | Shape.Library _ | Shape.Combined _) when assembly.Parts.Length > 1 ->
            refuse "a function"
        | Some(Shape.Stream stage) when stage.Kind = "source" -> refuse stage.Title
        | Some _
        | None -> ()
    | (Shape.Stream stage | Shape.Sink stage), _ ->
        session.Report(
            "RTFS2001",
            span,
            $"`stream-execute` runs a pipeline, found {stage.Title}",
            "consume it: (stream-consume stream {item => body…}), or write (stream-execute (stream-pipeline [source … sink]))"
        )
    | _, (Type.Primitive Primitive.Any | Type.Resource _) -> ()
    | _, target when MayBe.stream session pipeline && not (target = Type.Stream Atom.any) -> ()
    | _ ->
        session.Report(
            "RTFS2001",
            span,
            $"`stream-execute` runs a pipeline, found {Shown.inMessage pipeline.Type}",
            "write (stream-execute (stream-pipeline [source … sink]))"
        )

let private execute
    (session: Session)
    (locals: Locals)
    (arguments: Core array)
    (options: Options)
    (span: Span)
    : Known =
    let pipeline = session.Infer locals arguments[0]
    expectPipeline session pipeline arguments[0].Span
    Tuning.options session locals "stream-execute" [] options

    match pipeline.Shape with
    | Shape.Pipeline assembly ->
        Pipelines.expectStart session assembly
        session.Draw assembly

        match Pipelines.assemble session assembly with
        | ValueSome stage when stage.Kind = "sink" -> Readers.run session stage span
        | ValueSome stage -> Readers.read session stage true span
        | ValueNone -> ()
    | Shape.Stream stage -> Readers.read session stage true span
    | _ -> ()

    Known.ofType StreamControls.consumed

let private transform
    (session: Session)
    (locals: Locals)
    (arguments: Core array)
    (options: Options)
    (span: Span)
    : Known =
    let pending (f: Core option) capability passage = {
        Kind = "transform"
        Label = f |> Option.map functionLabel |> Option.defaultValue null
        Capability = capability
        Place = session.PlaceOf span
        FunctionSpan = f |> Option.map _.Span |> Option.defaultValue span
        Passage = passage
    }

    let by (f: Core) =
        pending (Some f) null (Passage.Through(session.Infer locals f))

    Tuning.options session locals "stream-transform" [ "fn"; "transform-fn"; "input-stream"; "output-stream" ] options

    match optionOf options "input-stream", optionOf options "output-stream" with
    | Some input, Some target ->
        let from = streamOf session (session.Infer locals input) input.Span

        let step =
            match optionOf options "transform-fn", optionOf options "fn" with
            | Some f, _
            | None, Some f -> by f
            | None, None -> pending None null Passage.Keep

        let stage = Stages.wire session from step
        let known = session.Infer locals target

        match known.Shape, Stages.idOf known with
        | Shape.Sink sink, _ -> Stages.pour session (ValueSome stage) sink target.Span
        | Shape.Stream sink, _ ->
            writtenTo session sink false target.Span writeToSink
            Stages.pour session (ValueSome stage) sink target.Span
        | _, ValueSome text -> Stages.pour session (ValueSome stage) (writerOf session text target.Span) target.Span
        | _ -> expectSink session known target.Span

        session.Trace.Read.Add stage
        handle stage
    | _ ->
        match arguments with
        | [| stream; f |] ->
            let from = streamOf session (session.Infer locals stream) stream.Span
            handle (Stages.wire session from (by f))
        | [| only |] ->
            let known = session.Infer locals only

            match optionOf options "fn" with
            | Some f -> handle (Stages.wire session (streamOf session known only.Span) (by f))
            | None ->
                match Stages.idOf known with
                | ValueSome text ->
                    let id = Stages.canonical text
                    let offer = Stages.offerOf session id

                    {
                        Type = Type.Resource "StreamStage"
                        Shape = Shape.Operator(pending None id (Passage.Capability(offer.Input, offer.Output)))
                    }
                | ValueNone -> {
                    Type = Type.Resource "StreamStage"
                    Shape = Shape.Operator(pending (Some only) null (Passage.Through known))
                  }
        | _ ->
            match optionOf options "fn" |> Option.orElse (optionOf options "transform-fn") with
            | Some f -> {
                Type = Type.Resource "StreamStage"
                Shape = Shape.Operator(by f)
              }
            | None -> Known.any

/// An operator with its stream, or without one a stage to be wired later. `least` is the number of arguments besides the stream.
let private operator
    (session: Session)
    locals
    (arguments: Core array)
    least
    kind
    (label: string | null)
    passage
    span
    : Known =
    let pending = {
        Kind = kind
        Label = label
        Capability = null
        Place = session.PlaceOf span
        FunctionSpan =
            (if arguments.Length > 0 then
                 arguments[arguments.Length - 1].Span
             else
                 span)
        Passage = passage
    }

    if arguments.Length > least then
        handle (Stages.wire session (streamOf session (session.Infer locals arguments[0]) arguments[0].Span) pending)
    else
        {
            Type = Type.Resource "StreamStage"
            Shape = Shape.Operator pending
        }

let infer
    (session: Session)
    (locals: Locals)
    (name: string)
    (arguments: Core array)
    (options: Options)
    (span: Span)
    : Known =
    let last () = arguments[arguments.Length - 1]

    let byFunction kind passage =
        if arguments.Length = 0 then
            Known.any
        else
            let f = session.Infer locals (last ())

            match f.Shape with
            | Shape.Stream stage when arguments.Length = 1 ->
                session.Report(
                    "RTFS3004",
                    span,
                    $"`{name}` has {stage.Title} and no function",
                    $"write ({name} stream (fn [item] …))"
                )

                Known.told
            | _ -> operator session locals arguments 1 kind (functionLabel (last ())) (passage f) span

    match name with
    | "register-stream-capability"
    | "marketplace:register-capability" ->
        Registrations.register session locals name options
        Known.ofType (Type.Map(Array.empty, null))
    | "stream-source" when arguments.Length > 0 ->
        let known = session.Infer locals arguments[0]
        let schema = schemaOf session.Origin.Annex options [ "schema" ] |> strictly options

        match known.Shape, Stages.idOf known with
        | Shape.Stream _, _ ->
            refuseSchema session options
            known
        | _, ValueSome text -> handle (openedSource session (Stages.canonical text) schema options span)
        // A literal that is no id has been told of.
        | Shape.Datum _, _ ->
            handle (Stages.open' session "source" null null (session.PlaceOf span) Atom.any schema null)
        | _ -> handle (Stages.openSource session null schema (session.PlaceOf span))
    | "stream-sink" when arguments.Length > 0 ->
        let known = session.Infer locals arguments[0]
        let schema = schemaOf session.Origin.Annex options [ "schema" ] |> strictly options

        match known.Shape, Stages.idOf known with
        | Shape.Sink _, _ ->
            refuseSchema session options
            known
        | _, ValueSome text -> sinkOf (openedSink session text schema span)
        | _ -> sinkOf (Stages.open' session "sink" null null (session.PlaceOf span) schema Atom.any null)
    | "stream-transform" -> transform session locals arguments options span
    | "stream-map" -> byFunction "map" Passage.Through
    | "stream-filter" -> byFunction "filter" Passage.KeepWhere
    | "stream-key-by" -> byFunction "key-by" Passage.KeyBy
    | "stream-window" -> operator session locals arguments 0 "window" (Windows.label options) Passage.Keep span
    | "stream-aggregate" when arguments.Length > 0 ->
        let struct (label, passage) = Windows.aggregate session locals (last ())
        operator session locals arguments 1 "aggregate" label passage span
    | "stream-consume" when arguments.Length > 1 -> consume session locals arguments options span
    | "stream-bidirectional" when arguments.Length > 0 -> StreamControls.bidirectional session locals arguments span
    | "stream-duplex" -> StreamControls.duplex session locals options span
    | "stream-interact" when arguments.Length > 0 -> StreamControls.interact session locals arguments options
    | "stream-callbacks" -> StreamControls.watch session locals arguments options
    | "stream-produce" when arguments.Length > 1 -> Producing.produce session locals arguments options
    | "stream-await" when arguments.Length > 0 ->
        let stream = session.Infer locals arguments[0]
        expectStream session stream arguments[0].Span
        Awaiting.check session stream arguments[0].Span
        Known.ofType StreamControls.consumed
    | "stream-close"
    | "stream-pause"
    | "stream-resume"
    | "stream-cancel" when arguments.Length > 0 ->
        let stream = session.Infer locals arguments[0]
        expectStream session stream arguments[0].Span

        match name with
        | "stream-close" -> Readers.close session stream "closed" span
        | "stream-cancel" -> Readers.close session stream "cancelled" span
        | _ -> ()

        Known.ofType (Type.Primitive Primitive.Nil)
    | "stream-meta" -> Known.ofType StreamControls.envelope
    | "stream-multiplex" when arguments.Length > 0 -> Routing.multiplex session locals arguments options span
    | "stream-demultiplex" when arguments.Length > 0 -> Routing.demultiplex session locals arguments options span
    | "stream-pipeline" when arguments.Length > 0 ->
        Tuning.options session locals "stream-pipeline" [] options

        Pipelines.ofParts session (session.Infer locals arguments[0]) arguments[0] span
    | "stream-execute" when arguments.Length > 0 -> execute session locals arguments options span
    | "resource:ref" when arguments.Length > 0 ->
        match session.Infer locals arguments[0] with
        | { Shape = Shape.Datum(StringOf text) } ->
            handle (
                Stages.shared session ("resource " + text) (fun () ->
                    Stages.open' session "resource" text null (session.PlaceOf span) Atom.any Atom.any null)
            )
        | _ -> Known.any
    | _ ->
        let values = arguments |> Array.map (session.Infer locals)

        Tuning.options session locals name [] options

        match name, Array.tryHead values with
        | "marketplace:execute-plan", Some { Shape = Shape.Plan(program, origin) } ->
            session.Execute program origin
            Known.ofType (Type.Map(Array.empty, null))
        | "marketplace:execute-plan", Some known when not (MayBe.map session known || MayBe.sequence session known) ->
            session.Report(
                "RTFS2001",
                arguments[0].Span,
                $"`marketplace:execute-plan` runs a plan, found {Shown.inMessage known.Type}",
                "write (marketplace:execute-plan (plan :program (do …)))"
            )

            Known.any
        | "call",
          Some {
                   Shape = Shape.Datum(StringOf id | KeywordOf id)
               } when session.Mistaken.Contains(Offers.nameOf (Stages.canonical id)) -> Known.told
        | _ -> Known.any
