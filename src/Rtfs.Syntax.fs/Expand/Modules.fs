/// Modules and what imports them. Each text is lowered once, before the texts that need it; a module's names become globals of their own.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Modules

open System
open System.Collections.Generic
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

type private Exported = {
    Name: string
    Exports: HashSet<string>
    Macros: Dictionary<string, Macro>
}

type private Text = {
    Lowered: Lowered
    Modules: Dictionary<string, Exported>
}

type private Loader = {
    Resolver: IModuleResolver | null
    Texts: Dictionary<string, Text>
    Order: ResizeArray<Lowered>
    /// The names of the texts being lowered, the first one first.
    Chain: ResizeArray<string>
    mutable Through: Span
}

let private deepestChain = 100

let private isErrorIn (found: Diagnostic array) =
    found |> Array.tryFind (fun each -> each.Severity = Severity.Error)

let private refuse (context: LoweringContext) code (span: Span) message (fix: string | null) =
    report context code span message fix
    None

let private plainNames (form: Form) : string array option =
    match bare form with
    | VectorOf items ->
        let names =
            items
            |> Array.choose (fun item ->
                match item with
                | SymbolOf name -> Some name
                | _ -> None)

        if names.Length = items.Length then Some names else None
    | _ -> None

/// A private name is a global that no text can write.
let private globalName (moduleName: string) (exports: HashSet<string>) (name: string) =
    if exports.Contains name then
        $"{moduleName}/{name}"
    else
        $"{moduleName}/ {name}"

let private bring (names: Names) (found: Exported) (alias: string) (only: string array) =
    names.Modules[alias] <- found.Exports

    let add written export =
        match found.Macros.TryGetValue export with
        | true, macro -> names.Macros[written] <- macro
        | _ -> names.Globals[written] <- $"{found.Name}/{export}"

    for export in found.Exports do
        add $"{alias}/{export}" export

    for name in only do
        add name name

let rec private load (loader: Loader) (earlier: Lowered option) (document: Document) : Text =
    let roots = document.Forms |> Array.map _.Form

    let plan =
        match earlier with
        | Some earlier -> Relowering.after earlier roots
        | None -> Relowering.fromNothing roots

    let names = plan.Meanings
    let modules = Dictionary<string, Exported>()
    loader.Chain.Add document.Source.Name

    let lowerImporting (context: LoweringContext) (top: TopForm) (items: Form array) =
        if loader.Chain.Count = 1 then
            loader.Through <- top.Form.Span.Shift top.Start

        match items[0] with
        | SymbolOf "import" ->
            import loader modules context items
            nil top.Form.Span
        | _ -> lowerModule loader modules context top.Form items

    let lower (context: LoweringContext) (top: TopForm) () =
        match bare top.Form with
        | ListOf items when Importing.isImporting top.Form && not (Lowering.isLost top) ->
            lowerImporting context top items
        | _ -> Lowering.topLevel context top

    let lowered (i: int) : LoweredForm =
        match plan.Kept[i] with
        | null ->
            let top = document.Forms[i]
            let context = Lowering.contextOf document.Source names top
            Relowering.lower context top.Form plan.Names[i].Mentioned plan.Names[i] (lower context top)
        | kept -> kept

    let forms =
        if earlier.IsNone && Relowering.isInAnyOrder plan roots then
            Concurrently.init Concurrently.sharing roots.Length lowered
        else
            Array.init roots.Length lowered

    loader.Chain.RemoveAt(loader.Chain.Count - 1)

    {
        Modules = modules
        Lowered = {
            Document = document
            Forms = forms
            Names = names
            Through = loader.Through
        }
    }

