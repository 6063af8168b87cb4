/// The topology of a program without running it: its core is followed with streams for values, and what cannot be known is left out.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Extract

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let rec private follow (state: State) (core: Core) : Known =
    state.Fuel <- state.Fuel - 1

    if state.Fuel < 0 || not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
        Known.Nothing
    else
        match core with
        | Core.Quote(datum, _) ->
            match state.Annex.PlanPrograms.TryGetValue core with
            | true, program -> Known.PlanOf(program, state.Start)
            | _ -> Known.Datum datum
        | Core.Local(binding, _) ->
            match state.Locals.TryGetValue binding with
            | true, known -> known
            | _ -> Known.Nothing
        | Core.Global(name, _) ->
            match state.Globals.TryGetValue name with
            | true, known -> known
            | _ -> Known.Nothing
        | Core.Vector(items, _)
        | Core.List(items, _) -> Known.Many(items |> Array.map (follow state) |> List.ofArray)
        | Core.Map(entries, _) ->
            for entry in entries do
                follow state entry.Value |> ignore

            match state.Annex.PlanPrograms.TryGetValue core with
            | true, program -> Known.PlanOf(program, state.Start)
            | _ -> Known.Nothing
        | Core.If(condition, consequent, alternative, _) ->
            follow state condition |> ignore
            either (follow state consequent) (follow state alternative)
        | Core.Do(body, _)
        | Core.And(body, _)
        | Core.Or(body, _) -> body |> Array.fold (fun _ part -> follow state part) Known.Nothing
        | Core.Let(bindings, body, _) ->
            for binding in bindings do
                let value = follow state binding.Value

                match binding.Key with
                | Pattern.Name name -> nameResult value name.Name
                | Pattern.Ignore _
                | Pattern.Vector _
                | Pattern.Map _ -> ()

                bindPattern state binding.Key value

            follow state body
        | Core.Function(lambda, _) -> Known.Closure(lambda, state.Start)
        // Its body runs for each item, not when the plan is wired.
        | Core.Consumer _ -> Known.Nothing
        | Core.Define(name, value, _) ->
            let known = follow state value
            nameResult known name
            state.Globals[name] <- known
            known
        | Core.Call(callee, arguments, _) -> followCall state callee arguments
        | Core.Operation(name, arguments, options, span) -> followOperation state name arguments options span
        | Core.Match(value, clauses, _) ->
            follow state value |> ignore

            clauses
            |> Array.fold (fun known clause -> either known (follow state clause.Body)) Known.Nothing
        // Once round: what is wired inside is drawn once.
        | Core.Loop(bindings, body, _)
        | Core.For(bindings, body, _) ->
            for binding in bindings do
                follow state binding.Value |> ignore

            follow state body
        | Core.Try(body, catches, cleanup, _) ->
            let known =
                catches
                |> Array.fold (fun known clause -> either known (follow state clause.Body)) (follow state body)

            match cleanup with
            | null -> ()
            | present -> follow state present |> ignore

            known
        | Core.Check(value, _, _, _, _)
        | Core.Hinted(_, value, _) -> follow state value
        | Core.WithResource(binding, value, body, _) ->
            let known = follow state value
            nameResult known binding.Name
            state.Locals[binding] <- known
            follow state body
        | Core.Parallel(branches, _) -> Known.Many(branches |> Array.map (follow state) |> List.ofArray)
        | Core.Step(_, _, _, body, _) -> body |> Array.fold (fun _ part -> follow state part) Known.Nothing
        | Core.Recur(arguments, _) ->
            for argument in arguments do
                follow state argument |> ignore

            Known.Nothing
        | Core.Struct _ -> Known.Nothing

and private followCall state callee arguments : Known =
    let target = follow state callee
    let values = arguments |> Array.map (follow state) |> List.ofArray

    let result =
        match target, callee with
        | Known.Closure(lambda, start), _ -> apply state lambda start values
        | _, Core.Global(("vector" | "list"), _) -> Known.Many values
        | _, Core.Global("map", _) ->
            match values with
            | [ Known.Closure(lambda, start); Known.Many items ] ->
                Known.Many(items |> List.map (fun item -> apply state lambda start [ item ]))
            | _ -> Known.Nothing
        | _, Core.Global("conj", _) ->
            match values with
            | Known.Many items :: added -> Known.Many(items @ added)
            | _ -> Known.Nothing
        | _, Core.Global("concat", _) ->
            let parts =
                values
                |> List.map (fun value ->
                    match value with
                    | Known.Many items -> items
                    | _ -> [])

            Known.Many(List.concat parts)
        | _ -> Known.Nothing

    // A function of a plan most likely gives a variant of it: its stages are the best guess there is.
    match values |> List.filter isPlan with
    | [ plan ] when not (isPlan result) -> plan
    | _ -> result

