/// What lowering carries down the tree: the names in reach, how deep it is, and where mistakes go.
namespace Rtfs.Syntax.Expand

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A name that stands where a type is asked for, and that only a definition can give a meaning. `Types` are the names of types in the
/// plan around it, or null where those of the text count.
type internal TypeUse = {
    Name: string
    Form: Form
    Types: HashSet<string> | null
}

/// What later passes need of the core of one top-level form and the core itself does not keep. Nodes are compared by reference.
[<Sealed>]
type internal Annex() =
    let mutable optionKeys: Dictionary<Core, Span array> | null = null
    let mutable programs: Dictionary<Core, Core> | null = null
    let mutable schemas: Dictionary<Form, Type> | null = null
    let mutable typeUses: ResizeArray<TypeUse> | null = null

    let adding (table: Dictionary<'Key, 'Value> | null) : Dictionary<'Key, 'Value> =
        match table with
        | null -> Dictionary HashIdentity.Reference
        | present -> present

    let find (table: Dictionary<'Key, 'Value> | null) (key: 'Key) : 'Value voption =
        match table with
        | null -> ValueNone
        | table ->
            match table.TryGetValue key with
            | true, value -> ValueSome value
            | _ -> ValueNone

    /// The places of an operation's option keys, in the order of its options.
    member _.AddOptionKeys(operation: Core, keys: Span array) : unit =
        let table = adding optionKeys
        table[operation] <- keys
        optionKeys <- table

    member _.OptionKeysOf(operation: Core) : Span array =
        match optionKeys with
        | null -> Array.empty
        | table ->
            match table.TryGetValue operation with
            | true, keys -> keys
            | _ -> Array.empty

    member _.AddTypeUse(used: TypeUse) : unit =
        let list =
            match typeUses with
            | null -> ResizeArray()
            | present -> present

        list.Add used
        typeUses <- list

    member _.TypeUses: TypeUse array =
        match typeUses with
        | null -> Array.empty
        | present -> present.ToArray()

    /// The type that a schema which is written out has been read as.
    member _.AddSchema(schema: Form, target: Type) : unit =
        let table = adding schemas
        table[schema] <- target
        schemas <- table

    member _.SchemaOf(schema: Form) : Type voption = find schemas schema

    /// A literal plan's program, lowered as the program that it will be.
    member _.AddProgram(plan: Core, program: Core) : unit =
        let table = adding programs
        table[plan] <- program
        programs <- table

    member _.HasPrograms = not (isNull programs)

    member _.ProgramOf(plan: Core) : Core voption = find programs plan

/// A macro: parameters that take forms, and the template that they are put into. Places are absolute in `Source`.
[<Sealed>]
type internal Macro
    (name: string, parameters: string array, rest: (string | null), template: Form, place: Span, source: SourceText) =
    member _.Name = name
    member _.Parameters = parameters
    member _.Rest = rest
    member _.Template = template
    member _.Place = place
    member _.Source = source

/// What a text's names mean beyond its lexical forms.
type internal Names = {
    /// Names that the text defines: they win over sugar and operations of the same name.
    Defined: HashSet<string>
    /// A name of a module, or of an import, with the global that it stands for.
    Globals: Dictionary<string, string>
    /// Those that `defstruct` and `deftype` define: names of types as well.
    Structs: HashSet<string>
    /// In the order of the text: a macro is known from its definition on.
    Macros: Dictionary<string, Macro>
    /// The modules in reach, by the name before the `/`, with the names that each exports.
    Modules: Dictionary<string, HashSet<string>>
}

module internal Names =
    let defining (defined: HashSet<string>) (structs: HashSet<string>) = {
        Defined = defined
        Globals = Dictionary()
        Structs = structs
        Macros = Dictionary()
        Modules = Dictionary()
    }

    /// The global that a name of the text stands for.
    let globalOf (names: Names) (name: string) =
        match names.Globals.TryGetValue name with
        | true, found -> found
        | _ -> name

/// One top-level form's lowering.
type internal LoweringContext = {
    Names: Names
    Source: SourceText
    /// Where the top-level form begins.
    Start: int
    Found: ResizeArray<Diagnostic>
    Annex: Annex
    /// Where reading has found errors: what follows from them is no new mistake.
    Faulty: HashSet<Span>
    /// The names of types that a plan defines, inside of its program; null elsewhere.
    TypesOfPlan: HashSet<string> | null
    /// Places that a diagnostic has been given for once and not again.
    Once: HashSet<string>
    /// The macros whose expansions are being lowered, innermost last, and what expanding has cost so far.
    Expanding: Stack<Macro>
    Spent: Expenditure
    /// Lowering is one recursion over several files: these lead back to its beginning.
    Lower: LoweringContext -> Scope -> Form -> Core
    Body: LoweringContext -> Scope -> Span -> Form array -> Core
}

and internal Scope = {
    Names: Map<string, Binding>
    /// Inside a function or a `let`, where `def` binds a local name.
    Lexical: bool
    InFunctionLiteral: bool
    /// Inside a plan's program, where `~x` stands for a value that the plan's maker inserts.
    InPlan: bool
    /// Where `recur` goes back to; null outside of every loop and function.
    Target: RecurTarget | null
    /// Whether the value of the form is that of the target's body.
    Tail: bool
    Depth: int
}

/// `Arity` is the number of arguments that `recur` takes; `Kind` is `loop` or `function`.
and [<Sealed>] internal RecurTarget(kind: string, arity: int) =
    member _.Kind = kind
    member _.Arity = arity

/// Steps and forms that expansion has used, for one top-level form.
and [<Sealed>] internal Expenditure() =
    member val Steps = 0 with get, set
    member val Forms = 0 with get, set

module internal Scope =
    /// Reading stops at 500; sugar adds some.
    let depthLimit = 640

    let top = {
        Names = Map.empty
        Lexical = false
        InFunctionLiteral = false
        InPlan = false
        Target = null
        Tail = false
        Depth = 0
    }

    /// For a part whose value is not that of the whole.
    let inside (scope: Scope) =
        if scope.Tail then { scope with Tail = false } else scope

    /// For the body of a loop or a function.
    let target kind arity (scope: Scope) = {
        scope with
            Target = RecurTarget(kind, arity)
            Tail = true
    }

    let bind (scope: Scope) (bindings: seq<Binding>) = {
        scope with
            Names =
                bindings
                |> Seq.fold (fun names binding -> Map.add binding.Name binding names) scope.Names
    }

    /// Whether another level fits, by the language's limit and by what this thread's stack has left.
    let fits (scope: Scope) =
        scope.Depth < depthLimit && RuntimeHelpers.TryEnsureSufficientExecutionStack()

    /// Inside an expansion the place is the macro's call; its template is the related place, where it is in the same text.
    let private templates (context: LoweringContext) =
        if context.Expanding.Count = 0 then
            Array.empty
        else
            let macro = context.Expanding.Peek()

            if obj.ReferenceEquals(macro.Source, context.Source) then
                [|
                    RelatedPlace(macro.Place.Shift(-context.Start), $"the template of `{macro.Name}`")
                |]
            else
                Array.empty

    let report (context: LoweringContext) (code: string) (span: Span) (message: string) (fix: string | null) =
        if not (context.Faulty.Contains span) then
            let message =
                if context.Expanding.Count = 0 then
                    message
                else
                    $"in what `{context.Expanding.Peek().Name}` expands to: {message}"

            context.Found.Add(Diagnostic(code, Codes.severityOf code, span, message, fix, templates context))

    /// What reading a type finds.
    let typeReport (context: LoweringContext) : Report = {
        Refuse = report context
        Name =
            fun form name ->
                if not (context.Faulty.Contains form.Span) then
                    context.Annex.AddTypeUse {
                        Name = name
                        Form = form
                        Types = context.TypesOfPlan
                    }
    }

    /// Whether reading has complained of this form or of a direct part of it.
    let isFaulty (context: LoweringContext) (form: Form) (parts: Form array) =
        context.Faulty.Count > 0
        && (context.Faulty.Contains form.Span
            || parts |> Array.exists (fun part -> context.Faulty.Contains part.Span))
