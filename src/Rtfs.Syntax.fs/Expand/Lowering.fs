/// From forms to core: names are resolved, sugar is gone, operations have their options apart. Mistakes of shape are found here.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Lowering

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let rec lower (context: LoweringContext) (scope: Scope) (form: Form) : Core =
    if not (fits scope) then
        if context.Once.Add "RTFS0110" then
            report
                context
                "RTFS0110"
                form.Span
                $"this is nested more than {depthLimit} levels deep, counting what `->`, `cond` and the like stand for"
                "move a part into a function of its own"

        lost form.Span
    else
        match form.Node with
        | Node.Nil
        | Node.Bool _
        | Node.Int _
        | Node.Float _
        | Node.String _
        | Node.Timestamp _
        | Node.Uuid _
        | Node.Resource _
        | Node.Keyword _ -> literal form
        | Node.Broken _ -> lost form.Span
        | Node.Symbol name -> lowerName context scope form name
        | _ ->
            // The parts of a form are not in its tail place, unless the form says so.
            lowerCompound context { scope with Depth = scope.Depth + 1 } form

and private lowerCompound (context: LoweringContext) (tail: Scope) (form: Form) : Core =
    let inner = Scope.inside tail

    match form.Node with
    | Node.Nil
    | Node.Bool _
    | Node.Int _
    | Node.Float _
    | Node.String _
    | Node.Timestamp _
    | Node.Uuid _
    | Node.Resource _
    | Node.Keyword _
    | Node.Symbol _
    | Node.Broken _ -> literal form
    | Node.Vector items -> Core.Vector(items.Forms |> Array.map (lower context inner), form.Span)
    | Node.Map items when isFaulty context form items.Forms -> lost form.Span
    | Node.Map items ->
        let entries =
            pairs items.Forms
            |> Array.map (fun struct (key, value) -> KeyValuePair(lower context inner key, lower context inner value))

        Core.Map(entries, form.Span)
    | Node.Function items -> Functions.lowerFunctionLiteral context inner form items.Forms
    | Node.Consume _ ->
        refuse
            context
            "RTFS0106"
            form.Span
            "{item => …} stands only as the logic of `stream-consume` or as the :receive of `stream-interact`"
            "write (stream-consume stream {item => …}), or a function (fn [item] …)"
    | Node.Meta(meta, target) -> Steps.lowerMeta context tail form meta target
    | Node.Prefixed(Prefix.Quote, target) -> lowerQuote context inner form target
    | Node.Prefixed(Prefix.QuasiQuote, target) -> Template.ofForm context inner target
    | Node.Prefixed((Prefix.Unquote | Prefix.Splice), _) when tail.InPlan ->
        // A value that the plan's maker inserts: nothing is known of it here.
        Core.Local(Binding("~", form.Span), form.Span)
    | Node.Prefixed((Prefix.Unquote | Prefix.Splice), _) ->
        refuse
            context
            "RTFS0107"
            form.Span
            "`~` inserts into a template, and there is none around it"
            "put a back-quote before the form to make it a template"
    | Node.Prefixed(Prefix.Context, target) -> ContextAccess.ofPrefixed context inner form target
    | Node.List items -> lowerList context tail form items.Forms

and private lowerName (context: LoweringContext) (scope: Scope) (form: Form) (name: string) =
    match Map.tryFind name scope.Names with
    | Some binding -> Core.Local(binding, form.Span)
    | None when context.Names.Globals.ContainsKey name -> Core.Global(context.Names.Globals[name], form.Span)
    | None when context.Names.Defined.Contains name -> Core.Global(name, form.Span)
    | None when CapabilityId.looksVersioned name -> literal form
    | None when
        SpecialForms.names.Contains name
        && not (SpecialForms.alsoFunctions.Contains name)
        || SpecialForms.shadowable.Contains name
        || Sugar.names.Contains name
        || context.Names.Macros.ContainsKey name
        || name = "plan"
        ->
        refuse
            context
            "RTFS0115"
            form.Span
            $"`{name}` is a form of the language, not a value"
            $"wrap it in a function: (fn [x] ({name} …))"
    | None when isHidden context name -> refuseHidden context form name
    | None -> Core.Global(name, form.Span)

/// Whether a name is qualified by a module that is in reach and does not export it.
and private isHidden (context: LoweringContext) (name: string) =
    let slash = name.LastIndexOf '/'
    slash > 0 && context.Names.Modules.ContainsKey(name.Substring(0, slash))

