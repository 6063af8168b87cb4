/// A whole program checked: each top-level form is followed once, and each function by itself where no call says more.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Checker

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

/// Whether a function is followed by itself: no call has been followed into it, or it says more of its arguments than its callers.
let private isAlone (isCalled: bool) (lambda: Lambda) =
    not isCalled || Closures.isOwnBusiness lambda

/// Functions of a plan that nothing in it calls, as long as its definitions are in reach; `first` is where those begin that it made.
let private checkAloneInPlan (session: Session) (first: int) =
    let trace = session.Trace
    let finished = HashSet<Lambda>(HashIdentity.Reference)
    let mutable i = first

    while i < trace.Made.Count do
        let closure = trace.Made[i]
        let lambda = closure.Lambda

        if isAlone (trace.Basis.Called.Contains lambda) lambda && finished.Add lambda then
            session.Alone(closure.Origin, trace, (fun () -> Closures.checkAlone session closure))
            trace.Basis.Called.Add lambda

        i <- i + 1

/// A plan's program sees its own definitions and no others.
let private execute (session: Session) (program: Core) (origin: Origin) =
    if session.Trials = 0 then
        session.Touch program

    if session.Trials = 0 && session.Executed.Add program then
        let outer = struct (session.Define, session.Record)
        let known = Dictionary<string, Core>()

        for struct (name, value) in Facts.definitionsOf program do
            known[name] <- value

        let early = HashSet<string>()

        let struct (define, record) =
            Definers.scope session (fun name ->
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
            let made = session.Trace.Made.Count
            session.Fuel <- session.Fuel + program.Span.Length

            // Its run has streams of its own.
            session.Perhaps(fun () ->
                session.Ended <- Ended.none
                session.In(origin, fun () -> session.Infer Known.noLocals program |> ignore))

            checkAloneInPlan session made
        finally
            let struct (define, record) = outer
            session.Define <- define
            session.Record <- record

/// What an earlier check of the text has left that still holds: units that are done, and functions that were checked by themselves.
type Kept = {
    Units: Unit array
    Alone: Dictionary<Closure, Trace>
}

/// Forms that one session follows, and the functions among them that were found to be checked by themselves.
type private Part = {
    Session: Session
    Kept: Kept
    Fresh: Unit array
    mutable Alone: (struct (Unit * Closure * Trace)) array
}

/// What following a program found.
type Followed = {
    Units: Unit array
    /// What checking functions by themselves found, with the unit that each was made in, in the order of the units.
    Alone: (struct (Unit * Closure * Trace)) array
    IsDrawn: bool
    /// Whether a function that nobody calls makes plans: what it makes belongs to no form, and is not for another check to take over.
    HasLoosePlans: bool
} with

    member private followed.HasFindings: bool =
        let has (trace: Trace) = trace.Findings.Count > 0

        followed.Units |> Array.exists (fun unit -> Array.exists has unit.Traces)
        || followed.Alone |> Array.exists (fun struct (_, _, trace) -> has trace)

    /// In the order of the text, if anything was found at all.
    member followed.TracesWithFindings: Trace array =
        if followed.HasFindings then
            let traces = ResizeArray<Trace>(2 * followed.Units.Length)
            let alone = followed.Alone
            let mutable next = 0
            let isOf unit (struct (maker, _, _): struct (Unit * Closure * Trace)) = obj.ReferenceEquals(maker, unit)

            for unit in followed.Units do
                traces.Add unit.Trace

                while next < alone.Length && isOf unit alone[next] do
                    let struct (_, _, trace) = alone[next]
                    traces.Add trace
                    next <- next + 1

                match unit.Drawing with
                | null -> ()
                | drawing -> traces.Add drawing

            traces.ToArray()
        else
            Array.empty

/// One form, unless it has been followed.
let private follow (session: Session) (unit: Unit) : unit =
    if unit.State = State.Done then
        for struct (name, known) in unit.Values do
            session.Record name known
    elif unit.State = State.Waiting then
        unit.State <- State.Followed

        if unit.IsFaulty then
            for struct (name, _) in unit.Facts.Definitions do
                session.Record name Known.told
        else
            session.Alone(
                unit.Origin,
                unit.Trace,
                fun () ->
                    // A long form has as much to follow as many short ones.
                    session.Fuel <- session.Fuel + unit.Form.Core.Span.Length
                    session.Infer Known.noLocals unit.Form.Core |> ignore
            )

/// Every form that is new, those first that others ask for.
let private followAll (session: Session) (definers: string -> Unit list) (fresh: Unit array) : unit =
    let part = if fresh.Length = 0 then 0 else fresh[0].Part

    let start (unit: Unit) =
        if unit.Part = part then
            follow session unit
        else
            // A form of another part, which should not be asked for: all is to be followed in one.
            session.IsSpoiled <- true

    let struct (define, record) =
        Definers.scope session (fun name -> definers name |> List.iter start)

    session.Define <-
        fun name ->
            match define name with
            | ValueNone when not (definers name).IsEmpty ->
                session.Unsettled.Add name |> ignore
                ValueSome Known.any
            | found -> found

    session.Record <- record
    fresh |> Array.iter (follow session)

    for unit in fresh do
        unit.Values <-
            unit.Facts.Own.Defines
            |> Array.choose (fun struct (name, _) ->
                match define name with
                | ValueSome known -> Some(struct (name, known))
                | ValueNone -> None)

/// Functions that no call has been followed into, and those that say more of their arguments than their callers.
let private checkAlone (session: Session) (kept: Kept) : (struct (Unit * Closure * Trace)) array =
    let mutable count = 0

    for unit in kept.Units do
        count <- count + unit.Trace.Basis.Called.Count + unit.Trace.Made.Count

    let called = HashSet<Lambda>(count, HashIdentity.Reference)
    let finished = HashSet<Lambda>(count, HashIdentity.Reference)
    let found = ResizeArray(kept.Alone.Count)

    for unit in kept.Units do
        if unit.Trace.Basis.Called.Count > 0 then
            for lambda in unit.Trace.Basis.Called.Items do
                called.Add lambda |> ignore

    let check (closure: Closure) : Trace =
        match kept.Alone.TryGetValue closure with
        | true, trace -> trace
        | _ ->
            let trace = Trace()
            session.Alone(closure.Origin, trace, (fun () -> Closures.checkAlone session closure))
            trace

    // Checking a function by itself may make others.
    let pending = Queue<Closure>()

    let consider (unit: Unit) (closure: Closure) =
        let lambda = closure.Lambda

        if isAlone (called.Contains lambda) lambda && finished.Add lambda then
            called.Add lambda |> ignore
            let trace = check closure

            if trace.Basis.Called.Count > 0 then
                called.UnionWith trace.Basis.Called.Items

            for made in trace.Made.Items do
                pending.Enqueue made

            found.Add(struct (unit, closure, trace))

    for unit in kept.Units do
        let made = unit.Trace.Made

        for i in 0 .. made.Count - 1 do
            consider unit made[i]

        while pending.Count > 0 do
            consider unit (pending.Dequeue())

    found.ToArray()

/// A pipeline that nothing executes, with its last stage as its end.
let private drawAlone (session: Session) (origin: Origin) (trace: Trace) (assemblies: Assembly array) =
    for assembly in assemblies do
        if not assembly.Drawn then
            session.Alone(
                origin,
                trace,
                fun () ->
                    session.Draw assembly

                    match Pipelines.assemble session assembly with
                    | ValueSome last -> trace.Read.Add last
                    | ValueNone -> ()
            )

/// A plan that nothing runs; its drawing does not count where there is another.
let private drawPlan (session: Session) (unit: Unit) (program: Core) (origin: Origin) (isDrawn: bool) =
    let whole = unit.Draw()

    let trace = if isDrawn then Trace whole.Basis else whole

    session.Alone(origin, trace, (fun () -> execute session program origin))
    drawAlone session origin trace (trace.Assemblies.Items.ToArray())

    if isDrawn then
        whole.AddUndrawn trace

/// Everything but the plans that nothing runs.
let private begin' (definers: string -> Unit list) (part: Part) : unit =
    let session = part.Session
    Infer.start session
    session.Execute <- execute session
    followAll session definers part.Fresh
    part.Alone <- checkAlone session part.Kept

    for unit in part.Fresh do
        if unit.Trace.Assemblies.Count > 0 then
            drawAlone session unit.Origin (unit.Draw()) (unit.Trace.Assemblies.Items.ToArray())

let private hasPlans (struct (_, _, trace): struct (Unit * Closure * Trace)) = trace.Plans.Count > 0

/// The plans that nothing runs; `isDrawn` is whether anything else is drawn.
let private finish (isDrawn: bool) (part: Part) : unit =
    let loose = part.Alone |> Array.filter hasPlans

    for unit in part.Fresh do
        let own = unit.Trace.Plans.Items.ToArray()

        let inside =
            loose
            |> Array.filter (fun struct (other, _, _) -> obj.ReferenceEquals(other, unit))
            |> Array.collect (fun struct (_, _, trace) -> trace.Plans.Items.ToArray())

        for struct (program, origin) in Array.append own inside do
            drawPlan part.Session unit program origin isDrawn

    for unit in part.Fresh do
        unit.Finish()

/// In the order of the text.
let private together (units: Unit array) (parts: Part array) : (struct (Unit * Closure * Trace)) array =
    if parts.Length = 1 then
        parts[0].Alone
    else
        let found = ResizeArray()
        let next = Array.zeroCreate<int> parts.Length
        let isOf unit (struct (maker, _, _): struct (Unit * Closure * Trace)) = obj.ReferenceEquals(maker, unit)

        for unit in units do
            let alone = parts[unit.Part].Alone

            while next[unit.Part] < alone.Length && isOf unit alone[next[unit.Part]] do
                found.Add alone[next[unit.Part]]
                next[unit.Part] <- next[unit.Part] + 1

        found.ToArray()

/// Follows what is not done, and after it everything is. Nothing is told yet. Each session follows units of its own, which ask for no
/// others: what stands at number `Part`. All together they are `units`.
let run (units: Unit array) (several: (struct (Session * Kept)) array) : Followed =
    let isNew (unit: Unit) = unit.State <> State.Done

    let parts =
        several
        |> Array.map (fun struct (session, kept) -> {
            Session = session
            Kept = kept
            Fresh = Array.filter isNew kept.Units
            Alone = Array.empty
        })

    let definers = Definers.among units (parts |> Array.sumBy _.Fresh.Length < 16)
    Concurrently.each parts.Length (fun i -> begin' definers parts[i])

    let isDrawn =
        units
        |> Array.exists (fun unit -> unit.Traces |> Array.exists (fun trace -> trace.Draft.Stages.Count > 0))

    Concurrently.each parts.Length (fun i -> finish isDrawn parts[i])
    let alone = together units parts

    {
        Units = units
        Alone = alone
        IsDrawn = isDrawn
        HasLoosePlans = Array.exists hasPlans alone
    }
