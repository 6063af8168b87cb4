/// Pipelines: stages in a vector, wired one after the other.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Pipelines

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// Stages one after another; a stage that reads nothing begins anew. `spans` are where the parts stand, if they stand in the text.
let assemble (session: Session) (assembly: Assembly) : DraftStage voption =
    let place = assembly.Place
    let parts = assembly.Parts
    let last = parts.Length - 1

    let spanAt i =
        List.tryItem i assembly.Spans |> Option.defaultValue place.Span

    let pending kind label capability span passage = {
        Kind = kind
        Label = label
        Capability = capability
        Place = session.PlaceOf span
        FunctionSpan = span
        Passage = passage
    }

    let step (input: DraftStage voption) (i: int, part: Known) : DraftStage voption =
        let span = spanAt i

        match part.Shape with
        | Shape.Stream stage ->
            match input with
            | ValueSome from -> Stages.connect session from stage
            | ValueNone -> ()

            ValueSome stage
        | Shape.Sink stage ->
            Stages.pour session input stage span
            ValueSome stage
        | Shape.Operator operator -> ValueSome(Stages.wire session input operator)
        | Shape.Closure _
        | Shape.Library _
        | Shape.Combined _ when i > 0 ->
            ValueSome(Stages.wire session input (pending "transform" null null span (Passage.Through part)))
        | _ ->
            match Stages.idOf part, i with
            | ValueSome _, 0 -> streamOf session part span
            | ValueSome text, _ ->
                let id = Stages.canonical text
                let offer = Stages.offerOf session id

                if i = last && not (offer.Role.EndsWith "transform") then
                    let sink = writerOf session text span
                    Stages.pour session input sink span
                    ValueSome sink
                else
                    ValueSome(
                        Stages.wire
                            session
                            input
                            (pending "transform" null id span (Passage.Capability(offer.Input, offer.Output)))
                    )
            | ValueNone, 0 -> streamOf session part span
            | ValueNone, _ -> input

    session.In(place.Origin, fun () -> parts |> List.indexed |> List.fold step ValueNone)

/// RTFS2001 where a pipeline that runs has nothing to begin with.
let expectStart (session: Session) (assembly: Assembly) : unit =
    match List.tryHead assembly.Parts |> Option.map _.Shape with
    | Some(Shape.Operator pending) when pending.Place.Origin.IsOwn ->
        session.In(
            pending.Place.Origin,
            fun () ->
                session.Report(
                    "RTFS2001",
                    pending.Place.Span,
                    $"a pipeline begins with a stream, found the stage {pending.Kind}",
                    "put a source before it: [(stream-source \"namespace:v1.0:name\") …]"
                )
        )
    | Some _
    | None -> ()

/// RTFS3004 for a part that can be no stage where it stands.
let private checkParts (session: Session) (parts: Known list) (spans: Span list) (whole: Span) : unit =
    let last = parts.Length - 1

    let refuse i message fix =
        session.Report("RTFS3004", List.tryItem i spans |> Option.defaultValue whole, message, fix)

    parts
    |> List.iteri (fun i part ->
        match part.Shape, Stages.idOf part with
        | Shape.Sink stage, _ when i > 0 && i < last ->
            refuse i $"{stage.Title} is no stage to go on from: a sink is the last" "move it to the end"
        | Shape.Stream stage, _ when i > 0 ->
            writtenTo session stage false (List.tryItem i spans |> Option.defaultValue whole) writeToSink
        | _, ValueSome text when i > 0 && i < last && not (isNull (CapabilityId.parse text)) ->
            refuse
                i
                $"a capability between two stages is named by its form, found the id {text}"
                $"write (stream-transform \"{text}\")"
        | (Shape.Plain | Shape.Datum _ | Shape.Many _ | Shape.Entries _), ValueNone when
            i > 0 && not (MayBe.stage session part)
            ->
            refuse
                i
                $"a stage is expected here, found {Shown.inMessage part.Type}"
                "write a stage such as (stream-map f) or (stream-filter f), or a sink at the end"
        | _ -> ())

let ofParts (session: Session) (parts: Known) (core: Core) (span: Span) : Known =
    match parts.Shape with
    | Shape.Many items ->
        let spans =
            match core with
            | Core.Vector(items, _) -> items |> Seq.map _.Span |> List.ofSeq
            | _ -> []

        checkParts session items spans span
        let assembly = Assembly(items, spans, session.PlaceOf span, session.Mark)
        session.Touch assembly
        session.Trace.Assemblies.Add assembly

        {
            Type = Type.Resource "StreamPipeline"
            Shape = Shape.Pipeline assembly
        }
    | _ -> Known.ofType (Type.Resource "StreamPipeline")
