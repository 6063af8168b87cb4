/// A top-level form on its way through a check, and what the check found in it.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

type internal State =
    | Waiting = 0
    | Followed = 1
    | Done = 2

/// The stages of one form, by what the wiring of the whole text asks of them.
type internal Wiring = {
    /// Those that no part of the form reads, and somebody should.
    Unread: DraftStage array
    /// Those of other forms that this one reads.
    ReadElsewhere: DraftStage array
    Sources: DraftStage array
    Sinks: DraftStage array
    /// The outputs of demultiplexers, each with what it is a part of.
    Divided: (struct (DraftStage * DraftStage)) array
}

module internal Wiring =
    /// What is read by nobody in the text itself: its ends, and what the host may read.
    let private ends = HashSet [ "sink"; "consume"; "resource" ]

    /// A pipeline that is never executed is drawn, and its streams are its own.
    let private readBy (trace: Trace) : seq<DraftStage> = seq {
        yield! (trace.Read.Items :> seq<DraftStage>)

        for edge in trace.Draft.Edges.Items do
            yield edge.From

        for assembly in trace.Assemblies.Items do
            for part in assembly.Parts do
                match part.Shape with
                | Shape.Stream stage -> yield stage
                | _ -> ()
    }

    /// Of a form without streams.
    let nothing = {
        Unread = Array.empty
        ReadElsewhere = Array.empty
        Sources = Array.empty
        Sinks = Array.empty
        Divided = Array.empty
    }

    let private isWithoutStreams (trace: Trace) =
        trace.Draft.Stages.Count = 0
        && trace.Draft.Edges.Count = 0
        && trace.Assemblies.Count = 0
        && trace.Read.Count = 0

    let ofTraces (traces: Trace array) : Wiring =
        if traces |> Array.forall isWithoutStreams then
            nothing
        else
            let stages = HashSet<DraftStage>(HashIdentity.Reference)
            let read = HashSet<DraftStage>(HashIdentity.Reference)

            for trace in traces do
                stages.UnionWith trace.Draft.Stages.Items
                read.UnionWith(readBy trace)

            let capable kind =
                stages
                |> Seq.filter (fun stage -> stage.Kind = kind && not (isNull stage.Capability))
                |> Array.ofSeq

            {
                Unread =
                    stages
                    |> Seq.filter (fun stage ->
                        stage.Place.Origin.IsOwn
                        && not (read.Contains stage || ends.Contains stage.Kind))
                    |> Array.ofSeq
                ReadElsewhere = read |> Seq.filter (stages.Contains >> not) |> Array.ofSeq
                Sources = capable "source"
                Sinks = capable "sink"
                Divided =
                    traces
                    |> Seq.collect _.Draft.Edges.Items
                    |> Seq.filter (fun edge -> edge.To.Kind = "output")
                    |> Seq.map (fun edge -> struct (edge.To, edge.From))
                    |> Array.ofSeq
            }

/// Once done it changes no more: later checks of a changed text take it over where nothing it rests on has changed.
[<Sealed; AllowNullLiteral>]
type internal Unit(form: LoweredForm, facts: Facts, isOwn: bool, isFaulty: bool) =
    let trace = Trace()
    let mutable traces = [| trace |]
    let mutable wiring = Wiring.nothing
    member _.Form = form
    member _.Facts = facts
    /// Whether there is a mistake of another kind in it: nothing is known of what it defines.
    member _.IsFaulty = isFaulty
    member val Origin = Origin(isOwn, form.Annex)
    member val State = State.Waiting with get, set
    /// Which of the parts of the text it belongs to that are followed beside each other.
    member val Part = 0 with get, set
    /// What following it found.
    member _.Trace = trace

    /// What its pipelines and plans are that nothing executes; null where it has none.
    member _.Drawing: Trace | null = if traces.Length > 1 then traces[1] else null

    /// The trace of its drawing, made when it is asked for.
    member _.Draw() : Trace =
        if traces.Length = 1 then
            traces <- [| trace; Trace() |]

        traces[1]

    member _.Traces: Trace array = traces
    /// Once done, the hashes of the names that it defines or reads, and what it shares with others: whether a change may reach it is asked
    /// of every unit after every change.
    member val Mask = System.UInt64.MaxValue with get, set
    member val Shared: obj array = Array.empty with get, set

    member this.Finish() : unit =
        let shared = ResizeArray<obj>()
        let mutable mask = facts.Defined.Mask

        for trace in traces do
            mask <- mask ||| trace.Reads.Mask

            if trace.Basis.Touched.Count > 0 then
                shared.AddRange trace.Basis.Touched.Items

        wiring <- Wiring.ofTraces traces
        this.Mask <- mask
        this.Shared <- if shared.Count = 0 then Array.empty else shared.ToArray()
        this.State <- State.Done

    /// What its definitions mean.
    member val Values: (struct (string * Known)) array = Array.empty with get, set

    /// How its streams are wired, once it is done.
    member _.Wiring: Wiring = wiring

/// What a check leaves for the next one of the same text.
type internal Past = {
    Units: Unit array
    /// What checking a function by itself found.
    Alone: Dictionary<Closure, Trace>
    Types: NamedTypes
    Offers: Dictionary<string, Offer>
    /// Globals whose meaning depended on the order in which forms are followed.
    Unsettled: HashSet<string>
    /// Whether anything but plans that are never run was drawn.
    IsDrawn: bool
}
