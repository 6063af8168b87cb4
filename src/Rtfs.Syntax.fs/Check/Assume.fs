/// What a condition tells of the names in it where it holds, and where it does not.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Assume

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private primitive kind = Type.Primitive kind
let private union (parts: Type list) = Type.Union(Array.ofList parts)

/// What the predicates of one argument test for.
let private predicates =
    dict [
        "int?", primitive Primitive.Int
        "integer?", primitive Primitive.Int
        "float?", primitive Primitive.Float
        "number?", primitive Primitive.Number
        "string?", primitive Primitive.String
        "string-p", primitive Primitive.String
        "bool?", primitive Primitive.Bool
        "boolean?", primitive Primitive.Bool
        "nil?", primitive Primitive.Nil
        "keyword?", primitive Primitive.Keyword
        "symbol?", primitive Primitive.Symbol
        "timestamp?", primitive Primitive.Timestamp
        "uuid?", primitive Primitive.Uuid
        "map?", union [ Type.Map(Array.empty, null); Type.MapOf(Atom.any, Atom.any) ]
        "vector?", Type.Vector Atom.any
        "list?", Type.List Atom.any
    ]

/// What can be known better: a name, or a key of what can be.
[<return: Struct>]
let rec private (|Subject|_|) (core: Core) : struct (Binding * Form list) voption =
    match core with
    | Core.Local(binding, _) -> ValueSome(struct (binding, []))
    | Core.Call(Core.Quote(key, _), [| Subject(binding, path) |], _) -> ValueSome(struct (binding, path @ [ key ]))
    | Core.Call(Core.Global("get", _), [| Subject(binding, path); Core.Quote(key, _) |], _) ->
        ValueSome(struct (binding, path @ [ key ]))
    | _ -> ValueNone

let private refine (session: Session) (locals: Locals) (binding: Binding) (path: Form list) (change: Type -> Type) =
    let rec inside (path: Form list) : Type -> Type =
        match path with
        | [] -> change
        | key :: rest -> Keys.refine session.Types key (inside rest)

    match locals.TryGetValue binding with
    | true, known ->
        let narrowed = inside path known.Type

        if narrowed.Equals known.Type then
            locals
        else
            locals.SetItem(binding, { known with Type = narrowed })
    | _ -> locals

let private flipped name =
    match name with
    | "<" -> ">"
    | ">" -> "<"
    | "<=" -> ">="
    | ">=" -> "<="
    | other -> other

let private comparison name =
    match name with
    | "<" -> Comparison.Less
    | ">" -> Comparison.Greater
    | "<=" -> Comparison.LessOrEqual
    | _ -> Comparison.GreaterOrEqual

let private opposite (comparison: Comparison) =
    match comparison with
    | Comparison.Less -> Comparison.GreaterOrEqual
    | Comparison.Greater -> Comparison.LessOrEqual
    | Comparison.LessOrEqual -> Comparison.Greater
    | _ -> Comparison.Less

/// NaN is on no side of a bound, so that a comparison that fails tells nothing of a float.
let private isTotal (session: Session) (target: Type) =
    Relation.isSubtype
        session.Types
        target
        (union [
            primitive Primitive.Int
            primitive Primitive.String
            primitive Primitive.Timestamp
        ])

let private order session locals binding path name (bound: Form) holds =
    let comparison =
        if holds then
            comparison name
        else
            opposite (comparison name)

    refine session locals binding path (fun target ->
        if holds || isTotal session target then
            Narrow.compared session.Types comparison bound target
        else
            target)

let private isLibrary (session: Session) name =
    session.Signatures.ContainsKey name && (session.Define name).IsNone

/// A name that is given what a condition says: a test of the name is a test of what the condition is about.
let named (known: Known) (value: Core) : Known =
    match known.Shape, value with
    | Shape.Plain, (Core.Call _ | Core.And _ | Core.Or _) -> { known with Shape = Shape.Test value }
    | _ -> known

/// What is known of a name, for where it is read.
let read (known: Known) : Known =
    match known.Shape with
    | Shape.Test _ -> { known with Shape = Shape.Plain }
    | _ -> known

