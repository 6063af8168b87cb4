/// A whole program checked: each top-level form is followed once, and each function by itself where no call says more.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Checker

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Types

/// One form on its way: not looked at, being followed, done.
type private State =
    | Waiting = 0
    | Followed = 1
    | Done = 2

[<Sealed>]
type private Unit(form: CoreForm, isFaulty: bool) =
    let origin = Origin(form.Source, form.Start)
    member _.Core = form.Core
    /// Whether lowering found a mistake in it: nothing is known of what it defines.
    member _.IsFaulty = isFaulty
    member _.Origin = origin
    member val State = State.Waiting with get, set
    member val Trace = Trace.empty ()

/// The names that a form defines at its top, whatever `do` stands around them.
let rec private definitions (core: Core) : (struct (string * Core)) list =
    match core with
    | Core.Define(name, value, _) -> [ struct (name, value) ]
    | Core.Do(body, _) -> body |> Seq.collect definitions |> List.ofSeq
    | _ -> []

/// The definitions of one program, found when they are asked for.
let private scope (session: Session) (start: string -> unit) =
    let values = Dictionary<string, Known>()
    let busy = HashSet<string>()

    let define (name: string) : Known voption =
        match values.TryGetValue name with
        | true, known -> ValueSome known
        | _ ->
            if busy.Add name then
                start name
                busy.Remove name |> ignore

                match values.TryGetValue name with
                | true, known -> ValueSome known
                | _ -> ValueNone
            else
                ValueNone

    let record (name: string) (known: Known) =
        values[name] <-
            match values.TryGetValue name with
            | true, before when not (obj.ReferenceEquals(before, known)) -> Known.either session.Types before known
            | _ -> known

    struct (define, record)

/// A plan's program sees its own definitions and no others.
let private execute (session: Session) (program: Core) (origin: Origin) =
    if session.Trials = 0 && session.Executed.Add program then
        let outer = struct (session.Define, session.Record)
        let known = Dictionary<string, Core>()

        for struct (name, value) in definitions program do
            known[name] <- value

        let early = HashSet<string>()

        let struct (define, record) =
            scope session (fun name ->
                match known.TryGetValue name with
                | true, value when early.Add name ->
                    session.Record name (session.Try(fun () -> session.Infer Known.noLocals value))
                | _ -> ())

        session.Define <-
            fun name ->
                match define name with
                | ValueNone when known.ContainsKey name -> ValueSome Known.any
                | found -> found

        session.Record <- record

        try
            session.In(origin, fun () -> session.Infer Known.noLocals program |> ignore)
        finally
            let struct (define, record) = outer
            session.Define <- define
            session.Record <- record

/// A pipeline that nothing executes, with its last stage as its end.
let private drawAlone (session: Session) (trace: Trace) (assembly: Assembly) =
    match Pipelines.assemble session assembly with
    | ValueSome last -> trace.Read.Add last |> ignore
    | ValueNone -> ()

/// What checking gives: diagnostics in the text itself, and its drawing.
type Checked = {
    Diagnostics: Diagnostic array
    Topology: Topology
}

/// A strict check lets nothing pass that may go wrong.
let private toDiagnostic (source: SourceText) (isStrict: bool) (finding: Finding) : Diagnostic =
    let span = finding.Place.Span.Shift finding.Place.Origin.Start

    let related =
        finding.Related
        |> Seq.filter (fun (struct (place, _)) -> obj.ReferenceEquals(place.Origin.Source, source))
        |> Seq.map (fun (struct (place, message)) -> RelatedPlace(place.Span.Shift place.Origin.Start, message))
        |> Array.ofSeq

    let severity =
        if isStrict then
            Severity.Error
        else
            Codes.severityOf finding.Code

    Diagnostic(finding.Code, severity, span, finding.Message, finding.Fix, related)

/// One diagnostic for one place: the most severe, and of those the first.
let private distinct (found: seq<Diagnostic>) : Diagnostic array =
    found
    |> Seq.groupBy (fun one -> struct (one.Span.Start, one.Span.Length))
    |> Seq.map (fun (_, several) -> several |> Seq.minBy _.Severity)
    |> Seq.sortBy (fun one -> struct (one.Span.Start, one.Span.Length))
    |> Array.ofSeq

/// Capabilities whose registration or opening gives them a buffer of a stated size.
let private buffered (forms: CoreForm array) : HashSet<string> =
    let found = HashSet<string>()

    for form in forms do
        for struct (core, _) in Walk.nodes form.Core do
            match core with
            | Core.Operation(_, arguments, options, _) ->
                let states =
                    options
                    |> Array.exists (fun option ->
                        option.Key = "config"
                        && (match option.Value with
                            | Core.Map(entries, _) ->
                                entries
                                |> Array.exists (fun entry ->
                                    match entry.Key with
                                    | Core.Quote(Rtfs.Syntax.Tree.View.KeywordOf "buffer-size", _) -> true
                                    | _ -> false)
                            | _ -> false))

                if states then
                    let ids =
                        Seq.append
                            (arguments |> Seq.truncate 1)
                            (options
                             |> Seq.filter (fun option -> option.Key = "capability-id")
                             |> Seq.map _.Value)

                    for id in ids do
                        match id with
                        | Core.Quote((Rtfs.Syntax.Tree.View.StringOf text | Rtfs.Syntax.Tree.View.KeywordOf text), _) ->
                            found.Add(Stages.canonical text) |> ignore
                        | _ -> ()
            | _ -> ()

    found

