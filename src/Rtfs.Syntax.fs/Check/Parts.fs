/// Forms that have nothing to do with each other can be followed beside each other.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Parts

open System.Collections.Generic
open Rtfs.Syntax.Text

/// Sets of the numbers below `count`: each is named by one of its members (union by path halving, Tarjan and van Leeuwen 1984).
[<Sealed>]
type private Sets(count: int) =
    let parent = Array.init count id

    member _.NameOf(member': int) : int =
        let mutable at = member'

        while parent[at] <> at do
            parent[at] <- parent[parent[at]]
            at <- parent[at]

        at

    /// The smaller name stays, so that a set is named by its first member.
    member sets.Join(a: int, b: int) : unit =
        let a = sets.NameOf a
        let b = sets.NameOf b
        parent[max a b] <- min a b

let private reads (ofName: string -> unit) (ofId: string -> unit) (program: ProgramFacts) : unit =
    for used in program.Uses do
        ofName used.Name

    for used in program.Ids do
        match used.Reading with
        | Capabilities.Reading.Id id -> ofId id
        | _ -> ()

        match used.Registers with
        | null -> ()
        | id -> ofId id

/// What a form shares with whoever names it too: globals, and capabilities by their ids.
let private shared (ofName: string -> unit) (ofId: string -> unit) (facts: Facts) : unit =
    for struct (name, _) in facts.Own.Defines do
        ofName name

    reads ofName ofId facts.Own

    for plan in facts.Plans do
        reads ofName ofId plan

/// Gives every unit the number of its part, and returns how many there are: units of different parts name nothing in common. `most` is how
/// many are wanted; there are fewer where few names hold most of the text together.
let divide (most: int) (isFunction: string -> bool) (units: Unit array) : int =
    let sets = Sets units.Length
    let names = Dictionary<string, int>(units.Length)
    let ids = Dictionary<string, int>()
    let mutable isDivisible = true
    let mutable at = 0

    let note (first: Dictionary<string, int>) (name: string) =
        if not (first.TryAdd(name, at)) then
            sets.Join(first[name], at)

    let ofName, ofId = note names, note ids

    for i in 0 .. units.Length - 1 do
        let facts = units[i].Facts

        // Who reads the name of a function of the library is not noted.
        for struct (name, _) in facts.Own.Defines do
            isDivisible <- isDivisible && not (isFunction name)

        at <- i
        shared ofName ofId facts

    let length (unit: Unit) = unit.Form.Core.Span.Length + 1

    if not isDivisible then
        1
    else
        let lengths = Array.zeroCreate<int> units.Length

        for i in 0 .. units.Length - 1 do
            let set = sets.NameOf i
            lengths[set] <- lengths[set] + length units[i]

        let share = (Array.sum lengths + most - 1) / most
        let parts = Array.zeroCreate<int> units.Length
        let mutable part = 0
        let mutable filled = 0

        for i in 0 .. units.Length - 1 do
            if sets.NameOf i = i then
                if filled >= share then
                    part <- part + 1
                    filled <- 0

                parts[i] <- part
                filled <- filled + lengths[i]

            units[i].Part <- parts[sets.NameOf i]

        part + 1

/// Whether units of several parts have shared something after all, which only following them could show.
let areEntangled (traces: seq<struct (int * Trace)>) : bool =
    let owners = Dictionary<obj, int>()

    traces
    |> Seq.exists (fun struct (part, trace) ->
        let touched = trace.Basis.Touched

        let isForeign (shared: obj) =
            not (owners.TryAdd(shared, part)) && owners[shared] <> part

        touched.Count > 0 && Seq.exists isForeign touched.Items)
