/// Places in forms that move: a span, and the top-level form that it counts in. Where a form begins is for a reader of the text to say.
namespace Rtfs.Syntax.Plan

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// A top-level form as what relative spans count from. `IsOwn` is whether it stands in the text that is checked, and not in an imported one.
[<Sealed>]
type internal Origin(isOwn: bool, annex: Annex) =
    member _.IsOwn = isOwn
    member _.Annex = annex

/// A span and the form that it counts in.
[<Struct; CustomEquality; NoComparison>]
type internal Place = {
    Origin: Origin
    Span: Span
} with

    override place.Equals(other: obj) =
        match other with
        | :? Place as other -> (place :> System.IEquatable<Place>).Equals other
        | _ -> false

    override place.GetHashCode() =
        System.HashCode.Combine(place.Origin, place.Span.Start, place.Span.Length)

    interface System.IEquatable<Place> with
        member place.Equals(other: Place) =
            obj.ReferenceEquals(place.Origin, other.Origin)
            && place.Span.Start = other.Span.Start
            && place.Span.Length = other.Span.Length
