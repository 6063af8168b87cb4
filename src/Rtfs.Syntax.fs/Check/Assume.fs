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
let rec private (|Subject|_|) (session: Session) (core: Core) : struct (Binding * Form list) voption =
    match core with
    | Core.Local(binding, _) -> ValueSome(struct (binding, []))
    | Core.Global(name, _) when (session.Define name).IsSome -> ValueSome(struct (session.GlobalAmong name, []))
    | Core.Call(Core.Quote(key, _), [| Subject session (binding, path) |], _) ->
        ValueSome(struct (binding, path @ [ key ]))
    | Core.Call(Core.Global("get", _), [| Subject session (binding, path); Core.Quote(key, _) |], _) ->
        ValueSome(struct (binding, path @ [ key ]))
    | Core.Check(inner, _, _, _, _) ->
        match inner with
        | Subject session subject -> ValueSome subject
        | _ -> ValueNone
    | _ -> ValueNone

/// What is known of a name: of a global, what it is defined as, unless a test has told more.
let private knownOf (session: Session) (locals: Locals) (binding: Binding) : Known voption =
    match locals.TryGetValue binding with
    | true, known -> ValueSome known
    | _ ->
        match session.Globals.TryGetValue binding.Name with
        | true, same when obj.ReferenceEquals(same, binding) -> session.Define binding.Name
        | _ -> ValueNone

let rec private refine (session: Session) (locals: Locals) (binding: Binding) (path: Form list) (change: Type -> Type) =
    let rec inside (path: Form list) : Type -> Type =
        match path with
        | [] -> change
        | key :: rest -> Keys.refine session.Types key (inside rest)

    match knownOf session locals binding with
    | ValueSome known ->
        let narrowed = inside path known.Type

        let locals =
            if narrowed.Equals known.Type then
                locals
            else
                locals.SetItem(binding, { known with Type = narrowed })

        match session.Aliases.TryGetValue binding with
        | true, struct (origin, keys) -> refine session locals origin (keys @ path) change
        | _ -> locals
    | ValueNone -> locals

/// Notes what the names of a binding stand for, where that stands under keys of another name.
let rec alias (session: Session) (pattern: Pattern) (origin: Binding) (keys: Form list) : unit =
    match pattern with
    | Pattern.Name binding -> session.Aliases[binding] <- struct (origin, keys)
    | Pattern.Map(entries, _, whole, _) ->
        match whole with
        | null -> ()
        | present -> session.Aliases[present] <- struct (origin, keys)

        for entry in entries do
            alias session entry.Value origin (keys @ [ entry.Key ])
    | Pattern.Ignore _
    | Pattern.Vector _ -> ()

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

/// How many items a test asks for, where it asks for at least one: `(> (count xs) 0)`.
let private asksForSome name (count: int64) holds =
    match name, holds with
    | ">", true -> count >= 0L
    | ">=", true
    | "=", true -> count >= 1L
    | "<", false -> count >= 1L
    | "<=", false
    | ("=" | "!=" | "not="), _ -> count = 0L && holds <> (name = "=")
    | _ -> false

let private isFalsy (form: Form) =
    match form.Node with
    | Node.Nil
    | Node.Bool false -> true
    | _ -> false

let private isLibrary (session: Session) name =
    session.Signatures.ContainsKey name && (session.Define name).IsNone

