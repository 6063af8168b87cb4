/// A topology while it is being made: stages get their ids in the order in which they are opened.
namespace Rtfs.Syntax.Plan

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

type internal DraftStage = {
    Id: string
    Kind: string
    mutable Label: string
    /// Whether nothing better than the kind was known to call it by.
    mutable Nameless: bool
    Capability: string | null
    Span: Span
    /// What it sends on.
    Output: string
    /// What it asks for; `:any` when it does not say.
    Input: string
}

type internal Draft = {
    Stages: ResizeArray<DraftStage>
    Edges: ResizeArray<TopologyEdge>
    Joined: HashSet<struct (string * string)>
    Counts: Dictionary<string, int>
    /// Sinks, and streams that a bare id or resource reference denotes: one of each in a run.
    Shared: Dictionary<string, DraftStage>
}

module internal Draft =
    let any = ":any"

    let empty () = {
        Stages = ResizeArray()
        Edges = ResizeArray()
        Joined = HashSet()
        Counts = Dictionary()
        Shared = Dictionary()
    }

    let add (draft: Draft) kind (label: string | null) (capability: string | null) span input output : DraftStage =
        let count =
            match draft.Counts.TryGetValue kind with
            | true, count -> count + 1
            | _ -> 1

        draft.Counts[kind] <- count

        let struct (shown, nameless) =
            match label with
            | null ->
                match capability with
                | null -> struct (kind, true)
                | id -> struct (CapabilityId.shortName id, false)
            | label -> struct (label, false)

        let stage = {
            Id = $"{kind}-{count}"
            Kind = kind
            Label = shown
            Nameless = nameless
            Capability = capability
            Span = span
            Output = output
            Input = input
        }

        draft.Stages.Add stage
        stage

    let shared (draft: Draft) (key: string) (make: unit -> DraftStage) : DraftStage =
        match draft.Shared.TryGetValue key with
        | true, stage -> stage
        | _ ->
            let stage = make ()
            draft.Shared[key] <- stage
            stage

    /// The producer's type where it is known, else what the consumer asks for.
    let connect (draft: Draft) (source: DraftStage) (target: DraftStage) =
        let element = if source.Output <> any then source.Output else target.Input

        if source.Id <> target.Id && draft.Joined.Add(struct (source.Id, target.Id)) then
            draft.Edges.Add(TopologyEdge(source.Id, target.Id, element))

    /// A name that a program gives to a stage that had none.
    let name (stage: DraftStage) (label: string) =
        if stage.Nameless then
            stage.Label <- label
            stage.Nameless <- false

    let finish (draft: Draft) (source: SourceText) : Topology =
        let stages =
            draft.Stages
            |> Seq.map (fun stage -> TopologyStage(stage.Id, stage.Kind, stage.Label, stage.Capability, stage.Span))
            |> Array.ofSeq

        Topology(stages, draft.Edges.ToArray(), source)
