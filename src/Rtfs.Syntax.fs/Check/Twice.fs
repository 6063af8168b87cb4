/// What a plan may do once and does twice: a handle's name that is defined again (RTFS3018), and a file that two sinks write (RTFS3019).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Twice

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

let private diagnostic code (span: Span) message fix (related: Span) (what: string) =
    Diagnostic(code, Codes.severityOf code, span, message, fix, [| RelatedPlace(related, what) |])

/// One program's definitions in the order of the text, with where their forms begin.
let private redefined (handles: HashSet<Core>) (definitions: seq<struct (string * Core * int)>) : seq<Diagnostic> = seq {
    let first = Dictionary<string, Span>()

    for struct (name, definition, start) in definitions do
        let span = definition.Span.Shift start

        match first.TryGetValue name with
        | true, place ->
            diagnostic
                "RTFS3018"
                span
                $"`{name}` is a stream's handle already, and cannot be defined again"
                $"give this one another name, or bind it by (let [{name} …] …) where it is used"
                place
                "it is defined here"
        | _ when handles.Contains definition -> first[name] <- span
        | _ -> ()
}

let private handles (startOf: Unit -> int) (units: Unit array) : seq<Diagnostic> =
    let found = HashSet<Core>(HashIdentity.Reference)

    for unit in units do
        for trace in unit.Traces do
            if trace.Handles.Count > 0 then
                found.UnionWith trace.Handles.Items

    if found.Count = 0 then
        Seq.empty
    else
        let own = seq {
            for unit in units do
                for struct (name, definition) in Facts.definitionsIn unit.Form.Core do
                    struct (name, definition, startOf unit)
        }

        let inPlans = seq {
            for unit in units do
                for plan in unit.Facts.Plans do
                    redefined
                        found
                        (Facts.definitionsIn plan.Core
                         |> Seq.map (fun struct (name, definition) -> struct (name, definition, startOf unit)))
        }

        Seq.append (redefined found own) (Seq.concat inPlans)

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
let private written (opened: Lazy<HashSet<string>>) (files: (struct (WrittenFile * int)) array) : seq<Diagnostic> =
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
                    let struct (first, firstStart) = several[0]
                    let struct (second, start) = several[i]

                    if not (first.Appends && second.Appends) then
                        diagnostic
                            "RTFS3019"
                            (second.Span.Shift start)
                            $"{second.Capability} and {first.Capability} write the same file, {second.Shown}: the one that is opened last replaces what the other has written"
                            "give each a file of its own, open one sink from both places, or register both with :append true"
                            (first.Span.Shift firstStart)
                            $"{first.Capability} is registered here"
        })

let private files (startOf: Unit -> int) (units: Unit array) : seq<Diagnostic> =
    let within (unit: Unit) (program: ProgramFacts) =
        program.Files |> Array.map (fun file -> struct (file, startOf unit))

    let own = units |> Array.collect (fun unit -> within unit unit.Facts.Own)
    let opened = lazy (units |> Seq.map _.Trace |> sinksOf)

    // What a form's plans open is known for all of them together.
    let inPlans =
        units
        |> Seq.filter (fun unit -> unit.Facts.Plans.Length = 1)
        |> Seq.collect (fun unit -> written (lazy (sinksOf unit.Traces)) (within unit unit.Facts.Plans[0]))

    Seq.append (written opened own) inPlans

let check (startOf: Unit -> int) (units: Unit array) : Diagnostic array =
    Seq.append (handles startOf units) (files startOf units) |> Array.ofSeq