and private refuseHidden (context: LoweringContext) (form: Form) (name: string) =
    let slash = name.LastIndexOf '/'
    let exports = context.Names.Modules[name.Substring(0, slash)]

    let hint, fix =
        match Nearest.find (name.Substring(slash + 1)) exports with
        | null -> "", "export it: (:exports [name …])"
        | near -> $"; did you mean `{near}`?", $"write {name.Substring(0, slash)}/{near}"

    refuse
        context
        "RTFS0154"
        form.Span
        $"the module `{name.Substring(0, slash)}` does not export `{name.Substring(slash + 1)}`{hint}"
        fix

and private lowerQuote (context: LoweringContext) (scope: Scope) (form: Form) (target: Form) =
    let core = Core.Quote(target, form.Span)

    match target with
    | ListOf items when items.Length > 0 ->
        match items[0] with
        | SymbolOf "plan" when not scope.InPlan ->
            Streaming.lowerPlan context scope target items |> keepProgram context core
        | _ -> core
    | _ -> core

/// A quoted plan is checked like a live one: its program is kept under the quoted datum.
and private keepProgram (context: LoweringContext) (quoted: Core) (plan: Core) =
    match context.Annex.ProgramOf plan with
    | ValueSome program -> context.Annex.AddProgram(quoted, program)
    | ValueNone -> ()

    quoted

and private lowerList (context: LoweringContext) (tail: Scope) (form: Form) (items: Form array) =
    let scope = Scope.inside tail

    let lowerAll (forms: Form array) =
        forms |> Array.map (lower context scope)

    /// Nothing is left to do after the last one.
    let lowerChoices (forms: Form array) =
        forms
        |> Array.mapi (fun i form -> lower context (if i = forms.Length - 1 then tail else scope) form)

    if items.Length = 0 then
        Core.List(Array.empty, form.Span)
    elif items |> Array.exists isBroken then
        lost form.Span
    else
        let call (callee: Core) =
            Core.Call(callee, lowerAll items[1..], form.Span)

        match items[0] with
        | SymbolOf name as head ->
            match Map.tryFind name scope.Names with
            | Some binding when not (SpecialForms.names.Contains name) -> call (Core.Local(binding, head.Span))
            | _ ->
                match name with
                | "if" -> lowerIf context tail form items
                | "do" -> Blocks.block context tail form.Span items[1..]
                | "let" -> Blocks.lowerLet context tail form items
                | "match" -> Matching.lowerMatch context tail form items
                | "loop" -> Loops.lowerLoop context scope form items
                | "recur" -> Loops.lowerRecur context tail form items
                | "for" -> Loops.lowerFor context scope form items
                | "try" -> Recovery.lowerTry context scope form items
                | "catch"
                | "finally" ->
                    refuse
                        context
                        "RTFS0123"
                        form.Span
                        $"`{name}` stands only at the end of a `try`"
                        "write (try body (catch Kind e handler) (finally cleanup))"
                | "defstruct"
                | "deftype" -> Functions.lowerNamedType context scope form items name
                | "defmacro" ->
                    Macros.define context form items
                    nil form.Span
                | "module"
                | "import" ->
                    refuse
                        context
                        "RTFS0156"
                        form.Span
                        $"`{name}` stands at the top of a text, and inside of no other form"
                        (if name = "import" then
                             "move it to the top, or into the module"
                         else
                             "move it to the top")
                | "def" -> Functions.lowerDef context scope form items
                | "defn" -> Functions.lowerDefn context scope form items
                | "fn"
                | "λ"
                | "lambda" -> Functions.lowerFn context scope form items
                | "quote" ->
                    if items.Length = 2 then
                        lowerQuote context scope form items[1]
                    else
                        refuse context "RTFS0101" form.Span "`quote` takes one form" "write (quote form) or 'form"
                | "and" -> Core.And(lowerChoices items[1..], form.Span)
                | "or" -> Core.Or(lowerChoices items[1..], form.Span)
                | _ when context.Names.Macros.ContainsKey name ->
                    let macro = context.Names.Macros[name]

                    match Macros.expand context macro form items[1..] with
                    | ValueSome made -> Macros.within context macro (fun () -> lower context tail made)
                    | ValueNone -> lost form.Span
                | _ when context.Names.Globals.ContainsKey name ->
                    call (Core.Global(context.Names.Globals[name], head.Span))
                | _ when context.Names.Defined.Contains name -> call (Core.Global(name, head.Span))
                | _ when Sugar.names.Contains name -> lower context tail (Sugar.expand context name form items)
                | "case" -> Matching.lowerCase context tail form items
                | "dotimes" -> Loops.lowerDotimes context scope form items
                | "doseq" -> Loops.lowerDoseq context scope form items
                | "step"
                | "step-if"
                | "step-loop"
                | "step-parallel" -> Steps.lowerStep context scope form items name
                | "parallel" -> Steps.lowerParallel context scope form items
                | "with-resource" -> Steps.lowerWithResource context scope form items
                | "quasiquote" when items.Length = 2 -> Template.ofForm context scope items[1]
                | "plan" -> Streaming.lowerPlan context scope form items
                | "=>" ->
                    refuse
                        context
                        "RTFS0106"
                        form.Span
                        "(=> item …) stands only as the logic of `stream-consume` or as the :receive of `stream-interact`"
                        "write (stream-consume stream {item => …})"
                | "get" when items.Length = 2 && isKeyword items[1] -> ContextAccess.ofGet form items[1]
                | _ -> lowerNamed context scope form items name
        | KeywordOf _ as head -> call (literal head)
        | head -> call (lower context scope head)

