/// What following a program knows of its values, and how streams and stages are joined in the draft.
[<AutoOpen>]
module internal Rtfs.Syntax.Plan.Wiring

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// A stage that no stream has been given to yet.
type Pending = {
    Kind: string
    Label: string | null
    Capability: string | null
    Place: Span
    KeepsType: bool
    Output: string
}

/// What is known of a value.
[<RequireQualifiedAccess>]
type Known =
    | Nothing
    | Datum of Form
    /// A stream that can be read, by the stage that sends it.
    | Stream of DraftStage
    | Sink of DraftStage
    | Operator of Pending
    | Many of Known list
    | Pipeline of Assembly
    | Closure of Lambda * start: int
    | PlanOf of program: Core * start: int

/// `Drawn` once it has been executed; one that never is gets drawn at the end.
and Assembly = {
    Parts: Known list
    mutable Drawn: bool
}

/// What the host or a registration says of a capability.
type Offer = {
    Role: string
    Input: string
    Output: string
}

type State = {
    Draft: Draft
    Annex: Annex
    Offers: Dictionary<string, Offer>
    Locals: Dictionary<Binding, Known>
    /// Replaced while a plan's own program is followed.
    mutable Globals: Dictionary<string, Known>
    Assemblies: ResizeArray<Assembly>
    /// Steps left, so that functions that call each other cannot make this long.
    mutable Fuel: int
    /// The functions and plans that are being followed.
    Active: HashSet<obj>
    /// Where the top-level form begins that is being followed.
    mutable Start: int
}

let fuel = 200_000

let elementOf (form: Form) : string =
    match form with
    | VectorOf [| KeywordOf "stream"; element |] -> Printer.form element
    | other -> Printer.form other

let schemaOf (options: KeyValuePair<string, Core> array) (names: string list) : string =
    names
    |> Seq.tryPick (fun name ->
        options
        |> Seq.tryPick (fun option ->
            match option.Value with
            | Core.Quote(datum, _) when option.Key = name -> Some(elementOf datum)
            | _ -> None))
    |> Option.defaultValue Draft.any

let optionOf (options: KeyValuePair<string, Core> array) name =
    options
    |> Seq.tryPick (fun option -> if option.Key = name then Some option.Value else None)

/// What people call the function that a stage works by.
let functionLabel (core: Core) : string | null =
    match core with
    | Core.Global(name, _) -> name
    | Core.Local(binding, _) -> binding.Name
    | Core.Quote(KeywordOf name, _) -> ":" + name
    | Core.Function(lambda, _) ->
        match lambda.Name with
        | null ->
            match lambda.Body with
            // (fn [x] (f x)) and #(f %) are f.
            | Core.Call((Core.Global _ | Core.Quote _) as callee, [| Core.Local(argument, _) |], _) ->
                match callee, lambda.Parameters with
                | Core.Global(name, _), [| Pattern.Name parameter |] when obj.ReferenceEquals(parameter, argument) ->
                    name
                | Core.Quote(KeywordOf name, _), [| Pattern.Name parameter |] when
                    obj.ReferenceEquals(parameter, argument)
                    ->
                    ":" + name
                | _ -> null
            | _ -> null
        | name -> name
    | _ -> null

let idOf (known: Known) : string voption =
    match known with
    | Known.Datum(StringOf text) -> ValueSome text
    | Known.Datum(KeywordOf text | SymbolOf text) when CapabilityId.looksVersioned text -> ValueSome text
    | Known.Datum _
    | Known.Nothing
    | Known.Stream _
    | Known.Sink _
    | Known.Operator _
    | Known.Many _
    | Known.Pipeline _
    | Known.Closure _
    | Known.PlanOf _ -> ValueNone

let canonical (text: string) =
    match CapabilityId.parse text with
    | null -> text
    | id -> id

let offerOf state id : Offer =
    match state.Offers.TryGetValue id with
    | true, offer -> offer
    | _ -> {
        Role = ""
        Input = Draft.any
        Output = Draft.any
      }

let absolute state (span: Span) = span.Shift state.Start

let openSource state (id: string) (schema: string) span : DraftStage =
    let output =
        if schema <> Draft.any then
            schema
        else
            (offerOf state id).Output

    Draft.add state.Draft "source" null id span Draft.any output

let openSink state (id: string) (schema: string) span : DraftStage =
    Draft.shared state.Draft ("sink " + id) (fun () ->
        let input =
            if schema <> Draft.any then
                schema
            else
                (offerOf state id).Input

        Draft.add state.Draft "sink" null id span input Draft.any)

/// A stream position: a handle, or a bare id or resource reference, which denotes one stream wherever it is written.
let streamOf state (known: Known) span : DraftStage voption =
    match known with
    | Known.Stream stage -> ValueSome stage
    | Known.Sink stage -> ValueSome stage
    | Known.Datum _
    | Known.Nothing
    | Known.Operator _
    | Known.Many _
    | Known.Pipeline _
    | Known.Closure _
    | Known.PlanOf _ ->
        match idOf known with
        | ValueSome text ->
            let id = canonical text

            if (offerOf state id).Role.EndsWith "sink" then
                ValueSome(openSink state id Draft.any span)
            else
                ValueSome(Draft.shared state.Draft ("stream " + id) (fun () -> openSource state id Draft.any span))
        | ValueNone -> ValueNone

