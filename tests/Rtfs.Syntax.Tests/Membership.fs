/// What types mean, as plainly as it can be said: whether a value is of a type. The laws of types are checked against this, so it shares
/// no code with the relations.
module Rtfs.Syntax.Tests.Membership

open System
open System.Collections.Generic
open System.Text.RegularExpressions
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A map's keys with their values.
let entries (value: Form) : (Form * Form) list voption =
    match value.Node with
    | Node.Map items ->
        items.Forms
        |> Array.chunkBySize 2
        |> Array.map (fun pair -> pair[0], pair[1])
        |> List.ofArray
        |> ValueSome
    | _ -> ValueNone

let find (key: Form) (value: Form) : Form voption =
    match entries value with
    | ValueSome entries ->
        entries
        |> List.tryFind (fun (known, _) -> known.Equals key)
        |> Option.map snd
        |> Option.toValueOption
    | ValueNone -> ValueNone

let mapOf (entries: seq<Form * Form>) : Form =
    entries
    |> Seq.collect (fun (key, value) -> [ key; value ])
    |> Array.ofSeq
    |> Forms.Map

let private itemCount (value: Form) =
    match value.Node with
    | Node.Vector items
    | Node.List items -> Some items.Forms.Length
    | Node.Map items -> Some(items.Forms.Length / 2)
    | _ -> None

/// Numbers of the tests are small: a float holds each.
let private order (a: Form) (b: Form) =
    let number (form: Form) =
        match form.Node with
        | Node.Int value -> Some(float value)
        | Node.Float value -> Some value
        | _ -> None

    match number a, number b, a.Node, b.Node with
    | Some a, Some b, _, _ when not (Double.IsNaN a || Double.IsNaN b) -> Some(compare a b)
    | _, _, Node.String a, Node.String b -> Some(String.CompareOrdinal(a, b))
    | _, _, Node.Timestamp a, Node.Timestamp b -> Some(compare a b)
    | _ -> None

let compares (comparison: Comparison) (value: Form) (bound: Form) : bool =
    match comparison with
    | Comparison.Equal -> value.Equals bound
    | Comparison.NotEqual -> not (value.Equals bound)
    | Comparison.Greater -> order value bound |> Option.exists (fun order -> order > 0)
    | Comparison.GreaterOrEqual -> order value bound |> Option.exists (fun order -> order >= 0)
    | Comparison.Less -> order value bound |> Option.exists (fun order -> order < 0)
    | _ -> order value bound |> Option.exists (fun order -> order <= 0)

let private measures (comparison: Comparison) (size: int) (bound: int64) =
    compares comparison (Forms.Int(int64 size)) (Forms.Int bound)

let private ofPrimitive (primitive: Primitive) (value: Form) =
    match primitive, value.Node with
    | Primitive.Any, _
    | Primitive.Nil, Node.Nil
    | Primitive.Bool, Node.Bool _
    | (Primitive.Int | Primitive.Number), Node.Int _
    | (Primitive.Float | Primitive.Number), Node.Float _
    | Primitive.String, Node.String _
    | Primitive.Keyword, Node.Keyword _
    | Primitive.Symbol, Node.Symbol _
    | Primitive.Timestamp, Node.Timestamp _
    | Primitive.Uuid, Node.Uuid _ -> true
    | _ -> false

