/// Names that nothing binds: RTFS1001.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Names

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// A name that no lexical form binds and no library defines, where a program reads it.
[<Struct>]
type Use = { Name: string; Span: Span }

/// What a program says of names: those that it defines at whatever depth, and those that somebody else has to.
type Found = { Defined: string array; Used: Use array }

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
    let candidates =
        Seq.concat [
            Seq.ofList (reachOf name first)
            own |> Seq.filter (fun name -> not (name.Contains ' '))
            functions
            operations
            SpecialForms.names
            Sugar.names
        ]

    let struct (message, fix) =
        describe inPlan (outer.Contains name) name (Nearest.find name candidates)

    let related =
        places.Tail
        |> Seq.map (fun place -> RelatedPlace(place, "used here too"))
        |> Array.ofSeq

    Source.diagnostic "RTFS1001" places.Head message fix related
