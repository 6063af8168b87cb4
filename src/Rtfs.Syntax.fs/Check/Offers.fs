/// What the host or a registration says of capabilities.
namespace Rtfs.Syntax.Check

open System.Runtime.CompilerServices
open Rtfs.Syntax.Types

/// What the host or a registration says of a capability. `Input` and `Output` are `:any` where it does not say.
type internal Offer = {
    Role: string
    Input: Type
    Output: Type
    /// Whether it is known to have one end; a channel inside the process has both, and a host's capability may.
    HasOneEnd: bool
    /// Whether it is known to be a conversation with a peer, which neither a source nor a sink is opened on.
    IsConversation: bool
}

module internal Offers =
    /// What a trace says that it has read when it has asked for the offer of a capability. No name of a program has a blank in it.
    let nameOf (id: string) = "capability " + id

    let private element (text: string | null) : Type =
        match text with
        | null -> Atom.any
        | text ->
            match Signature.read text with
            | Type.Stream element -> element
            | target -> target

    let private made = ConditionalWeakTable<Rtfs.Syntax.CapabilityEntry, Offer>()

    /// Made once for an entry.
    let ofEntry (entry: Rtfs.Syntax.CapabilityEntry) : Offer =
        made.GetValue(
            entry,
            fun entry -> {
                Role = entry.Kind
                Input = element entry.InputSchema
                Output = element entry.OutputSchema
                HasOneEnd = false
                IsConversation = false
            }
        )
