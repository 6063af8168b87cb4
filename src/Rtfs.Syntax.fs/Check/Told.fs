/// What a check tells of what it has found: diagnostics with the places where their forms stand now, and the drawing.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Told

open System
open System.Collections.Generic
open System.Linq
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

let inOrder (found: seq<Diagnostic>) : Diagnostic array =
    let all = Array.ofSeq found

    if all.Length < 2 then
        all
    else
        // Stable: of those at one place the first stays first.
        all.OrderBy(fun one -> (int64 one.Span.Start <<< 32) + int64 one.Span.Length).ToArray()

/// One diagnostic for one place: the most severe, and of those the first. In a strict check, where all are errors, what is one in any
/// check says more, and that nothing is known of a value says least.
let distinct (found: Diagnostic array) : Diagnostic array =
    if found.Length < 2 then
        found
    else
        found
        |> Seq.groupBy (fun one -> struct (one.Span.Start, one.Span.Length))
        |> Seq.map (fun (_, several) ->
            several
            |> Seq.minBy (fun one -> struct (one.Severity, Codes.severityOf one.Code, one.Code = "RTFS2009")))
        |> inOrder

/// A strict check lets nothing pass that may go wrong.
let private toDiagnostic (startOf: Origin -> int) (isStrict: bool) (finding: Finding) : Diagnostic =
    let absolute (place: Place) = place.Span.Shift(startOf place.Origin)

    let related =
        finding.Related
        |> Seq.filter (fun (struct (place, _)) -> place.Origin.IsOwn)
        |> Seq.map (fun (struct (place, message)) -> RelatedPlace(absolute place, message))
        |> Array.ofSeq

    let severity =
        if isStrict then
            Severity.Error
        else
            Codes.severityOf finding.Code

    Diagnostic(finding.Code, severity, absolute finding.Place, finding.Message, finding.Fix, related)

/// What a test that tells nothing is told of, unless it does tell something in another call.
let private isIdle (finding: Finding) =
    finding.Code = "RTFS2007" || finding.Code = "RTFS2008"

/// The findings in the text itself, each once.
let findings (startOf: Origin -> int) (isStrict: bool) (traces: Trace array) : Diagnostic array =
    let found = ResizeArray<Finding>()
    let idle = HashSet<Place>()

    for trace in traces do
        for finding in trace.Findings.Items do
            if finding.Place.Origin.IsOwn then
                found.Add finding

                if isIdle finding then
                    idle.Add finding.Place |> ignore

    if found.Count = 0 then
        Array.empty
    else
        let telling = HashSet<Place>()
        let polymorphic = HashSet<Lambda>(HashIdentity.Reference)

        if idle.Count > 0 then
            for trace in traces do
                if trace.Telling.Count > 0 then
                    for place in trace.Telling.Items do
                        if idle.Contains place then
                            telling.Add place |> ignore

                if trace.Basis.Polymorphic.Count > 0 then
                    polymorphic.UnionWith trace.Basis.Polymorphic.Items

        let isMistake (finding: Finding) =
            not (isIdle finding)
            || not (
                telling.Contains finding.Place
                || finding.Within |> List.exists polymorphic.Contains
            )

        found
        |> Seq.filter isMistake
        |> Seq.distinctBy (fun finding ->
            match finding.Through with
            | ValueSome call -> struct (call, finding.Code, finding.Cause)
            | ValueNone -> struct (finding.Place, finding.Code, finding.Message))
        |> Seq.map (toDiagnostic startOf isStrict)
        |> Array.ofSeq

/// How the streams of the whole text are wired.
let flows (startOf: Origin -> int) (followed: Checker.Followed) : Diagnostic array =
    let buffered =
        lazy (HashSet<string>(followed.Units |> Seq.collect _.Facts.Buffered, StringComparer.Ordinal))

    let readAlone =
        followed.Alone |> Seq.collect (fun struct (_, _, trace) -> trace.Read.Items)

    Flows.check startOf (fun id -> buffered.Value.Contains id) readAlone followed.Units

let topology (startOf: Origin -> int) (units: Unit array) (source: SourceText) : Topology =
    Draft.finish
        (units
         |> Seq.filter _.Origin.IsOwn
         |> Seq.collect _.Traces
         |> Seq.map _.Draft
         |> Array.ofSeq)
        startOf
        source
