/// Forms that the host takes part in: steps, branches, resources with a scope, and hints for calls.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Steps

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// `(step "name" {options}? body…)`; options may also be written as pairs before the body.
let private lowerNamed (context: LoweringContext) scope (form: Form) (items: Form array) : Core =
    let usage = "write (step \"name\" body)"

    match items with
    | [| _ |] -> refuse context "RTFS0125" form.Span "`step` needs a name and a body" usage
    | _ ->
        match items[1] with
        | StringOf name ->
            let lower = context.Lower context scope
            let mutable i = 2
            let pairs = ResizeArray<KeyValuePair<Core, Core>>()

            let options: Core | null =
                match Array.tryItem 2 items with
                | Some(MapOf _ as options) when items.Length > 3 ->
                    i <- 3
                    lower options
                | _ ->
                    while i + 2 < items.Length && isKeyword items[i] do
                        pairs.Add(KeyValuePair(literal items[i], lower items[i + 1]))
                        i <- i + 2

                    if pairs.Count = 0 then
                        null
                    else
                        Core.Map(pairs.ToArray(), form.Span)

            if i >= items.Length then
                refuse context "RTFS0125" form.Span "`step` has no body" usage
            else
                Core.Step("step", name, options, items[i..] |> Array.map lower, form.Span)
        | other ->
            refuse context "RTFS0125" other.Span $"a step is named by a string, found {Describe.form other}" usage

let lowerStep (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) (kind: string) : Core =
    let scope = Scope.inside scope
    let lower = context.Lower context scope
    let parts = items[1..]

    match kind with
    | "step" -> lowerNamed context scope form items
    | "step-if" when parts.Length = 2 || parts.Length = 3 ->
        let otherwise = if parts.Length = 3 then lower parts[2] else nil form.Span
        Core.Step(kind, null, null, [| lower parts[0]; lower parts[1]; otherwise |], form.Span)
    | "step-if" ->
        refuse
            context
            "RTFS0125"
            form.Span
            $"`step-if` takes a condition, a consequent and an optional alternative, found {parts.Length} forms"
            "write (step-if condition then else)"
    | "step-loop" when parts.Length > 1 ->
        let body =
            match parts[1..] |> Array.map lower with
            | [| only |] -> only
            | several -> Core.Do(several, form.Span)

        Core.Step(kind, null, null, [| lower parts[0]; body |], form.Span)
    | "step-loop" ->
        refuse
            context
            "RTFS0125"
            form.Span
            "`step-loop` needs a condition and a body"
            "write (step-loop condition body)"
    | _ -> Core.Step(kind, null, null, parts |> Array.map lower, form.Span)

/// `(parallel [name expression]…)`: a vector of the values, in their order.
let lowerParallel (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let scope = Scope.inside scope

    let branches =
        items[1..]
        |> Array.map (fun branch ->
            match bare branch with
            | VectorOf [| SymbolOf _; expression |] -> context.Lower context scope expression
            | BrokenText _ -> lost branch.Span
            | other ->
                refuse
                    context
                    "RTFS0126"
                    other.Span
                    $"a branch of `parallel` is a vector of a name and an expression, found {Describe.form other}"
                    "write (parallel [name expression] …)")

    Core.Parallel(branches, form.Span)

/// Whether a name is that of a type, where the value is to stand: nothing binds it.
let private isTypeName (context: LoweringContext) (scope: Scope) (name: string) =
    System.Char.IsAsciiLetterUpper name[0]
    && not (scope.Names.ContainsKey name)
    && not (context.Names.Globals.ContainsKey name)
    && (not (context.Names.Defined.Contains name) || context.Names.Structs.Contains name)

/// `(with-resource [name Type value] body…)`. A type that nobody defines names the kind of resource and checks nothing.
let lowerWithResource (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let usage = "write (with-resource [name Type value] body)"

    if items.Length < 3 then
        refuse context "RTFS0127" form.Span "`with-resource` needs a binding and a body" usage
    else
        match bare items[1] with
        | VectorOf [| SymbolOf name; SymbolOf target |] when isTypeName context scope target ->
            refuse
                context
                "RTFS0127"
                items[1].Span
                $"`with-resource` takes a name, a type and a value, and no value stands behind the type `{target}`"
                $"write (with-resource [{name} {target} value] body)"
        | VectorOf parts when
            parts.Length >= 2
            && (match bare parts[0] with
                | SymbolOf _ -> true
                | _ -> false)
            ->
            let scope = Scope.inside scope
            let name = bare parts[0]

            let text =
                match name with
                | SymbolOf text -> text
                | _ -> ""

            let binding = Binding(text, name.Span)
            let value = context.Lower context scope parts[parts.Length - 1]

            let annotation =
                match parts[1 .. parts.Length - 2] with
                | [||] -> [||]
                | found ->
                    match found[0] with
                    | Colon -> found[1..]
                    | _ -> found

            let struct (target: Type | null, used) =
                if annotation.Length = 0 then
                    struct (null, 0)
                else
                    // The kinds of resources are names that no program defines.
                    TypePlaces.at (Report.refusing (report context)) annotation 0

            if used < annotation.Length then
                refuse context "RTFS0127" items[1].Span "`with-resource` binds one name, with a type or without" usage
            else
                let value =
                    match target with
                    | null -> value
                    | Type.Alias alias when not (context.Names.Structs.Contains alias) -> value
                    | Type.Resource _ -> value
                    | present -> Core.Check(value, present, "with-resource", text, value.Span)

                let inner = {
                    Scope.bind scope [ binding ] with
                        Lexical = true
                }

                Core.WithResource(binding, value, Bindings.body context inner items, form.Span)
        | other ->
            refuse
                context
                "RTFS0127"
                other.Span
                $"`with-resource` takes a vector of a name, a type and a value, found {Describe.form other}"
                usage

let private isHint (key: Form) =
    match key with
    | KeywordOf name -> name.StartsWith "runtime."
    | _ -> false

/// Metadata: what begins with `:runtime.` goes to the host with the calls inside; the rest describes the text, and is dropped.
let lowerMeta (context: LoweringContext) (scope: Scope) (form: Form) (meta: Form array) (target: Form) : Core =
    let hints =
        meta
        |> Array.collect (fun part ->
            match part with
            | MapOf entries -> pairs entries |> Array.filter (fun struct (key, _) -> isHint key)
            | _ -> Array.empty)

    if hints.Length = 0 then
        context.Lower context scope target
    else
        let scope = Scope.inside scope

        let entries =
            hints
            |> Array.map (fun struct (key, value) -> KeyValuePair(literal key, context.Lower context scope value))

        Core.Hinted(Core.Map(entries, form.Span), context.Lower context scope target, form.Span)
