/// Tests of values that are written out: what they give is known before the run, and decides which branch is reached.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Constants

open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private literal (known: Known) : Node voption =
    match known.Type with
    | Type.Val form -> ValueSome form.Node
    | Type.Primitive Primitive.Nil -> ValueSome Node.Nil
    | _ -> ValueNone

/// How many items a value has, where all of them are written out.
let private size (known: Known) : int voption =
    match known.Type, known.Shape with
    | Type.Primitive Primitive.Nil, _ -> ValueSome 0
    | Type.Tuple items, _ -> ValueSome items.Length
    | Type.Map(fields, Closed), _ when fields |> Array.forall (fun field -> not field.Optional) ->
        ValueSome fields.Length
    | (Type.Vector _ | Type.List _), Shape.Many [] -> ValueSome 0
    | _,
      Shape.Datum {
                      Node = (Node.Vector items | Node.List items)
                  } -> ValueSome items.Forms.Length
    | _ ->
        match literal known with
        | ValueSome(Node.Nil) -> ValueSome 0
        | ValueSome(Node.String text) -> ValueSome(Seq.length (text.EnumerateRunes()))
        | _ -> ValueNone

let private ordered (name: string) (values: Node list) : bool voption =
    let holds (comparison: int) =
        match name with
        | "<" -> comparison < 0
        | ">" -> comparison > 0
        | "<=" -> comparison <= 0
        | _ -> comparison >= 0

    let pair (a: Node, b: Node) =
        match a, b with
        | Node.Int a, Node.Int b -> ValueSome(holds (compare a b))
        | Node.String a, Node.String b -> ValueSome(holds (System.String.CompareOrdinal(a, b)))
        | (Node.Int _ | Node.Float _), (Node.Int _ | Node.Float _) ->
            let number node =
                match node with
                | Node.Int n -> float n
                | Node.Float n -> n
                | _ -> nan

            let a, b = number a, number b

            ValueSome(
                not (System.Double.IsNaN a)
                && not (System.Double.IsNaN b)
                && holds (compare a b)
            )
        | _ -> ValueNone

    values
    |> List.pairwise
    |> List.fold
        (fun all next ->
            match all, pair next with
            | ValueSome a, ValueSome b -> ValueSome(a && b)
            | _ -> ValueNone)
        (ValueSome true)

let private tested (name: string) (value: Node) : bool voption =
    match name, value with
    | "pos?", Node.Int n -> ValueSome(n > 0L)
    | "neg?", Node.Int n -> ValueSome(n < 0L)
    | "zero?", Node.Int n -> ValueSome(n = 0L)
    | "even?", Node.Int n -> ValueSome(n % 2L = 0L)
    | "odd?", Node.Int n -> ValueSome(n % 2L <> 0L)
    | "blank?", Node.String text -> ValueSome(System.String.IsNullOrWhiteSpace text)
    | "nil?", _ -> ValueSome(value = Node.Nil)
    | "some?", _ -> ValueSome(value <> Node.Nil)
    | _ -> ValueNone


let private flag (value: bool voption) : Type voption =
    value |> ValueOption.map (fun value -> Type.Val(Forms.Bool value))

/// What a call of the catalogue's function gives, where its arguments decide it.
let tryFold (name: string) (values: Known list) : Type voption =
    let literals () =
        let found = values |> List.map literal

        if found |> List.forall _.IsSome then
            ValueSome(found |> List.map _.Value)
        else
            ValueNone

    match name, values with
    | "count", [ value ] -> size value |> ValueOption.map (fun count -> Type.Val(Forms.Int(int64 count)))
    | "empty?", [ value ] -> size value |> ValueOption.map (fun count -> count = 0) |> flag
    | ("<" | ">" | "<=" | ">="), _ :: _ :: _ -> literals () |> ValueOption.bind (ordered name) |> flag
    | ("=" | "!=" | "not="), [ _; _ ] ->
        match literals () with
        | ValueSome [ a; b ] -> flag (ValueSome((Forms.Of a).Equals(Forms.Of b) = (name = "=")))
        | _ -> ValueNone
    | ("pos?" | "neg?" | "zero?" | "even?" | "odd?" | "blank?" | "nil?" | "some?"), [ value ] ->
        literal value |> ValueOption.bind (tested name) |> flag
    | "not", [ value ] ->
        match value.Type with
        | Type.Val { Node = Node.Bool value } -> flag (ValueSome(not value))
        | Type.Primitive Primitive.Nil -> flag (ValueSome true)
        | _ -> ValueNone
    | _ -> ValueNone
