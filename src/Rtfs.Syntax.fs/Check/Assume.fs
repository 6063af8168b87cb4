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

    Subjects.refine session locals binding path (fun target ->
        if holds || isTotal session target then
            Narrow.compared session.Types comparison bound target
        else
            target)

/// How many items a test of a count asks for: at least so many, or exactly.
let private asked name (count: int64) holds : struct (Comparison * int64) voption =
    match name, holds with
    | ">", true
    | "<=", false -> ValueSome(struct (Comparison.GreaterOrEqual, count + 1L))
    | ">=", true
    | "<", false -> ValueSome(struct (Comparison.GreaterOrEqual, count))
    | "=", true
    | ("!=" | "not="), false -> ValueSome(struct (Comparison.Equal, count))
    | "=", false
    | ("!=" | "not="), true when count = 0L -> ValueSome(struct (Comparison.GreaterOrEqual, 1L))
    | _ -> ValueNone

let private counted session locals binding path name count holds =
    match asked name count holds with
    | ValueSome(struct (comparison, count)) when count > 0L ->
        Subjects.refine session locals binding path (Narrow.counted session.Types comparison count)
    | _ when
        count > 0L
        && (match name with
            | "=" -> not holds
            | "!="
            | "not=" -> holds
            | _ -> false)
        ->
        Subjects.refine session locals binding path (Narrow.notCounted session.Types count)
    | _ -> locals

