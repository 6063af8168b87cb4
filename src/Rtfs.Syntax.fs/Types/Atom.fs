/// Types taken apart for comparing: a union of atoms, each an intersection of plain types and refinements.
namespace Rtfs.Syntax.Types

open System.Collections.Generic
open Rtfs.Syntax.Tree

/// What the names of types mean: `defstruct` and `deftype` say so. A name that is not there stands for itself alone.
type internal NamedTypes = IReadOnlyDictionary<string, Type>

/// A value of the atom is of every part and satisfies every refinement. No part is a union, an optional, an intersection, an array,
/// an enum, `:number`, `:bool` or the name of a known type: those are spelled out, so that equal sets compare equal. `:any` is a part only
/// where it is the only one.
type internal Atom = {
    Parts: Type list
    Refinements: Refinement list
}

module internal Atom =
    let noNames: NamedTypes = Dictionary<string, Type>()
    let nil = Type.Primitive Primitive.Nil
    let any = Type.Primitive Primitive.Any
    let never = Type.Primitive Primitive.Never

    let private plain target = [ { Parts = [ target ]; Refinements = [] } ]

    /// Made once: most of what is taken apart is one of these.
    let private primitives: Atom list array =
        System.Enum.GetValues<Primitive>()
        |> Array.map (fun primitive -> plain (Type.Primitive primitive))

    /// `[:and :any :int]` is no more than an int, and not consistent with what an int is not.
    let private together (a: Type list) (b: Type list) : Type list =
        match a |> List.filter (any.Equals >> not), b |> List.filter (any.Equals >> not) with
        | [], [] -> [ any ]
        | a, b -> a @ b

    let private literal (value: Form) =
        match value.Node with
        | Node.Nil -> primitives[int Primitive.Nil]
        | _ -> plain (Type.Val value)

    let private nothing = primitives[int Primitive.Nil]

    let private flags =
        plain (Type.Val(Forms.Bool true)) @ plain (Type.Val(Forms.Bool false))

    let private numbers =
        plain (Type.Primitive Primitive.Int) @ plain (Type.Primitive Primitive.Float)

    /// `[:array T [2 ?]]` as vectors of vectors whose counts are known.
    let rec private array (item: Type) (dimensions: int64 list) : Type =
        match dimensions with
        | [] -> item
        | size :: inner ->
            let vector = Type.Vector(array item inner)

            if size < 0L then
                vector
            else
                Type.And(vector, [| Refinement.Count(Comparison.Equal, size) |])

    /// `unfolding` are the names that are being spelled out: a name that means itself means no value at all.
    let rec private spell (names: NamedTypes) (unfolding: string list) (target: Type) : Atom list =
        match target with
        | Type.Primitive Primitive.Never -> []
        | Type.Primitive Primitive.Number -> numbers
        | Type.Primitive Primitive.Bool -> flags
        | Type.Primitive primitive -> primitives[int primitive]
        | Type.Optional inner -> spell names unfolding inner @ nothing
        | Type.Union members -> members |> Seq.collect (spell names unfolding) |> List.ofSeq
        | Type.Enum values -> values |> Seq.collect literal |> List.ofSeq
        | Type.Val value -> if value.Node = Node.Nil then nothing else plain target
        | Type.Array(item, [||]) -> spell names unfolding (Type.Vector item)
        | Type.Array(item, dimensions) -> spell names unfolding (array item (List.ofArray dimensions))
        | Type.And(subject, refinements) ->
            refinements
            |> Array.fold
                (fun atoms refinement ->
                    match refinement with
                    | Refinement.OfType other ->
                        List.allPairs atoms (spell names unfolding other)
                        |> List.map (fun (a, b) -> {
                            Parts = together a.Parts b.Parts
                            Refinements = a.Refinements @ b.Refinements
                        })
                    | Refinement.Compare _
                    | Refinement.InRange _
                    | Refinement.Length _
                    | Refinement.Count _
                    | Refinement.NonEmpty
                    | Refinement.MatchesRegex _
                    | Refinement.HasKey _
                    | Refinement.RequiredKeys _
                    | Refinement.IsUrl
                    | Refinement.IsEmail
                    | Refinement.Custom _ ->
                        atoms
                        |> List.map (fun atom -> {
                            atom with
                                Refinements = refinement :: atom.Refinements
                        }))
                (spell names unfolding subject)
        | Type.Alias name ->
            if List.contains name unfolding then
                []
            else
                match names.TryGetValue name with
                | true, meaning -> spell names (name :: unfolding) meaning
                | _ -> plain target
        | Type.Vector _
        | Type.List _
        | Type.Tuple _
        | Type.Map _
        | Type.MapOf _
        | Type.Function _
        | Type.Resource _
        | Type.Stream _
        | Type.StreamBi _
        | Type.StreamDuplex _
        | Type.ForAll _
        | Type.Variable _ -> plain target

    let ofType (names: NamedTypes) (target: Type) : Atom list = spell names [] target

    let toType (atom: Atom) : Type =
        match atom.Parts, atom.Refinements with
        | [ only ], [] -> only
        | first :: others, refinements ->
            Type.And(
                first,
                Array.append
                    (others |> List.map Refinement.OfType |> Array.ofList)
                    (refinements |> List.rev |> Array.ofList)
            )
        | [], _ -> any

    let isAny (atom: Atom) =
        atom.Parts
        |> List.exists (fun part ->
            match part with
            | Type.Primitive Primitive.Any -> true
            | _ -> false)

    /// Whether its meaning, or that of a part, may be that of a name.
    let isNamed target =
        match target with
        | Type.Alias _
        | Type.Optional _
        | Type.Union _
        | Type.And _ -> true
        | Type.Primitive _
        | Type.Vector _
        | Type.List _
        | Type.Tuple _
        | Type.Map _
        | Type.MapOf _
        | Type.Function _
        | Type.Resource _
        | Type.Enum _
        | Type.Val _
        | Type.Array _
        | Type.Stream _
        | Type.StreamBi _
        | Type.StreamDuplex _
        | Type.ForAll _
        | Type.Variable _ -> false

    /// Whether the type is an atom as it stands.
    let isSingle target =
        match target with
        | Type.Vector _
        | Type.List _
        | Type.Tuple _
        | Type.Map _
        | Type.MapOf _
        | Type.Function _
        | Type.Resource _
        | Type.Stream _
        | Type.StreamBi _
        | Type.StreamDuplex _ -> true
        | Type.Primitive _
        | Type.Val _
        | Type.Alias _
        | Type.Optional _
        | Type.Union _
        | Type.And _
        | Type.Enum _
        | Type.Array _
        | Type.ForAll _
        | Type.Variable _ -> false
