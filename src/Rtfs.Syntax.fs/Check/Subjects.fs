/// What a test can tell something of: a name, or what stands under keys of one.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Subjects

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// Whether the name means the catalogue's function: what is told by it rests on that.
let isLibrary (session: Session) (name: string) : bool =
    session.Trace.Reads.Add name
    session.Signatures.ContainsKey name && (session.Define name).IsNone

/// What can be known better: a name, or a key of what can be.
[<return: Struct>]
let rec (|Subject|_|) (session: Session) (core: Core) : struct (Binding * Form list) voption =
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
let knownOf (session: Session) (locals: Locals) (binding: Binding) : Known voption =
    match locals.TryGetValue binding with
    | true, known -> ValueSome known
    | _ ->
        match session.Globals.TryGetValue binding.Name with
        | true, same when obj.ReferenceEquals(same, binding) -> session.Define binding.Name
        | _ -> ValueNone

let rec refine (session: Session) (locals: Locals) (binding: Binding) (path: Form list) (change: Type -> Type) =
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
        | null ->
            for entry in entries do
                alias session entry.Value origin (keys @ [ entry.Key ])
        | present ->
            session.Aliases[present] <- struct (origin, keys)
            aliasParts session entries present
    | Pattern.Ignore _
    | Pattern.Vector _ -> ()

/// What a pattern takes out of a map stands under keys of the map's own name.
and aliasParts (session: Session) (entries: KeyValuePair<Form, Pattern> array) (whole: Binding) : unit =
    for entry in entries do
        alias session entry.Value whole [ entry.Key ]

/// What stands under a key, where it may be missing.
let under (session: Session) (known: Known) (key: Form) : Known =
    Keys.read session.Types key known.Type
    |> List.map (fun reading ->
        match reading with
        | Keys.Reading.Found(target, true) -> target
        | Keys.Reading.Found(target, false) -> TypeNames.orNil target
        | _ -> Atom.any)
    |> Join.joinAll session.Types
    |> Known.ofType

/// Stands, among the names as they are known, for a test that has found a key that is a name in a map that is a name.
let private held (session: Session) (map: Binding) (key: Binding) : Binding =
    session.GlobalAmong $"{map.Name} {map.Span.Start} holds {key.Name} {key.Span.Start}"

let private plain (session: Session) (core: Core) : Binding voption =
    match core with
    | Subject session (binding, []) -> ValueSome binding
    | _ -> ValueNone

/// Notes that a map holds a key, where both are names.
let hold (session: Session) (locals: Locals) (map: Core) (key: Core) : Locals =
    match plain session map, plain session key with
    | ValueSome map', ValueSome key' ->
        let known = {
            Type = Type.Val(Forms.Bool true)
            Shape = Shape.Test(Core.Vector([| map; key |], map.Span))
        }

        locals.SetItem(held session map' key', known)
    | _ -> locals

/// Whether a test has told that the map holds the key.
let holds (session: Session) (locals: Locals) (map: Core) (key: Core) : bool =
    match plain session map, plain session key with
    | ValueSome map', ValueSome key' ->
        match locals.TryGetValue(held session map' key') with
        | true,
          {
              Shape = Shape.Test(Core.Vector([| a; b |], _))
          } ->
            // Of one name and one place, in two texts.
            plain session a = ValueSome map' && plain session b = ValueSome key'
        | _ -> false
    | _ -> false