let private isFalsy (form: Form) =
    match form.Node with
    | Node.Nil
    | Node.Bool false -> true
    | _ -> false

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
    | Subjects.Subject session (binding, path) ->
        let inside =
            match path, locals.TryGetValue binding with
            | [], (true, { Shape = Shape.Test test }) -> condition session locals test holds
            | _ -> locals

        Subjects.refine session inside binding path (if holds then Narrow.truthy types else Narrow.falsy types)
    | Core.Call(Core.Global("not", _), [| inner |], _) when Subjects.isLibrary session "not" ->
        condition session locals inner (not holds)
    | Core.Call(Core.Global(("empty?" | "seq" | "not-empty") as name, _),
                [| Subjects.Subject session (binding, path) |],
                _) when Subjects.isLibrary session name ->
        if (name = "empty?") <> holds then
            Subjects.refine session locals binding path (Narrow.nonEmpty types)
        else
            locals
    | Core.Call(Core.Global(("pos?" | "zero?") as name, _),
                [| Core.Call(Core.Global("count", _), [| Subjects.Subject session (binding, path) |], _) |],
                _) when
        Subjects.isLibrary session name
        && Subjects.isLibrary session "count"
        && (name = "pos?") = holds
        ->
        Subjects.refine session locals binding path (Narrow.nonEmpty types)
    | Core.Call(Core.Global(name, _),
                [| Core.Call(Core.Global("count", _), [| Subjects.Subject session (binding, path) |], _)
                   Core.Quote({ Node = Node.Int count }, _) |],
                _) when Subjects.isLibrary session name && Subjects.isLibrary session "count" ->
        counted session locals binding path name count holds
    | Core.Call(Core.Global(name, _),
                [| Core.Quote({ Node = Node.Int count }, _)
                   Core.Call(Core.Global("count", _), [| Subjects.Subject session (binding, path) |], _) |],
                _) when Subjects.isLibrary session name && Subjects.isLibrary session "count" ->
        counted session locals binding path (flipped name) count holds
    | Core.Call(Core.Global("contains?", _), [| Subjects.Subject session (binding, path); Core.Quote(key, _) |], _) when
        holds && Subjects.isLibrary session "contains?"
        ->
        Subjects.refine session locals binding path (Keys.present types key)
    | Core.Call(Core.Global("contains?", _), [| map; key |], _) when Subjects.isLibrary session "contains?" ->
        if holds then
            Subjects.hold session locals map key
        else
            locals
    | Core.Call(Core.Global("identity", _), [| inner |], _) when Subjects.isLibrary session "identity" ->
        condition session locals inner holds
    | Core.Call(Core.Global(("=" | "!=" | "not=") as name, _), [| a; b |], _) when Subjects.isLibrary session name ->
        let isEqual = (name = "=") = holds

        let equal binding path literal =
            Subjects.refine
                session
                locals
                binding
                path
                (if isEqual then
                     Narrow.toLiteral types literal
                 else
                     Narrow.notLiteral types literal)

        match a, b with
        | Subjects.Subject session (binding, path), Core.Quote(literal, _)
        | Core.Quote(literal, _), Subjects.Subject session (binding, path) when TypeNames.isLiteral literal ->
            equal binding path literal
        | _ -> locals
    | Core.Call(Core.Global(("<" | ">" | "<=" | ">=") as name, _), [| a; b |], _) when Subjects.isLibrary session name ->
        match a, b with
        | Subjects.Subject session (binding, path), Core.Quote(bound, _) when TypeNames.isLiteral bound ->
            order session locals binding path name bound holds
        | Core.Quote(bound, _), Subjects.Subject session (binding, path) when TypeNames.isLiteral bound ->
            order session locals binding path (flipped name) bound holds
        | _ -> locals
    | Core.Call(Core.Global(("pos?" | "neg?") as name, _), [| Subjects.Subject session (binding, path) |], _) when
        Subjects.isLibrary session name
        ->
        order session locals binding path (if name = "pos?" then ">" else "<") (Forms.Int 0L) holds
    | Core.Call(Core.Global("zero?", _), [| Subjects.Subject session (binding, path) |], _) when
        Subjects.isLibrary session "zero?"
        ->
        // What may be 0.0 is zero too.
        Subjects.refine session locals binding path (fun target ->
            let isInt = Relation.isSubtype types target (primitive Primitive.Int)

            match isInt, holds with
            | true, true -> Narrow.toLiteral types (Forms.Int 0L) target
            | true, false -> Narrow.notLiteral types (Forms.Int 0L) target
            | false, _ -> target)
    | Core.Call(Core.Global("some?", _), [| Subjects.Subject session (binding, path) |], _) when
        Subjects.isLibrary session "some?"
        ->
        Subjects.refine
            session
            locals
            binding
            path
            (if holds then
                 Narrow.notType types Atom.nil
             else
                 Narrow.toType types Atom.nil)
    | Core.Call(Core.Global(name, _), [| Subjects.Subject session (binding, path) |], _) when
        predicates.ContainsKey name && Subjects.isLibrary session name
        ->
        let tested = predicates[name]

        Subjects.refine
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
                    | Subjects.Subject session (origin, keys) ->
                        Subjects.alias session binding.Key origin keys

                        match binding.Key, Subjects.knownOf session inside origin with
                        | Pattern.Name name, ValueSome known ->
                            inside.SetItem(name, keys |> List.fold (Subjects.under session) known)
                        | _ -> inside
                    | _ -> inside)
                locals

        condition session inside body holds
    | Core.Do(items, _) when items.Length = 1 -> condition session locals items[0] holds
    | Core.Check(inner, _, _, _, _) -> condition session locals inner holds
    | Core.Call(callee, [| Subjects.Subject session (binding, path) |], _) ->
        match callee with
        | Core.Local(predicate, _) when locals.ContainsKey predicate -> ValueSome locals[predicate]
        | Core.Global(name, _) ->
            session.Trace.Reads.Add name
            session.Define name
        | _ -> ValueNone
        |> function
            | ValueSome { Shape = Shape.Closure predicate } ->
                Subjects.refine session locals binding path (ofItem session predicate holds)
            | _ -> locals
    | _ -> locals

/// What an argument is where a function of the program's own gives what is truthy (`holds`), or falsy, as its body tells.
and ofItem (session: Session) (predicate: Closure) (holds: bool) (target: Type) : Type =
    let lambda = predicate.Lambda

    match lambda.Parameters with
    | [| pattern |] when isNull lambda.Rest && session.Step() && session.Active.Add lambda ->
        try
            let known = Known.ofType target

            let item =
                match pattern with
                | Pattern.Name binding -> binding
                | _ -> Binding("item", lambda.Body.Span)

            let inside =
                match pattern with
                | Pattern.Name _ -> predicate.Locals
                | _ ->
                    let bound =
                        session.Try(fun () -> Destructure.bind session predicate.Locals pattern known ValueNone)

                    Subjects.alias session pattern item []
                    bound

            let after = condition session (inside.SetItem(item, known)) lambda.Body holds

            after[item].Type
        finally
            session.Active.Remove lambda |> ignore
    | _ -> target

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
    | Subjects.Subject session (origin, keys) when
        not keys.IsEmpty
        || (match pattern with
            | Pattern.Map _ -> true
            | _ -> false)
        ->
        Subjects.alias session pattern origin keys
    | _ -> ()
