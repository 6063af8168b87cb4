/// Operations and plans: positional arguments, options, quoted types and programs.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Streaming

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

/// `{x => body}`, or the list `(=> x body)` that a template with inserted parts makes of it.
let consumeLogic (form: Form) : (Form array) voption =
    match form.Node with
    | Node.Consume items -> ValueSome items.Forms
    | Node.List items when items.Forms.Length > 1 ->
        match items.Forms[0] with
        | SymbolOf "=>" as arrow -> ValueSome(Array.concat [ [| items.Forms[1]; arrow |]; items.Forms[2..] ])
        | _ -> ValueNone
    | _ -> ValueNone

/// Type data, never evaluated; a name that the program binds is the one exception: it holds a type.
let private lowerType (context: LoweringContext) (scope: Scope) (form: Form) =
    match form with
    | SymbolOf name when scope.Names.ContainsKey name || context.Names.Defined.Contains name -> lower context scope form
    | _ ->
        let core = Template.ofForm context scope form

        match core with
        | Core.Quote(datum, _) ->
            let target =
                TypeReader.ofForm
                    {
                        typeReport context with
                            Refuse = fun _ _ _ _ -> ()
                    }
                    datum

            match target with
            | null -> ()
            | target -> context.Annex.AddSchema(datum, target)
        | _ -> ()

        core

let lowerOperation
    (context: LoweringContext)
    (scope: Scope)
    (form: Form)
    (operation: Operations.Operation)
    (arguments: Form array)
    =
    let found = Arguments.split operation arguments
    let isConsume = operation.Name = "stream-consume"

    let positional =
        found.Positional
        |> Array.map (fun argument ->
            match consumeLogic (bare argument) with
            | ValueSome items when isConsume -> Functions.lowerConsumer context scope argument items
            | ValueSome _
            | ValueNone -> lower context scope argument)

    let keys = ResizeArray<Span>()
    let options = ResizeArray<KeyValuePair<string, Core>>()

    for struct (key, value) in found.Options do
        match key with
        | KeywordOf name ->
            let shape =
                operation.Options
                |> List.tryFind (fun (known, _) -> known = name)
                |> Option.map snd

            let core =
                match shape with
                // An option that is none is told of as such.
                | _ when operation.Name = "stream-interact" && (name = "receive" || shape.IsNone) ->
                    match consumeLogic (bare value) with
                    | ValueSome items -> Functions.lowerConsumer context scope value items
                    | ValueNone -> lower context scope value
                | Some Operations.Shape.Type -> lowerType context scope value
                | Some _
                | None -> lower context scope value

            keys.Add key.Span
            options.Add(KeyValuePair(name, core))
        | BrokenText _ -> ()
        | other ->
            report
                context
                "RTFS3004"
                other.Span
                $"an option of `{operation.Name}` is named by a keyword, found {Describe.form other}"
                null

    let core = Core.Operation(operation.Name, positional, options.ToArray(), form.Span)
    context.Annex.AddOptionKeys(core, keys.ToArray())
    core

/// A plan is a map with its program as data. The program is also lowered by itself, for what can be checked before it runs.
let lowerPlan (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    let parts =
        match items[1..] with
        | [| MapOf inside |] -> inside
        | parts -> parts

    if parts.Length % 2 <> 0 then
        refuse
            context
            "RTFS0111"
            form.Span
            "`plan` takes keys and values in turn"
            "write (plan :plan-id \"name\" :program (do …))"
    else
        let entries = ResizeArray<KeyValuePair<Core, Core>>()
        let mutable program = ValueNone
        let mutable understood = true

        for struct (key, value) in pairs parts do
            match key with
            | KeywordOf name when Operations.planKeys |> List.exists (fun (known, _) -> known = name) ->
                let core =
                    match name with
                    | "program" ->
                        program <- ValueSome value
                        Template.ofForm context scope value
                    | "resources" -> Template.ofForm context scope value
                    | _ -> lower context scope value

                entries.Add(KeyValuePair(literal key, core))
            | KeywordOf name ->
                let nearest = Nearest.find name (Operations.planKeys |> Seq.map fst)

                let hint, fix =
                    match nearest with
                    | null -> "", "the keys of a plan are " + Codes.listed (Operations.planKeys |> List.map fst)
                    | near -> $"; did you mean :{near}?", $"write :{near}"

                understood <- false
                report context "RTFS3001" key.Span $"unknown key :{name} of plan{hint}" fix
            | other ->
                understood <- false

                report
                    context
                    "RTFS0111"
                    other.Span
                    $"a key of `plan` is a keyword, found {Describe.form other}"
                    "write (plan :plan-id \"name\" :program (do …))"

        let core = Core.Map(entries.ToArray(), form.Span)

        match program with
        | ValueSome code ->
            let names = Definitions.names [ code ]

            let own = {
                context with
                    Names = names
                    TypesOfPlan = names.Structs
            }

            let lowered =
                lower
                    own
                    {
                        Scope.top with
                            InPlan = true
                            Depth = scope.Depth
                    }
                    code

            context.Annex.AddProgram(core, lowered)
        | ValueNone when not understood -> ()
        | ValueNone ->
            report
                context
                "RTFS0111"
                form.Span
                "`plan` has no :program"
                "write (plan :plan-id \"name\" :program (do …))"

        core
