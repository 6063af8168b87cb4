/// A call of a library function as the function's own typing rule sees it, and the questions that rules ask of it.
[<AutoOpen>]
module internal Rtfs.Syntax.Check.RuleCalls

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// One call: the values, how they are written, and where.
type RuleCall = {
    Session: Session
    Signature: Signature
    Values: Known list
    Cores: Core array
    Spans: Span list
    Span: Span
}

let general (call: RuleCall) : Known =
    LibraryCalls.call call.Session call.Signature call.Values call.Cores call.Spans call.Span

let coreAt (call: RuleCall) i =
    if i < call.Cores.Length then
        ValueSome call.Cores[i]
    else
        ValueNone

let spanAt (call: RuleCall) i =
    List.tryItem i call.Spans |> Option.defaultValue call.Span

[<return: Struct>]
let (|LiteralOf|_|) (known: Known) =
    match known.Shape, known.Type with
    | Shape.Datum form, _ when TypeNames.isLiteral form -> ValueSome form
    | _, Type.Val form -> ValueSome form
    | _ -> ValueNone

/// The literals that a key can be: one, or the members of an enum.
let keysOf (known: Known) : Form list voption =
    match known.Type with
    | Type.Val key when TypeNames.isKey key -> ValueSome [ key ]
    | Type.Enum keys when keys |> Array.forall TypeNames.isKey -> ValueSome(List.ofArray keys)
    | _ -> ValueNone

/// What is in a sequence, whichever it is; nothing of what is none, or of which that is not known.
let itemsOf (types: NamedTypes) (target: Type) : Type voption =
    target
    |> Join.ofAtoms types (fun atom ->
        match atom.Parts with
        | [ (Type.Vector item | Type.List item) ] -> ValueSome item
        | [ Type.Tuple items ] -> ValueSome(Join.items types items)
        | _ -> ValueNone)

let isString (types: NamedTypes) (target: Type) =
    Relation.isSubtype types target (Type.Primitive Primitive.String)

let isSequence (types: NamedTypes) (target: Type) =
    Relation.isSubtype types target (Type.Union [| Type.Vector Atom.any; Type.List Atom.any |])

/// Those that hold their items by index; a list does not.
let isVector (types: NamedTypes) (target: Type) =
    Relation.isSubtype types target (Type.Vector Atom.any)

/// Whether the value can be an index; says so where it cannot.
let isIndex (session: Session) (name: string) (key: Known) (span: Span) : bool =
    Known.isAny key
    || Expect.fits
        session
        (fun () -> $"what `{name}` is given for a vector's index")
        key.Type
        (Type.Primitive Primitive.Int)
        span

let isMaps (types: NamedTypes) (target: Type) =
    Relation.isSubtype
        types
        target
        (Type.Optional(Type.Union [| Type.Map(Array.empty, null); Type.MapOf(Atom.any, Atom.any) |]))

/// The item at an index, or the fallback.
let item (session: Session) (subject: Type) (index: Form) (fallback: Type) : Type =
    Atom.ofType session.Types subject
    |> Seq.map (fun atom ->
        match atom.Parts, index.Node with
        | [ Type.Tuple items ], Node.Int i ->
            if i >= 0L && i < int64 items.Length then
                items[int i]
            else
                fallback
        | [ (Type.Vector item | Type.List item) ], _ -> Join.join session.Types item fallback
        | _ -> Atom.any)
    |> Join.joinAll session.Types

/// The vector with a value at an index.
let withItem (session: Session) (subject: Type) (index: Type) (value: Type) : Type =
    match subject, index with
    | Type.Tuple items, Type.Val { Node = Node.Int i } when i >= 0L && i < int64 items.Length ->
        Type.Tuple(items |> Array.mapi (fun j known -> if int64 j = i then value else known))
    | _ -> Type.Vector(Join.items session.Types [| item session subject (Forms.Nil()) Atom.never; value |])

/// The map with an entry whose key is not known before the run.
let withEntry (types: NamedTypes) (target: Type) (key: Type) (value: Type) : Type =
    match target with
    | Type.Map([||], Closed)
    | Type.Primitive Primitive.Nil -> Type.MapOf(Join.literals key, Join.literals value)
    | Type.MapOf(keys, values) -> Type.MapOf(Join.items types [| keys; key |], Join.items types [| values; value |])
    | _ -> Type.Map(Array.empty, null)
