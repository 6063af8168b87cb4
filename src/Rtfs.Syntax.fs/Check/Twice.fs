/// What a plan may do once and does twice: a handle's name that is defined again (RTFS3018), and a file that two sinks write (RTFS3019).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Twice

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// Where something of a unit stands. What stands in a module is told where the text imports it.
type Place = {
    Span: Span
    /// The module's file and the place in it, or null in the text itself.
    Inside: string | null
}

/// From a unit and a place relative to its form.
type Placing = Unit -> Span -> Place

let private diagnostic (code: string) (place: Place) (message: string) fix (related: Place) (what: string) =
    match place.Inside with
    | null ->
        let related =
            match related.Inside with
            | null -> [| RelatedPlace(related.Span, what) |]
            | inside -> [| RelatedPlace(related.Span, $"{what}, at {inside}") |]

        Diagnostic(code, Codes.severityOf code, place.Span, message, fix, related)
    | inside ->
        let message = $"an imported module has an error at {inside}: {message}"
        Diagnostic("RTFS1006", Codes.severityOf "RTFS1006", place.Span, message, fix, Array.empty)

/// One program's definitions in the order of the text, with where their forms begin.
let private redefined (handles: HashSet<Core>) (definitions: seq<struct (string * Core * Place)>) : seq<Diagnostic> =
    seq {
        let first = Dictionary<string, Place>()

        for struct (name, definition, place) in definitions do
            match first.TryGetValue name with
            | true, before ->
                diagnostic
                    "RTFS3018"
                    place
                    $"`{name}` is a stream's handle already, and cannot be defined again"
                    $"give this one another name, or bind it by (let [{name} …] …) where it is used"
                    before
                    "it is defined here"
            | _ when handles.Contains definition -> first[name] <- place
            | _ -> ()
    }

let private handles (placing: Placing) (units: Unit array) : seq<Diagnostic> =
    let found = HashSet<Core>(HashIdentity.Reference)

    for unit in units do
        for trace in unit.Traces do
            if trace.Handles.Count > 0 then
                found.UnionWith trace.Handles.Items

    if found.Count = 0 then
        Seq.empty
    else
        let definitions (unit: Unit) (program: Core) =
            Facts.definitionsIn program
            |> Seq.map (fun struct (name, definition) -> struct (name, definition, placing unit definition.Span))

        let own = units |> Seq.collect (fun unit -> definitions unit unit.Form.Core)

        let inPlans =
            units
            |> Seq.collect (fun unit ->
                unit.Facts.Plans
                |> Seq.collect (fun plan -> redefined found (definitions unit plan.Core)))

        Seq.append (redefined found own) inPlans

let private sinksOf (traces: seq<Trace>) : HashSet<string> =
    let found = HashSet<string>()

    for trace in traces do
        for stage in trace.Draft.Stages.Items do
            match stage.Capability with
            | null -> ()
            | id when stage.Kind = "sink" -> found.Add id |> ignore
            | _ -> ()

    found

/// The sinks of one program that are opened in it.
let private written (opened: Lazy<HashSet<string>>) (files: (struct (WrittenFile * Place)) array) : seq<Diagnostic> =
    if files.Length < 2 then
        Seq.empty
    else
        files
        |> Seq.groupBy (fun struct (file, _) -> file.Path)
        |> Seq.collect (fun (_, several) -> seq {
            let several =
                several
                |> Seq.distinctBy (fun struct (file, _) -> file.Capability)
                |> Array.ofSeq

            if several.Length > 1 then
                let several =
                    several
                    |> Array.filter (fun struct (file, _) -> opened.Value.Contains file.Capability)

                for i in 1 .. several.Length - 1 do
                    let struct (first, before) = several[0]
                    let struct (second, place) = several[i]

                    if not (first.Appends && second.Appends) then
                        diagnostic
                            "RTFS3019"
                            place
                            $"{second.Capability} and {first.Capability} write the same file, {second.Shown}: the one that is opened last replaces what the other has written"
                            "give each a file of its own, open one sink from both places, or register both with :append true"
                            before
                            $"{first.Capability} is registered here"
        })

let private files (placing: Placing) (units: Unit array) : seq<Diagnostic> =
    let within (unit: Unit) (program: ProgramFacts) =
        program.Files |> Array.map (fun file -> struct (file, placing unit file.Span))

    let own =
        units
        |> Array.filter (fun unit -> unit.Facts.Own.Files.Length > 0)
        |> Array.collect (fun unit -> within unit unit.Facts.Own)

    let opened = lazy (units |> Seq.map _.Trace |> sinksOf)

    // What a form's plans open is known for all of them together.
    let inPlans =
        units
        |> Seq.filter (fun unit -> unit.Facts.Plans.Length = 1)
        |> Seq.collect (fun unit -> written (lazy (sinksOf unit.Traces)) (within unit unit.Facts.Plans[0]))

    Seq.append (written opened own) inPlans

let check (placing: Placing) (units: Unit array) : Diagnostic array =
    Seq.append (handles placing units) (files placing units) |> Array.ofSeq