let wire state (input: DraftStage voption) (pending: Pending) : DraftStage =
    let output =
        match input with
        | ValueSome stage when pending.KeepsType -> stage.Output
        | ValueSome _
        | ValueNone -> pending.Output

    let stage =
        Draft.add state.Draft pending.Kind pending.Label pending.Capability pending.Place Draft.any output

    match input with
    | ValueSome from -> Draft.connect state.Draft from stage
    | ValueNone -> ()

    stage

/// Stages one after another; a stage that reads nothing begins anew.
let assemble state (parts: Known list) span : Known =
    let last = parts.Length - 1

    let step (input: DraftStage voption) (i: int, part: Known) =
        let connect (stage: DraftStage) =
            match input with
            | ValueSome from -> Draft.connect state.Draft from stage
            | ValueNone -> ()

            ValueSome stage

        match part with
        | Known.Stream stage -> connect stage
        | Known.Sink stage -> connect stage
        | Known.Operator pending -> ValueSome(wire state input pending)
        | Known.Datum _ ->
            match idOf part, i with
            | ValueSome text, 0 -> streamOf state (Known.Datum(Forms.String text)) span
            | ValueSome text, _ when i = last && not ((offerOf state (canonical text)).Role.EndsWith "transform") ->
                connect (openSink state (canonical text) Draft.any span)
            | ValueSome text, _ ->
                let id = canonical text

                ValueSome(
                    wire state input {
                        Kind = "transform"
                        Label = null
                        Capability = id
                        Place = span
                        KeepsType = false
                        Output = (offerOf state id).Output
                    }
                )
            | ValueNone, _ -> input
        | Known.Nothing
        | Known.Many _
        | Known.Pipeline _
        | Known.Closure _
        | Known.PlanOf _ -> input

    match parts |> List.indexed |> List.fold step ValueNone with
    | ValueSome stage -> Known.Stream stage
    | ValueNone -> Known.Nothing

let either (a: Known) (b: Known) =
    match a with
    | Known.Nothing
    | Known.Datum _ ->
        match b with
        | Known.Nothing -> a
        | other -> other
    | _ -> a

let nameResult (known: Known) (name: string) =
    match known with
    | Known.Stream stage
    | Known.Sink stage -> Draft.name stage name
    | Known.Nothing
    | Known.Datum _
    | Known.Operator _
    | Known.Many _
    | Known.Pipeline _
    | Known.Closure _
    | Known.PlanOf _ -> ()

let isPlan (known: Known) =
    match known with
    | Known.PlanOf _ -> true
    | _ -> false

let rec bindPattern state (pattern: Pattern) (value: Known) : unit =
    match pattern with
    | Pattern.Ignore _ -> ()
    | Pattern.Name binding -> state.Locals[binding] <- value
    | Pattern.Vector(items, rest, whole, _) ->
        let parts =
            match value with
            | Known.Many parts -> parts
            | _ -> []

        items
        |> Array.iteri (fun i item ->
            bindPattern state item (parts |> List.tryItem i |> Option.defaultValue Known.Nothing))

        match rest with
        | null -> ()
        | binding -> state.Locals[binding] <- Known.Many(parts |> List.skip (min items.Length parts.Length))

        match whole with
        | null -> ()
        | binding -> state.Locals[binding] <- value
    | Pattern.Map(entries, _, _, _) ->
        for entry in entries do
            bindPattern state entry.Value Known.Nothing

let windowLabel (options: KeyValuePair<string, Core> array) : string | null =
    match optionOf options "count" with
    | Some(Core.Quote(datum, _)) -> $"window of {Printer.form datum}"
    | _ -> null

let aggregateLabel (arguments: Core array) : string | null =
    match Array.tryLast arguments with
    | Some(Core.Map(entries, _)) ->
        entries
        |> Seq.choose (fun entry ->
            match entry.Key with
            | Core.Quote(KeywordOf name, _) -> Some name
            | _ -> None)
        |> fun names -> System.String.Join(", ", names)
    | _ -> null

/// Nothing followed yet; `offered` are the host's capabilities with their kinds.
let start (annex: Annex) (offered: seq<struct (string * string)>) : State =
    let offers = Dictionary<string, Offer>()

    for struct (id, kind) in offered do
        offers[canonical id] <- {
            Role = kind
            Input = Draft.any
            Output = Draft.any
        }

    {
        Draft = Draft.empty ()
        Annex = annex
        Offers = offers
        Locals = Dictionary HashIdentity.Reference
        Globals = Dictionary()
        Assemblies = ResizeArray()
        Fuel = fuel
        Active = HashSet<obj> HashIdentity.Reference
        Start = 0
    }
