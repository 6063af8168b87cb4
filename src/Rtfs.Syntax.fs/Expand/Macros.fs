/// Macros: templates that forms are put into before they mean anything. Expansion is substitution and computes nothing; it is bounded.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Macros

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// For one top-level form: expansions, forms made by them, and expansions inside of each other.
let private mostSteps = 10_000
let private mostForms = 200_000
let private deepest = 200

let tryFind (context: LoweringContext) (name: string) : Macro voption =
    match context.Names.Macros.TryGetValue name with
    | true, found -> ValueSome found
    | _ -> ValueNone

let private refuseDefinition context (place: Form) message =
    report context "RTFS0140" place.Span message "write (defmacro name [form & forms] `(… ~form ~@forms))"

/// Plain names, `& rest` last; null where the vector is something else.
let private parametersOf context (items: Form array) : struct (string array * (string | null)) voption =
    let names = ResizeArray<string>()
    let mutable rest: string | null = null
    let mutable sound = true

    for i in 0 .. items.Length - 1 do
        match bare items[i] with
        | SymbolOf "&" when i = items.Length - 2 -> ()
        | SymbolOf name when name <> "&" && name <> ":" ->
            match (if i > 0 then bare items[i - 1] else items[i]) with
            | SymbolOf "&" when i > 0 -> rest <- name
            | _ -> names.Add name
        | other ->
            if sound then
                refuseDefinition
                    context
                    other
                    $"the parameters of a macro are names and `& rest`, found {Describe.form other}"

            sound <- false

    if sound then
        ValueSome(struct (names.ToArray(), rest))
    else
        ValueNone

/// `(defmacro name [parameters] template)`, with texts before the parameters or before the template, which say what it is for. The macro
/// is known from here on.
let define (context: LoweringContext) (form: Form) (items: Form array) : unit =
    let parts =
        match items with
        | _ when items.Length > 3 ->
            match items[2] with
            | StringOf _ -> Array.append items[..1] items[3..]
            | _ -> items
        | _ -> items

    let isText (form: Form) =
        match form with
        | StringOf _ -> true
        | _ -> false

    let parts =
        if parts.Length > 4 && parts[3 .. parts.Length - 2] |> Array.forall isText then
            Array.append parts[..2] [| Array.last parts |]
        else
            parts

    if parts.Length <> 4 then
        refuseDefinition context form "`defmacro` takes a name, parameters and one template"
    else
        match bare parts[1], bare parts[2] with
        | SymbolOf name as symbol, _ when SpecialForms.names.Contains name ->
            report
                context
                "RTFS0105"
                symbol.Span
                $"`{name}` is a special form and cannot be defined"
                "choose another name"
        | SymbolOf name as symbol, VectorOf items ->
            match parametersOf context items with
            | ValueNone -> ()
            | ValueSome(struct (parameters, rest)) ->
                context.Names.Macros[name] <-
                    Macro(name, parameters, rest, parts[3], symbol.Span.Shift context.Start, context.Source)
        | SymbolOf _, other ->
            refuseDefinition context other $"`defmacro` needs a vector of parameters, found {Describe.form other}"
        | other, _ -> refuseDefinition context other $"`defmacro` needs a name, found {Describe.form other}"

/// Stops an expansion; its diagnostic has been given.
exception private Stopped

type private Substitution = {
    Context: LoweringContext
    Macro: Macro
    Call: Form
    Arguments: Dictionary<string, Form>
}

let private stop (work: Substitution) code (message: string) (fix: string | null) =
    let related =
        if obj.ReferenceEquals(work.Macro.Source, work.Context.Source) then
            [|
                RelatedPlace(work.Macro.Place.Shift(-work.Context.Start), $"`{work.Macro.Name}` is defined here")
            |]
        else
            Array.empty

    if not (work.Context.Faulty.Contains work.Call.Span) then
        work.Context.Found.Add(Diagnostic(code, Codes.severityOf code, work.Call.Span, message, fix, related))

    raise Stopped

/// Counts forms that the expansion makes, and ends it before there are too many.
let private charge (work: Substitution) (count: int) =
    let spent = work.Context.Spent

    if spent.Forms <= mostForms then
        spent.Forms <- spent.Forms + count

        if spent.Forms > mostForms then
            stop
                work
                "RTFS0143"
                $"expanding `{work.Macro.Name}` makes more than {mostForms} forms"
                "let the macro call a function that does the work"
    else
        raise Stopped

let private size (form: Form) =
    walk (fun _ -> true) form |> Seq.truncate (mostForms + 1) |> Seq.length

let private isLiteral (form: Form) =
    match form.Node with
    | Node.Nil
    | Node.Bool _
    | Node.Int _
    | Node.Float _
    | Node.String _
    | Node.Timestamp _
    | Node.Uuid _
    | Node.Keyword _ -> true
    | _ -> false

/// What `~name` stands for.
let private inserted (work: Substitution) (form: Form) : Form =
    match bare form with
    | SymbolOf name when work.Arguments.ContainsKey name ->
        let found = work.Arguments[name]
        charge work (size found)
        found
    | SymbolOf name ->
        stop
            work
            "RTFS0141"
            $"the template of `{work.Macro.Name}` inserts `{name}`, which is none of its parameters"
            "insert a parameter, or write the name without ~"
    // What an outer template has put here already.
    | other when isLiteral other -> other
    | other ->
        stop
            work
            "RTFS0141"
            $"the template of `{work.Macro.Name}` inserts {Describe.form other}; a macro inserts its parameters and computes nothing"
            "let the template call a function on the parameter"

