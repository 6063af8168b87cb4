/// The programs of a top-level form: its own, and those of the literal plans inside it. Each is checked as the program that it is.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

module internal Source =
    /// The programs of the plans that stand in a program itself.
    let private plansIn (annex: Annex) (program: Core) : Core list =
        if annex.HasPrograms then
            let found = ResizeArray<Core>()

            program
            |> Walk.visit (fun core ->
                match annex.ProgramOf core with
                | ValueSome plan -> found.Add plan
                | ValueNone -> ())

            List.ofSeq found
        else
            []

    /// The programs of the literal plans inside a form, however deep, the outer ones first.
    let plans (annex: Annex) (form: Core) : Core list =
        let rec deeper (programs: Core list) : Core list =
            match programs |> List.collect (plansIn annex) with
            | [] -> programs
            | inner -> programs @ deeper inner

        match plansIn annex form with
        | [] -> []
        | outer -> deeper outer

    /// With places relative to the form.
    let diagnostic (code: string) (span: Span) (message: string) (fix: string | null) (related: RelatedPlace array) =
        Diagnostic(code, Codes.severityOf code, span, message, fix, related)
