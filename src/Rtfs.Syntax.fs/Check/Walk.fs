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

let private all (act: Core -> unit) (parts: Core array) =
    for i in parts.Length - 1 .. -1 .. 0 do
        act parts[i]

let private maybe (act: Core -> unit) (part: Core | null) =
    match part with
    | null -> ()
    | present -> act present

/// The direct parts of a node, the last of them first: as a stack takes them.
let backwards (act: Core -> unit) (core: Core) : unit =
    match core with
    | Core.Quote _
    | Core.Local _
    | Core.Global _
    | Core.Struct _ -> ()
    | Core.Vector(items, _)
    | Core.List(items, _)
    | Core.And(items, _)
    | Core.Or(items, _)
    | Core.Do(items, _)
    | Core.Recur(items, _)
    | Core.Parallel(items, _) -> all act items
    | Core.Map(entries, _) ->
        for i in entries.Length - 1 .. -1 .. 0 do
            act entries[i].Value
            act entries[i].Key
    | Core.If(condition, consequent, alternative, _) ->
        act alternative
        act consequent
        act condition
    | Core.Let(bindings, body, _)
    | Core.Loop(bindings, body, _)
    | Core.For(bindings, body, _) ->
        act body

        for i in bindings.Length - 1 .. -1 .. 0 do
            act bindings[i].Value
    | Core.Function(lambda, _)
    | Core.Consumer(lambda, _) -> act lambda.Body
    | Core.Call(callee, arguments, _) ->
        all act arguments
        act callee
    | Core.Define(_, value, _)
    | Core.Check(value, _, _, _, _) -> act value
    | Core.Operation(_, arguments, options, _) ->
        for i in options.Length - 1 .. -1 .. 0 do
            act options[i].Value

        all act arguments
    | Core.Match(value, clauses, _) ->
        for i in clauses.Length - 1 .. -1 .. 0 do
            act clauses[i].Body
            maybe act clauses[i].Guard

        act value
    | Core.Try(body, catches, cleanup, _) ->
        maybe act cleanup

        for i in catches.Length - 1 .. -1 .. 0 do
            act catches[i].Body

        act body
    | Core.Step(_, _, options, body, _) ->
        all act body
        maybe act options
    | Core.Hinted(hints, target, _) ->
        act target
        act hints
    | Core.WithResource(_, value, body, _) ->
        act body
        act value

/// Calls `act` with every node, outermost first.
let visit (act: Core -> unit) (root: Core) : unit =
    let pending = Stack<Core> 16
    let later = pending.Push
    later root

    while pending.Count > 0 do
        let core = pending.Pop()
        act core
        backwards later core

let exists (holds: Core -> bool) (root: Core) : bool =
    let pending = Stack<Core>()
    let later = pending.Push
    later root
    let mutable found = false

    while not found && pending.Count > 0 do
        let core = pending.Pop()
        found <- holds core
        backwards later core

    found

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

/// The lexical names around the first node that is `wanted`, the innermost first.
let namesAround (wanted: Core -> bool) (root: Core) : string list =
    let pending = Stack<struct (Core * string list)>()
    pending.Push(struct (root, []))
    let mutable found = ValueNone

    while found.IsNone && pending.Count > 0 do
        let struct (core, reach) = pending.Pop()

        if wanted core then
            found <- ValueSome reach
        else
            let inner = bound core @ reach
            backwards (fun part -> pending.Push(struct (part, inner))) core

    ValueOption.defaultValue [] found
