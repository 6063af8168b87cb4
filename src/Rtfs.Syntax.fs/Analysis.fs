/// The whole way from text to plan: read, lower, name, draw.
namespace Rtfs.Syntax

open System.Collections.Generic
open Rtfs.Syntax.Check
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Tree

/// A library function as the catalogue gives it: `Signature` is RTFS type text.
[<Sealed>]
type FunctionEntry(name: string, signature: string, documentation: string) =
    member _.Name = name
    member _.Signature = signature
    member _.Documentation = documentation

/// A capability that the host offers. `Kind` is `source`, `sink`, `transform`, `bidirectional`, `duplex` or `function`.
[<Sealed>]
type CapabilityEntry(id: string, kind: string) =
    member _.Id = id
    member _.Kind = kind

/// What the host knows and the checker asks for: one catalogue, kept by the runtime.
type ICatalogue =
    abstract Functions: IReadOnlyList<FunctionEntry>
    abstract Capabilities: IReadOnlyList<CapabilityEntry>
    abstract ProviderKinds: IReadOnlyList<string>

/// What checking found in an imported text, with absolute spans in it.
[<Sealed>]
type ModuleAnalysis(document: Document, diagnostics: IReadOnlyList<Diagnostic>) =
    member _.Document = document
    member _.Diagnostics = diagnostics

/// What checking a text gives. `Program` is whole only where no RTFS0xxx error stands.
[<Sealed>]
type Analysis
    (
        document: Document,
        diagnostics: IReadOnlyList<Diagnostic>,
        program: CoreProgram,
        topology: Topology,
        capabilities: IReadOnlyList<string>,
        modules: IReadOnlyList<ModuleAnalysis>
    ) =
    member _.Document = document
    /// Absolute spans, in the order of the text.
    member _.Diagnostics = diagnostics
    member _.Program = program
    member _.Topology = topology
    /// The capability ids that the text names literally, each once.
    member _.Capabilities = capabilities
    /// The imported texts, each before those that need it.
    member _.Modules = modules

    member _.HasErrors =
        diagnostics |> Seq.exists (fun found -> found.Severity = Severity.Error)

    /// Whether the text reads and every special form has its shape: what `eval` asks for.
    member _.Reads =
        diagnostics
        |> Seq.forall (fun found -> found.Severity <> Severity.Error || not (found.Code.StartsWith "RTFS0"))

/// A document goes through these steps in this order; none of them runs anything.
module internal Analyzer =
    /// What is checked of one text: its names, its ids, its options. `outer` are the names that it and its modules define.
    let private check
        (catalogue: ICatalogue)
        (annex: Annex)
        (outer: HashSet<string>)
        offered
        (lowered: Modules.Lowered)
        =
        let sources = Source.all annex lowered.Forms
        let functions = HashSet<string>(catalogue.Functions |> Seq.map _.Name)
        let names = sources |> Seq.collect (Names.check functions outer)
        let ids = Capabilities.check offered sources

        let options =
            sources
            |> Seq.collect (Options.check annex (List.ofSeq catalogue.ProviderKinds))

        let diagnostics =
            Seq.concat [
                Seq.ofArray lowered.Document.Diagnostics
                Seq.ofArray lowered.Found
                names
                Seq.ofArray ids.Diagnostics
                options
            ]
            |> Seq.sortBy (fun found -> struct (found.Span.Start, found.Span.Length))
            |> Array.ofSeq

        struct (diagnostics, ids.Named)

    /// An imported text is reported in its own place, and once where the first text imports it.
    let private imported (lowered: Modules.Lowered) (diagnostics: Diagnostic array) : Diagnostic option =
        diagnostics
        |> Array.tryFind (fun found -> found.Severity = Severity.Error && not (found.Code.StartsWith "RTFS0"))
        |> Option.map (fun found ->
            let source = lowered.Document.Source
            let position = source.PositionOf found.Span.Start
            let place = $"{source.Name}:{position.Line + 1}:{position.Character + 1}"
            let message = $"an imported module has an error at {place}: {found.Message}"
            Diagnostic("RTFS1006", Codes.severityOf "RTFS1006", lowered.Through, message, null, Array.empty))

    let analyze (document: Document) (catalogue: ICatalogue) (resolver: IModuleResolver | null) : Analysis =
        let annex = Annex.empty ()
        let struct (texts, root) = Modules.lowerAll resolver annex document
        let offered = ResizeArray<string>(catalogue.Capabilities |> Seq.map _.Id)
        let outer = HashSet<string>()
        let found = ResizeArray<Diagnostic>()
        let modules = ResizeArray<ModuleAnalysis>()

        for text in Seq.append texts [ root ] do
            outer.UnionWith(Modules.globals text)

        for text in texts do
            let struct (diagnostics, named) = check catalogue annex outer offered text
            offered.AddRange named
            modules.Add(ModuleAnalysis(text.Document, diagnostics))
            imported text diagnostics |> Option.iter found.Add

        let struct (own, named) = check catalogue annex outer offered root

        let diagnostics =
            Seq.append own found
            |> Seq.sortBy (fun found -> struct (found.Span.Start, found.Span.Length))
            |> Array.ofSeq

        let forms = Array.append (texts |> Array.collect _.Forms) root.Forms
        let program = CoreProgram(document.Source, forms)

        let capabilities =
            catalogue.Capabilities |> Seq.map (fun entry -> struct (entry.Id, entry.Kind))

        // Drawn from the text itself: places in other texts are none of its own.
        let topology =
            Extract.topology annex capabilities (CoreProgram(document.Source, root.Forms))

        Analysis(document, diagnostics, program, topology, named, modules)
