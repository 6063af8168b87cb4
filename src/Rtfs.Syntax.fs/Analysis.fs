/// The whole way from text to plan: read, lower, name, draw.
namespace Rtfs.Syntax

open System
open System.Collections.Generic
open Rtfs.Syntax.Check
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What checking found in an imported text, with absolute spans in it.
[<Sealed>]
type ModuleAnalysis(document: Document, diagnostics: IReadOnlyList<Diagnostic>) =
    member _.Document = document
    member _.Diagnostics = diagnostics

/// What checking found of a whole text.
type internal Findings = {
    Diagnostics: Diagnostic array
    Topology: Topology
    Capabilities: string array
    Modules: ModuleAnalysis array
}

/// What checking a text gives. `Program` is whole only where no RTFS0xxx error stands. Names, types and wiring are looked at when they
/// are first asked for: evaluating a text needs none of them.
[<Sealed>]
type Analysis internal (document: Document, shape: Diagnostic array, program: CoreProgram, findings: Lazy<Findings>) =
    member _.Document = document
    /// Absolute spans, in the order of the text.
    member _.Diagnostics: IReadOnlyList<Diagnostic> = findings.Value.Diagnostics
    member _.Program = program
    member _.Topology = findings.Value.Topology
    /// The capability ids that the text names literally, each once.
    member _.Capabilities: IReadOnlyList<string> = findings.Value.Capabilities
    /// The imported texts, each before those that need it.
    member _.Modules: IReadOnlyList<ModuleAnalysis> = findings.Value.Modules

    member this.HasErrors =
        this.Diagnostics |> Seq.exists (fun found -> found.Severity = Severity.Error)

    /// Whether the text reads and every special form has its shape: what `eval` asks for.
    member _.Reads =
        shape
        |> Array.forall (fun found -> found.Severity <> Severity.Error || not (found.Code.StartsWith "RTFS0"))

    /// What reading and lowering found, without the checks of names, types and wiring.
    member _.Shape: IReadOnlyList<Diagnostic> = shape

/// A document goes through these steps in this order; none of them runs anything.
module internal Analyzer =
    let private inOrder (found: seq<Diagnostic>) : Diagnostic array =
        found
        |> Seq.sortBy (fun one -> struct (one.Span.Start, one.Span.Length))
        |> Array.ofSeq

    /// Where the forms begin that hold the diagnostics.
    let private startsOf (document: Document) (found: seq<Diagnostic>) : HashSet<int> =
        let starts = document.Forms |> Array.map _.Start

        found
        |> Seq.map (fun one ->
            let index = Array.BinarySearch(starts, one.Span.Start)
            starts[max 0 (if index >= 0 then index else ~~~index - 1)])
        |> HashSet

    /// Where the forms begin in which reading or lowering found an error.
    let private faultyForms (root: Modules.Lowered) : HashSet<int> =
        root.Found
        |> Seq.append root.Document.Diagnostics
        |> Seq.filter (fun one -> one.Severity = Severity.Error && one.Code.StartsWith "RTFS0")
        |> startsOf root.Document

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
        let names = sources |> Seq.collect (Names.check functions outer) |> Array.ofSeq
        let text = lowered.Document.Source
        let own = HashSet<string>(lowered.Names.Defined)
        // A name that is misspelled where it is read is one mistake, and not a second one where it is bound.
        let faulty = faultyForms lowered
        faulty.UnionWith(startsOf lowered.Document names)
        let isWhole (struct (_, start)) = not (faulty.Contains start)

        let unused =
            sources
            |> Seq.collect (fun source ->
                Unused.check text own {
                    source with
                        Forms = source.Forms |> Array.filter isWhole
                })

        let ids = Capabilities.check offered sources

        let options =
            sources
            |> Seq.collect (Options.check annex (List.ofSeq catalogue.ProviderKinds))

        let diagnostics =
            Seq.concat [
                Seq.ofArray lowered.Document.Diagnostics
                Seq.ofArray lowered.Found
                Seq.ofArray names
                unused
                Seq.ofArray ids.Diagnostics
                options
            ]
            |> inOrder

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

    /// What flows where: the types of everything, and the drawing.
    let private types
        (catalogue: ICatalogue)
        (annex: Annex)
        isStrict
        (root: Modules.Lowered)
        (forms: CoreForm array)
        (unnamed: Diagnostic array)
        isSound
        =
        let named = Dictionary<string, Type>()
        let offers = Dictionary<string, Offer>()

        for entry in catalogue.Capabilities do
            offers[Stages.canonical entry.Id] <- Offers.ofEntry entry

        for form in forms do
            for struct (name, target) in Declarations.types form.Core do
                named[name] <- target

            for struct (id, offer) in Declarations.offers form.Core do
                offers[id] <- offer

        let session =
            Session(annex, Signature.tableOf catalogue.Functions, named, offers, isStrict)

        // What follows from a misspelled name is no mistake of its own.
        let faulty = faultyForms root

        unnamed
        |> Seq.filter (fun one -> one.Code = "RTFS1001")
        |> startsOf root.Document
        |> faulty.UnionWith

        let isFaulty (form: CoreForm) =
            obj.ReferenceEquals(form.Source, root.Document.Source)
            && faulty.Contains form.Start

        Checker.check session forms root.Document.Source isFaulty isSound

    let analyze
        (document: Document)
        (catalogue: ICatalogue)
        (resolver: IModuleResolver | null)
        (isStrict: bool)
        : Analysis =
        let annex = Annex.empty ()
        let struct (texts, root) = Modules.lowerAll resolver annex document
        let forms = Array.append (texts |> Array.collect _.Forms) root.Forms

        let shape = Seq.append document.Diagnostics root.Found |> inOrder

        let findings () =
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

            let isSound =
                Seq.append own found |> Seq.forall (fun one -> one.Severity <> Severity.Error)

            let flows = types catalogue annex isStrict root forms own isSound

            // What a mistake leaves unused is no second one.
            let mistaken =
                flows.Diagnostics
                |> Seq.filter (fun one -> one.Severity = Severity.Error)
                |> startsOf document

            let told = flows.Diagnostics |> Seq.map _.Span |> HashSet

            let isOther (one: Diagnostic) =
                one.Code <> "RTFS1004"
                || not (told.Contains one.Span || startsOf document [ one ] |> mistaken.Overlaps)

            let own = own |> Array.filter isOther

            {
                Diagnostics =
                    Seq.concat [ Seq.ofArray own; Seq.cast found; Seq.ofArray flows.Diagnostics ]
                    |> inOrder
                Topology = flows.Topology
                Capabilities = Array.ofSeq named
                Modules = modules.ToArray()
            }

        Analysis(document, shape, CoreProgram(document.Source, forms), Lazy<Findings>(findings))
