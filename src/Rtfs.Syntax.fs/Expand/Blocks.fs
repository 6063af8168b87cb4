/// Forms in sequence: `do`, bodies with definitions of their own, and `let`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Blocks

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

/// A name that a block binds: by `let`, or by `def` inside a function or a `let`.
type private Entry = {
    Pattern: Pattern
    Bindings: Binding array
    IsFunction: bool
    Value: Scope -> Core
    /// What is checked of the value once its name is bound, for functions, whose value must be the function itself.
    Checked: (Core -> Core) voption
}

let private definitionOf (form: Form) : (Form array) voption =
    match bare form with
    | ListOf items when items.Length > 1 ->
        match items[0], bare items[1] with
        | SymbolOf("def" | "defn" | "defstruct" | "deftype"), SymbolOf name when not (SpecialForms.names.Contains name) ->
            ValueSome items
        | _ -> ValueNone
    | _ -> ValueNone

/// A `let`: later values see earlier names, and functions see themselves and the functions after them.
let private sequential (entries: Entry array) scope span (finish: Scope -> Core) : Core =
    let mutable reached = scope
    let earlier = HashSet<string>()
    let lowered = ResizeArray<KeyValuePair<Pattern, Core>>()

    for i in 0 .. entries.Length - 1 do
        let entry = entries[i]

        let seen =
            if entry.IsFunction then
                let later =
                    entries[i + 1 ..]
                    |> Seq.filter _.IsFunction
                    |> Seq.collect _.Bindings
                    |> Seq.filter (fun binding -> not (earlier.Contains binding.Name))
                    |> Seq.rev

                Scope.bind (Scope.bind reached later) entry.Bindings
            else
                reached

        lowered.Add(KeyValuePair(entry.Pattern, entry.Value(Scope.inside seen)))

        match entry.Checked, entry.Pattern with
        | ValueSome check, Pattern.Name binding ->
            let value = check (Core.Local(binding, binding.Span))
            lowered.Add(KeyValuePair(Pattern.Ignore binding.Span, value))
        | _ -> ()

        reached <- Scope.bind reached entry.Bindings

        for binding in entry.Bindings do
            earlier.Add binding.Name |> ignore

    Core.Let(lowered.ToArray(), finish reached, span)

/// Forms in sequence, outside of a function or `let`, or where no name is bound among them.
let block (context: LoweringContext) (scope: Scope) (span: Span) (forms: Form array) : Core =
    let cores =
        forms
        |> Array.mapi (fun i form ->
            let scope = if i = forms.Length - 1 then scope else Scope.inside scope
            lower context scope form)

    if cores.Length = 1 then cores[0] else Core.Do(cores, span)

/// Whether a form stands for itself in a body: neither a definition nor what may hold one, or become one.
let private isPlain (context: LoweringContext) (form: Form) =
    match form.Node with
    | Node.Meta _ -> false
    | Node.List items when items.Forms.Length > 0 ->
        context.Names.Macros.Count = 0
        && (match items.Forms[0] with
            | SymbolOf("do" | "def" | "defn" | "defstruct" | "deftype") -> false
            | _ -> true)
    | _ -> true