/// `(import name :as alias :only [names])`.
and private import loader (here: Dictionary<string, Exported>) (context: LoweringContext) (items: Form array) : unit =
    let whole = Span.Cover(items[0].Span, items[items.Length - 1].Span)
    let usage = "write (import name :as alias :only [name …])"

    let parts =
        match Array.tryItem 1 items with
        | Some(VectorOf inside) when items.Length = 2 -> inside
        | _ -> items[1..]

    let rec options i (alias: string option) (only: string array) =
        if i = parts.Length then
            Some(struct (alias, only))
        elif i + 1 = parts.Length then
            refuse context "RTFS0157" parts[i].Span $"{Describe.form parts[i]} of this import has no value" usage
        else
            match parts[i], parts[i + 1], plainNames parts[i + 1] with
            | KeywordOf "as", SymbolOf name, _ -> options (i + 2) (Some name) only
            | KeywordOf "only", _, Some names -> options (i + 2) alias names
            | other, _, _ ->
                refuse
                    context
                    "RTFS0157"
                    other.Span
                    $"an import takes `:as name` and `:only [names]`, found {Describe.form other}"
                    usage

    match Array.tryHead parts with
    | Some(SymbolOf name as symbol) ->
        match options 1 None Array.empty with
        | None -> ()
        | Some(struct (alias, only)) ->
            match find loader here context symbol name with
            | None -> ()
            | Some found ->
                for missing in only |> Array.filter (fun each -> not (found.Exports.Contains each)) do
                    let hint =
                        match Nearest.find missing found.Exports with
                        | null -> ""
                        | near -> $"; did you mean `{near}`?"

                    report
                        context
                        "RTFS0154"
                        whole
                        $"the module `{name}` does not export `{missing}`{hint}"
                        "export it: (:exports [name …])"

                let known = only |> Array.filter found.Exports.Contains
                bring context.Names found (alias |> Option.defaultValue name) known
    | _ -> report context "RTFS0157" whole "`import` needs the name of a module" usage

and private find loader here (context: LoweringContext) (symbol: Form) (name: string) : Exported option =
    match here.TryGetValue name with
    | true, found -> Some found
    | _ ->
        let importing = context.Source.Name

        match loader.Resolver with
        | null ->
            refuse
                context
                "RTFS0150"
                symbol.Span
                $"there is no module `{name}`: this text is not a file"
                "run it from a file"
        | resolver ->
            match resolver.Resolve(importing, name) with
            | null ->
                let places = resolver.Places(importing, name) |> List.ofSeq

                refuse
                    context
                    "RTFS0150"
                    symbol.Span
                    $"there is no module `{name}`; looked at {Codes.listed places}"
                    null
            | text ->
                let cycle = loader.Chain.IndexOf text.Name

                if cycle >= 0 then
                    let names = Seq.append (Seq.skip cycle loader.Chain) [ text.Name ]
                    let shown = String.Join(" → ", names)

                    refuse
                        context
                        "RTFS0151"
                        symbol.Span
                        $"modules import each other in a circle: {shown}"
                        "move what both need into a module of its own"
                elif loader.Chain.Count > deepestChain then
                    refuse
                        context
                        "RTFS0151"
                        symbol.Span
                        $"more than {deepestChain} modules import one another in a row"
                        null
                else
                    exportedBy loader context symbol name text

and private exportedBy loader context (symbol: Form) (name: string) (text: ModuleText) : Exported option =
    let loaded =
        match loader.Texts.TryGetValue text.Name with
        | true, found -> found
        | _ ->
            let document = Rtfs.Syntax.Read.Reader.readAnew (SourceText(text.Name, text.Text))

            let found = load loader None document
            loader.Texts[text.Name] <- found
            loader.Order.Add found.Lowered
            found

    let document = loaded.Lowered.Document

    match isErrorIn (Array.append document.Diagnostics loaded.Lowered.Found), loaded.Modules.TryGetValue name with
    | Some fault, _ ->
        let position = document.Source.PositionOf fault.Span.Start
        let place = $"{document.Source.Name}:{position.Line + 1}:{position.Character + 1}"
        refuse context "RTFS0153" symbol.Span $"the module `{name}` has an error at {place}: {fault.Message}" null
    | None, (true, found) -> Some found
    | None, _ ->
        refuse
            context
            "RTFS0152"
            symbol.Span
            $"{document.Source.Name} defines no module `{name}`"
            $"begin it with (module {name} …)"

