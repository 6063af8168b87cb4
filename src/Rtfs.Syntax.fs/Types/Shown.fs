/// Types as people are shown them: without the exact literals and the closed ends that inference keeps.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Shown

open Rtfs.Syntax.Tree

let rec private opened (target: Type) : Type =
    match target with
    | Type.Map(fields, rest) ->
        let fields =
            fields
            |> Array.map (fun field -> Field(field.Key, opened field.Type, field.Optional))

        match rest with
        | null
        | Closed -> Type.Map(fields, null)
        | wildcard -> Type.Map(fields, opened wildcard)
    | Type.Optional inner -> TypeNames.orNil (opened inner)
    // Records that differ in exact literals alone are one record to people.
    | Type.Union parts -> parts |> Seq.map opened |> Seq.distinct |> List.ofSeq |> Join.ofMembers
    | Type.Vector item -> Type.Vector(opened item)
    | Type.List item -> Type.List(opened item)
    | Type.Tuple [||] -> Type.Vector Atom.any
    | Type.Tuple items -> Type.Tuple(items |> Array.map opened)
    | Type.Stream item -> Type.Stream(opened item)
    | Type.MapOf(key, value) -> Type.MapOf(opened key, opened value)
    | Type.And(subject, refinements) -> Type.And(opened subject, refinements)
    | Type.Function(parameters, rest, result) ->
        Type.Function(
            parameters |> Array.map opened,
            (match rest with
             | null -> null
             | present -> opened present),
            opened result
        )
    | Type.Val value ->
        match value.Node with
        | Node.Keyword _
        | Node.Nil -> target
        | _ -> Type.Primitive(Literals.primitiveOf value)
    // An enum of one literal is there to show it.
    | Type.Enum [| only |] -> Type.Val only
    | Type.Primitive _
    | Type.Resource _
    | Type.Enum _
    | Type.Array _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _
    | Type.Alias _ -> target

/// What flows on an edge, and the type of a name.
let element (target: Type) : string = target |> opened |> TypePrinter.print

/// A type in a message: a literal as it is written, as it says most, and of what holds literals their types.
let inMessage (target: Type) : string =
    match target with
    | Type.Val value -> Rtfs.Syntax.Print.Printer.form value
    | Type.Primitive Primitive.Never -> "nothing"
    | Type.Primitive Primitive.Nil -> "nil"
    | Type.Resource "Error" -> "an error"
    | Type.Enum _ -> TypePrinter.print target
    | _ ->
        let text = element target

        if text.Length <= 200 then
            text
        else
            text.Substring(0, 200) + "…"
