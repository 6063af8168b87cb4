/// What a top-level form says by itself, whatever stands around it: found once, and kept for as long as the form is not changed.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A file that a registered sink writes.
type internal WrittenFile = {
    Capability: string
    /// Normalised.
    Path: string
    Shown: string
    Appends: bool
    Span: Span
}

/// Of one program: that of the form itself, or of a plan inside it.
type internal ProgramFacts = {
    Core: Core
    /// Every name that a `def` gives, in the order of the text, with the literal that it stands for if it does.
    Defines: (struct (string * Form voption)) array
    /// Names that the program reads and neither a lexical form nor the library defines.
    Uses: Names.Use array
    Ids: Capabilities.Use array
    /// What is wrong with options and arguments.
    Options: Diagnostic array
    Unused: Unused.Found array
    /// Files that sinks write whose registrations are written out.
    Files: WrittenFile array
}

/// Places are relative to the form.
type internal Facts = {
    Own: ProgramFacts
    Plans: ProgramFacts array
    /// The names that the form defines at its top, whatever `do` stands around them, with their values.
    Definitions: (struct (string * Core)) array
    Types: (struct (string * Type)) array
    /// Names of types that only a definition can give a meaning.
    TypeUses: TypeUse array
    Offers: (struct (string * Offer)) array
    /// All that the form's own program defines, at its top and elsewhere.
    Defined: NameSet
    /// Names whose definitions stand in its functions and `let`s alone: nothing outside of those may read them.
    Lexical: string array
    /// Whether it defines what cannot be seen at its top: it is known only when the form has been followed.
    DefinesHidden: bool
    /// The names of a text among which it was last found that the form reads and defines no others.
    mutable Within: HashSet<string> | null
    /// Capabilities that a registration or an opening gives a buffer of a stated size.
    Buffered: string array
}

/// What facts are found with.
type internal Finder = {
    Functions: HashSet<string>
    ProviderKinds: string list
}

