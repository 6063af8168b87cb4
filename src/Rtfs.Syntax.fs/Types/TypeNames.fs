/// The words of types, and the small questions that reading them asks of forms.
[<AutoOpen>]
module internal Rtfs.Syntax.Types.TypeNames

open System.Collections.Generic
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Where a reader of types tells of what it finds.
type Report = {
    /// Mistakes: code, place, message, fix.
    Refuse: string -> Span -> string -> (string | null) -> unit
    /// Names that stand for whatever a definition calls so: the form, and the name without a mark.
    Name: Form -> string -> unit
}

module Report =
    let refusing refuse : Report = {
        Refuse = refuse
        Name = fun _ _ -> ()
    }

    let silent = refusing (fun _ _ _ _ -> ())

let primitives =
    let found = Dictionary<string, Primitive>()

    for primitive in System.Enum.GetValues<Primitive>() do
        let name = string primitive
        found.Add(name, primitive)
        found.Add(name.ToLowerInvariant(), primitive)

    found

let primitiveNames: seq<string> = primitives.Keys

let constructors =
    HashSet<string>(
        "vector list tuple map record map-of dict fn => resource enum union and val array stream stream-bi stream-duplex forall"
            .Split
            ' '
    )

let isMark (form: Form) =
    match form with
    | SymbolOf "?" -> true
    | _ -> false

/// `[:vector :int]?`: the mark stands right behind what it makes optional.
let isAdjacent (before: Form) (mark: Form) =
    isMark mark && mark.Span.Length > 0 && mark.Span.Start = before.Span.End

let orNil (target: Type) : Type =
    match target with
    | Type.Optional _ -> target
    | found -> Type.Optional found

let optional (target: Type | null) : Type | null =
    match target with
    | null -> null
    | present -> orNil present

let isLiteral (form: Form) =
    match form.Node with
    | Node.Nil
    | Node.Bool _
    | Node.Int _
    | Node.Float _
    | Node.String _
    | Node.Timestamp _
    | Node.Uuid _
    | Node.Keyword _ -> true
    | Node.Resource _
    | Node.Symbol _
    | Node.List _
    | Node.Vector _
    | Node.Map _
    | Node.Function _
    | Node.Consume _
    | Node.Prefixed _
    | Node.Meta _
    | Node.Broken _ -> false

let isKey (form: Form) =
    match form.Node with
    | Node.Keyword _
    | Node.String _
    | Node.Int _ -> true
    | _ -> false

/// All of them, or null where one is missing.
let whole (found: seq<Type | null>) : Type array | null =
    let parts = ResizeArray<Type>()
    let mutable missing = false

    for part in found do
        match part with
        | null -> missing <- true
        | present -> parts.Add present

    if missing then null else parts.ToArray()