/// `(module name (:exports [names])? forms…)`; without exports, all of its names are.
and private lowerModule
    loader
    (here: Dictionary<string, Exported>)
    (outer: LoweringContext)
    (form: Form)
    (items: Form array)
    : Core =
    match Array.tryItem 1 items |> Option.map bare with
    | Some(SymbolOf name) ->
        let declared, body =
            match Array.tryItem 2 items with
            | Some(ListOf [| KeywordOf "exports"; exports |]) -> Some exports, items[3..]
            | _ -> None, items[2..]

        let names = Definitions.names body

        let chosen =
            match declared with
            | None -> None
            | Some form ->
                match plainNames form with
                | Some chosen -> Some chosen
                | None ->
                    refuse outer "RTFS0157" form.Span "`:exports` takes a vector of names" "write (:exports [name …])"

        let exports =
            HashSet<string>(chosen |> Option.defaultValue (Seq.toArray names.Defined))

        for defined in names.Defined do
            names.Globals[defined] <- globalName name exports defined

        let context = { outer with Names = names }

        let cores =
            body
            |> Array.map (fun part ->
                match bare part with
                | ListOf parts when parts.Length > 0 ->
                    match parts[0] with
                    | SymbolOf "import" ->
                        import loader here context parts
                        nil part.Span
                    | _ -> Lowering.lower { context with Spent = Expenditure() } Scope.top part
                | _ -> Lowering.lower context Scope.top part)

        let own =
            names.Macros
            |> Seq.filter (fun each -> not (each.Key.Contains '/'))
            |> Seq.map _.Key
            |> Seq.toArray

        if declared.IsNone then
            exports.UnionWith own

        match declared with
        | Some place ->
            for missing in exports do
                if not (names.Defined.Contains missing || Array.contains missing own) then
                    let hint =
                        match Nearest.find missing (Seq.append names.Defined own) with
                        | null -> ""
                        | near -> $"; did you mean `{near}`?"

                    report
                        outer
                        "RTFS0155"
                        place.Span
                        $"the module `{name}` exports `{missing}`, but does not define it{hint}"
                        null
        | None -> ()

        let exported = {
            Name = name
            Exports = exports
            Macros = names.Macros
        }

        here[name] <- exported
        bring outer.Names exported name Array.empty

        let quoted node =
            Core.Quote(at form.Span node, form.Span)

        let listed =
            exports
            |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))
            |> Seq.map (symbolAt form.Span)
            |> Array.ofSeq

        let result =
            Core.Map(
                [|
                    KeyValuePair(quoted (Node.Keyword "name"), quoted (Node.String name))
                    KeyValuePair(quoted (Node.Keyword "exports"), quoted (Node.Vector(Items.Of listed)))
                |],
                form.Span
            )

        Core.Do(Array.append cores [| result |], form.Span)
    | _ ->
        report outer "RTFS0157" form.Span "`module` needs a name" "write (module name (:exports [name …]) (defn …))"
        lost form.Span

/// The globals that a text's own names and those of its modules stand for.
let globals (lowered: Lowered) : seq<string> =
    Seq.append
        lowered.Names.Defined
        (lowered.Forms
         |> Seq.collect (fun form ->
             match form.Core with
             | Core.Do(parts, _) ->
                 parts
                 |> Seq.choose (fun part ->
                     match part with
                     | Core.Define(name, _, _) -> Some name
                     | _ -> None)
             | _ -> Seq.empty))

/// The texts that a document imports, each before those that need it, and the document itself. `earlier` is what it was lowered to before
/// it was changed.
let lowerAll
    (resolver: IModuleResolver | null)
    (earlier: Lowered option)
    (document: Document)
    : struct (Lowered array * Lowered) =
    let loader = {
        Resolver = resolver
        Texts = Dictionary()
        Order = ResizeArray()
        Chain = ResizeArray()
        Through = Span.Of(0, 0)
    }

    let root = load loader earlier document
    struct (loader.Order.ToArray(), root.Lowered)