and private apply state (lambda: Lambda) start (values: Known list) : Known =
    // A recursion is followed once: what its further rounds would wire depends on values.
    if not (state.Active.Add lambda) then
        Known.Nothing
    else
        let outer = state.Start
        state.Start <- start

        lambda.Parameters
        |> Array.iteri (fun i parameter ->
            bindPattern state parameter (values |> List.tryItem i |> Option.defaultValue Known.Nothing))

        match lambda.Rest with
        | null -> ()
        | rest -> state.Locals[rest] <- Known.Many(values |> List.skip (min lambda.Parameters.Length values.Length))

        let result = follow state lambda.Body
        state.Start <- outer
        state.Active.Remove lambda |> ignore

        // What a function opened is called by the function, and told from its other calls by the text it was given.
        match lambda.Name with
        | null -> ()
        | name ->
            let given =
                values
                |> List.tryPick (fun value ->
                    match value with
                    | Known.Datum(StringOf text) -> Some text
                    | _ -> None)

            nameResult
                result
                (match given with
                 | Some text -> $"{name} {text}"
                 | None -> name)

        result

and private followOperation state name (arguments: Core array) options (span: Span) : Known =
    let span = absolute state span
    let values = arguments |> Array.map (follow state)

    let stage kind label capability keeps output = {
        Kind = kind
        Label = label
        Capability = capability
        Place = span
        KeepsType = keeps
        Output = output
    }

    /// An operator with its stream, or without one a stage to be wired later.
    let operator isWired pending =
        if isWired then
            Known.Stream(wire state (streamOf state values[0] span) pending)
        else
            Known.Operator pending

    let lastLabel () =
        if arguments.Length = 0 then
            null
        else
            functionLabel arguments[arguments.Length - 1]

    match name with
    | "register-stream-capability"
    | "marketplace:register-capability" ->
        register state options
        Known.Nothing
    | "stream-source" ->
        match Array.tryHead values |> Option.map idOf with
        | Some(ValueSome text) -> Known.Stream(openSource state (canonical text) (schemaOf options [ "schema" ]) span)
        | _ -> Known.Stream(Draft.add state.Draft "source" null null span Draft.any (schemaOf options [ "schema" ]))
    | "stream-sink" ->
        match Array.tryHead values |> Option.map idOf with
        | Some(ValueSome text) -> Known.Sink(openSink state (canonical text) (schemaOf options [ "schema" ]) span)
        | _ -> Known.Sink(Draft.add state.Draft "sink" null null span (schemaOf options [ "schema" ]) Draft.any)
    | "stream-transform" -> followTransform state arguments values options span
    | "stream-map" -> operator (arguments.Length > 1) (stage "map" (lastLabel ()) null false Draft.any)
    | "stream-filter" -> operator (arguments.Length > 1) (stage "filter" (lastLabel ()) null true Draft.any)
    | "stream-key-by" -> operator (arguments.Length > 1) (stage "key-by" (lastLabel ()) null true Draft.any)
    | "stream-window" -> operator (arguments.Length > 0) (stage "window" (windowLabel options) null false Draft.any)
    | "stream-aggregate" ->
        operator (arguments.Length > 1) (stage "aggregate" (aggregateLabel arguments) null false Draft.any)
    | "stream-consume" ->
        let stage = stage "consume" null null false Draft.any

        match values |> Array.tryHead with
        | Some input ->
            let from = streamOf state input span
            wire state from stage |> ignore

            match from with
            | ValueSome from -> Known.Stream from
            | ValueNone -> Known.Nothing
        | None -> Known.Nothing
    | "stream-multiplex" ->
        let inputs =
            match Array.tryHead values with
            | Some(Known.Many items) -> items |> List.map (fun item -> streamOf state item span)
            | _ -> []

        let types =
            inputs
            |> List.map (fun input ->
                match input with
                | ValueSome stage -> stage.Output
                | ValueNone -> Draft.any)
            |> List.distinct

        let output =
            match types with
            | [] -> Draft.any
            | [ only ] -> only
            | several when List.contains Draft.any several -> Draft.any
            | several -> "[:union " + System.String.Join(" ", several) + "]"

        let target = Draft.add state.Draft "multiplex" null null span Draft.any output

        for input in inputs do
            match input with
            | ValueSome from -> Draft.connect state.Draft from target
            | ValueNone -> ()

        Known.Stream target
    | "stream-pipeline" ->
        match Array.tryHead values with
        | Some(Known.Many parts) ->
            let assembly = { Parts = parts; Drawn = false }
            state.Assemblies.Add assembly
            Known.Pipeline assembly
        | _ -> Known.Nothing
    | "stream-execute" ->
        match Array.tryHead values with
        | Some(Known.Pipeline assembly) ->
            assembly.Drawn <- true
            assemble state assembly.Parts span |> ignore
        | _ -> ()

        Known.Nothing
    | "resource:ref" ->
        match Array.tryHead values with
        | Some(Known.Datum(StringOf text)) ->
            Known.Stream(
                Draft.shared state.Draft ("resource " + text) (fun () ->
                    Draft.add state.Draft "resource" text null span Draft.any Draft.any)
            )
        | _ -> Known.Nothing
    | "marketplace:execute-plan" ->
        match Array.tryHead values with
        | Some(Known.PlanOf(program, start)) -> followPlan state program start
        | _ -> ()

        Known.Nothing
    | _ -> Known.Nothing

