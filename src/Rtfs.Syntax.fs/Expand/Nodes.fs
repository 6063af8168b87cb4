/// Core nodes that every part of lowering makes.
[<AutoOpen>]
module internal Rtfs.Syntax.Expand.Nodes

open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let nil span = Core.Quote(at span Node.Nil, span)

/// What stands where a mistake was: nil when it runs, and no literal that a check could judge.
let lost span = Core.Do(Array.empty, span)

let literal (form: Form) = Core.Quote(form, form.Span)

/// Says what is wrong, and stands for nothing.
let refuse context code (span: Span) message (fix: string | null) =
    report context code span message fix
    lost span

let isFunctionForm (form: Form) =
    match bare form with
    | ListOf items when items.Length > 0 ->
        match items[0] with
        | SymbolOf("fn" | "λ" | "lambda") -> true
        | _ -> false
    | other ->
        match other.Node with
        | Node.Function _ -> true
        | _ -> false

let isKeyword (form: Form) =
    match form with
    | KeywordOf _ -> true
    | _ -> false