/// A body among whose forms there are definitions, or may be.
let private bodyWithDefinitions (context: LoweringContext) (scope: Scope) (span: Span) (forms: Form array) : Core =
    // Forms that a macro's call stands for, with the macros around them, outermost last.
    let expanded = Dictionary<Form, Macro list>(HashIdentity.Reference)

    let madeBy (form: Form) =
        match expanded.TryGetValue form with
        | true, macros -> macros
        | _ -> []

    let lowered (form: Form) (next: unit -> Core) =
        madeBy form
        |> List.fold (fun next macro -> fun () -> Macros.within context macro next) next
        |> fun all -> all ()

    let rec flatten depth (form: Form) : Form array =
        match form with
        | ListOf items when depth < depthLimit && items.Length > 0 && not (Array.exists isBroken items) ->
            match items[0] with
            | SymbolOf name when (Macros.tryFind context name).IsSome && not (scope.Names.ContainsKey name) ->
                match Macros.tryFind context name with
                | ValueSome macro ->
                    match Macros.expand context macro form items[1..] with
                    | ValueSome made ->
                        // A parameter's own form must not be taken for what the macro made.
                        let made = { made with Span = made.Span }
                        expanded[made] <- macro :: madeBy form
                        flatten (depth + 1) made
                    | ValueNone -> [| at form.Span (Node.Broken "") |]
                | ValueNone -> [| form |]
            | SymbolOf "do" when items.Length > 1 ->
                for item in items[1..] do
                    if not (madeBy form).IsEmpty then
                        expanded[item] <- madeBy form

                let inside = items[1..] |> Array.collect (flatten (depth + 1))

                if inside |> Array.exists (fun part -> (definitionOf part).IsSome) then
                    inside
                else
                    [| form |]
            | _ -> [| form |]
        | _ -> [| form |]

    let forms = forms |> Array.collect (flatten 0)

    if forms |> Array.exists (fun part -> (definitionOf part).IsSome) then
        let entryOf (part: Form) =
            match definitionOf part with
            | ValueSome items ->
                let name = bare items[1]

                let text =
                    match name with
                    | SymbolOf text -> text
                    | _ -> ""

                let binding = Binding(text, name.Span)

                let isFunction =
                    match items[0] with
                    | SymbolOf "defn" -> true
                    | _ -> isFunctionForm items[items.Length - 1]

                {
                    Pattern = Pattern.Name binding
                    Bindings = [| binding |]
                    IsFunction = isFunction
                    Value = fun scope -> lowered part (fun () -> Functions.definedValue context scope part items)
                    Checked = ValueNone
                }
            | ValueNone -> {
                Pattern = Pattern.Ignore part.Span
                Bindings = Array.empty
                IsFunction = false
                Value = fun scope -> lowered part (fun () -> lower context scope part)
                Checked = ValueNone
              }

        let entries = forms |> Array.map entryOf
        let last = entries[entries.Length - 1]

        match last.Pattern with
        | Pattern.Name binding -> sequential entries scope span (fun _ -> Core.Local(binding, binding.Span))
        | Pattern.Ignore _
        | Pattern.Vector _
        | Pattern.Map _ -> sequential entries[.. entries.Length - 2] scope span last.Value
    else
        let cores =
            forms
            |> Array.mapi (fun i form ->
                let scope = if i = forms.Length - 1 then scope else Scope.inside scope
                lowered form (fun () -> lower context scope form))

        if cores.Length = 1 then cores[0] else Core.Do(cores, span)

/// The body of a function or a `let`: what `def` binds among its forms belongs to this body.
let body (context: LoweringContext) (scope: Scope) (span: Span) (forms: Form array) : Core =
    let scope =
        if scope.Lexical then
            scope
        else
            { scope with Lexical = true }

    if forms |> Array.forall (isPlain context) then
        block context scope span forms
    else
        bodyWithDefinitions context scope span forms

/// The value of a binding; a function learns the name that it is bound to.
let private named (context: LoweringContext) (scope: Scope) (pattern: Pattern) (value: Form) =
    match pattern with
    | Pattern.Name binding -> Functions.valueNamed context scope binding.Name value
    | Pattern.Ignore _
    | Pattern.Vector _
    | Pattern.Map _ -> lower context scope value

let lowerLet (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    if items.Length < 2 then
        refuse context "RTFS0102" form.Span "`let` needs a vector of bindings" "write (let [name value] body)"
    else
        match bare items[1] with
        | VectorOf bindings as vector ->
            match Patterns.split bindings with
            | null ->
                Bindings.refuse context "let" vector bindings
                lost vector.Span
            | _ when items.Length = 2 ->
                refuse context "RTFS0101" form.Span "`let` has no body" "write (let [name value] body)"
            | found ->
                let scope = { scope with Lexical = true }

                let entryOf (struct (target: Form, annotation: Form array, value: Form)) =
                    let names = ResizeArray<Binding>()
                    let pattern = Patterns.ofForm context names target

                    let isFunction =
                        isFunctionForm value
                        && (match pattern with
                            | Pattern.Name _ -> true
                            | Pattern.Ignore _
                            | Pattern.Vector _
                            | Pattern.Map _ -> false)

                    let check = Bindings.typed context pattern "let" annotation

                    {
                        Pattern = pattern
                        Bindings = names.ToArray()
                        IsFunction = isFunction
                        Value =
                            fun scope ->
                                let core = named context scope pattern value
                                if isFunction then core else check core
                        Checked =
                            if isFunction && annotation.Length > 0 then
                                ValueSome check
                            else
                                ValueNone
                    }

                sequential (found |> Array.map entryOf) scope form.Span (fun scope ->
                    body context scope form.Span items[2..])
        | other ->
            refuse
                context
                "RTFS0102"
                other.Span
                $"`let` needs a vector of bindings, found {Describe.form other}"
                "write (let [name value] body)"