and private register state options =
    match optionOf options "capability-id" |> Option.map (follow state) with
    | Some known ->
        match idOf known with
        | ValueSome text ->
            let role =
                match optionOf options "type" with
                | Some(Core.Quote(KeywordOf role, _)) -> role
                | _ -> ""

            state.Offers[canonical text] <-
                {
                    Role = role
                    Input = schemaOf options [ "input-schema" ]
                    Output = schemaOf options [ "output-schema" ]
                }
        | ValueNone -> ()
    | None -> ()

and private followTransform state arguments values options span : Known =
    let labelOf name =
        optionOf options name |> Option.map functionLabel |> Option.defaultValue null

    let pending label capability output = {
        Kind = "transform"
        Label = label
        Capability = capability
        Place = span
        KeepsType = false
        Output = output
    }

    let output = schemaOf options [ "output-schema" ]

    match optionOf options "input-stream", optionOf options "output-stream" with
    | Some input, Some target ->
        let from = streamOf state (follow state input) span
        let stage = wire state from (pending (labelOf "transform-fn") null output)

        match follow state target with
        | Known.Datum _ as known when (idOf known).IsSome ->
            match idOf known with
            | ValueSome text -> Draft.connect state.Draft stage (openSink state (canonical text) Draft.any span)
            | ValueNone -> ()
        | other ->
            match streamOf state other span with
            | ValueSome sink -> Draft.connect state.Draft stage sink
            | ValueNone -> ()

        Known.Stream stage
    | _ ->
        match arguments with
        | [| _; f |] -> Known.Stream(wire state (streamOf state values[0] span) (pending (functionLabel f) null output))
        | [| only |] ->
            match idOf values[0] with
            | ValueSome text ->
                let id = canonical text
                Known.Operator(pending null id (offerOf state id).Output)
            | ValueNone -> Known.Operator(pending (functionLabel only) null output)
        | _ -> Known.Operator(pending (labelOf "fn") null output)

/// A plan is a program of its own: its definitions are its own too.
and private followPlan state (program: Core) start =
    if state.Active.Add program then
        let outerGlobals = state.Globals
        let outerStart = state.Start
        state.Globals <- Dictionary()
        state.Start <- start
        follow state program |> ignore
        state.Active.Remove program |> ignore
        state.Globals <- outerGlobals
        state.Start <- outerStart

/// `offered` are the host's capabilities with their kinds. Pipelines that the text builds and never executes are drawn too; a text
/// that wires nothing, but holds plans, is drawn as its plans.
let topology (annex: Annex) (offered: seq<struct (string * string)>) (program: CoreProgram) : Topology =
    let state = start annex offered

    let drawRest () =
        for assembly in state.Assemblies.ToArray() do
            if not assembly.Drawn then
                assembly.Drawn <- true
                assemble state assembly.Parts (Span.Of(0, 0)) |> ignore

    let plans = ResizeArray()

    for form in program.Forms do
        state.Start <- form.Start

        match follow state form.Core with
        | Known.PlanOf(plan, start) -> plans.Add(struct (plan, start))
        | _ -> ()

    drawRest ()

    if state.Draft.Stages.Count = 0 then
        for struct (plan, start) in plans do
            followPlan state plan start

        drawRest ()

    Draft.finish state.Draft program.Source
