/// The whole way from text to plan: read, lower, name, follow, draw.
namespace Rtfs.Syntax

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Check
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What checking found in an imported text, with absolute spans in it.
[<Sealed>]
type ModuleAnalysis(document: Document, diagnostics: IReadOnlyList<Diagnostic>) =
    member _.Document = document
    member _.Diagnostics = diagnostics

/// What checking found of a whole text. It is drawn when the drawing is asked for.
type internal Findings = {
    Diagnostics: Diagnostic array
    Topology: Lazy<Topology>
    Capabilities: string array
    Modules: ModuleAnalysis array
}

/// What checking a text gives. `Program` is whole only where no RTFS0xxx error stands. Names, types and wiring are looked at when they
/// are first asked for: evaluating a text needs none of them.
[<Sealed>]
type Analysis
    internal (document: Document, shape: Diagnostic array, program: Lazy<CoreProgram>, findings: Lazy<Findings>) =
    member _.Document = document
    /// Absolute spans, in the order of the text.
    member _.Diagnostics: IReadOnlyList<Diagnostic> = findings.Value.Diagnostics
    member _.Program = program.Value
    member _.Topology = findings.Value.Topology.Value
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
    let private functionSets =
        ConditionalWeakTable<IReadOnlyList<FunctionEntry>, HashSet<string>>()

    /// The names of the functions of a catalogue, which does not change.
    let private functionsOf (catalogue: ICatalogue) : HashSet<string> =
        functionSets.GetValue(
            catalogue.Functions,
            fun entries -> HashSet<string>(entries |> Seq.map _.Name, StringComparer.Ordinal)
        )

    /// An imported text is reported in its own place, and once where the first text imports it.
    let private imported (lowered: Lowered) (diagnostics: Diagnostic array) : Diagnostic option =
        diagnostics
        |> Array.tryFind (fun found -> found.Severity = Severity.Error && not (found.Code.StartsWith "RTFS0"))
        |> Option.map (fun found ->
            let source = lowered.Document.Source
            let position = source.PositionOf found.Span.Start
            let place = $"{source.Name}:{position.Line + 1}:{position.Character + 1}"
            let message = $"an imported module has an error at {place}: {found.Message}"
            Diagnostic("RTFS1006", Codes.severityOf "RTFS1006", lowered.Through, message, null, Array.empty))

    /// What the forms of a text say by themselves; those that `earlier` holds too have said it before.
    let private factsOf
        sharing
        (finder: Finder)
        (earlier: Unit array)
        (standsAlone: bool)
        (lowered: Lowered)
        : CheckedText =
        let document = lowered.Document

        let isSame (known: Unit) (form: LoweredForm) = obj.ReferenceEquals(known.Form, form)

        let aligned = Aligned.find isSame earlier lowered.Forms

        let factsAt (i: int) : Facts =
            if aligned[i] < 0 then
                let top = document.Forms[i]
                Facts.ofForm finder document.Source top.Start (top.Diagnostics.Length = 0) lowered.Forms[i]
            else
                earlier[aligned[i]].Facts

        let facts =
            if earlier.Length = 0 then
                Concurrently.init sharing aligned.Length factsAt
            else
                Array.init aligned.Length factsAt

        {
            Lowered = lowered
            Facts = facts
            StandsAlone = standsAlone
            Shape = Seq.append document.Diagnostics lowered.Found |> Told.inOrder
        }

    /// What a mistake of another kind leaves unused is no second one.
    let private withoutConsequences (document: Document) (flows: Diagnostic array) (own: Diagnostic array) =
        if flows.Length = 0 then
            own
        else
            let formOf (one: Diagnostic) = Texts.formAt document one.Span.Start

            let mistaken =
                flows
                |> Seq.filter (fun one -> one.Severity = Severity.Error)
                |> Seq.map formOf
                |> HashSet

            let told = flows |> Seq.map _.Span |> HashSet

            own
            |> Array.filter (fun one ->
                one.Code <> "RTFS1004"
                || not (told.Contains one.Span || mistaken.Contains(formOf one)))

    /// A strict check takes warnings for errors.
    let private asError (found: Diagnostic) : Diagnostic =
        if found.Severity = Severity.Warning then
            Diagnostic(found.Code, Severity.Error, found.Span, found.Message, found.Fix, found.Related)
        else
            found

    let private check sharing (catalogue: ICatalogue) isStrict (texts: Lowered array) (root: Lowered) : Findings =
        let document = root.Document
        let functions = functionsOf catalogue

        let finder = {
            Functions = functions
            ProviderKinds = List.ofSeq catalogue.ProviderKinds
        }

        let past = Following.pastOf document catalogue isStrict
        let offered = ResizeArray<string>(catalogue.Capabilities |> Seq.map _.Id)

        let types = ResizeArray<string>()

        let outer =
            lazy (HashSet<string>(Seq.append texts [ root ] |> Seq.collect Modules.globals))

        let modules =
            texts
            |> Array.map (fun lowered ->
                let text = factsOf sharing finder Array.empty false lowered
                let found = Texts.check functions outer offered types text
                types.AddRange(text.Facts |> Seq.collect _.Types |> Seq.map (fun struct (name, _) -> name))
                offered.AddRange found.Named
                struct (text, found))

        let text = factsOf sharing finder (Following.unitsOf past) (texts.Length = 0) root
        let own = Texts.check functions outer offered types text

        let errors =
            modules
            |> Array.choose (fun struct (text, found) -> imported text.Lowered found.Diagnostics)

        let isSound =
            Seq.append own.Diagnostics errors
            |> Seq.forall (fun one -> one.Severity <> Severity.Error)

        let imported = modules |> Array.map (fun struct (text, _) -> text)
        let followed = Following.follow sharing catalogue isStrict past imported text own
        let flows = Telling.tell imported text isStrict isSound followed

        let all =
            Seq.concat [ withoutConsequences document flows own.Diagnostics; errors; flows ]
            |> Told.inOrder

        {
            Diagnostics = if isStrict then Array.map asError all else all
            Topology = lazy (Telling.draw text followed)
            Capabilities = own.Named
            Modules =
                modules
                |> Array.map (fun struct (text, found) -> ModuleAnalysis(text.Lowered.Document, found.Diagnostics))
        }

    let analyzeSharing
        (sharing: Concurrently.Sharing)
        (document: Document)
        (catalogue: ICatalogue)
        (resolver: IModuleResolver | null)
        (isStrict: bool)
        : Analysis =
        let struct (texts, root) =
            Modules.lowerAll resolver (Following.lowered document) document

        document.Lowering <- ValueSome(Following.LoweringMemory root)
        let shape = Seq.append document.Diagnostics root.Found |> Told.inOrder

        let findings () =
            check sharing catalogue isStrict texts root

        let program () =
            CoreProgram(document.Source, Array.append (texts |> Array.collect _.CoreForms) root.CoreForms)

        Analysis(document, shape, Lazy<CoreProgram>(program), Lazy<Findings>(findings))

    let analyze document catalogue resolver isStrict : Analysis =
        analyzeSharing Concurrently.sharing document catalogue resolver isStrict
