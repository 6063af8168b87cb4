/// The homoiconic tree: what a text is before it means anything. Programs are this tree, and so is the data they quote.
namespace Rtfs.Syntax.Tree

open System
open System.Collections.Generic
open Rtfs.Syntax.Text

[<RequireQualifiedAccess>]
type TriviaKind =
    | Whitespace
    | Comma
    | LineComment
    | BlockComment
    | ByteOrderMark

/// Text between forms, kept so that a tree prints to the very text it was read from.
[<Struct>]
type Trivia = { Kind: TriviaKind; Text: string }

[<RequireQualifiedAccess>]
type Prefix =
    /// `'x`
    | Quote
    /// `` `x ``
    | QuasiQuote
    /// `~x`
    | Unquote
    /// `~@x`
    | Splice
    /// `@x` and `@:x`
    | Context

/// A form with its place and surroundings. `Span` is relative to the top-level form that holds it and covers the form without
/// its leading trivia. `Text` is the source of an atom, a prefix mark or a `Broken` run, and empty for brackets; a tree made by a program has
/// no trivia and no text, and prints canonically.
[<CustomEquality; NoComparison>]
type Form = {
    Node: Node
    Span: Span
    Lead: Trivia array
    Text: string
} with

    /// Structural: spans, trivia and spelling do not count, so `1.0` equals `1.00`, and NaN equals itself.
    override this.Equals(other: obj) =
        match other with
        | :? Form as other -> Object.ReferenceEquals(this, other) || this.Node.Equals other.Node
        | _ -> false

    override this.GetHashCode() = this.Node.GetHashCode()

and [<RequireQualifiedAccess; CustomEquality; NoComparison>] Node =
    | Nil
    | Bool of value: bool
    | Int of value: int64
    | Float of value: float
    | String of value: string
    /// A point in time, UTC.
    | Timestamp of value: DateTime
    | Uuid of value: Guid
    /// `resource://…`, the whole text.
    | Resource of uri: string
    /// The normalised name: a versioned name is `ns.path:v1.0/name` however it was spelled.
    | Symbol of name: string
    /// The normalised name without its leading colon.
    | Keyword of name: string
    | List of items: Items
    | Vector of items: Items
    /// Keys and values in turn, duplicates included; an odd count carries a diagnostic.
    | Map of items: Items
    /// `#( … )`
    | Function of items: Items
    /// `{binding => body…}`: the binding, the `=>` symbol, then the body.
    | Consume of items: Items
    | Prefixed of prefix: Prefix * target: Form
    /// `^{…} target` or `^:delegation :local target`: the metadata forms, then what they describe.
    | Meta of meta: Form array * target: Form
    /// Text that is no form; a diagnostic says why.
    | Broken of text: string

    /// Whether two nodes agree in everything but their inner forms, which are left in `rest` to compare. Trees made by programs may
    /// nest deeper than the machine stack, so nothing here descends by recursion.
    static member private Agree(a: Node, b: Node, rest: Stack<struct (Form * Form)>) : bool =
        let all (a: Form array) (b: Form array) =
            if a.Length = b.Length then
                for i in a.Length - 1 .. -1 .. 0 do
                    rest.Push(struct (a[i], b[i]))

                true
            else
                false

        match a, b with
        | Nil, Nil -> true
        | Bool a, Bool b -> a = b
        | Int a, Int b -> a = b
        | Float a, Float b -> a.Equals b
        | String a, String b
        | Resource a, Resource b
        | Symbol a, Symbol b
        | Keyword a, Keyword b
        | Broken a, Broken b -> String.Equals(a, b)
        | Timestamp a, Timestamp b -> a = b
        | Uuid a, Uuid b -> a = b
        | List a, List b
        | Vector a, Vector b
        | Map a, Map b
        | Function a, Function b
        | Consume a, Consume b -> all a.Forms b.Forms
        | Prefixed(p, a), Prefixed(q, b) ->
            rest.Push(struct (a, b))
            p = q
        | Meta(m, a), Meta(n, b) ->
            rest.Push(struct (a, b))
            all m n
        | _ -> false

    override this.Equals(other: obj) =
        match other with
        | :? Node as other ->
            match this, other with
            | Symbol a, Symbol b
            | Keyword a, Keyword b
            | String a, String b -> String.Equals(a, b)
            | Int a, Int b -> a = b
            // Nothing inside of these is left to compare.
            | (Symbol _ | Keyword _ | String _ | Int _ | Nil | Bool _ | Float _), _ ->
                Node.Agree(this, other, Unchecked.defaultof<Stack<struct (Form * Form)>>)
            | _ ->
                let rest = Stack<struct (Form * Form)>()
                let mutable same = Node.Agree(this, other, rest)

                while same && rest.Count > 0 do
                    let struct (a, b) = rest.Pop()
                    same <- Object.ReferenceEquals(a, b) || Node.Agree(a.Node, b.Node, rest)

                same
        | _ -> false

    override this.GetHashCode() =
        let mutable node = this
        let mutable code = 0
        let mutable go = true

        while go do
            match node with
            | Prefixed(_, target) ->
                code <- code * 31 + 7
                node <- target.Node
            | Meta(meta, target) ->
                code <- code * 31 + meta.Length
                node <- target.Node
            | _ -> go <- false

        let inner =
            match node with
            | Nil
            | Prefixed _
            | Meta _ -> 0
            | Bool value -> hash value
            | Int value -> hash value
            | Float value -> value.GetHashCode()
            | String value
            | Resource value
            | Symbol value
            | Keyword value
            | Broken value -> value.GetHashCode()
            | Timestamp value -> value.GetHashCode()
            | Uuid value -> value.GetHashCode()
            | List items -> 1 + items.Forms.Length
            | Vector items -> 31 + items.Forms.Length
            | Map items -> 61 + items.Forms.Length
            | Function items -> 91 + items.Forms.Length
            | Consume items -> 121 + items.Forms.Length

        code * 31 + inner