and private lowerNamed (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) (name: string) =
    let lowerAll (forms: Form array) =
        forms |> Array.map (lower context scope)

    let head = items[0]

    match Operations.tryFind name with
    | ValueSome operation -> Streaming.lowerOperation context scope form operation items[1..]
    | ValueNone when Operations.unavailable.Contains name ->
        report context "RTFS3003" head.Span $"`{name}` is not available in this version" null

        // Kept as an operation, so that running it fails by name instead of giving nil. Its logic is no mistake.
        let arguments =
            items[1..]
            |> Array.map (fun argument ->
                match Streaming.consumeLogic argument with
                | ValueSome _ -> lost argument.Span
                | ValueNone -> lower context scope argument)

        Core.Operation(name, arguments, Array.empty, form.Span)
    | ValueNone when not (isNull (SpecialForms.foreign name)) ->
        refuse context "RTFS0118" head.Span $"`{name}` is no part of the language" (SpecialForms.foreign name)
    | ValueNone when isHidden context name -> refuseHidden context head name
    | ValueNone when name.Length > 1 && name[0] = '.' ->
        // A method is the function of its name.
        let method = name.Substring 1

        let callee =
            match Map.tryFind method scope.Names with
            | Some binding -> Core.Local(binding, head.Span)
            | None -> Core.Global(Names.globalOf context.Names method, head.Span)

        Core.Call(callee, lowerAll items[1..], form.Span)
    | ValueNone -> Core.Call(Core.Global(name, head.Span), lowerAll items[1..], form.Span)

and private lowerIf (context: LoweringContext) (tail: Scope) (form: Form) (items: Form array) =
    let condition () =
        lower context (Scope.inside tail) items[1]

    match items.Length with
    | 3 -> Core.If(condition (), lower context tail items[2], nil form.Span, form.Span)
    | 4 -> Core.If(condition (), lower context tail items[2], lower context tail items[3], form.Span)
    | count ->
        refuse
            context
            "RTFS0101"
            form.Span
            $"`if` takes a condition, a consequent and an optional alternative, found {count - 1}"
            "write (if condition then else); (do …) holds several expressions"

/// Whether reading has lost a bracket of the form: what would follow is no mistake of its own.
let isLost (top: TopForm) =
    top.Diagnostics.Length > 0
    && walk (fun _ -> true) top.Form
       |> Seq.exists (fun form ->
           match form.Node with
           | Node.List items
           | Node.Vector items
           | Node.Map items
           | Node.Function items
           | Node.Consume items -> not items.Closed
           | Node.Nil
           | Node.Bool _
           | Node.Int _
           | Node.Float _
           | Node.String _
           | Node.Timestamp _
           | Node.Uuid _
           | Node.Resource _
           | Node.Symbol _
           | Node.Keyword _
           | Node.Prefixed _
           | Node.Meta _
           | Node.Broken _ -> false)

/// Read and never added to.
let private noFaults = HashSet<Span>()

let contextOf (source: SourceText) (names: Names) (top: TopForm) : LoweringContext = {
    Names = names
    Source = source
    Start = top.Start
    Found = ResizeArray()
    Annex = Annex()
    Faulty =
        (if top.Diagnostics.Length = 0 then
             noFaults
         else
             HashSet(
                 top.Diagnostics
                 |> Seq.filter (fun found -> found.Severity = Severity.Error)
                 |> Seq.map _.Span
             ))
    TypesOfPlan = null
    Once = HashSet()
    Expanding = Stack()
    Spent = Expenditure()
    Lower = lower
    Body = Blocks.body
}

/// Lowers one top-level form; one whose brackets are lost is nil.
let topLevel (context: LoweringContext) (top: TopForm) : Core =
    if isLost top then
        lost top.Form.Span
    else
        lower context Scope.top top.Form
