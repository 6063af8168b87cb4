/// Which streams have ended before a form begins, as far as it is known.
namespace Rtfs.Syntax.Check

open System.Collections.Immutable
open Rtfs.Syntax.Plan

/// Streams that have ended, with the form that ended each.
type internal Ended = {
    /// Sources that a form has read to their end.
    Read: ImmutableDictionary<DraftStage, Place>
    /// What a form has closed, cancelled or released, and by which of these; a stream that an id denotes by the name that it is shared by.
    Closed: ImmutableDictionary<obj, struct (Place * string)>
}

[<RequireQualifiedAccess>]
module internal Ended =
    let none: Ended = {
        Read = ImmutableDictionary.Create<DraftStage, Place>(HashIdentity.Reference, null)
        Closed = ImmutableDictionary<obj, struct (Place * string)>.Empty
    }

    /// What one or the other has ended.
    let both (a: Ended) (b: Ended) : Ended = {
        Read = a.Read.SetItems b.Read
        Closed = a.Closed.SetItems b.Closed
    }

    /// What a body that may have failed has ended: it may not have come to what it would have closed.
    let tried (before: Ended) (after: Ended) : Ended = { after with Closed = before.Closed }