/// What a bracket holds: its forms, the trivia before its closing bracket, and whether that bracket is there. A part of its node: a text
/// has as many as brackets.
and [<Struct; NoEquality; NoComparison>] Items = {
    Forms: Form array
    Tail: Trivia array
    Closed: bool
} with

    static member Of(forms: Form array) = {
        Forms = forms
        Tail = Array.empty
        Closed = true
    }

/// How C# reads a form.
type IFormVisitor<'R> =
    abstract VisitNil: unit -> 'R
    abstract VisitBool: value: bool -> 'R
    abstract VisitInt: value: int64 -> 'R
    abstract VisitFloat: value: float -> 'R
    abstract VisitString: value: string -> 'R
    abstract VisitTimestamp: value: DateTime -> 'R
    abstract VisitUuid: value: Guid -> 'R
    abstract VisitResource: uri: string -> 'R
    abstract VisitSymbol: name: string -> 'R
    abstract VisitKeyword: name: string -> 'R
    abstract VisitList: items: IReadOnlyList<Form> -> 'R
    abstract VisitVector: items: IReadOnlyList<Form> -> 'R
    /// Keys and values in turn.
    abstract VisitMap: items: IReadOnlyList<Form> -> 'R
    abstract VisitFunction: items: IReadOnlyList<Form> -> 'R
    abstract VisitConsume: items: IReadOnlyList<Form> -> 'R
    abstract VisitPrefixed: prefix: Prefix * target: Form -> 'R
    abstract VisitMeta: meta: IReadOnlyList<Form> * target: Form -> 'R
    abstract VisitBroken: text: string -> 'R

type Form with

    member form.Accept(visitor: IFormVisitor<'R>) : 'R =
        match form.Node with
        | Node.Nil -> visitor.VisitNil()
        | Node.Bool value -> visitor.VisitBool value
        | Node.Int value -> visitor.VisitInt value
        | Node.Float value -> visitor.VisitFloat value
        | Node.String value -> visitor.VisitString value
        | Node.Timestamp value -> visitor.VisitTimestamp value
        | Node.Uuid value -> visitor.VisitUuid value
        | Node.Resource uri -> visitor.VisitResource uri
        | Node.Symbol name -> visitor.VisitSymbol name
        | Node.Keyword name -> visitor.VisitKeyword name
        | Node.List items -> visitor.VisitList items.Forms
        | Node.Vector items -> visitor.VisitVector items.Forms
        | Node.Map items -> visitor.VisitMap items.Forms
        | Node.Function items -> visitor.VisitFunction items.Forms
        | Node.Consume items -> visitor.VisitConsume items.Forms
        | Node.Prefixed(prefix, target) -> visitor.VisitPrefixed(prefix, target)
        | Node.Meta(meta, target) -> visitor.VisitMeta(meta, target)
        | Node.Broken text -> visitor.VisitBroken text

/// A top-level form and where it begins; moving it is changing `Start`. `Start` is where its leading trivia begins, the
/// spans inside count from there. `Length` covers the trivia and the form. `Diagnostics` are what reading found inside it, relative too.
[<Sealed>]
type TopForm(start: int, length: int, form: Form, diagnostics: Rtfs.Syntax.Diagnostics.Diagnostic array, whole: bool) =
    new(start, length, form, diagnostics) = TopForm(start, length, form, diagnostics, false)
    member _.Start = start
    member _.Length = length
    member _.Form = form
    member _.Diagnostics = diagnostics

    /// Whether reading it asked nothing of the text around it: no bracket, string or comment in it needed a repair.
    member internal _.Whole = whole

    member this.MoveTo(offset: int) =
        if offset = start then
            this
        else
            TopForm(offset, length, form, diagnostics, whole)

/// A read text: its top-level forms in order, and the trivia after the last.
[<Sealed>]
type Document(source: SourceText, forms: TopForm array, tail: Trivia array) =
    member _.Source = source
    member _.Forms = forms
    member _.Tail = tail
    /// Whether every bracket, string and comment of the text has its end.
    member val internal NeedsNoRepair = false with get, set
    /// What lowering and checking this text, or the text that it was changed from, have left for those who do it again.
    member val internal Lowering: obj voption = ValueNone with get, set
    member val internal Checking: obj voption = ValueNone with get, set

    /// What reading found, with absolute spans, in the order of the text.
    member _.Diagnostics =
        let found = ResizeArray<Rtfs.Syntax.Diagnostics.Diagnostic>()

        for top in forms do
            for one in top.Diagnostics do
                found.Add(one.Shift top.Start)

        found.ToArray()
