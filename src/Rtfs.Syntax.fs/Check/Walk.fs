/// How the checks go through core: on the heap, outermost first, with the names in reach.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Walk

open System.Collections.Generic
open Rtfs.Syntax.Expand

let rec private names (pattern: Pattern) : string list =
    let optional (binding: Binding | null) =
        match binding with
        | null -> []
        | present -> [ present.Name ]

    match pattern with
    | Pattern.Ignore _ -> []
    | Pattern.Name binding -> [ binding.Name ]
    | Pattern.Vector(items, rest, whole, _) ->
        (items |> Seq.collect names |> List.ofSeq) @ optional rest @ optional whole
    | Pattern.Map(entries, rest, whole, _) ->
        (entries |> Seq.collect (fun entry -> names entry.Value) |> List.ofSeq)
        @ optional rest
        @ optional whole

let rec private matched (pattern: MatchPattern) : string list =
    let optional (binding: Binding | null) =
        match binding with
        | null -> []
        | present -> [ present.Name ]

    match pattern with
    | MatchPattern.Any _
    | MatchPattern.Literal _
    | MatchPattern.OfType _ -> []
    | MatchPattern.Name binding -> [ binding.Name ]
    | MatchPattern.Vector(items, rest, _) -> (items |> Seq.collect matched |> List.ofSeq) @ optional rest
    | MatchPattern.Map(entries, rest, _) ->
        (entries |> Seq.collect (fun entry -> matched entry.Value) |> List.ofSeq)
        @ optional rest
    | MatchPattern.As(binding, pattern, _) -> binding.Name :: matched pattern

let private lambdaNames (lambda: Lambda) =
    let rest =
        match lambda.Rest with
        | null -> []
        | present -> [ present.Name ]

    (lambda.Parameters |> Seq.collect names |> List.ofSeq) @ rest

let private present (core: Core | null) : Core array =
    match core with
    | null -> Array.empty
    | found -> [| found |]

/// The direct parts of a node, in the order of evaluation.
let children (core: Core) : Core array =
    match core with
    | Core.Quote _
    | Core.Local _
    | Core.Global _
    | Core.Struct _ -> Array.empty
    | Core.Vector(items, _)
    | Core.List(items, _)
    | Core.And(items, _)
    | Core.Or(items, _)
    | Core.Do(items, _)
    | Core.Recur(items, _)
    | Core.Parallel(items, _) -> items
    | Core.Map(entries, _) -> entries |> Array.collect (fun entry -> [| entry.Key; entry.Value |])
    | Core.If(condition, consequent, alternative, _) -> [| condition; consequent; alternative |]
    | Core.Let(bindings, body, _)
    | Core.Loop(bindings, body, _)
    | Core.For(bindings, body, _) -> Array.append (bindings |> Array.map _.Value) [| body |]
    | Core.Function(lambda, _)
    | Core.Consumer(lambda, _) -> [| lambda.Body |]
    | Core.Call(callee, arguments, _) -> Array.append [| callee |] arguments
    | Core.Define(_, value, _)
    | Core.Check(value, _, _, _, _) -> [| value |]
    | Core.Operation(_, arguments, options, _) -> Array.append arguments (options |> Array.map _.Value)
    | Core.Match(value, clauses, _) ->
        Array.append
            [| value |]
            (clauses
             |> Array.collect (fun clause -> Array.append (present clause.Guard) [| clause.Body |]))
    | Core.Try(body, catches, cleanup, _) -> Array.concat [ [| body |]; catches |> Array.map _.Body; present cleanup ]
    | Core.Step(_, _, options, body, _) -> Array.append (present options) body
    | Core.Hinted(hints, target, _) -> [| hints; target |]
    | Core.WithResource(_, value, body, _) -> [| value; body |]

let private bound (core: Core) : string list =
    match core with
    | Core.Let(bindings, _, _)
    | Core.Loop(bindings, _, _)
    | Core.For(bindings, _, _) -> bindings |> Seq.collect (fun binding -> names binding.Key) |> List.ofSeq
    | Core.Function(lambda, _)
    | Core.Consumer(lambda, _) -> lambdaNames lambda
    | Core.Match(_, clauses, _) -> clauses |> Seq.collect (fun clause -> matched clause.Pattern) |> List.ofSeq
    | Core.Try(_, catches, _, _) ->
        catches
        |> Seq.collect (fun clause ->
            match clause.Binding with
            | null -> Seq.empty
            | binding -> Seq.singleton binding.Name)
        |> List.ofSeq
    | Core.WithResource(binding, _, _, _) -> [ binding.Name ]
    | Core.Quote _
    | Core.Local _
    | Core.Global _
    | Core.Vector _
    | Core.List _
    | Core.And _
    | Core.Or _
    | Core.Do _
    | Core.Map _
    | Core.If _
    | Core.Call _
    | Core.Define _
    | Core.Operation _
    | Core.Recur _
    | Core.Check _
    | Core.Struct _
    | Core.Parallel _
    | Core.Step _
    | Core.Hinted _ -> []

/// Every node with the lexical names around it.
let nodes (root: Core) : seq<struct (Core * string list)> = seq {
    let pending = Stack<struct (Core * string list)>()
    pending.Push(struct (root, []))

    while pending.Count > 0 do
        let struct (core, reach) = pending.Pop()
        yield struct (core, reach)
        let reach = bound core @ reach
        let parts = children core

        for i in parts.Length - 1 .. -1 .. 0 do
            pending.Push(struct (parts[i], reach))
}
