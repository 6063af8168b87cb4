/// Who reads a stream, and when: a reader that comes after the stream has been read to its end (RTFS3012, RTFS3013).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Readers

open System.Collections.Generic
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

/// The sources at the beginning of what a stage reads.
let rec private roots (session: Session) (stage: DraftStage) (seen: HashSet<DraftStage>) : DraftStage list =
    if not (seen.Add stage) then
        []
    else
        session.Touch stage

        match session.Inputs.TryGetValue stage with
        // What a channel has taken it keeps for its readers, whatever became of what wrote it.
        | true, inputs when stage.Kind <> "source" && stage.Kind <> "sink" ->
            inputs |> Seq.collect (fun input -> roots session input seen) |> List.ofSeq
        | _ -> [ stage ]

/// A reader of a stream at its place. `runs` is whether the form runs the stream to its end before what comes after it; a reader
/// that comes later reads nothing (RTFS3012, RTFS3013).
let private readFrom (session: Session) (sources: DraftStage list) (runs: bool) (span: Span) =
    match
        sources
        |> List.tryPick (fun source ->
            match session.Ended.TryGetValue source with
            | true, place -> Some place
            | _ -> None)
    with
    | Some place ->
        let code, what =
            if runs then
                "RTFS3012", "this stream has been read to its end before this form begins"
            else
                "RTFS3013", "this reader comes when the stream has been read to its end"

        session.ReportAt(
            code,
            span,
            what,
            "register the first reader with callbacks, {:on-item f}, or read both inside (parallel …), so that both are there when the stream starts",
            [ struct (place, "it is read to its end here") ],
            what
        )
    | None -> ()

    if runs then
        for source in sources do
            if not (session.Ended.ContainsKey source) then
                session.Ended[source] <- session.PlaceOf span

/// A form that reads the stream.
let read (session: Session) (stage: DraftStage) (runs: bool) (span: Span) =
    if session.Trials = 0 then
        session.Trace.Read.Add stage
        readFrom session (roots session stage (HashSet HashIdentity.Reference)) runs span

/// A form that runs what was last wired to the sink: others may have written to it before.
let run (session: Session) (sink: DraftStage) (span: Span) =
    if session.Trials = 0 then
        session.Trace.Read.Add sink
        session.Touch sink

        match session.Inputs.TryGetValue sink with
        | true, inputs ->
            let last = inputs[inputs.Count - 1]
            readFrom session (roots session last (HashSet HashIdentity.Reference)) true span
        | _ -> ()
