/// Names that `let` and its like bind for nothing (RTFS1004), and names that hide others (RTFS1005).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Unused

open System
open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// A place in core with the bindings in reach there, the innermost first.
[<Struct>]
type private Visit = {
    Core: Core
    Reach: (struct (string * Binding)) list
}

let rec private bindings (pattern: Pattern) : Binding list =
    let optional (binding: Binding | null) =
        match binding with
        | null -> []
        | present -> [ present ]

    match pattern with
    | Pattern.Ignore _ -> []
    | Pattern.Name binding -> [ binding ]
    | Pattern.Vector(items, rest, whole, _) ->
        (items |> Seq.collect bindings |> List.ofSeq) @ optional rest @ optional whole
    | Pattern.Map(entries, rest, whole, _) ->
        (entries |> Seq.collect (fun entry -> bindings entry.Value) |> List.ofSeq)
        @ optional rest
        @ optional whole

/// Those that could be left out: an item of a vector pattern stands for its place.
let rec private spare (pattern: Pattern) : Binding list =
    match pattern with
    | Pattern.Ignore _
    | Pattern.Vector _ -> []
    | Pattern.Name binding -> [ binding ]
    | Pattern.Map(entries, _, _, _) -> entries |> Seq.collect (fun entry -> spare entry.Value) |> List.ofSeq

let private within (reach: (struct (string * Binding)) list) (added: Binding list) =
    added
    |> List.fold (fun reach binding -> struct (binding.Name, binding) :: reach) reach

let private mentions (name: string) (core: Core) =
    core
    |> Walk.exists (fun part ->
        match part with
        | Core.Local(binding, _) -> binding.Name = name
        | Core.Global(used, _) -> used = name
        | _ -> false)

/// Whether the name stands in the text where it is bound: what sugar and macros bind is nobody's to mend.
let private isWritten (text: string) (span: Span) (name: string) =
    span.Start >= 0
    && span.Start + name.Length <= text.Length
    && String.CompareOrdinal(text, span.Start, name, 0, name.Length) = 0

/// What is to be said of a binding. `Hides` is the definition that has to be there for it, or null.
type Found = {
    Diagnostic: Diagnostic
    Hides: string | null
}

let private hiding (binding: Binding) (what: string) (related: RelatedPlace array) =
    Source.diagnostic
        "RTFS1005"
        binding.Span
        $"`{binding.Name}` hides {what}"
        "give one of the two another name"
        related

/// Of one program of a form; `start` is where the form begins in its text now, which only tells what is written there.
let check (text: SourceText) (start: int) (program: Core) : Found array =
    let found = ResizeArray<Found>()
    let bound = ResizeArray<Binding>()
    let used = HashSet<Binding>(HashIdentity.Reference)
    let pending = Stack<Visit>()
    pending.Push { Core = program; Reach = [] }

    let written (binding: Binding) =
        isWritten text.Text (binding.Span.Shift start) binding.Name

    let hidden (reach: (struct (string * Binding)) list) (binding: Binding) (value: Core) =
        let outer =
            reach
            |> List.tryPick (fun (struct (name, outer)) -> if name = binding.Name then Some outer else None)

        if
            written binding
            && not (binding.Name.StartsWith '_')
            && not (mentions binding.Name value)
        then
            match outer with
            | Some outer when written outer && not (obj.ReferenceEquals(outer, binding)) ->
                found.Add {
                    Diagnostic =
                        hiding binding "a name of the same name around it" [|
                            RelatedPlace(outer.Span, "this one is hidden")
                        |]
                    Hides = null
                }
            | Some _ -> ()
            | None ->
                found.Add {
                    Diagnostic = hiding binding "the definition of the same name" Array.empty
                    Hides = binding.Name
                }

    let later core reach =
        pending.Push { Core = core; Reach = reach }

    let sequence outer (pairs: KeyValuePair<Pattern, Core> array) (body: Core) (isFlagged: bool) =
        let mutable reach = outer

        for pair in pairs do
            let names = bindings pair.Key
            later pair.Value (within reach names)

            for name in names do
                hidden reach name pair.Value

            if isFlagged then
                bound.AddRange(spare pair.Key)

            reach <- within reach names

        later body reach

    while pending.Count > 0 do
        let visit = pending.Pop()

        match visit.Core with
        | Core.Quote _
        | Core.Global _ -> ()
        | Core.Local(binding, _) -> used.Add binding |> ignore
        | Core.Let(pairs, body, _) -> sequence visit.Reach pairs body true
        | Core.For(pairs, body, _) -> sequence visit.Reach pairs body false
        | Core.Loop(pairs, body, _) -> sequence visit.Reach pairs body false
        | Core.Function(lambda, _)
        | Core.Consumer(lambda, _) ->
            let names = lambda.Parameters |> Seq.collect bindings |> List.ofSeq

            later
                lambda.Body
                (within
                    visit.Reach
                    (match lambda.Rest with
                     | null -> names
                     | rest -> rest :: names))
        | other ->
            let reach = visit.Reach
            other |> Walk.backwards (fun part -> later part reach)

    for binding in bound do
        if
            not (used.Contains binding)
            && written binding
            && not (binding.Name.StartsWith '_')
        then
            found.Add {
                Diagnostic =
                    Source.diagnostic
                        "RTFS1004"
                        binding.Span
                        $"`{binding.Name}` is bound and never used"
                        $"leave it out, or write _{binding.Name}"
                        Array.empty
                Hides = null
            }

    if found.Count = 0 then Array.empty else found.ToArray()
