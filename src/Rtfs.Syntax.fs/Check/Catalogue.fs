/// What the host knows and checking asks for: its functions, its capabilities, the kinds of its providers.
namespace Rtfs.Syntax

open System.Collections.Generic

/// A library function: `Signature` is RTFS type text; it takes from `Least` to `Most` arguments.
[<Sealed>]
type FunctionEntry(name: string, signature: string, documentation: string, least: int, most: int) =
    member _.Name = name
    member _.Signature = signature
    member _.Documentation = documentation
    member _.Least = least
    /// `Int32.MaxValue` for any number.
    member _.Most = most

/// A capability that the host offers. `Kind` is `source`, `sink`, `transform`, `bidirectional`, `duplex` or `function`; the schemas are
/// type text, or null where the host does not say.
[<Sealed>]
type CapabilityEntry(id: string, kind: string, inputSchema: (string | null), outputSchema: (string | null)) =
    new(id, kind) = CapabilityEntry(id, kind, null, null)
    member _.Id = id
    member _.Kind = kind
    member _.InputSchema = inputSchema
    member _.OutputSchema = outputSchema

/// One catalogue, kept by the runtime. `Functions` is one list that does not change, as its signatures are read once for it.
type ICatalogue =
    abstract Functions: IReadOnlyList<FunctionEntry>
    abstract Capabilities: IReadOnlyList<CapabilityEntry>
    abstract ProviderKinds: IReadOnlyList<string>
