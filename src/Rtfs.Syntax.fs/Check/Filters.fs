/// What passes a filter: the items of which its test holds.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Filters

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// The items for which a predicate holds, as its body tells.
let where (session: Session) (predicate: Known) (target: Type) : Type =
    match predicate.Shape, target with
    | _, Type.Primitive Primitive.Any -> target
    | Shape.Closure closure, _ ->
        match closure.Lambda.Parameters with
        | [| pattern |] ->
            let item =
                match pattern with
                | Pattern.Name binding -> binding
                | _ -> Binding("item", closure.Lambda.Body.Span)

            let known = Known.ofType target

            let locals =
                session.Try(fun () -> Destructure.bind session closure.Locals pattern known ValueNone)

            match pattern with
            | Pattern.Name _ -> ()
            | _ -> Assume.alias session pattern item []

            let after =
                Assume.condition session (locals.SetItem(item, known)) closure.Lambda.Body true

            match after[item].Type with
            | Type.Primitive Primitive.Never -> target
            | narrowed -> narrowed
        | _ -> target
    | Shape.Library name, _ ->
        let binding = Binding("item", Span.Of(0, 0))

        let test =
            Core.Call(Core.Global(name, binding.Span), [| Core.Local(binding, binding.Span) |], binding.Span)

        let after =
            Assume.condition session (Known.noLocals.SetItem(binding, Known.ofType target)) test true

        match after[binding].Type with
        | Type.Primitive Primitive.Never -> target
        | narrowed -> narrowed
    | Shape.Datum(KeywordOf _ as key), _ ->
        match Keys.refine session.Types key (Narrow.truthy session.Types) target with
        | Type.Primitive Primitive.Never -> target
        | narrowed -> narrowed
    | _ -> target
