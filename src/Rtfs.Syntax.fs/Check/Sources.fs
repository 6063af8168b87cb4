/// The programs of a text: its own, and those of the literal plans inside it. Each is checked as the program that it is.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

/// One program: its forms with where each begins. A plan's program sees its own definitions and no others.
type internal Source = {
    Forms: (struct (Core * int)) array
    InPlan: bool
}

module internal Source =
    /// The program and, after it, those of the plans inside it, however deep.
    let all (annex: Annex) (forms: CoreForm array) : Source array =
        let found = ResizeArray<Source>()
        let pending = Queue<Source>()

        pending.Enqueue {
            Forms = forms |> Array.map (fun form -> struct (form.Core, form.Start))
            InPlan = false
        }

        while pending.Count > 0 do
            let source = pending.Dequeue()
            found.Add source

            for struct (root, start) in source.Forms do
                for struct (core, _) in Walk.nodes root do
                    match annex.PlanPrograms.TryGetValue core with
                    | true, program ->
                        pending.Enqueue {
                            Forms = [| struct (program, start) |]
                            InPlan = true
                        }
                    | _ -> ()

        found.ToArray()

    /// Every node of a program with the names around it and where its top-level form begins.
    let nodes (source: Source) : seq<struct (Core * string list * int)> = seq {
        for struct (root, start) in source.Forms do
            for struct (core, reach) in Walk.nodes root do
                yield struct (core, reach, start)
    }

    let diagnostic
        (code: string)
        (span: Span)
        (start: int)
        (message: string)
        (fix: string | null)
        (related: RelatedPlace array)
        =
        Diagnostic(code, Codes.severityOf code, span.Shift start, message, fix, related)
