/// What checking carries along: the program's definitions, the diagnostics found, and how deep a chain of calls has become.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A diagnostic whose place still moves with its form.
type internal Finding = {
    Code: string
    Place: Place
    Message: string
    Fix: string | null
    Related: (struct (Place * string)) list
    /// The functions that were being followed, innermost first.
    Within: Lambda list
    /// The outermost call of a named function that led here.
    Through: Place voption
    /// What is wrong, without where: several findings of one cause in one call are one mistake.
    Cause: string
}

/// A call that is being followed: where it stands, and what is called.
type internal Frame = {
    Call: Place
    /// Empty for an anonymous function.
    Callee: string
    Lambda: Lambda
}

/// What a trace rests on; trials rest on it too.
[<Sealed>]
type internal Basis() =
    /// The globals whose meaning was asked for.
    member val Reads = NameSet()

    /// Functions that a call has been followed into, with whatever arguments.
    [<DefaultValue>]
    val mutable Called: Bag<Lambda>

    /// Functions that call themselves with arguments of other types than they were called with.
    [<DefaultValue>]
    val mutable Polymorphic: Bag<Lambda>

    /// What forms share and change: stages, pipelines, plans, and the keys of shared stages.
    [<DefaultValue>]
    val mutable Touched: Bag<obj>

/// What has been found while one top-level form was followed, and what that rests on. There are several for each form of a text and most
/// find next to nothing, so what is noted stands in the trace itself.
[<Sealed>]
type internal Trace(basis: Basis) =
    inherit Draft()
    new() = Trace(Basis())
    member _.Basis = basis
    member _.Reads = basis.Reads

    [<DefaultValue>]
    val mutable Findings: Few<Finding>

    member this.Draft: Draft = this

    [<DefaultValue>]
    val mutable Assemblies: Few<Assembly>

    /// Functions that were made here; those that nothing calls are checked by themselves.
    [<DefaultValue>]
    val mutable Made: Few<Closure>

    /// Plans that are values here.
    [<DefaultValue>]
    val mutable Plans: Few<struct (Core * Origin)>

    /// Definitions that gave their names a stream or a sink.
    [<DefaultValue>]
    val mutable Handles: Bag<Core>

    /// Streams that something reads, though no edge leads on from them.
    [<DefaultValue>]
    val mutable Read: Bag<DraftStage>

    /// Places where a test, in some call, did tell something.
    [<DefaultValue>]
    val mutable Telling: Bag<Place>

    /// Takes over what another found, but what it drew.
    member this.AddUndrawn(other: Trace) : unit =
        for finding in other.Findings.Items do
            this.Findings.Add finding

        for closure in other.Made.Items do
            this.Made.Add closure

        for plan in other.Plans.Items do
            this.Plans.Add plan

        for core in other.Handles.Items do
            this.Handles.Add core

        for stage in other.Read.Items do
            this.Read.Add stage

        for place in other.Telling.Items do
            this.Telling.Add place

/// A loop or function whose `recur` is being watched: the arguments that came so far.
[<Sealed; AllowNullLiteral>]
type internal RecurWatch(outer: RecurWatch) =
    member _.Outer = outer
    member val Arguments: Type array = Array.empty with get, set
    member val Count = 0 with get, set

/// A function's result for one list of arguments.
type internal Remembered = { Arguments: Known list; Result: Known }