/// `unfolding` are the names met since the last step into the value: a name that means only itself has no values.
let rec private isMember (names: NamedTypes) (unfolding: string list) (target: Type) (value: Form) : bool =
    let same target = isMember names unfolding target value
    let inner target value = isMember names [] target value

    match target with
    | Type.Primitive primitive -> ofPrimitive primitive value
    | Type.Optional target -> value.Node = Node.Nil || same target
    | Type.Vector item ->
        match value.Node with
        | Node.Vector items -> items.Forms |> Array.forall (inner item)
        | _ -> false
    | Type.List item ->
        match value.Node with
        | Node.List items -> items.Forms |> Array.forall (inner item)
        | _ -> false
    | Type.Tuple types ->
        match value.Node with
        | Node.Vector items -> items.Forms.Length = types.Length && Array.forall2 inner types items.Forms
        | _ -> false
    | Type.Map(fields, wildcard) ->
        match entries value with
        | ValueNone -> false
        | ValueSome entries ->
            let isNamed key =
                fields |> Array.exists (fun field -> field.Key.Equals key)

            let rest: Type =
                match wildcard with
                | null -> Type.Primitive Primitive.Any
                | present -> present

            fields
            |> Array.forall (fun field ->
                match find field.Key value with
                | ValueSome found -> inner field.Type found
                | ValueNone -> field.Optional)
            && entries |> List.forall (fun (key, value) -> isNamed key || inner rest value)
    | Type.MapOf(keyType, valueType) ->
        match entries value with
        | ValueNone -> false
        | ValueSome entries ->
            entries
            |> List.forall (fun (key, value) -> inner keyType key && inner valueType value)
    | Type.Enum values -> values |> Array.exists value.Equals
    | Type.Val literal -> literal.Equals value
    | Type.Union members -> members |> Array.exists same
    | Type.And(subject, refinements) -> same subject && refinements |> Array.forall (satisfies names unfolding value)
    | Type.Array(item, dimensions) -> hasShape names item (List.ofArray dimensions) value
    | Type.Alias name ->
        match names.TryGetValue name with
        | true, meaning when not (List.contains name unfolding) -> isMember names (name :: unfolding) meaning value
        | _ -> false
    // No data is of these.
    | Type.Function _
    | Type.Resource _
    | Type.Stream _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _ -> false

and private hasShape names item dimensions value =
    match value.Node with
    | Node.Vector items ->
        let isOfSize, inner =
            match dimensions with
            | [] -> true, isMember names [] item
            | [ size ] -> (size < 0L || int64 items.Forms.Length = size), isMember names [] item
            | size :: inner -> (size < 0L || int64 items.Forms.Length = size), hasShape names item inner

        isOfSize && items.Forms |> Array.forall inner
    | _ -> false

and private satisfies names unfolding (value: Form) (refinement: Refinement) : bool =
    let text =
        match value.Node with
        | Node.String text -> Some text
        | _ -> None

    match refinement with
    | Refinement.OfType target -> isMember names unfolding target value
    | Refinement.Compare(comparison, bound) -> compares comparison value bound
    | Refinement.InRange(low, high) ->
        compares Comparison.GreaterOrEqual value low
        && compares Comparison.LessOrEqual value high
    | Refinement.Length(comparison, length) ->
        text
        |> Option.exists (fun text -> measures comparison (Seq.length (text.EnumerateRunes())) length)
    | Refinement.Count(comparison, count) ->
        itemCount value |> Option.exists (fun items -> measures comparison items count)
    | Refinement.NonEmpty -> itemCount value |> Option.exists (fun items -> items > 0)
    | Refinement.MatchesRegex pattern -> text |> Option.exists (fun text -> Regex.IsMatch(text, pattern))
    | Refinement.HasKey key -> (find key value).IsSome
    | Refinement.RequiredKeys keys -> keys |> Array.forall (fun key -> (find key value).IsSome)
    | Refinement.IsUrl ->
        text
        |> Option.exists (fun text -> Regex.IsMatch(text, "^https?://", RegexOptions.CultureInvariant))
    | Refinement.IsEmail ->
        text
        |> Option.exists (fun text -> Regex.IsMatch(text, @"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\z"))
    // Any fixed meaning will do: the relations may not look into a predicate that they do not know.
    | Refinement.Custom(name, _) -> value.GetHashCode() % 2 = name.Length % 2

let isOf (names: NamedTypes) (target: Type) (value: Form) : bool = isMember names [] target value

/// Whether a vector, list or map in the value has nothing in it: such a value says nothing of the type of its items.
let rec holdsEmpty (value: Form) : bool =
    match value.Node with
    | Node.Vector items
    | Node.List items
    | Node.Map items -> items.Forms.Length = 0 || items.Forms |> Array.exists holdsEmpty
    | _ -> false
