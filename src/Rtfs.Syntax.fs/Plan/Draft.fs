/// A topology while it is being made: stages in the order in which they are opened, and what flows from one to another.
namespace Rtfs.Syntax.Plan

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

/// A stage. Its id is given when the drawing is finished.
[<Sealed>]
type internal DraftStage
    (
        kind: string,
        label: string,
        nameless: bool,
        capability: (string | null),
        place: Place,
        input: Type,
        output: Type,
        key: (Type | null),
        maker: obj
    ) =
    /// The mark of the check that made it, which alone may still change it.
    member _.Maker = maker
    member _.Kind = kind
    member val Label = label with get, set
    /// Whether nothing better than the kind was known to call it by.
    member val Nameless = nameless with get, set
    member _.Capability = capability
    member _.Place = place
    /// What it asks for; `:any` when it does not say.
    member _.Input = input
    /// What it sends on.
    member _.Output = output
    /// What its items are keyed by; null for a stream without keys.
    member _.Key = key

    /// As messages call it: ``transform `to-alert` ``.
    member this.Title =
        if this.Label = this.Kind then
            $"the {kind}"
        else
            $"the {kind} `{this.Label}`"

/// One stage's output as another's input.
[<Struct>]
type internal DraftEdge = {
    From: DraftStage
    To: DraftStage
    Element: Type
    /// Whether only the run can tell if what flows is what the other asks for.
    IsOpen: bool
}

/// What one top-level form opens and joins.
type internal Draft() =
    [<DefaultValue>]
    val mutable Stages: Few<DraftStage>

    [<DefaultValue>]
    val mutable Edges: Few<DraftEdge>

module internal Draft =
    /// What a stage is called: the label given, or the name of its capability, or its kind.
    let label (kind: string) (label: string | null) (capability: string | null) : struct (string * bool) =
        match label with
        | null ->
            match capability with
            | null -> struct (kind, true)
            | id -> struct (CapabilityId.shortName id, false)
        | label -> struct (label, false)

    let connect (draft: Draft) (source: DraftStage) (target: DraftStage) (element: Type) (isOpen: bool) =
        draft.Edges.Add {
            From = source
            To = target
            Element = element
            IsOpen = isOpen
        }

    /// Something about an edge has turned out to be for the run to tell.
    let leaveOpen (draft: Draft) (source: DraftStage) (target: DraftStage) =
        let mutable i = draft.Edges.Count - 1

        while i >= 0 do
            let edge = draft.Edges[i]

            if obj.ReferenceEquals(edge.From, source) && obj.ReferenceEquals(edge.To, target) then
                draft.Edges.Replace(i, { edge with IsOpen = true })
                i <- 0

            i <- i - 1

    /// A name that a program gives to a stage that had none.
    let name (stage: DraftStage) (label: string) =
        if stage.Nameless then
            stage.Label <- label
            stage.Nameless <- false

    /// The drafts of all forms as one drawing. Only what stands in the text itself has a place in it; `startOf` says where a form begins.
    let finish (drafts: seq<Draft>) (startOf: Origin -> int) (source: SourceText) : Topology =
        let ids = Dictionary<DraftStage, string>(HashIdentity.Reference)
        let counts = Dictionary<string, int>()
        let stages = ResizeArray<TopologyStage>()
        let joined = HashSet<struct (string * string)>()
        let opened = HashSet<struct (DraftStage * DraftStage)>()
        let edges = ResizeArray<TopologyEdge>()

        for draft in drafts do
            for stage in draft.Stages.Items do
                if not (ids.ContainsKey stage) then
                    let count =
                        match counts.TryGetValue stage.Kind with
                        | true, count -> count + 1
                        | _ -> 1

                    counts[stage.Kind] <- count
                    let id = $"{stage.Kind}-{count}"
                    ids.Add(stage, id)

                    let span =
                        if stage.Place.Origin.IsOwn then
                            stage.Place.Span.Shift(startOf stage.Place.Origin)
                        else
                            Span.Of(0, 0)

                    stages.Add(TopologyStage(id, stage.Kind, stage.Label, stage.Capability, span))

        for draft in drafts do
            for edge in draft.Edges.Items do
                if edge.IsOpen then
                    opened.Add(struct (edge.From, edge.To)) |> ignore

        for draft in drafts do
            for edge in draft.Edges.Items do
                match ids.TryGetValue edge.From, ids.TryGetValue edge.To with
                | (true, from), (true, target) when from <> target && joined.Add(struct (from, target)) ->
                    edges.Add(
                        TopologyEdge(
                            from,
                            target,
                            Shown.element edge.Element,
                            opened.Contains(struct (edge.From, edge.To))
                        )
                    )
                | _ -> ()

        Topology(stages.ToArray(), edges.ToArray(), source)
