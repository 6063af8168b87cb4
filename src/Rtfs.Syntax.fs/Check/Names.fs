/// Names that nothing binds: RTFS1001.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Names

open System.Collections.Concurrent
open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// A name that no lexical form binds and no library defines, where a program reads it.
[<Struct>]
type Use = { Name: string; Span: Span }

/// What a program says of names: those that it defines at whatever depth, and those that somebody else has to.
type Found = {
    Defined: string array
    Used: Use array
}

let private operations = Operations.all |> List.map _.Name

/// What a template is filled by begins with a blank: lowering has named it, no text.
let private isWritten (name: string) = not (name.StartsWith ' ')

let isForeign (functions: HashSet<string>) (name: string) =
    isWritten name
    && not (functions.Contains name)
    && (Operations.tryFind name).IsNone

let private describe inPlan elsewhere (name: string) (near: string | null) : struct (string * (string | null)) =
    if inPlan && elsewhere then
        struct ($"`{name}` is defined outside of this plan, and a plan's program sees its own definitions alone",
                $"define it inside the :program, or insert its value with ~{name}")
    else
        match near with
        | null ->
            struct ($"nothing is named `{name}`", $"define it: (def {name} value) or (defn {name} [parameters] body)")
        | near -> struct ($"nothing is named `{name}`; did you mean `{near}`?", $"write {near}")

/// The names in reach where a name is used.
let private reachOf (name: string) (program: Core) =
    program
    |> Walk.namesAround (fun core ->
        match core with
        | Core.Global(used, _) -> used = name
        | _ -> false)

/// Sets of names with the nearest of them to misspelled ones: a mistake stands for a while, and is told of after every change.
let private nearest =
    ConditionalWeakTable<HashSet<string>, ConcurrentDictionary<struct (HashSet<string> * string), string | null>>()

/// The nearest of what a program may read, but for its lexical names.
let private nearestOf (functions: HashSet<string>) (own: HashSet<string>) (name: string) : string | null =
    let find (name: string) : string | null =
        Seq.concat [
            own |> Seq.filter (fun name -> not (name.Contains ' '))
            functions
            operations
            SpecialForms.names
            Sugar.names
        ]
        |> Nearest.find name

    nearest.GetValue(own, (fun _ -> ConcurrentDictionary())).GetOrAdd(struct (functions, name), (fun _ -> find name))

/// One diagnostic for a name and a program, at its first use; the others are its related places. `own` are the names that the program
/// may read, `outer` those that the whole text defines, broken forms included; `first` is where the name is first read.
let misspelled
    (functions: HashSet<string>)
    (own: HashSet<string>)
    (outer: HashSet<string>)
    (inPlan: bool)
    (first: Core)
    (name: string)
    (places: Span list)
    : Diagnostic =
    let near =
        Seq.append (reachOf name first) (nearestOf functions own name |> Option.ofObj |> Option.toList)
        |> Nearest.find name

    let struct (message, fix) = describe inPlan (outer.Contains name) name near

    let related =
        places.Tail
        |> Seq.map (fun place -> RelatedPlace(place, "used here too"))
        |> Array.ofSeq

    Source.diagnostic "RTFS1001" places.Head message fix related
