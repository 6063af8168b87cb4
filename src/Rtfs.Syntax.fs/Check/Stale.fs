/// What of an earlier check no longer holds: the forms that read what has changed, and those that share a stage or a pipeline with them.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Stale

open System.Collections.Generic
open Rtfs.Syntax.Text

/// What has changed so far: names that mean something else, and things that forms share.
type Changes = { Names: NameSet; Shared: HashSet<obj> }

let private isShared (changes: Changes) (trace: Trace) =
    let mutable found = false

    if changes.Shared.Count > 0 then
        let touched = trace.Basis.Touched.Items
        let mutable i = 0

        while not found && i < touched.Count do
            found <- changes.Shared.Contains touched[i]
            i <- i + 1

    found

let private reaches (changes: Changes) (trace: Trace) =
    trace.Reads.Overlaps changes.Names || isShared changes trace

/// Whether a unit that is done can be reached at all, which most cannot.
let private mayReach (changes: Changes) (unit: Unit) =
    (unit.Mask &&& changes.Names.Mask) <> 0UL
    || unit.Shared.Length > 0 && changes.Shared.Count > 0

/// What a form defined means something else, and what it shared was never there.
let note (changes: Changes) (unit: Unit) : unit =
    changes.Names.AddAll unit.Facts.Defined
    changes.Shared.UnionWith unit.Shared

/// What is shared between what is kept and what has just been followed.
let conflicts (fresh: HashSet<obj>) (units: Unit array) (alone: Dictionary<Closure, Trace>) : seq<obj> =
    let found = ResizeArray<obj>()

    if fresh.Count > 0 then
        for unit in units do
            match unit with
            | null -> ()
            | unit ->
                for shared in unit.Shared do
                    if fresh.Contains shared then
                        found.Add shared

        for entry in alone do
            if entry.Value.Basis.Touched.Count > 0 then
                for shared in entry.Value.Basis.Touched.Items do
                    if fresh.Contains shared then
                        found.Add shared

    found

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
                    mayReach changes unit
                    && (unit.Facts.Defined.Overlaps changes.Names
                        || reaches changes unit.Traces[0]
                        || unit.Traces.Length > 1 && reaches changes unit.Traces[1])
                then
                    note changes unit
                    units[i] <- null
                    again <- true

        let gone = ResizeArray<KeyValuePair<Closure, Trace>>()

        for entry in alone do
            if reaches changes entry.Value then
                gone.Add entry

        for entry in gone do
            changes.Shared.UnionWith entry.Value.Basis.Touched.Items
            alone.Remove entry.Key |> ignore
            again <- true

/// Names that are defined more than once, or where it cannot be seen: what they mean depends on what is followed first. Without
/// `suspects` any name may be.
let unsettled (suspects: NameSet option) (facts: Facts array) : HashSet<string> =
    let seen = HashSet<string>()
    let found = HashSet<string>()

    let isSuspect (form: Facts) =
        match suspects with
        | Some names -> form.Defined.Overlaps names
        | None -> true

    for form in facts do
        if isSuspect form then
            for struct (name, _) in form.Own.Defines do
                if not (seen.Add name) || form.DefinesHidden then
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
