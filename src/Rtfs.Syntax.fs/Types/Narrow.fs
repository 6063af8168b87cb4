/// Types after a test: what is left of a type where a predicate held, and where it did not.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Narrow

open Rtfs.Syntax.Tree

/// The atoms that a test keeps, as a type again.
let filter (names: NamedTypes) (keep: Atom -> bool) (target: Type) : Type =
    let atoms = Atom.ofType names target

    if atoms |> List.forall keep then
        target
    else
        atoms |> List.filter keep |> List.map Atom.toType |> Join.ofMembers

let private isNothing (atom: Atom) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Primitive Primitive.Nil -> true
        | Type.Val value -> value.Node = Node.Bool false
        | _ -> false)

/// What a variable or a name that nobody defines stands for may be nil.
let private mayBeNothing (atom: Atom) =
    isNothing atom
    || atom.Parts
       |> List.forall (fun part ->
           match part with
           | Type.Primitive Primitive.Any
           | Type.Variable _
           | Type.Alias _ -> true
           | _ -> false)

/// Where the value is neither nil nor false.
let truthy (names: NamedTypes) (target: Type) : Type = filter names (isNothing >> not) target

/// Where it is nil or false.
let falsy (names: NamedTypes) (target: Type) : Type = filter names mayBeNothing target

/// Whether a value of the type is truthy: always, never, or nothing.
let truth (names: NamedTypes) (target: Type) : bool voption =
    match Atom.ofType names target with
    | [] -> ValueNone
    | atoms when atoms |> List.forall isNothing -> ValueSome false
    | atoms when atoms |> List.exists mayBeNothing -> ValueNone
    | _ -> ValueSome true

/// Where the value is also of another type: of `:any` that type itself, of others those members that can be, or what of the type
/// is theirs.
let toType (names: NamedTypes) (wanted: Type) (target: Type) : Type =
    Atom.ofType names target
    |> List.choose (fun atom ->
        let found = Atom.toType atom

        if Atom.isAny atom then
            match atom.Refinements with
            | [] -> Some wanted
            | refinements -> Some(Type.And(wanted, refinements |> List.rev |> Array.ofList))
        else
            match Relation.fit names found wanted with
            | Relation.Fit.Not -> None
            | _ when Relation.isSubtype names wanted found -> Some wanted
            | _ -> Some found)
    |> Join.joinAll names

/// Where the value is of no such type.
let notType (names: NamedTypes) (excluded: Type) (target: Type) : Type =
    filter names (fun atom -> Atom.isAny atom || not (Relation.isSubtype names (Atom.toType atom) excluded)) target

/// Where the value equals a literal.
let toLiteral (names: NamedTypes) (literal: Form) (target: Type) : Type = toType names (Type.Val literal) target

let private sized (names: NamedTypes) (ofItems: Refinement) (ofText: Refinement) (target: Type) : Type =
    Atom.ofType names target
    |> List.choose (fun atom ->
        let refinement =
            atom.Parts
            |> List.tryPick (fun part ->
                match part with
                | Type.Vector _
                | Type.List _
                | Type.Map _
                | Type.MapOf _
                | Type.Tuple _ -> Some ofItems
                | Type.Primitive Primitive.String
                | Type.Val _ -> Some ofText
                | _ -> None)

        match atom.Parts, refinement with
        | [ Type.Primitive Primitive.Nil ], _ -> None
        | _, Some refinement ->
            match Relation.satisfies names atom refinement with
            | Relation.Fit.Not -> None
            | Relation.Fit.Wholly -> Some atom
            | _ ->
                Some {
                    atom with
                        Refinements = refinement :: atom.Refinements
                }
        | _, None -> Some atom)
    |> List.map Atom.toType
    |> Join.ofMembers

/// Where the collection, or the text, holds something.
let nonEmpty (names: NamedTypes) (target: Type) : Type =
    sized names Refinement.NonEmpty (Refinement.Length(Comparison.GreaterOrEqual, 1L)) target

/// Where it holds so many items, at least or exactly; at least one.
let counted (names: NamedTypes) (comparison: Comparison) (count: int64) (target: Type) : Type =
    match comparison, count with
    | Comparison.GreaterOrEqual, 1L -> nonEmpty names target
    | _ -> sized names (Refinement.Count(comparison, count)) (Refinement.Length(comparison, count)) target

/// Where it holds another number of items than that.
let notCounted (names: NamedTypes) (count: int64) (target: Type) : Type =
    let size = Refinement.Count(Comparison.Equal, count)
    filter names (fun atom -> Relation.satisfies names atom size <> Relation.Fit.Wholly) target

let private isOrdered (atom: Atom) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Primitive(Primitive.Int | Primitive.Float | Primitive.String | Primitive.Timestamp) -> true
        | _ -> false)

/// Where the value stands in a relation to a literal: a refinement of its ordered members.
let compared (names: NamedTypes) (comparison: Comparison) (bound: Form) (target: Type) : Type =
    Atom.ofType names target
    |> List.choose (fun atom ->
        let refinement = Refinement.Compare(comparison, bound)

        match isOrdered atom, Relation.satisfies names atom refinement with
        | true, Relation.Fit.Not -> None
        | true, Relation.Fit.Partly ->
            Some {
                atom with
                    Refinements = refinement :: atom.Refinements
            }
        | _ -> Some atom)
    |> List.map Atom.toType
    |> Join.ofMembers

/// More literals than these are not kept in mind: a long `cond` leaves one out after the other.
let private mostExcluded = 4

/// Where the value differs from a literal. Of an int and a string that is a refinement; a float may be 0.0, which is not equal to 0, and
/// is of no `[:!= 0]` all the same.
let notLiteral (names: NamedTypes) (literal: Form) (target: Type) : Type =
    let refinement = Refinement.Compare(Comparison.NotEqual, literal)
    let kind = Literals.primitiveOf literal

    let isRefined (atom: Atom) =
        (kind = Primitive.Int || kind = Primitive.String)
        && List.contains (Type.Primitive kind) atom.Parts
        && atom.Refinements.Length < mostExcluded
        && Relation.satisfies names atom refinement = Relation.Fit.Partly

    let left = notType names (Type.Val literal) target
    let atoms = Atom.ofType names left

    if atoms |> List.exists isRefined then
        atoms
        |> List.map (fun atom ->
            if isRefined atom then
                {
                    atom with
                        Refinements = refinement :: atom.Refinements
                }
            else
                atom)
        |> List.map Atom.toType
        |> Join.ofMembers
    else
        left