/// What stands under a key, where it may be missing.
let private under (session: Session) (known: Known) (key: Form) : Known =
    Keys.read session.Types key known.Type
    |> List.map (fun reading ->
        match reading with
        | Keys.Reading.Found(target, true) -> target
        | Keys.Reading.Found(target, false) -> TypeNames.orNil target
        | _ -> Atom.any)
    |> Join.joinAll session.Types
    |> Known.ofType

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
    | Subject session (binding, path) ->
        let inside =
            match path, locals.TryGetValue binding with
            | [], (true, { Shape = Shape.Test test }) -> condition session locals test holds
            | _ -> locals

        refine session inside binding path (if holds then Narrow.truthy types else Narrow.falsy types)
    | Core.Call(Core.Global("not", _), [| inner |], _) when isLibrary session "not" ->
        condition session locals inner (not holds)
    | Core.Call(Core.Global(("empty?" | "seq" | "not-empty") as name, _), [| Subject session (binding, path) |], _) when
        isLibrary session name
        ->
        if (name = "empty?") <> holds then
            refine session locals binding path (Narrow.nonEmpty types)
        else
            locals
    | Core.Call(Core.Global(("pos?" | "zero?") as name, _),
                [| Core.Call(Core.Global("count", _), [| Subject session (binding, path) |], _) |],
                _) when isLibrary session name && isLibrary session "count" && (name = "pos?") = holds ->
        refine session locals binding path (Narrow.nonEmpty types)
    | Core.Call(Core.Global(name, _),
                [| Core.Call(Core.Global("count", _), [| Subject session (binding, path) |], _)
                   Core.Quote({ Node = Node.Int count }, _) |],
                _) when
        isLibrary session name
        && isLibrary session "count"
        && asksForSome name count holds
        ->
        refine session locals binding path (Narrow.nonEmpty types)
    | Core.Call(Core.Global(name, _),
                [| Core.Quote({ Node = Node.Int count }, _)
                   Core.Call(Core.Global("count", _), [| Subject session (binding, path) |], _) |],
                _) when
        isLibrary session name
        && isLibrary session "count"
        && asksForSome (flipped name) count holds
        ->
        refine session locals binding path (Narrow.nonEmpty types)
    | Core.Call(Core.Global("contains?", _), [| Subject session (binding, path); Core.Quote(key, _) |], _) when
        holds && isLibrary session "contains?"
        ->
        refine session locals binding path (Keys.present types key)
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
        | Subject session (binding, path), Core.Quote(literal, _)
        | Core.Quote(literal, _), Subject session (binding, path) when TypeNames.isLiteral literal ->
            equal binding path literal
        | _ -> locals
    | Core.Call(Core.Global(("<" | ">" | "<=" | ">=") as name, _), [| a; b |], _) when isLibrary session name ->
        match a, b with
        | Subject session (binding, path), Core.Quote(bound, _) when TypeNames.isLiteral bound ->
            order session locals binding path name bound holds
        | Core.Quote(bound, _), Subject session (binding, path) when TypeNames.isLiteral bound ->
            order session locals binding path (flipped name) bound holds
        | _ -> locals
    | Core.Call(Core.Global(("pos?" | "neg?") as name, _), [| Subject session (binding, path) |], _) when
        isLibrary session name
        ->
        order session locals binding path (if name = "pos?" then ">" else "<") (Forms.Int 0L) holds
    | Core.Call(Core.Global("zero?", _), [| Subject session (binding, path) |], _) when isLibrary session "zero?" ->
        // What may be 0.0 is zero too.
        refine session locals binding path (fun target ->
            let isInt = Relation.isSubtype types target (primitive Primitive.Int)

            match isInt, holds with
            | true, true -> Narrow.toLiteral types (Forms.Int 0L) target
            | true, false -> Narrow.notLiteral types (Forms.Int 0L) target
            | false, _ -> target)
    | Core.Call(Core.Global("some?", _), [| Subject session (binding, path) |], _) when isLibrary session "some?" ->
        refine
            session
            locals
            binding
            path
            (if holds then
                 Narrow.notType types Atom.nil
             else
                 Narrow.toType types Atom.nil)
    | Core.Call(Core.Global(name, _), [| Subject session (binding, path) |], _) when
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
    | Core.If(test, consequent, alternative, _) ->
        let decides part =
            match part with
            | Core.Quote(literal, _) -> isFalsy literal <> holds
            | _ -> true

        let along isTrue part =
            if decides part then
                [ condition session (condition session locals test isTrue) part holds ]
            else
                []

        along true consequent @ along false alternative |> agreed session locals
    | Core.Let(bindings, body, _) ->
        let inside =
            bindings
            |> Array.fold
                (fun (inside: Locals) binding ->
                    match binding.Value with
                    | Subject session (origin, keys) ->
                        alias session binding.Key origin keys

                        match binding.Key, knownOf session inside origin with
                        | Pattern.Name name, ValueSome known ->
                            inside.SetItem(name, keys |> List.fold (under session) known)
                        | _ -> inside
                    | _ -> inside)
                locals

        condition session inside body holds
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

    agreed session locals (List.ofSeq cases)

/// What all the cases agree on.
and private agreed (session: Session) (locals: Locals) (cases: Locals list) : Locals =
    match cases with
    | [] -> locals
    | [ only ] -> only
    | first :: _ ->
        // A global is among the locals where a test has told of it: of each case, or of none.
        first
        |> Seq.filter (fun entry -> cases |> List.forall (fun case -> case.ContainsKey entry.Key))
        |> Seq.fold
            (fun (joined: Locals) entry ->
                if
                    cases
                    |> List.forall (fun case -> obj.ReferenceEquals(case[entry.Key], entry.Value))
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
let isNever (session: Session) (locals: Locals) (core: Core) : bool =
    let hasNone binding =
        match locals.TryGetValue binding with
        | true, known -> known.Type.Equals Atom.never
        | _ -> false

    core
    |> Walk.exists (fun part ->
        match part with
        | Core.Local(binding, _) -> hasNone binding
        | Core.Global(name, _) ->
            match session.Globals.TryGetValue name with
            | true, binding -> hasNone binding
            | _ -> false
        | _ -> false)

/// Notes what a `let` binds, where that stands under keys of another name.
let bound (session: Session) (pattern: Pattern) (value: Core) : unit =
    match value with
    | Subject session (origin, keys) when
        not keys.IsEmpty
        || (match pattern with
            | Pattern.Map _ -> true
            | _ -> false)
        ->
        alias session pattern origin keys
    | _ -> ()
