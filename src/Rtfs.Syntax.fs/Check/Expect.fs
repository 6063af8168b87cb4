/// Whether a value fits where it stands, and what is said when it does not: RTFS2001, RTFS2002, RTFS2009.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Expect

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

/// A name that a core node reads, through keys: what a narrower type can be given to.
let rec rootOf (core: Core) : Binding option =
    match core with
    | Core.Local(binding, _) -> Some binding
    | Core.Call(Core.Quote _, [| subject |], _) -> rootOf subject
    | Core.Check(value, _, _, _, _) -> rootOf value
    | _ -> None

let private isNothing types target =
    Atom.ofType types target
    |> List.exists (fun atom -> List.contains Atom.nil atom.Parts)

/// Says where `:any` flows into a place that asks for more, once for each name.
let anyFlows (session: Session) (known: Known) (core: Core voption) (span: Span) (wanted: unit -> string) : unit =
    if session.IsStrict && Known.isAny known && session.Trials = 0 then
        let isNew =
            match known.Shape, core with
            | Shape.Told, _ -> false
            | _, ValueSome core ->
                match rootOf core with
                | Some binding -> session.Told.Add binding
                | None -> true
            | _, ValueNone -> true

        if isNew then
            session.Report(
                "RTFS2009",
                span,
                $"nothing is known of this value (:any), and {wanted ()}",
                "give it a type: annotate the parameter or the binding, as in [x : :int], or give the capability a schema"
            )

/// Arithmetic on what is not known gives a number and does not say which: that is told of in a strict check alone.
let isLoose (session: Session) (mismatch: Mismatch) : bool =
    not session.IsStrict
    && (match mismatch.Found with
        | Type.Primitive Primitive.Number -> Relation.isSubtype session.Types mismatch.Expected mismatch.Found
        | _ -> false)

/// Whether all that is open is whether refinements hold: that is for the run to tell; another member of a union is not.
let isLeftToRun (session: Session) (found: Type) (expected: Type) : bool =
    let bare =
        expected
        |> Substitution.map (fun part ->
            match part with
            | Type.And(subject, refinements) when
                refinements
                |> Array.forall (fun refinement ->
                    match refinement with
                    | Refinement.OfType _ -> false
                    | _ -> true)
                ->
                subject
            | other -> other)

    Relation.fit session.Types found bare = Relation.Fit.Wholly

/// `subject` names the value and the place in a message: `argument 2 of `+``. Gives whether the value may stand there.
let fits (session: Session) (subject: unit -> string) (found: Type) (expected: Type) (span: Span) : bool =
    match Relation.fit session.Types found expected with
    | Relation.Fit.Wholly -> true
    | Relation.Fit.Partly ->
        if not (isLeftToRun session found expected) then
            let mismatch = Mismatch.find session.Types found expected

            if isLoose session mismatch then
                ()
            elif
                isNothing session.Types mismatch.Found
                && not (isNothing session.Types mismatch.Expected)
                && not mismatch.Missing
                && Relation.fit session.Types (Narrow.notType session.Types Atom.nil mismatch.Found) mismatch.Expected =
                    Relation.Fit.Wholly
            then
                let at =
                    match mismatch.Path with
                    | [] -> ""
                    | path -> " at " + System.String.Join(" ", path)

                session.ReportAt(
                    "RTFS2002",
                    span,
                    $"{subject ()} may be nil{at}: expected {Shown.inMessage mismatch.Expected}, found {Mismatch.shownFound mismatch}",
                    "give a default, (or value default), or test it first, (when value …)",
                    [],
                    Mismatch.describe mismatch
                )
            else
                session.ReportAt(
                    "RTFS2002",
                    span,
                    $"{subject ()} may not fit: {Mismatch.describe mismatch}",
                    "test the value first, or make its type narrower",
                    [],
                    Mismatch.describe mismatch
                )

        true
    | _ ->
        let mismatch = Mismatch.find session.Types found expected

        let what = Mismatch.describe mismatch
        session.ReportAt("RTFS2001", span, $"{subject ()} does not fit: {what}", Caught.help mismatch.Found, [], what)

        false

/// The same for a value: a function is followed with the parameters that the type promises it.
let knownFits
    (session: Session)
    (subject: unit -> string)
    (known: Known)
    (core: Core voption)
    (expected: Type)
    (span: Span)
    =
    match expected with
    | Type.Primitive Primitive.Any -> true
    | _ when Known.isAny known ->
        anyFlows session known core span (fun () -> $"{subject ()} must be {Shown.inMessage expected}")
        true
    | _ ->
        match known.Shape, expected with
        | (Shape.Closure _ | Shape.Library _ | Shape.Combined _), Type.Function(parameters, null, result) when
            (match known.Shape with
             | Shape.Closure closure -> isNull closure.Lambda.ReturnType
             | _ -> true)
            ->
            let before = session.Trace.Findings.Count

            let given =
                session.Apply
                    known
                    (parameters |> Seq.map Known.ofType |> List.ofSeq)
                    (parameters |> Seq.map (fun _ -> span) |> List.ofSeq)
                    span

            session.Trace.Findings.Count = before
            && fits session (fun () -> $"the result of {subject ()}") given.Type result span
        | _ -> fits session subject known.Type expected span