let private spliced (work: Substitution) (form: Form) : Form array =
    match inserted work form with
    | ListOf items
    | VectorOf items -> items
    | other ->
        stop
            work
            "RTFS0141"
            $"the template of `{work.Macro.Name}` splices {Describe.form other}; `~@` takes a list or a vector of forms"
            "use ~ for one form"

let rec private substitute (work: Substitution) (level: int) (depth: int) (form: Form) : Form =
    if depth > depthLimit then
        stop work "RTFS0143" $"the template of `{work.Macro.Name}` is nested too deeply" null
    else
        charge work 1
        let remade node = at work.Call.Span node
        let inside = substitute work level (depth + 1)

        let all (items: Items) =
            items.Forms
            |> Array.collect (fun part ->
                match part.Node with
                | Node.Prefixed(Prefix.Splice, target) when level = 1 -> spliced work target
                | Node.Prefixed((Prefix.Unquote | Prefix.Splice) as prefix, target) when level = 2 ->
                    match target.Node with
                    // `~~@forms` is `~form` for each of them.
                    | Node.Prefixed(Prefix.Splice, forms) ->
                        spliced work forms
                        |> Array.map (fun item -> remade (Node.Prefixed(prefix, item)))
                    | _ -> [| inside part |]
                | _ -> [| inside part |])
            |> Items.Of

        match form.Node with
        | Node.Prefixed(Prefix.Unquote, target) when level = 1 -> inserted work target
        | Node.Prefixed(Prefix.Splice, _) when level = 1 ->
            stop
                work
                "RTFS0141"
                $"in the template of `{work.Macro.Name}`, `~@` stands where there is no sequence to splice into"
                "use ~ for one form, or put it inside ( )"
        | Node.Prefixed(Prefix.QuasiQuote, target) ->
            remade (Node.Prefixed(Prefix.QuasiQuote, substitute work (level + 1) (depth + 1) target))
        | Node.Prefixed((Prefix.Unquote | Prefix.Splice) as prefix, target) ->
            remade (Node.Prefixed(prefix, substitute work (level - 1) (depth + 1) target))
        | Node.Prefixed((Prefix.Quote | Prefix.Context) as prefix, target) ->
            remade (Node.Prefixed(prefix, inside target))
        | Node.List items -> remade (Node.List(all items))
        | Node.Vector items -> remade (Node.Vector(all items))
        | Node.Map items -> remade (Node.Map(all items))
        | Node.Function items -> remade (Node.Function(all items))
        | Node.Consume items -> remade (Node.Consume(all items))
        | Node.Meta(meta, target) -> remade (Node.Meta(meta |> Array.map inside, inside target))
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
        | Node.Broken _ -> { form with Span = work.Call.Span }

let private expansion (work: Substitution) : Form =
    match work.Macro.Template.Node with
    | Node.Prefixed(Prefix.QuasiQuote, target) -> substitute work 1 0 target
    | Node.Prefixed(Prefix.Quote, target) -> { target with Span = work.Call.Span }
    | Node.Symbol _ -> inserted work work.Macro.Template
    | Node.List items when items.Forms.Length > 0 ->
        stop
            work
            "RTFS0141"
            $"`{work.Macro.Name}` has a call for its body; a macro is a template and computes nothing"
            "put a back-quote before the body"
    | _ -> {
        work.Macro.Template with
            Span = work.Call.Span
      }

/// The form that a call of a macro stands for; nothing where a diagnostic says why there is none.
let expand (context: LoweringContext) (macro: Macro) (call: Form) (arguments: Form array) : Form voption =
    let work = {
        Context = context
        Macro = macro
        Call = call
        Arguments = Dictionary()
    }

    try
        let spent = context.Spent
        spent.Steps <- spent.Steps + 1

        if spent.Steps > mostSteps + 1 || spent.Forms > mostForms then
            raise Stopped
        elif spent.Steps > mostSteps then
            stop
                work
                "RTFS0143"
                $"more than {mostSteps} expansions, the last of `{macro.Name}`"
                "let the macro end on a form that is no macro call"
        elif context.Expanding.Count >= deepest then
            // Whatever it expands to further is cut off with it.
            spent.Steps <- mostSteps + 1

            stop
                work
                "RTFS0143"
                $"expanding `{macro.Name}` does not end: {deepest} expansions inside of each other"
                "let the macro end on a form that is no macro call"

        let expected = macro.Parameters.Length
        let variadic = not (isNull macro.Rest)

        if arguments.Length < expected || (arguments.Length > expected && not variadic) then
            let atLeast = if variadic then "at least " else ""
            let noun = if expected = 1 then "form" else "forms"

            stop work "RTFS0142" $"`{macro.Name}` takes {atLeast}{expected} {noun}, found {arguments.Length}" null

        macro.Parameters
        |> Array.iteri (fun i name -> work.Arguments[name] <- arguments[i])

        match macro.Rest with
        | null -> ()
        | rest -> work.Arguments[rest] <- listAt call.Span arguments[expected..]

        ValueSome(expansion work)
    with Stopped ->
        ValueNone

/// Runs `next` while the macro's expansion is being lowered.
let within (context: LoweringContext) (macro: Macro) (next: unit -> 'R) : 'R =
    context.Expanding.Push macro

    try
        next ()
    finally
        context.Expanding.Pop() |> ignore
