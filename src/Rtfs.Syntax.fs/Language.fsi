/// Door 1: what C# sees of this assembly. Everything here is total: no member throws on any text.
namespace Rtfs.Syntax

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What is known of a diagnostic's code: its title, what it means, and a wrong and a right example.
[<Sealed>]
type Explanation =
    member Code: string

    /// What the code is about, in a word or two: the heading that it stands under in a listing.
    member Family: string

    member Title: string
    member Severity: Severity
    member Meaning: string
    member Wrong: string
    member Right: string

/// A type read from a form, or null where the diagnostics say what is wrong with it; their spans are those of the form.
[<Sealed>]
type TypeReading =
    member Type: Type | null
    member Diagnostics: IReadOnlyList<Diagnostic>

[<AbstractClass; Sealed>]
type Language =
    /// Reads a text. `name` is what diagnostics call it: a path, `<eval>`, `-`.
    static member Read: text: string * name: string -> Document

    /// The document after `span` of its text has been replaced; top-level forms out of reach of the edit are the same objects, moved.
    static member Update: document: Document * span: Span * replacement: string -> Document

    /// The very text that was read, made from the tree.
    static member Print: document: Document -> string

    /// The canonical text of a form; it reads back to an equal form.
    static member Print: form: Form -> string

    /// The type that a form means, such as the data of a schema.
    static member TypeOf: form: Form -> TypeReading

    /// The type that a text means, such as a signature of the catalogue: one form.
    static member TypeOf: text: string -> TypeReading

    /// The canonical text of a type; it reads back to an equal type.
    static member Print: target: Type -> string

    /// Reads nothing more: lowers, names and draws a document.
    static member Analyze: document: Document * catalogue: ICatalogue -> Analysis

    /// The same for a text that may import others.
    static member Analyze: document: Document * catalogue: ICatalogue * modules: IModuleResolver -> Analysis

    /// The same, with `strict` also saying where `:any` flows and holding records to the keys that they name. Without `modules` nothing
    /// can be imported.
    static member Analyze:
        document: Document * catalogue: ICatalogue * modules: (IModuleResolver | null) * strict: bool -> Analysis

    /// The same for forms made by a program; spans are those of their canonical text, which becomes the document's source.
    static member Analyze: forms: IReadOnlyList<Form> * name: string * catalogue: ICatalogue -> Analysis

    /// Diagnostics with excerpts and carets, as plain text or with ANSI colours.
    static member Render: source: SourceText * diagnostics: IReadOnlyList<Diagnostic> * colour: bool -> string

    /// What a code means, or null for an unknown one.
    static member Explain: code: string -> Explanation | null

    /// Every code, in order.
    static member Codes: IReadOnlyList<Explanation>

    /// A Mermaid flowchart; long element types are shortened, as in every drawing.
    static member ToMermaid: topology: Topology -> string

    /// A digraph in the language of Graphviz.
    static member ToDot: topology: Topology -> string

    /// A picture that stands alone: an SVG without scripts or fonts of its own, for light and dark, the same for the same topology.
    static member ToSvg: topology: Topology -> string

    /// The stages with their places and the edges with their whole types.
    static member ToJson: topology: Topology -> string

    /// The candidate nearest to a misspelled name, or null when none is near.
    static member Nearest: name: string * candidates: IEnumerable<string> -> string | null

    /// A capability id in its one spelling `ns.path:v1.0:name` (from a string or a versioned keyword's or symbol's name), or null.
    static member CapabilityId: text: string -> string | null