/// `forms` are those of the imported texts and then the text's own; only what stands in `source` is reported. Forms in which lowering
/// found mistakes are not followed. `isSound` is whether the text has no error besides those of types: what nobody reads may be left
/// unread by one.
let check
    (session: Session)
    (forms: CoreForm array)
    (source: SourceText)
    (isFaulty: CoreForm -> bool)
    (isSound: bool)
    : Checked =
    let units = forms |> Array.map (fun form -> Unit(form, isFaulty form))
    let places = Dictionary<string, ResizeArray<Unit>>()

    units
    |> Array.iter (fun unit ->
        for struct (name, _) in definitions unit.Core do
            match places.TryGetValue name with
            | true, known -> known.Add unit
            | _ -> places[name] <- ResizeArray [ unit ])

    session.Root <- source
    Infer.start session
    session.Execute <- execute session

    let follow (unit: Unit) =
        if unit.State = State.Waiting then
            unit.State <- State.Followed

            if unit.IsFaulty then
                for struct (name, _) in definitions unit.Core do
                    session.Record name Known.told
            else
                session.Alone(unit.Origin, unit.Trace, fun () -> session.Infer Known.noLocals unit.Core |> ignore)

            unit.State <- State.Done

    let struct (define, record) =
        scope session (fun name ->
            match places.TryGetValue name with
            | true, known -> known |> Seq.iter follow
            | _ -> ())

    session.Define <-
        fun name ->
            match define name with
            | ValueNone when places.ContainsKey name -> ValueSome Known.any
            | found -> found

    session.Record <- record

    for unit in units do
        follow unit

    let alone = HashSet<Lambda>(HashIdentity.Reference)

    // Functions that no call has been followed into, and those that say more of their arguments than their callers.
    for unit in units do
        let mutable next = 0

        while next < unit.Trace.Made.Count do
            let closure = unit.Trace.Made[next]
            next <- next + 1

            if Closures.isOwnBusiness session closure.Lambda && alone.Add closure.Lambda then
                session.Called.Add closure.Lambda |> ignore

                let trace = {
                    unit.Trace with
                        Draft = Draft.empty ()
                        Assemblies = ResizeArray()
                }

                session.Alone(closure.Origin, trace, fun () -> Closures.checkAlone session closure)

    let traces = units |> Array.map _.Trace

    // Pipelines that are never executed, and plans that are never run, are drawn where nothing else is.
    for unit in units do
        for assembly in unit.Trace.Assemblies.ToArray() do
            if not assembly.Drawn then
                assembly.Drawn <- true
                session.Alone(unit.Origin, unit.Trace, fun () -> drawAlone session unit.Trace assembly)

    let isDrawn = traces |> Array.exists (fun trace -> trace.Draft.Stages.Count > 0)

    for unit in units do
        for struct (program, origin) in unit.Trace.Plans.ToArray() do
            let trace =
                if isDrawn then
                    {
                        unit.Trace with
                            Draft = Draft.empty ()
                            Assemblies = ResizeArray()
                    }
                else
                    unit.Trace

            session.Alone(origin, trace, fun () -> execute session program origin)

            for assembly in trace.Assemblies.ToArray() do
                if not assembly.Drawn then
                    assembly.Drawn <- true
                    session.Alone(origin, trace, fun () -> drawAlone session trace assembly)

    let isMistake (finding: Finding) =
        let isIdle = finding.Code = "RTFS2007" || finding.Code = "RTFS2008"

        obj.ReferenceEquals(finding.Place.Origin.Source, source)
        && not (
            isIdle
            && (session.Telling.Contains finding.Place
                || finding.Within |> List.exists session.Polymorphic.Contains)
        )

    let own =
        traces
        |> Seq.collect _.Findings
        |> Seq.filter isMistake
        |> Seq.distinctBy (fun finding ->
            match finding.Through with
            | ValueSome call -> struct (call, finding.Code, finding.Cause)
            | ValueNone -> struct (finding.Place, finding.Code, finding.Message))
        |> Seq.map (toDiagnostic source session.IsStrict)
        |> Array.ofSeq

    let topology =
        Draft.finish
            (traces
             |> Seq.zip units
             |> Seq.filter (fun (unit, _) -> obj.ReferenceEquals(unit.Origin.Source, source))
             |> Seq.map snd
             |> Seq.map _.Draft)
            source

    {
        Diagnostics =
            distinct (
                Seq.append
                    own
                    (if isSound && own |> Array.forall (fun found -> found.Severity <> Severity.Error) then
                         Flows.check source (buffered forms) traces
                     else
                         Array.empty)
            )
        Topology = topology
    }
