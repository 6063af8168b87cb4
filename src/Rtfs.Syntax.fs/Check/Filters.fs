/// What passes a filter: the items of which its test holds.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Filters

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private isNever (target: Type) =
    match target with
    | Type.Primitive Primitive.Never -> true
    | _ -> false

let rec private narrowed (session: Session) (holds: bool) (target: Type) (predicate: Known) : Type =
    match predicate.Shape with
    | Shape.Closure closure -> Assume.ofItem session closure holds target
    | Shape.Library name ->
        let binding = Binding("item", Span.Of(0, 0))

        let test =
            Core.Call(Core.Global(name, binding.Span), [| Core.Local(binding, binding.Span) |], binding.Span)

        let after =
            Assume.condition session (Known.noLocals.SetItem(binding, Known.ofType target)) test holds

        after[binding].Type
    | Shape.Datum(KeywordOf _ as key) ->
        let test = if holds then Narrow.truthy else Narrow.falsy
        Keys.refine session.Types key (test session.Types) target
    | Shape.Combined(Combination.Complement part) -> narrowed session (not holds) target part.Known
    | Shape.Combined(Combination.EveryPred parts) when holds ->
        parts
        |> List.fold (fun target part -> narrowed session true target part.Known) target
    | _ -> target

/// The items for which a predicate gives what is truthy (`holds`), or what is falsy, as its body tells.
let where (session: Session) (predicate: Known) (holds: bool) (target: Type) : Type =
    let found = narrowed session holds target predicate
    if isNever found then target else found
