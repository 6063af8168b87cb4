/// Stages joined to streams: what flows on each edge, and whether the next stage can take it (RTFS3010, RTFS3011).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Stages

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let canonical (text: string) =
    match CapabilityId.parse text with
    | null -> text
    | id -> id

let idOf (known: Known) : string voption =
    let ofForm (form: Form) =
        match form with
        | StringOf text -> ValueSome text
        | KeywordOf text
        | SymbolOf text when CapabilityId.looksVersioned text -> ValueSome text
        | _ -> ValueNone

    match known.Shape, known.Type with
    | Shape.Datum form, _ -> ofForm form
    | Shape.Plain, Type.Val form -> ofForm form
    | _ -> ValueNone

let private nothing = {
    Role = ""
    Input = Atom.any
    Output = Atom.any
    HasOneEnd = false
    IsConversation = false
}

let offerOf (session: Session) (id: string) : Offer =
    session.Trace.Reads.Add(Offers.nameOf id)

    match session.Offers.TryGetValue id with
    | true, offer -> offer
    | _ -> nothing

/// An element as a stage's function gets it.
let private element (target: Type) : Known =
    match target with
    | Type.Primitive Primitive.Any -> Known.told
    | other -> Known.ofType other

let open'
    (session: Session)
    kind
    (label: string | null)
    (capability: string | null)
    (place: Place)
    input
    output
    key
    : DraftStage =
    let struct (shown, nameless) = Draft.label kind label capability

    let stage =
        DraftStage(kind, shown, nameless, capability, place, input, output, key, session.Mark)

    session.Trace.Draft.Stages.Add stage
    stage

let shared (session: Session) (key: string) (make: unit -> DraftStage) : DraftStage =
    session.Touch key

    match session.Shared.TryGetValue key with
    | true, stage ->
        session.Trace.Draft.Stages.Add stage
        stage
    | _ ->
        let stage = make ()

        if session.Trials = 0 then
            session.Shared[key] <- stage

        stage

let openSource (session: Session) (id: string | null) (schema: Type) (place: Place) : DraftStage =
    let output =
        match schema, id with
        | Type.Primitive Primitive.Any, (NonNull id) -> (offerOf session id).Output
        | given, _ -> given

    let struct (shown, isMistaken) =
        match id with
        | null -> struct ("this source", false)
        | id -> struct (id, session.Mistaken.Contains(Offers.nameOf id))

    match output with
    | Type.Primitive Primitive.Any when
        session.IsStrict
        && not isMistaken
        && obj.ReferenceEquals(place.Origin, session.Origin)
        ->
        session.Report(
            "RTFS2009",
            place.Span,
            $"nothing is known of the items of {shown} (:any)",
            "give it a schema: :output-schema [:stream T] where it is registered, or {:schema T} here"
        )
    | _ -> ()

    // A transform has two ends: what is poured into its handle is its input.
    let input =
        match id with
        | NonNull id when (offerOf session id).Role.EndsWith "transform" -> (offerOf session id).Input
        | _ -> Atom.any

    open' session "source" null id place input output null

