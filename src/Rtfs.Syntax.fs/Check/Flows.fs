/// The wiring of a whole text: streams that nobody reads (RTFS3015), and circles without a buffer (RTFS3016).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Flows

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Plan

let private diagnostic code (place: Place) (startOf: Origin -> int) message fix =
    Diagnostic(code, Codes.severityOf code, place.Span.Shift(startOf place.Origin), message, fix, Array.empty)

let private all (choose: Wiring -> DraftStage array) (units: Unit array) : ResizeArray<DraftStage> =
    let found = ResizeArray<DraftStage>()

    for unit in units do
        let wiring = unit.Wiring

        if not (obj.ReferenceEquals(wiring, Wiring.nothing)) then
            found.AddRange(choose wiring)

    found

/// Streams that are opened and go nowhere. A stage may be opened by one form and read by another.
let private unread (startOf: Origin -> int) (readAlone: seq<DraftStage>) (units: Unit array) : seq<Diagnostic> =
    let suspects = all _.Unread units

    if suspects.Count = 0 then
        Seq.empty
    else
        let read = HashSet<DraftStage>(readAlone, HashIdentity.Reference)

        for unit in units do
            read.UnionWith unit.Wiring.ReadElsewhere

            // A shared stage is opened by several.
            for trace in unit.Traces do
                for edge in trace.Draft.Edges.Items do
                    read.Add edge.From |> ignore

                read.UnionWith trace.Read.Items

        // A demultiplexer is read when one of its outputs is; when none is, that is one mistake and not one for each.
        let divided = Dictionary<DraftStage, DraftStage>(HashIdentity.Reference)

        for unit in units do
            for struct (part, whole) in unit.Wiring.Divided do
                divided[part] <- whole

        let started =
            HashSet<DraftStage>(
                divided |> Seq.filter (fun part -> read.Contains part.Key) |> Seq.map _.Value,
                HashIdentity.Reference
            )

        suspects
        |> Seq.filter (fun stage -> not (read.Contains stage))
        |> Seq.map (fun stage ->
            match divided.TryGetValue stage with
            | true, whole when started.Contains whole ->
                struct (stage, "its items are dropped", "give it a sink, or read its handle")
            | true, whole ->
                struct (whole, "it never starts", "consume it, execute a pipeline over it, or leave it out")
            | _ -> struct (stage, "it never starts", "consume it, execute a pipeline over it, or leave it out"))
        |> Seq.distinctBy (fun (struct (stage, _, _)) -> stage.Place)
        |> Seq.map (fun (struct (stage, fate, fix)) ->
            diagnostic "RTFS3015" stage.Place startOf $"nothing reads {stage.Title}: {fate}" fix)

/// Whether one stage's items come to another.
let private reaches (next: Dictionary<DraftStage, ResizeArray<DraftStage>>) (from: DraftStage) (target: DraftStage) =
    let seen = HashSet<DraftStage>(HashIdentity.Reference)
    let pending = Stack [ from ]
    let mutable found = false

    while not found && pending.Count > 0 do
        let stage = pending.Pop()

        if obj.ReferenceEquals(stage, target) then
            found <- true
        elif seen.Add stage then
            match next.TryGetValue stage with
            | true, targets -> targets |> Seq.iter pending.Push
            | _ -> ()

    found

let private edges (units: Unit array) =
    let next = Dictionary<DraftStage, ResizeArray<DraftStage>>(HashIdentity.Reference)

    for trace in units |> Seq.collect _.Traces do
        for edge in trace.Draft.Edges.Items do
            match next.TryGetValue edge.From with
            | true, targets -> targets.Add edge.To
            | _ -> next[edge.From] <- ResizeArray [ edge.To ]

    next

let private capabilityOf (stage: DraftStage) : string =
    match stage.Capability with
    | null -> ""
    | id -> id

/// Capabilities that are written from what is read of them, with no buffer between.
let private circles (startOf: Origin -> int) (isBuffered: string -> bool) (units: Unit array) : seq<Diagnostic> =
    let sinks = all _.Sinks units

    if sinks.Count = 0 then
        Seq.empty
    else
        let sources =
            all _.Sources units
            |> Array.ofSeq
            |> Array.distinct
            |> Array.groupBy capabilityOf
            |> dict

        let suspects =
            sinks
            |> Seq.distinct
            |> Array.ofSeq
            |> Array.filter (fun sink ->
                sink.Place.Origin.IsOwn
                && sources.ContainsKey(capabilityOf sink)
                && not (isBuffered (capabilityOf sink)))

        let next = if suspects.Length = 0 then Dictionary() else edges units

        suspects
        |> Seq.filter (fun sink ->
            sources[capabilityOf sink]
            |> Array.exists (fun source -> reaches next source sink))
        |> Seq.map (fun sink ->
            diagnostic
                "RTFS3016"
                sink.Place
                startOf
                $"{sink.Capability} is read and written in a circle, and nothing in it holds items: a full channel waits for itself"
                "give the capability a buffer that is large enough, :config {:buffer-size n}, or break the circle")

/// `readAlone` are the streams that functions read which nobody calls.
let check
    (startOf: Origin -> int)
    (isBuffered: string -> bool)
    (readAlone: seq<DraftStage>)
    (units: Unit array)
    : Diagnostic array =
    Seq.append (unread startOf readAlone units) (circles startOf isBuffered units)
    |> Array.ofSeq
