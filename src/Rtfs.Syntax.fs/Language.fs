/// Door 1: each member hands over to the room that does the work.
namespace Rtfs.Syntax

open System
open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

[<Sealed>]
type Explanation(code: string, title: string, severity: Severity, meaning: string, wrong: string, right: string) =
    member _.Code = code
    member _.Family = CodeEntry.familyOf code
    member _.Title = title
    member _.Severity = severity
    member _.Meaning = meaning
    member _.Wrong = wrong
    member _.Right = right

[<Sealed>]
type TypeReading(target: Type | null, diagnostics: IReadOnlyList<Diagnostic>) =
    member _.Type = target
    member _.Diagnostics = diagnostics

[<AutoOpen>]
module private Explanations =
    let explanation (entry: CodeEntry) =
        Explanation(entry.Code, entry.Title, entry.Severity, entry.Meaning, entry.Wrong, entry.Right)

    let explanations: IReadOnlyList<Explanation> = Array.map explanation Codes.all

[<AbstractClass; Sealed>]
type Language =
    static member Read(text: string, name: string) : Document =
        Read.Reader.readAnew (SourceText(name, text))

    static member Update(document: Document, span: Span, replacement: string) : Document =
        Read.Update.update document span replacement

    static member Print(document: Document) : string = Print.Printer.document document
    static member Print(form: Form) : string = Print.Printer.form form

    static member TypeOf(form: Form) : TypeReading =
        let found = ResizeArray<Diagnostic>()

        let target =
            TypeReader.ofForm
                (Report.refusing (fun code span message fix ->
                    found.Add(Diagnostic(code, Codes.severityOf code, span, message, fix, Array.empty))))
                form

        TypeReading(target, found)

    static member TypeOf(text: string) : TypeReading =
        let document = Language.Read(text, "type")
        let faults = document.Diagnostics

        match document.Forms with
        | _ when faults.Length > 0 -> TypeReading(null, faults)
        // A type in brackets has its mark for nil behind it, a form of its own.
        | [| only |] -> Language.TypeOf only.Form
        | [| only; mark |] when mark.Form.Node = Node.Symbol "?" ->
            match Language.TypeOf only.Form with
            | reading ->
                match reading.Type with
                | null
                | Type.Optional _ -> reading
                | target -> TypeReading(Type.Optional target, reading.Diagnostics)
        | forms ->
            let message = $"expected one type, found {forms.Length} forms"
            let span = Span.Of(0, text.Length)
            let code = "RTFS0130"
            TypeReading(null, [| Diagnostic(code, Codes.severityOf code, span, message, null, Array.empty) |])

    static member Print(target: Type) : string = TypePrinter.print target

    static member Analyze(document: Document, catalogue: ICatalogue) : Analysis =
        Analyzer.analyze document catalogue null false

    static member Analyze(document: Document, catalogue: ICatalogue, modules: IModuleResolver) : Analysis =
        Analyzer.analyze document catalogue modules false

    static member Analyze
        (document: Document, catalogue: ICatalogue, modules: IModuleResolver | null, strict: bool)
        : Analysis =
        Analyzer.analyze document catalogue modules strict

    static member Analyze(forms: IReadOnlyList<Form>, name: string, catalogue: ICatalogue) : Analysis =
        let text = String.Join("\n", forms |> Seq.map (fun form -> Language.Print form))
        Language.Analyze(Language.Read(text, name), catalogue)

    static member Render(source: SourceText, diagnostics: IReadOnlyList<Diagnostic>, colour: bool) : string =
        Render.render source (Array.ofSeq diagnostics) colour

    static member Explain(code: string) : Explanation | null =
        match Codes.tryFind code with
        | ValueSome entry -> explanation entry
        | ValueNone -> null

    static member Codes: IReadOnlyList<Explanation> = explanations
    static member ToMermaid(topology: Topology) : string = Drawing.Mermaid.draw topology
    static member ToDot(topology: Topology) : string = Drawing.Dot.draw topology
    static member ToSvg(topology: Topology) : string = Drawing.Svg.draw topology
    static member ToJson(topology: Topology) : string = Drawing.TopologyJson.draw topology

    static member Nearest(name: string, candidates: IEnumerable<string>) : string | null = Nearest.find name candidates
    static member CapabilityId(text: string) : string | null = CapabilityId.parse text
