/// What the host gave to the run: `@:key`, `@name` and `(get :key)`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.ContextAccess

open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private operation name arguments span =
    Core.Operation(name, arguments, Array.empty, span)

/// A name of the text that a key may stand for.
let private known (context: LoweringContext) (scope: Scope) (name: string) span : Core voption =
    match Map.tryFind name scope.Names with
    | Some binding -> ValueSome(Core.Local(binding, span))
    | None when context.Names.Globals.ContainsKey name -> ValueSome(Core.Global(context.Names.Globals[name], span))
    | None when context.Names.Defined.Contains name -> ValueSome(Core.Global(name, span))
    | None -> ValueNone

/// `@:key` is what the run was given under the key; where it was given nothing, the value of that name in the text.
/// `@name` is `(resource:ref "name")`.
let ofPrefixed (context: LoweringContext) (scope: Scope) (form: Form) (target: Form) : Core =
    match target with
    | KeywordOf name ->
        let given = operation "context" [| literal target |] form.Span

        match known context scope name form.Span with
        | ValueSome symbol -> Core.If(operation " given" [| literal target |] form.Span, given, symbol, form.Span)
        | ValueNone -> given
    | SymbolOf name -> operation "resource:ref" [| literal (at target.Span (Node.String name)) |] form.Span
    | BrokenText _ -> lost form.Span
    | other ->
        refuse
            context
            "RTFS0116"
            form.Span
            $"`@` reads a parameter of the plan by its name, found {Describe.form other}"
            "write @:name"

/// `(get :key)`: nil where nothing was given.
let ofGet (form: Form) (key: Form) : Core =
    operation "context" [| literal key; nil form.Span |] form.Span