[<Sealed>]
type internal Session
    (signatures: Dictionary<string, Signature>, types: NamedTypes, offers: Dictionary<string, Offer>, isStrict: bool) =
    static member val CallDepth = 40
    /// Steps that one top-level form may cost, so that functions that call each other cannot make checking long.
    static member val FormFuel = 60_000

    member _.Signatures = signatures
    member _.Types = types
    member _.Offers = offers
    /// Whether to say where `:any` flows.
    member _.IsStrict = isStrict
    /// What has been told to be nobody's, by the names that a trace reads: that nothing is known of it is no second mistake.
    member val Mistaken = HashSet<string>() with get, set
    /// What a global means, or nothing for a name that the program does not define.
    member val Define: string -> Known voption = (fun _ -> ValueNone) with get, set
    /// What a `def` of the program gives a global.
    member val Record: string -> Known -> unit = (fun _ _ -> ()) with get, set
    member val Trace = Trace() with get, set
    member val Origin = Origin(false, Annex()) with get, set
    member val Frames: Frame list = [] with get, set
    member val Fuel = 0 with get, set
    member val Watch: RecurWatch = null with get, set
    /// How often a recursion was not followed further: what was found around one is no result to remember.
    member val Cuts = 0 with get, set
    /// How many trials are going on whose findings do not count.
    member val Trials = 0 with get, set
    /// The stream that what is being followed runs with, as its body, its callback or its stage.
    member val Body: DraftStage voption = ValueNone with get, set
    /// The functions that are being followed.
    member val Active = HashSet<Lambda>(HashIdentity.Reference) with get, set
    /// What functions gave while the form in hand was followed. Each form remembers for itself, so that what is found in it does not
    /// depend on what was followed before.
    member val Results = Dictionary<Closure, ResizeArray<Remembered>>(HashIdentity.Reference) with get, set
    /// What stands for a global among the locals where a test has told more of it.
    member val Globals = Dictionary<string, Binding>()
    /// Names for what stands under a key of another name: what a test tells of one, it tells of both.
    member val Aliases = Dictionary<Binding, struct (Binding * Form list)>(HashIdentity.Reference)
    /// Branches being looked at that no value leads into: what is said of types there is no mistake.
    member val Unreached = 0 with get, set
    /// Bindings whose `:any` has been spoken of.
    member val Told = HashSet<Binding>(HashIdentity.Reference)
    /// Plans that are run where they were made.
    member val Executed = HashSet<Core>(HashIdentity.Reference)
    /// The streams that have ended before what is being followed begins.
    member val Ended = Ended.none with get, set
    /// What each stage reads, so far.
    member val Inputs = Dictionary<DraftStage, ResizeArray<DraftStage>>(HashIdentity.Reference)
    /// Streams and sinks that a bare id or a resource reference denotes: one of each in a run.
    member val Shared = Dictionary<string, DraftStage>()
    /// These lead back to the beginning of the one recursion that inference is.
    member val Infer: Locals -> Core -> Known = (fun _ _ -> Known.any) with get, set
    member val Apply: Known -> Known list -> Span list -> Span -> Known = (fun _ _ _ _ -> Known.any) with get, set
    member val Execute: Core -> Origin -> unit = (fun _ _ -> ()) with get, set

    /// What is made in this check bears this mark.
    member val Mark = obj ()
    /// What an earlier check has made, and this one would have to change.
    member val Conflicts = HashSet<obj>()
    /// Globals whose meaning depended on the order in which forms are followed.
    member val Unsettled = HashSet<string>()
    /// Whether something was found that another check of the same forms may find otherwise.
    member val IsSpoiled = false with get, set

    member this.GlobalAmong(name: string) : Binding =
        if not (this.Globals.ContainsKey name) then
            this.Globals[name] <- Binding(name, Span.Of(0, 0))

        this.Globals[name]

    /// Notes that what forms share is used.
    member this.Touch(shared: obj) : unit = this.Trace.Basis.Touched.Add shared

    member private this.MayChange(shared: obj, maker: obj) : bool =
        this.Touch shared
        let mayChange = obj.ReferenceEquals(maker, this.Mark)

        if not mayChange then
            this.Conflicts.Add shared |> ignore

        mayChange

    /// A name that a program gives to a stage that had none.
    member this.Name (stage: DraftStage) (name: string) : unit =
        if this.MayChange(stage, stage.Maker) then
            Draft.name stage name

    /// The pipeline is drawn where it is executed, and not once more by itself.
    member this.Draw(assembly: Assembly) : unit =
        if this.MayChange(assembly, assembly.Maker) then
            assembly.Drawn <- true

    /// What a registration says when it is followed. A literal one has been known from the beginning.
    member this.Offer (id: string) (offer: Offer) : unit =
        match this.Offers.TryGetValue id with
        | true, known when known = offer -> ()
        | _ ->
            this.IsSpoiled <- true
            this.Offers[id] <- offer

    member this.PlaceOf(span: Span) : Place = { Origin = this.Origin; Span = span }

    /// Where a mistake is told. What happens inside of another text's function is told at the call that is in this one.
    member private this.Tellable(span: Span) : struct (Place * Frame list) =
        let rec outward (place: Place) (frames: Frame list) =
            if place.Origin.IsOwn then
                struct (place, frames)
            else
                match frames with
                | [] -> struct (place, [])
                | frame :: outer -> outward frame.Call outer

        outward (this.PlaceOf span) this.Frames

    member this.ReportAt
        (
            code: string,
            span: Span,
            message: string,
            fix: string | null,
            related: (struct (Place * string)) list,
            cause: string
        ) =
        if this.Trials = 0 && not (this.Unreached > 0 && code.StartsWith "RTFS20") then
            let struct (place, frames) = this.Tellable span

            let calls =
                frames
                |> List.filter (fun frame -> frame.Callee <> "")
                |> List.truncate 1
                |> List.map (fun frame -> struct (frame.Call, $"`{frame.Callee}` is called here"))

            this.Trace.Findings.Add {
                Code = code
                Place = place
                Message = message
                Fix = fix
                Related = related @ calls
                Within = this.Frames |> List.map _.Lambda
                Through =
                    (match frames |> List.filter (fun frame -> frame.Callee <> "") with
                     | [] -> ValueNone
                     | several -> ValueSome (List.last several).Call)
                Cause = cause
            }

    member this.Report(code: string, span: Span, message: string, fix: string | null) =
        this.ReportAt(code, span, message, fix, [], message)

    /// What a test that tells nothing is told of, unless it does in another call that is followed to the same place.
    member this.ReportIdle(code: string, span: Span, isIdle: bool, message: unit -> string) =
        if isIdle then
            this.Report(code, span, message (), null)
        elif this.Trials = 0 then
            this.Trace.Telling.Add(this.PlaceOf span)

    /// Whether another step may be taken.
    member this.Step() : bool =
        this.Fuel <- this.Fuel - 1
        this.Fuel > 0

    /// Runs a trial: what it finds, opens and joins does not count.
    member this.Try(body: unit -> 'T) : 'T =
        let trace = this.Trace
        this.Trials <- this.Trials + 1

        this.Trace <- Trace trace.Basis

        try
            body ()
        finally
            this.Trials <- this.Trials - 1
            this.Trace <- trace

    /// Runs by itself: what surrounds it is not there, and is there again afterwards.
    member this.Alone(origin: Origin, trace: Trace, body: unit -> unit) : unit =
        let outer =
            struct (this.Origin,
                    this.Trace,
                    this.Frames,
                    this.Fuel,
                    this.Watch,
                    this.Trials,
                    this.Active,
                    this.Results,
                    this.Body)

        this.Origin <- origin
        this.Trace <- trace
        this.Frames <- []
        this.Fuel <- Session.FormFuel
        this.Watch <- null
        this.Trials <- 0

        // What is empty serves again.
        if this.Active.Count > 0 then
            this.Active <- HashSet HashIdentity.Reference

        if this.Results.Count > 0 then
            this.Results <- Dictionary HashIdentity.Reference

        this.Body <- ValueNone

        try
            body ()
        finally
            let struct (origin, trace, frames, fuel, watch, trials, active, results, body) =
                outer

            this.Origin <- origin
            this.Trace <- trace
            this.Frames <- frames
            this.Fuel <- fuel
            this.Watch <- watch
            this.Trials <- trials
            this.Active <- active

            if obj.ReferenceEquals(this.Results, results) then
                results.Clear()

            this.Results <- results
            this.Body <- body

    /// Runs in another form's text.
    member this.In(origin: Origin, body: unit -> 'T) : 'T =
        let outer = this.Origin
        this.Origin <- origin

        try
            body ()
        finally
            this.Origin <- outer

    /// Follows what may not happen: of what it ends nothing is known afterwards.
    member this.Perhaps(body: unit -> 'T) : 'T =
        let outer = this.Ended

        try
            body ()
        finally
            this.Ended <- outer

    /// Follows what runs with a stream. What stands around it runs with another.
    member this.RunningWith(stream: DraftStage voption, body: unit -> 'T) : 'T =
        let outer = this.Body
        this.Body <- stream

        try
            body ()
        finally
            this.Body <- outer
