/// What of an earlier check no longer holds: the forms that read what has changed, and those that share a stage or a pipeline with them.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Stale

open System.Collections.Generic
open Rtfs.Syntax.Text

/// What has changed so far: names that mean something else, and things that forms share.
type Changes = {
    Names: NameSet
    Shared: HashSet<obj>
}

let private reaches (changes: Changes) (trace: Trace) =
    trace.Reads.Overlaps changes.Names
    || changes.Shared.Count > 0
       && trace.Touched.Items |> Seq.exists changes.Shared.Contains

/// What a form defined means something else, and what it shared was never there.
let note (changes: Changes) (unit: Unit) : unit =
    changes.Names.AddAll unit.Facts.Defined

    for trace in unit.Traces do
        changes.Shared.UnionWith trace.Touched.Items

/// Takes out of `units` and `alone` whatever the changes reach, directly or through others; `units` are null where they are to be followed
/// anyway. What is left neither reads nor shares anything with what is gone.
let remove (changes: Changes) (units: Unit array) (alone: Dictionary<Closure, Trace>) : unit =
    let mutable again = true

    while again do
        again <- false

        for i in 0 .. units.Length - 1 do
            match units[i] with
            | null -> ()
            | unit ->
                if
                    unit.Facts.Defined.Overlaps changes.Names
                    || unit.Traces |> Seq.exists (reaches changes)
                then
                    note changes unit
                    units[i] <- null
                    again <- true

        for entry in Seq.toArray alone do
            if reaches changes entry.Value then
                changes.Shared.UnionWith entry.Value.Touched.Items
                alone.Remove entry.Key |> ignore
                again <- true

/// Names that are defined more than once, or where it cannot be seen: what they mean depends on what is followed first.
let unsettled (facts: seq<Facts>) : HashSet<string> =
    let seen = HashSet<string>()
    let found = HashSet<string>()

    for form in facts do
        if form.DefinesHidden then
            for struct (name, _) in form.Own.Defines do
                found.Add name |> ignore

        for struct (name, _) in form.Own.Defines do
            if not (seen.Add name) then
                found.Add name |> ignore

    found

/// Capabilities that are offered otherwise than before.
let offers (before: Dictionary<string, Offer>) (now: Dictionary<string, Offer>) : seq<string> =
    let differs (a: Dictionary<string, Offer>) (b: Dictionary<string, Offer>) =
        a
        |> Seq.filter (fun entry ->
            match b.TryGetValue entry.Key with
            | true, other -> not (obj.ReferenceEquals(other, entry.Value) || other = entry.Value)
            | _ -> true)
        |> Seq.map (fun entry -> Offers.nameOf entry.Key)

    Seq.append (differs before now) (differs now before)
