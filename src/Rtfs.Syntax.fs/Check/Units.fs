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

/// Once done it changes no more: later checks of a changed text take it over where nothing it rests on has changed.
[<Sealed; AllowNullLiteral>]
type internal Unit(form: LoweredForm, facts: Facts, isOwn: bool, isFaulty: bool) =
    member _.Form = form
    member _.Facts = facts
    /// Whether there is a mistake of another kind in it: nothing is known of what it defines.
    member _.IsFaulty = isFaulty
    member val Origin = Origin(isOwn, form.Annex)
    member val State = State.Waiting with get, set
    /// What following it found.
    member val Trace = Trace.empty ()
    /// What its pipelines and plans are that nothing executes; null where it has none.
    member val Drawing: Trace | null = null with get, set
    /// What its definitions mean.
    member val Values: (struct (string * Known)) array = Array.empty with get, set

    member unit.Traces: seq<Trace> =
        match unit.Drawing with
        | null -> Seq.singleton unit.Trace
        | drawing -> [ unit.Trace; drawing ]

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