/// The names as they are known where the condition is truthy (`holds`), or falsy.
let rec condition (session: Session) (locals: Locals) (core: Core) (holds: bool) : Locals =
    let types = session.Types

    match core with
    | Subject(binding, path) ->
        let inside =
            match path, locals.TryGetValue binding with
            | [], (true, { Shape = Shape.Test test }) -> condition session locals test holds
            | _ -> locals

        refine session inside binding path (if holds then Narrow.truthy types else Narrow.falsy types)
    | Core.Call(Core.Global("not", _), [| inner |], _) when isLibrary session "not" ->
        condition session locals inner (not holds)
    | Core.Call(Core.Global(("=" | "!=" | "not=") as name, _), [| a; b |], _) when isLibrary session name ->
        let isEqual = (name = "=") = holds

        let equal binding path literal =
            refine
                session
                locals
                binding
                path
                (if isEqual then
                     Narrow.toLiteral types literal
                 else
                     Narrow.notLiteral types literal)

        match a, b with
        | Subject(binding, path), Core.Quote(literal, _)
        | Core.Quote(literal, _), Subject(binding, path) when TypeNames.isLiteral literal -> equal binding path literal
        | _ -> locals
    | Core.Call(Core.Global(("<" | ">" | "<=" | ">=") as name, _), [| a; b |], _) when isLibrary session name ->
        match a, b with
        | Subject(binding, path), Core.Quote(bound, _) when TypeNames.isLiteral bound ->
            order session locals binding path name bound holds
        | Core.Quote(bound, _), Subject(binding, path) when TypeNames.isLiteral bound ->
            order session locals binding path (flipped name) bound holds
        | _ -> locals
    | Core.Call(Core.Global(("pos?" | "neg?") as name, _), [| Subject(binding, path) |], _) when isLibrary session name ->
        order session locals binding path (if name = "pos?" then ">" else "<") (Forms.Int 0L) holds
    | Core.Call(Core.Global("zero?", _), [| Subject(binding, path) |], _) when isLibrary session "zero?" ->
        // What may be 0.0 is zero too.
        refine session locals binding path (fun target ->
            let isInt = Relation.isSubtype types target (primitive Primitive.Int)

            match isInt, holds with
            | true, true -> Narrow.toLiteral types (Forms.Int 0L) target
            | true, false -> Narrow.notLiteral types (Forms.Int 0L) target
            | false, _ -> target)
    | Core.Call(Core.Global("some?", _), [| Subject(binding, path) |], _) when isLibrary session "some?" ->
        refine
            session
            locals
            binding
            path
            (if holds then
                 Narrow.notType types Atom.nil
             else
                 Narrow.toType types Atom.nil)
    | Core.Call(Core.Global(name, _), [| Subject(binding, path) |], _) when
        predicates.ContainsKey name && isLibrary session name
        ->
        let tested = predicates[name]

        refine
            session
            locals
            binding
            path
            (if holds then
                 Narrow.toType types tested
             else
                 Narrow.notType types tested)
    | Core.And(items, _) when holds ->
        items
        |> Array.fold (fun locals item -> condition session locals item true) locals
    | Core.Or(items, _) when not holds ->
        items
        |> Array.fold (fun locals item -> condition session locals item false) locals
    | Core.And([| only |], _)
    | Core.Or([| only |], _) -> condition session locals only holds
    | Core.And(items, _) when items.Length > 0 -> eitherWay session locals items false
    | Core.Or(items, _) when items.Length > 0 -> eitherWay session locals items true
    | Core.If(test, consequent, Core.Quote(alternative, _), _) when
        holds && (alternative.Node = Node.Nil || alternative.Node = Node.Bool false)
        ->
        let inside = condition session locals test true
        condition session inside consequent true
    | Core.Do(items, _) when items.Length = 1 -> condition session locals items[0] holds
    | Core.Check(inner, _, _, _, _) -> condition session locals inner holds
    | _ -> locals

/// One of the items decided, and those before it did not: what all the cases agree on.
and private eitherWay session (locals: Locals) (items: Core array) (holds: bool) : Locals =
    let mutable before = locals
    let cases = ResizeArray<Locals>()

    for item in items do
        cases.Add(condition session before item holds)
        before <- condition session before item (not holds)

    locals
    |> Seq.fold
        (fun (joined: Locals) entry ->
            if
                cases
                |> Seq.forall (fun case -> obj.ReferenceEquals(case[entry.Key], entry.Value))
            then
                joined
            else
                let target =
                    cases
                    |> Seq.map (fun case -> case[entry.Key].Type)
                    |> Join.joinAll session.Types

                joined.SetItem(entry.Key, { entry.Value with Type = target }))
        locals

/// Whether a condition leaves a name in it with no value at all: what follows it is never reached.
let isNever (locals: Locals) (core: Core) : bool =
    core
    |> Walk.exists (fun part ->
        match part with
        | Core.Local(binding, _) ->
            match locals.TryGetValue binding with
            | true, known -> known.Type.Equals Atom.never
            | _ -> false
        | _ -> false)