module internal Facts =
    let rec private definitions (found: ResizeArray<struct (string * Core)>) (core: Core) : unit =
        match core with
        | Core.Define(name, _, _) -> found.Add(struct (name, core))
        | Core.Do(body, _) ->
            for part in body do
                definitions found part
        | _ -> ()

    /// The definitions at a program's top, each with its name.
    let definitionsIn (program: Core) : (struct (string * Core)) array =
        let found = ResizeArray()
        definitions found program
        found.ToArray()

    /// The names that a program defines at its top, with their values.
    let definitionsOf (program: Core) : (struct (string * Core)) array =
        definitionsIn program
        |> Array.choose (fun (struct (name, definition)) ->
            match definition with
            | Core.Define(_, value, _) -> Some(struct (name, value))
            | _ -> None)

    let private statesBuffer (options: Options) =
        match optionOf options "config" with
        | Some(Core.Map(entries, _)) ->
            entries
            |> Array.exists (fun entry ->
                match entry.Key with
                | Core.Quote(KeywordOf "buffer-size", _) -> true
                | _ -> false)
        | _ -> false

    let private bufferedBy (arguments: Core array) (options: Options) : seq<string> =
        if statesBuffer options then
            Seq.append (arguments |> Seq.truncate 1) (optionOf options "capability-id" |> Option.toArray)
            |> Seq.choose (fun id ->
                match id with
                | Core.Quote((StringOf text | KeywordOf text), _) -> Some(Stages.canonical text)
                | _ -> None)
        else
            Seq.empty

    /// The capability that a registration with a literal id offers.
    let private offered (annex: Annex) (name: string) (options: Options) : struct (string * Offer) voption =
        match name with
        | "register-stream-capability"
        | "marketplace:register-capability" ->
            match optionOf options "capability-id" with
            | Some(Core.Quote((StringOf id | KeywordOf id | SymbolOf id), _)) ->
                ValueSome(struct (Stages.canonical id, offerOf annex options))
            | _ -> ValueNone
        | _ -> ValueNone

    /// One spelling for each path; where it begins is the same for all of a text.
    let private normalised (path: string) : string =
        let kept = Stack<string>()

        for part in path.Split [| '/'; '\\' |] do
            match part with
            | ""
            | "." -> ()
            | ".." when kept.Count > 0 && kept.Peek() <> ".." -> kept.Pop() |> ignore
            | part -> kept.Push part

        (if path.StartsWith '/' then "/" else "")
        + System.String.Join("/", Seq.rev kept)

    let private literalAt (entries: KeyValuePair<Core, Core> array) (wanted: string) : Form voption =
        entries
        |> Array.tryPick (fun entry ->
            match entry.Key, entry.Value with
            | Core.Quote(KeywordOf key, _), Core.Quote(datum, _) when key = wanted -> Some datum
            | _ -> None)
        |> function
            | Some datum -> ValueSome datum
            | None -> ValueNone

    /// What a device is written is not replaced.
    let private isDevice (path: string) = path.StartsWith "/dev/"

    let private fileOf (annex: Annex) (name: string) (options: Options) (span: Span) : WrittenFile voption =
        match optionOf options "provider" with
        | Some(Core.Map(entries, _)) ->
            match literalAt entries "kind", literalAt entries "path" with
            | ValueSome(KeywordOf "file"), ValueSome(StringOf path) when not (isDevice (normalised path)) ->
                match offered annex name options with
                | ValueSome(struct (id, offer)) when isSinkRole offer ->
                    ValueSome {
                        Capability = id
                        Path = normalised path
                        Shown = path
                        Appends =
                            (match literalAt entries "append" with
                             | ValueSome datum -> datum.Node = Node.Bool true
                             | ValueNone -> false)
                        Span = span
                    }
                | _ -> ValueNone
            | _ -> ValueNone
        | _ -> ValueNone

    /// Names of a program's `let`s that stand for one literal, so that an id may be given a name.
    let private literals (bindings: KeyValuePair<Pattern, Core> array) (found: Dictionary<Binding, Form>) =
        for binding in bindings do
            match binding.Key, binding.Value with
            | Pattern.Name name, Core.Quote(datum, _) -> found[name] <- datum
            | _ -> ()

    let private idsOf
        (locals: Dictionary<Binding, Form>)
        (found: ResizeArray<Capabilities.Use>)
        name
        arguments
        options
        =
        for struct (value: Core, asked) in Capabilities.places name arguments options do
            match value with
            | Core.Quote(datum, _) -> found.Add(Capabilities.ofLiteral asked value.Span datum)
            | Core.Local(binding, _) ->
                match locals.TryGetValue binding with
                | true, datum -> found.Add(Capabilities.ofLiteral asked value.Span datum)
                | _ -> ()
            | Core.Global(name, _) -> found.Add(Capabilities.ofGlobal asked value.Span name)
            | _ -> ()

    /// Goes through the program once; `also` sees every node.
    let private ofProgram (finder: Finder) (annex: Annex) (text: SourceText) start also (program: Core) : ProgramFacts =
        let defines = ResizeArray()
        let uses = ResizeArray<Names.Use>()
        let options = ResizeArray<Diagnostic>()
        let operations = ResizeArray()
        let files = ResizeArray()
        let locals = Dictionary<Binding, Form>(HashIdentity.Reference)
        let mutable binds = false

        program
        |> Walk.visit (fun core ->
            also core

            match core with
            | Core.Define(name, Core.Quote(datum, _), _) -> defines.Add(struct (name, ValueSome datum))
            | Core.Define(name, _, _) -> defines.Add(struct (name, ValueNone))
            | Core.Global(name, span) when Names.isForeign finder.Functions name ->
                uses.Add { Name = name; Span = span }
            | Core.Let(bindings, _, _) ->
                binds <- true
                literals bindings locals
            | Core.For _
            | Core.Loop _ -> binds <- true
            | Core.Operation(name, arguments, given, span) ->
                match fileOf annex name given span with
                | ValueSome file -> files.Add file
                | ValueNone -> ()

                operations.Add(struct (name, arguments, given))
                Options.check annex finder.ProviderKinds options core
            | Core.Map _ -> Options.check annex finder.ProviderKinds options core
            | Core.Do(body, _) -> Idle.sequence options body
            | _ -> ())

        let ids = ResizeArray<Capabilities.Use>()

        for struct (name, arguments, given) in operations do
            idsOf locals ids name arguments given

        {
            Core = program
            Defines = defines.ToArray()
            Uses = uses.ToArray()
            Ids = ids.ToArray()
            Options = options.ToArray()
            // Nothing else binds what may be unused, or hide what it should not.
            Unused =
                if binds then
                    Unused.check text start program
                else
                    Array.empty
            Files = files.ToArray()
        }

    /// What is broken may have lost a definition.
    let private lexicalIn (isWhole: bool) (form: LoweredForm) (own: ProgramFacts) : string array =
        let isLexical (name: string) =
            not (own.Defines |> Array.exists (fun struct (defined, _) -> defined = name))

        if isWhole && form.Found.Length = 0 && Array.exists isLexical form.Names.Defined then
            Array.filter isLexical form.Names.Defined
        else
            Array.empty

    /// `start` is where the form begins, `isWhole` whether it reads without a fault.
    let ofForm (finder: Finder) (text: SourceText) (start: int) (isWhole: bool) (form: LoweredForm) : Facts =
        let core = form.Core
        let types = ResizeArray()
        let offers = ResizeArray()
        let buffered = ResizeArray()

        let also (part: Core) =
            match part with
            | Core.Struct(name, target, _) -> types.Add(struct (name, target))
            | Core.Operation(name, arguments, options, _) ->
                match offered form.Annex name options with
                | ValueSome offer -> offers.Add offer
                | ValueNone -> ()

                buffered.AddRange(bufferedBy arguments options)
            | _ -> ()

        let own = ofProgram finder form.Annex text start also core
        let idle = ResizeArray()
        Idle.statement idle core
        let definitions = definitionsOf core

        {
            Own =
                (if idle.Count = 0 then
                     own
                 else
                     {
                         own with
                             Options = Array.append own.Options (idle.ToArray())
                     })
            Defined = NameSet(own.Defines |> Seq.map (fun struct (name, _) -> name))
            Lexical = lexicalIn isWhole form own
            DefinesHidden = own.Defines.Length > definitions.Length
            Plans =
                Source.plans form.Annex core
                |> Seq.map (ofProgram finder form.Annex text start ignore)
                |> Array.ofSeq
            Definitions = definitions
            Types = types.ToArray()
            TypeUses = form.Annex.TypeUses
            Offers = offers.ToArray()
            Within = null
            Buffered = buffered.ToArray()
        }
