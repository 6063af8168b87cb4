/// The graph of a plan: which stages there are and what flows between them.
namespace Rtfs.Syntax.Plan

open System.Collections.Generic
open Rtfs.Syntax.Text

/// `Kind` is the operator's name without `stream-` (`source`, `sink`, `transform`, `map`, `filter`, `multiplex`, `key-by`,
/// `window`, `aggregate`, `consume`, …). `Capability` is the id that it opens, or null. `Label` is what a person would call it.
[<Sealed>]
type TopologyStage(id: string, kind: string, label: string, capability: (string | null), span: Span) =
    member _.Id = id
    member _.Kind = kind
    member _.Label = label
    member _.Capability = capability
    member _.Span = span

/// `ElementType` is type text; `:any` where nothing is known. `IsCheckedAtRunTime` is whether a check cannot tell if what flows is what `To`
/// asks for, as with `[:> 0]` of a value that is only known to be a number: each item is checked when it comes.
[<Sealed>]
type TopologyEdge(source: string, target: string, elementType: string, isCheckedAtRunTime: bool) =
    new(source: string, target: string, elementType: string) = TopologyEdge(source, target, elementType, false)
    member _.From = source
    member _.To = target
    member _.ElementType = elementType
    member _.IsCheckedAtRunTime = isCheckedAtRunTime

/// `Source` is the text that the stages' spans are in; null for a topology that no text gave.
[<Sealed>]
type Topology(stages: IReadOnlyList<TopologyStage>, edges: IReadOnlyList<TopologyEdge>, source: (SourceText | null)) =
    new(stages: IReadOnlyList<TopologyStage>, edges: IReadOnlyList<TopologyEdge>) = Topology(stages, edges, null)
    member _.Stages = stages
    member _.Edges = edges
    member _.Source = source
