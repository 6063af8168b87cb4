/// `loop`, `recur` and `for`: names that change from round to round have the type that covers all rounds.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Loops

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let recur (session: Session) (locals: Locals) (arguments: Core array) : Known =
    let values = arguments |> Array.map (session.Infer locals)

    match session.Watch with
    | null -> ()
    | watch ->
        let types = values |> Array.map _.Type

        watch.Arguments <-
            if watch.Count = 0 || watch.Arguments.Length <> types.Length then
                types
            else
                Array.map2 (Join.join session.Types) watch.Arguments types

        watch.Count <- watch.Count + 1

    Known.ofType Atom.never

let private bindAll
    (session: Session)
    (locals: Locals)
    (bindings: KeyValuePair<Pattern, Core> array)
    (values: Known array)
    =
    Array.zip bindings values
    |> Array.fold
        (fun locals (binding, value) -> Destructure.bind session locals binding.Key value (ValueSome binding.Value))
        locals

/// The first values one after the other, each seeing the names before it.
let private starts (session: Session) (locals: Locals) (bindings: KeyValuePair<Pattern, Core> array) : Known array =
    let mutable reached = locals

    bindings
    |> Array.map (fun binding ->
        let value = session.Infer reached binding.Value
        reached <- session.Try(fun () -> Destructure.bind session reached binding.Key value ValueNone)
        value)

let loop (session: Session) (locals: Locals) (bindings: KeyValuePair<Pattern, Core> array) (body: Core) : Known =
    let first = starts session locals bindings
    let watch = RecurWatch session.Watch

    let once (values: Known array) =
        session.Watch <- watch

        try
            session.Infer (bindAll session locals bindings values) body
        finally
            session.Watch <- watch.Outer

    let rec settle round (values: Known array) : Known array =
        watch.Arguments <- Array.empty
        watch.Count <- 0
        session.Try(fun () -> once values) |> ignore

        if watch.Count = 0 || watch.Arguments.Length <> values.Length then
            values
        else
            let next =
                Array.map2
                    (fun (value: Known) argument -> Join.grown session.Types value.Type argument)
                    values
                    watch.Arguments

            if
                Array.forall2 (fun (value: Known) next -> Relation.isSubtype session.Types next value.Type) values next
            then
                values
            elif round >= 4 || session.Trials > 2 then
                Array.map2
                    (fun (value: Known) next ->
                        if Relation.isSubtype session.Types next value.Type then
                            value
                        else
                            Known.any)
                    values
                    next
            else
                settle (round + 1) (next |> Array.map Known.ofType)

    once (settle 0 first)

/// What `for` goes through.
let private sequence =
    Type.Union [| Type.Vector Atom.any; Type.List Atom.any; Type.Primitive Primitive.String |]

/// What a sequence gives one by one; a string gives its characters.
let private itemOf (session: Session) (value: Known) (core: Core) : Known =
    Sight.lose session value

    if Known.isAny value then
        Expect.anyFlows session value (ValueSome core) core.Span (fun () -> "for goes through it")
        if session.IsStrict then Known.told else Known.any
    elif Expect.fits session (fun () -> "what `for` goes through") value.Type sequence core.Span then
        Atom.ofType session.Types value.Type
        |> List.choose (fun atom ->
            match atom.Parts with
            | [ (Type.Vector item | Type.List item) ] -> Some item
            | [ Type.Tuple items ] -> Some(Join.items session.Types items)
            | [ (Type.Primitive Primitive.String | Type.Val _) ] -> Some(Type.Primitive Primitive.String)
            | _ -> None)
        |> function
            | [] -> Known.any
            | items -> items |> Join.joinAll session.Types |> Known.ofType
    else
        Known.told

let comprehension
    (session: Session)
    (locals: Locals)
    (bindings: KeyValuePair<Pattern, Core> array)
    (body: Core)
    : Known =
    let inside =
        bindings
        |> Array.fold
            (fun locals binding ->
                let items = session.Infer locals binding.Value
                Destructure.bind session locals binding.Key (itemOf session items binding.Value) ValueNone)
            locals

    let given = session.Infer inside body
    Sight.lose session given
    Known.ofType (Type.Vector(Join.literals given.Type))
