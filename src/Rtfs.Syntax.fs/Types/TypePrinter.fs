/// Types to their canonical text, which reads back to an equal type.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.TypePrinter

open System.Collections.Generic
open System.Text
open Rtfs.Syntax.Print
open Rtfs.Syntax.Tree

[<Struct; RequireQualifiedAccess>]
type private Task =
    | Write of target: Type
    | Mark of text: string

let private literals (forms: Form array) =
    forms |> Array.map Printer.form |> String.concat " "

/// With a stack of its own, as types made by programs may nest deeper than any machine stack.
let print (target: Type) : string =
    let text = StringBuilder()
    let tasks = Stack<Task>()

    let later (parts: Task list) =
        for part in List.rev parts do
            tasks.Push part

    let mark text = Task.Mark text

    let spaced (types: Type array) =
        types |> Seq.collect (fun part -> [ mark " "; Task.Write part ]) |> List.ofSeq

    let bracket kind (types: Type array) =
        later ([ mark $"[:{kind}" ] @ spaced types @ [ mark "]" ])

    tasks.Push(Task.Write target)

    while tasks.Count > 0 do
        match tasks.Pop() with
        | Task.Mark mark -> text.Append mark |> ignore
        | Task.Write target ->
            match target with
            | Type.Primitive primitive -> text.Append(':').Append((string primitive).ToLowerInvariant()) |> ignore
            | Type.Variable name
            | Type.Alias name -> text.Append name |> ignore
            | Type.Optional inner -> later [ Task.Write inner; mark "?" ]
            | Type.Vector item -> bracket "vector" [| item |]
            | Type.List item -> bracket "list" [| item |]
            | Type.Stream item -> bracket "stream" [| item |]
            | Type.Tuple items -> bracket "tuple" items
            | Type.Union members -> bracket "union" members
            | Type.MapOf(key, value) -> bracket "map-of" [| key; value |]
            | Type.StreamBi(input, output) ->
                later [
                    mark "[:stream-bi :input "
                    Task.Write input
                    mark " :output "
                    Task.Write output
                    mark "]"
                ]
            | Type.StreamDuplex(input, output) ->
                later [
                    mark "[:stream-duplex :input "
                    Task.Write input
                    mark " :output "
                    Task.Write output
                    mark "]"
                ]
            | Type.Map(fields, wildcard) ->
                let entries =
                    fields
                    |> Seq.collect (fun field -> [
                        mark $" [{Printer.form field.Key} "
                        Task.Write field.Type
                        mark (if field.Optional then " ?]" else "]")
                    ])
                    |> List.ofSeq

                let others =
                    match wildcard with
                    | null -> []
                    | present -> [ mark " [:* "; Task.Write present; mark "]" ]

                later ([ mark "[:map" ] @ entries @ others @ [ mark "]" ])
            | Type.Function(parameters, rest, result) ->
                let extra =
                    match rest with
                    | null -> []
                    | present -> [ mark (if parameters.Length > 0 then " & " else "& "); Task.Write present ]

                let first = spaced parameters |> List.truncate (parameters.Length * 2)

                later (
                    [ mark "[:fn [" ]
                    @ (if first.IsEmpty then [] else List.tail first)
                    @ extra
                    @ [ mark "] "; Task.Write result; mark "]" ]
                )
            | Type.Resource name -> text.Append("[:resource ").Append(name).Append(']') |> ignore
            | Type.Enum values -> text.Append("[:enum ").Append(literals values).Append(']') |> ignore
            | Type.Val value -> text.Append("[:val ").Append(Printer.form value).Append(']') |> ignore
            | Type.And(subject, refinements) ->
                let parts =
                    refinements
                    |> Seq.collect (fun refinement ->
                        match refinement, Predicates.toForms refinement with
                        | Refinement.OfType target, _ -> [ mark " "; Task.Write target ]
                        | _, ValueSome(struct (name, [||])) -> [ mark $" [:{name}]" ]
                        | _, ValueSome(struct (name, arguments)) -> [ mark $" [:{name} {literals arguments}]" ]
                        | _, ValueNone -> [])
                    |> List.ofSeq

                later ([ mark "[:and "; Task.Write subject ] @ parts @ [ mark "]" ])
            | Type.Array(item, dimensions) ->
                let sizes =
                    dimensions |> Array.map (fun size -> if size < 0L then "?" else string size)

                let shape = String.concat " " sizes

                later [
                    mark "[:array "
                    Task.Write item
                    mark (if sizes.Length = 0 then "]" else $" [{shape}]]")
                ]
            | Type.ForAll(variables, body) ->
                let names = String.concat " " variables
                later [ mark $"[:forall [{names}] "; Task.Write body; mark "]" ]

    text.ToString()