let openSink (session: Session) (id: string) (schema: Type) (place: Place) : DraftStage =
    shared session ("sink " + id) (fun () ->
        let input =
            match schema with
            | Type.Primitive Primitive.Any -> (offerOf session id).Input
            | given -> given

        open' session "sink" null id place input Atom.any null)

/// `isLeft` is whether the run is left to tell if what flows is what the target asks for.
let private join (session: Session) (from: DraftStage) (target: DraftStage) (isLeft: bool) =
    Draft.connect
        session.Trace.Draft
        from
        target
        (match from.Output with
         | Type.Primitive Primitive.Any -> target.Input
         | known -> known)
        isLeft

    session.Touch target

    match session.Inputs.TryGetValue target with
    | true, inputs -> inputs.Add from
    | _ -> session.Inputs[target] <- ResizeArray [ from ]

let connect (session: Session) (from: DraftStage) (target: DraftStage) = join session from target false

/// Whether the run is left to tell if what a stage sends is what is asked for.
let private isOpen (session: Session) (from: DraftStage) (wanted: Type) : bool =
    match wanted, from.Output with
    | Type.Primitive Primitive.Any, _ -> false
    | _, Type.Primitive Primitive.Any -> true
    // What fits only because nothing is known of a part of it is left to the run too.
    | _ ->
        match Relation.fit session.Types from.Output wanted with
        | Relation.Fit.Not -> false
        | Relation.Fit.Partly -> true
        | _ -> not (Relation.isSubtype session.Types from.Output wanted)

/// What the consumer asks for against what the producer sends.
let private fits (session: Session) (from: DraftStage) (target: string) (wanted: Type) (span: Span) =
    match wanted, from.Output with
    | Type.Primitive Primitive.Any, _
    | _, Type.Primitive Primitive.Any -> ()
    | _ ->
        match Relation.fit session.Types from.Output wanted with
        | Relation.Fit.Wholly -> ()
        | Relation.Fit.Partly when
            Expect.isLeftToRun session from.Output wanted
            || Mismatch.find session.Types from.Output wanted |> Expect.isLoose session
            ->
            ()
        | fit ->
            let mismatch = Mismatch.find session.Types from.Output wanted

            let code, verb =
                if fit = Relation.Fit.Not then
                    "RTFS3010", "does not fit"
                else
                    "RTFS3011", "may not fit"

            session.Report(
                code,
                span,
                $"what {from.Title} sends {verb} {target}: {Mismatch.describe mismatch}",
                (if mismatch.Missing then
                     let key = List.last mismatch.Path
                     $"add {key} in a stage before it, or make it optional in what it asks for"
                 else
                     "convert the item in a stage before it, or change what it asks for")
            )

/// What a function asks of its first argument, where it says so.
let rec private asked (session: Session) (f: Known) : Type =
    match f.Shape with
    | Shape.Closure closure ->
        match Array.tryHead closure.Lambda.ParameterTypes with
        | Some(NonNull wanted) -> wanted
        | _ -> Atom.any
    | Shape.Library name ->
        match session.Signatures.TryGetValue name with
        | true, signature when signature.Parameters.Length > 0 ->
            Substitution.apply (Substitution.Bindings()) signature.Parameters[0]
        | _ -> Atom.any
    | Shape.Combined(Combination.Comp(_ :: _ as parts)) -> asked session (List.last parts).Known
    | Shape.Combined(Combination.Complement part) -> asked session part.Known
    | _ ->
        match f.Type with
        | Type.Function(parameters, _, _) when parameters.Length > 0 -> parameters[0]
        | _ -> Atom.any

let private given (session: Session) (f: Known) (target: Type) (span: Span) : Known =
    session.Apply f [ element target ] [ span ] span

let private reducer (session: Session) (item: Type) (parts: Known list) (span: Span) : Type =
    let word =
        match parts with
        | { Shape = Shape.Datum(KeywordOf word) } :: _ -> word
        | _ -> ""

    let value () =
        match parts with
        | [ _; f ] -> (given session f item span).Type
        | [ _ ] -> item
        | _ -> Atom.any

    // What is told of is taken for what it should be.
    let numbers () =
        let target = value ()
        let number = Type.Primitive Primitive.Number

        if Expect.fits session (fun () -> $"what :{word} reads") target number span then
            Narrow.toType session.Types number target
        else
            number

    match word with
    | "count" -> Type.Primitive Primitive.Int
    | "avg"
    | "sum" ->
        let target = numbers ()

        if word = "avg" then
            Type.Primitive Primitive.Float
        elif Relation.isSubtype session.Types target (Type.Primitive Primitive.Int) then
            Type.Primitive Primitive.Int
        elif Relation.isSubtype session.Types target (Type.Primitive Primitive.Float) then
            Type.Primitive Primitive.Float
        else
            Type.Primitive Primitive.Number
    | "min"
    | "max" -> Join.literals (numbers ())
    | "first"
    | "last" -> Join.literals (value ())
    | _ ->
        // What no reducer is stands in the way of its functions, and is told of.
        for part in parts do
            match part.Shape with
            | Shape.Closure closure -> session.Trace.Basis.Called.Add closure.Lambda
            | _ -> ()

        Atom.any

/// What the stage asks for, what it sends on, and what its items are keyed by.
let private passed
    (session: Session)
    (pending: Pending)
    (from: DraftStage voption)
    : struct (Type * Type * (Type | null)) =
    let input =
        match from with
        | ValueSome stage -> stage.Output
        | ValueNone -> Atom.any

    let key: Type | null =
        match from with
        | ValueSome stage -> stage.Key
        | ValueNone -> null

    let span = pending.FunctionSpan

    let title =
        let struct (label, _) = Draft.label pending.Kind pending.Label pending.Capability

        if label = pending.Kind then
            $"the {pending.Kind}"
        else
            $"the {pending.Kind} `{label}`"

    /// What the function asks for is checked here, where both stages have names; it then gets what it asked for.
    let through (f: Known) : struct (Type * Known) =
        let wanted = asked session f

        match from with
        | ValueSome stage ->
            fits session stage title wanted span

            let met =
                match Relation.fit session.Types stage.Output wanted with
                | Relation.Fit.Wholly -> stage.Output
                | _ -> wanted

            struct (wanted, given session f met span)
        | ValueNone -> struct (wanted, given session f Atom.any span)

    match pending.Passage with
    | Passage.Keep -> struct (Atom.any, input, key)
    | Passage.KeepWhere f ->
        let struct (wanted, _) = through f
        struct (wanted, Filters.where session f true input, key)
    | Passage.Observe f ->
        let struct (wanted, _) = through f
        struct (wanted, input, key)
    | Passage.Through f ->
        let struct (wanted, given) = through f
        struct (wanted, Join.bounded given.Type, null)
    | Passage.KeyBy f ->
        let struct (wanted, given) = through f
        struct (wanted, input, Join.literals given.Type)
    | Passage.Aggregate fields ->
        let named =
            fields
            |> List.map (fun (struct (name, parts, span)) -> Field(name, reducer session input parts span, false))

        let keyed =
            match key with
            | null -> []
            | present -> [ Field(Forms.Keyword "key", present, false) ]

        struct (Atom.any, Type.Map(Array.ofList (keyed @ named), Atom.never), null)
    | Passage.Capability(wanted, output) ->
        match from with
        | ValueSome stage -> fits session stage title wanted span
        | ValueNone -> ()

        struct (wanted, output, null)

/// RTFS3004: an aggregate gathers what a window holds together.
let private expectWindow (session: Session) (from: DraftStage voption) (pending: Pending) =
    match from with
    | ValueSome stage when pending.Kind = "aggregate" && stage.Kind <> "window" ->
        session.In(
            pending.Place.Origin,
            fun () ->
                session.Report(
                    "RTFS3004",
                    pending.Place.Span,
                    $"`stream-aggregate` needs a window directly before it, found {stage.Title}",
                    "put (stream-window {:type :tumbling :count n}) before it"
                )
        )
    | ValueSome _
    | ValueNone -> ()

/// A stage reading a stream, if it is known which.
let wire (session: Session) (from: DraftStage voption) (pending: Pending) : DraftStage =
    expectWindow session from pending

    let struct (wanted, output, key) =
        session.In(pending.Place.Origin, fun () -> session.RunningWith(from, fun () -> passed session pending from))

    let stage =
        open' session pending.Kind pending.Label pending.Capability pending.Place Atom.any output key

    match from with
    | ValueSome from -> join session from stage (isOpen session from wanted)
    | ValueNone -> ()

    stage

/// A stream into a sink.
let pour (session: Session) (from: DraftStage voption) (sink: DraftStage) (span: Span) =
    match from with
    | ValueSome from ->
        fits session from sink.Title sink.Input span
        join session from sink (isOpen session from sink.Input)
    | ValueNone -> ()

/// A stream that a function of a consume reads, which may ask for more than is known to come.
let readBy (session: Session) (from: DraftStage) (consume: DraftStage) (f: Known) =
    if isOpen session from (asked session f) then
        Draft.leaveOpen session.Trace.Draft from consume

/// An item that a form writes to a sink by itself.
let produce (session: Session) (item: Type) (sink: DraftStage) (span: Span) =
    match item, sink.Input with
    | Type.Primitive Primitive.Any, _
    | _, Type.Primitive Primitive.Any -> ()
    | _ ->
        Expect.fits session (fun () -> $"what is produced to {sink.Title}") item sink.Input span
        |> ignore
