/// The wiring of a whole text: streams that nobody reads (RTFS3015), and circles without a buffer (RTFS3016).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Flows

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

let private diagnostic code span message fix =
    Diagnostic(code, Codes.severityOf code, span, message, fix, Array.empty)

/// What is read by nobody in the text itself: its ends, and what the host may read.
let private ends = HashSet [ "sink"; "consume"; "resource" ]

/// Streams that are opened and go nowhere.
let private unread (source: SourceText) (traces: Trace array) : seq<Diagnostic> =
    let read = HashSet<DraftStage>(HashIdentity.Reference)

    for trace in traces do
        read.UnionWith trace.Read

        for edge in trace.Draft.Edges do
            read.Add edge.From |> ignore

        // A pipeline that is never executed is drawn, and its streams are its own.
        for assembly in trace.Assemblies do
            for part in assembly.Parts do
                match part.Shape with
                | Shape.Stream stage -> read.Add stage |> ignore
                | _ -> ()

    let stages =
        traces
        |> Seq.collect (fun trace -> trace.Draft.Stages)
        |> Seq.distinct
        |> Array.ofSeq

    // A demultiplexer is read when one of its outputs is.
    let outputs = Dictionary<DraftStage, DraftStage>(HashIdentity.Reference)

    for trace in traces do
        for edge in trace.Draft.Edges do
            if edge.To.Kind = "output" then
                outputs[edge.To] <- edge.From

    let started =
        HashSet(
            outputs.Keys
            |> Seq.filter read.Contains
            |> Seq.map (fun output -> outputs[output]),
            HashIdentity.Reference
        )

    let fate (stage: DraftStage) =
        match stage.Kind with
        | "output" when
            read.Contains stage
            || not (outputs.ContainsKey stage && started.Contains outputs[stage])
            ->
            ValueNone
        | "output" -> ValueSome struct ("its items go nowhere", "give it a sink, or read its handle")
        | kind when ends.Contains kind -> ValueNone
        | kind when
            (if kind = "demultiplex" then
                 started.Contains stage
             else
                 read.Contains stage)
            ->
            ValueNone
        | _ -> ValueSome struct ("it never starts", "consume it, execute a pipeline over it, or leave it out")

    stages
    |> Seq.filter (fun stage -> obj.ReferenceEquals(stage.Source, source))
    |> Seq.choose (fun stage ->
        match fate stage with
        | ValueSome(struct (fate, fix)) ->
            Some(diagnostic "RTFS3015" stage.Span $"nothing reads {stage.Title}: {fate}" fix)
        | ValueNone -> None)

/// Capabilities that are written from what is read of them, with no buffer between.
let private circles (source: SourceText) (buffered: HashSet<string>) (traces: Trace array) : seq<Diagnostic> =
    let next = Dictionary<DraftStage, ResizeArray<DraftStage>>(HashIdentity.Reference)

    let add from target =
        match next.TryGetValue from with
        | true, targets -> targets.Add target
        | _ -> next[from] <- ResizeArray [ target ]

    for trace in traces do
        for edge in trace.Draft.Edges do
            add edge.From edge.To

    let stages =
        traces
        |> Seq.collect (fun trace -> trace.Draft.Stages)
        |> Seq.distinct
        |> Array.ofSeq

    let reaches (from: DraftStage) (target: DraftStage) =
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

    stages
    |> Seq.filter (fun sink ->
        sink.Kind = "sink"
        && obj.ReferenceEquals(sink.Source, source)
        && (match sink.Capability with
            | null -> false
            | id ->
                not (buffered.Contains id)
                && stages
                   |> Array.exists (fun stage -> stage.Kind = "source" && stage.Capability = id && reaches stage sink)))
    |> Seq.map (fun sink ->
        diagnostic
            "RTFS3016"
            sink.Span
            $"{sink.Capability} is read and written in a circle, and nothing in it holds items: a full channel waits for itself"
            "give the capability a buffer that is large enough, :config {:buffer-size n}, or break the circle")

let check (source: SourceText) (buffered: HashSet<string>) (traces: Trace array) : Diagnostic array =
    Seq.append (unread source traces) (circles source buffered traces)
    |> Array.ofSeq
