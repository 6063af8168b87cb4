/// What may not be awaited in the body, a callback or a stage of a stream: the stream itself (RTFS3020).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Awaiting

open System.Collections.Generic
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

/// Whether a stage is the other, or reads what comes from it.
let rec private comesFrom
    (session: Session)
    (stage: DraftStage)
    (source: DraftStage)
    (seen: HashSet<DraftStage>)
    : bool =
    obj.ReferenceEquals(stage, source)
    || seen.Add stage
       && (session.Touch stage

           match session.Inputs.TryGetValue stage with
           | true, inputs -> inputs |> Seq.exists (fun input -> comesFrom session input source seen)
           | _ -> false)

/// The stage that a reference denotes, if one is known to be open.
let private stageOf (session: Session) (known: Known) : DraftStage voption =
    match known.Shape with
    | Shape.Stream stage
    | Shape.Sink stage -> ValueSome stage
    | _ ->
        match Stages.idOf known with
        | ValueSome text ->
            let key = "stream " + Stages.canonical text
            session.Touch key

            match session.Shared.TryGetValue key with
            | true, stage -> ValueSome stage
            | _ -> ValueNone
        | ValueNone -> ValueNone

let check (session: Session) (known: Known) (span: Span) : unit =
    match session.Body with
    | ValueNone -> ()
    | ValueSome body ->
        match stageOf session known with
        | ValueSome stage when comesFrom session body stage (HashSet HashIdentity.Reference) ->
            session.Report(
                "RTFS3020",
                span,
                $"{stage.Title} is awaited in its own body, so that it could never end",
                "await it in the body of the plan; (stream-close stream) asks it to end from inside"
            )
        | ValueSome _
        | ValueNone -> ()
