/// Who reads a stream, and when: a reader that comes after the stream has been read to its end, or has been closed (RTFS3012, RTFS3013).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Readers

open System.Collections.Generic
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

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

/// What a stream that is known by an id is shared by, if something by that id has to do with the stage.
let private nameOf (session: Session) (stage: DraftStage) : obj =
    match stage.Kind, stage.Capability with
    | "sink", (NonNull id) -> ("sink " + id) :> obj
    | "source", (NonNull id) ->
        let name = "stream " + id

        match session.Shared.TryGetValue name with
        | true, shared when obj.ReferenceEquals(shared, stage) -> name :> obj
        | _ -> stage :> obj
    | _ -> stage :> obj

/// Stages whose streams are over when they are closed, whoever comes to read them.
let private areDerived =
    HashSet<string>([ "map"; "filter"; "transform"; "key-by"; "window"; "aggregate"; "multiplex" ])

/// A channel inside the process gives what it has received after it has been closed, and a host's may.
let private hasOneEnd (session: Session) (id: string) =
    let offer = Stages.offerOf session id
    offer.HasOneEnd && offer.Role.EndsWith "source"

/// What closing a value closes for whoever comes later.
let private closing (session: Session) (known: Known) : obj voption =
    match known.Shape, Stages.idOf known with
    | Shape.Sink stage, _ -> ValueSome(nameOf session stage)
    | Shape.Stream stage, _ ->
        match stage.Kind, stage.Capability with
        | "sink", _ -> ValueSome(nameOf session stage)
        | "source", (NonNull id) when hasOneEnd session id -> ValueSome(nameOf session stage)
        | kind, _ when areDerived.Contains kind -> ValueSome(stage :> obj)
        | _ -> ValueNone
    | _, ValueSome text ->
        let id = Stages.canonical text

        if (Stages.offerOf session id).Role.EndsWith "sink" then
            ValueSome(("sink " + id) :> obj)
        elif hasOneEnd session id then
            ValueSome(("stream " + id) :> obj)
        else
            ValueNone
    | _, ValueNone -> ValueNone

/// A form that closes a stream, cancels or releases it, when nothing is left open of whether and when that happens. In the body of a stream it
/// is a request.
let close (session: Session) (known: Known) (how: string) (span: Span) =
    if session.Trials = 0 && session.Unreached = 0 && session.Body.IsNone then
        match closing session known with
        | ValueSome name ->
            session.Touch name

            session.Ended <- {
                session.Ended with
                    Closed = session.Ended.Closed.SetItem(name, struct (session.PlaceOf span, how))
            }
        | ValueNone -> ()

/// The first of the streams that a stage reads from which has been closed, from the stage on.
let rec private closed (session: Session) (stage: DraftStage) (seen: HashSet<DraftStage>) =
    if stage.Kind = "sink" || not (seen.Add stage) then
        ValueNone
    else
        match session.Ended.Closed.TryGetValue(nameOf session stage) with
        | true, ending -> ValueSome ending
        | _ ->
            match session.Inputs.TryGetValue stage with
            | true, inputs ->
                inputs
                |> Seq.tryPick (fun input -> closed session input seen |> ValueOption.toOption)
                |> ValueOption.ofOption
            | _ -> ValueNone

let private reportLate
    (session: Session)
    (ending: struct (Place * string))
    (span: Span)
    (subject: string)
    (fix: string)
    =
    let struct (place, how) = ending

    let related =
        if how = "released" then
            "the scope that it is opened for has ended"
        else
            $"it is {how} here"

    let what = $"{subject} has been {how}"
    session.ReportAt("RTFS3013", span, what, fix, [ struct (place, related) ], what)

let private isLate (session: Session) (stage: DraftStage) (span: Span) : bool =
    if session.Ended.Closed.IsEmpty then
        false
    else
        match closed session stage (HashSet HashIdentity.Reference) with
        | ValueSome ending ->
            reportLate
                session
                ending
                span
                "this reader comes when the stream"
                "read it before that, or open a stream of its own: (stream-source \"namespace:v1.0:name\")"

            true
        | ValueNone -> false

/// A form that writes to a sink.
let write (session: Session) (sink: DraftStage) (span: Span) =
    if session.Trials = 0 && sink.Kind = "sink" then
        let name = nameOf session sink
        session.Touch name

        match session.Ended.Closed.TryGetValue name with
        | true, ending -> reportLate session ending span $"this form writes when {sink.Title}" "write to it before that"
        | _ -> ()

/// A reader of a stream at its place. `runs` is whether the form runs the stream to its end before what comes after it; a reader
/// that comes later reads nothing (RTFS3012, RTFS3013).
let private readFrom (session: Session) (sources: DraftStage list) (runs: bool) (span: Span) =
    match
        sources
        |> List.tryPick (fun source ->
            match session.Ended.Read.TryGetValue source with
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
            if not (session.Ended.Read.ContainsKey source) then
                session.Ended <- {
                    session.Ended with
                        Read = session.Ended.Read.Add(source, session.PlaceOf span)
                }

/// A form that reads the stream.
let read (session: Session) (stage: DraftStage) (runs: bool) (span: Span) =
    if session.Trials = 0 then
        session.Trace.Read.Add stage
        let sources = roots session stage (HashSet HashIdentity.Reference)

        if not (isLate session stage span) then
            readFrom session sources runs span

/// A form that runs what was last wired to the sink: others may have written to it before.
let run (session: Session) (sink: DraftStage) (span: Span) =
    if session.Trials = 0 then
        session.Trace.Read.Add sink
        session.Touch sink
        write session sink span

        match session.Inputs.TryGetValue sink with
        | true, inputs ->
            let last = inputs[inputs.Count - 1]
            let sources = roots session last (HashSet HashIdentity.Reference)

            if not (isLate session last span) then
                readFrom session sources true span
        | _ -> ()
