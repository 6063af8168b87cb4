/// `try` with its `catch` and `finally`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Recovery

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private usage = "write (try body (catch Kind e handler) (finally cleanup))"

/// Names that catch every error, beside `_` and names in lower case.
let private everything =
    HashSet<string>([ "Exception"; "Error"; "RuntimeError"; "Throwable" ])

/// The kind that a name asks for, or null where it takes all.
let private kindOf (name: string) : string | null =
    if everything.Contains name || not (System.Char.IsAsciiLetterUpper name[0]) then
        null
    else
        name

let private clauseHead (form: Form) : string voption =
    match form with
    | ListOf items when items.Length > 0 ->
        match items[0] with
        | SymbolOf("catch" | "finally" as head) -> ValueSome head
        | _ -> ValueNone
    | _ -> ValueNone

let private sequence (context: LoweringContext) (scope: Scope) (span: Span) (forms: Form array) : Core =
    if scope.Lexical then
        context.Body context scope span forms
    else
        match forms |> Array.map (context.Lower context scope) with
        | [| only |] -> only
        | several -> Core.Do(several, span)

/// `(catch Kind e body…)`, `(catch e body…)`, `(catch :kind e body…)`, `(catch _ body…)`: a second name is a binding where a body
/// follows it; else the first name is both.
let private clauseOf context (scope: Scope) (form: Form) (items: Form array) : CatchClause =
    let named (kind: string | null) (binding: Form voption) (body: Form array) =
        let bound: Binding | null =
            match binding with
            | ValueSome(SymbolOf "_")
            | ValueNone -> null
            | ValueSome(SymbolOf name as symbol) -> Binding(name, symbol.Span)
            | ValueSome _ -> null

        let inner =
            match bound with
            | null -> { scope with Lexical = true }
            | present -> {
                Scope.bind scope [ present ] with
                    Lexical = true
              }

        CatchClause(kind, bound, sequence context inner form.Span body, form.Span)

    let wrong message =
        report context "RTFS0123" form.Span message usage
        CatchClause(null, null, lost form.Span, form.Span)

    match items with
    | [| _ |]
    | [| _; _ |] -> wrong "`catch` needs what it catches and a body"
    | _ ->
        match items[1], items[2] with
        | SymbolOf kind, (SymbolOf _ as binding) when items.Length > 3 ->
            named (kindOf kind) (ValueSome binding) items[3..]
        | (SymbolOf kind as binding), _ -> named (kindOf kind) (ValueSome binding) items[2..]
        | KeywordOf kind, (SymbolOf _ as binding) when items.Length > 3 ->
            named (":" + kind) (ValueSome binding) items[3..]
        | KeywordOf kind, _ -> named (":" + kind) ValueNone items[2..]
        | other, _ -> wrong $"`catch` takes a kind of error or a name, found {Describe.form other}"

let lowerTry (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let scope = Scope.inside scope
    let parts = items[1..]

    let first =
        parts
        |> Array.tryFindIndex (fun part -> (clauseHead part).IsSome)
        |> Option.defaultValue parts.Length

    let clauses = parts[first..]

    let stray = clauses |> Array.tryFind (fun clause -> (clauseHead clause).IsNone)

    let afterFinally =
        clauses
        |> Array.tryFindIndex (fun clause -> clauseHead clause = ValueSome "finally")
        |> Option.bind (fun i -> Array.tryItem (i + 1) clauses)

    match stray, afterFinally with
    | _ when clauses.Length = 0 ->
        refuse context "RTFS0123" form.Span "`try` has neither a `catch` nor a `finally`" usage
    | Some other, _ ->
        refuse
            context
            "RTFS0123"
            other.Span
            $"after a `catch` only `catch` and `finally` can follow, found {Describe.form other}"
            usage
    | None, Some other -> refuse context "RTFS0123" other.Span "nothing can follow the `finally` of a `try`" usage
    | None, None ->
        let catches = ResizeArray<CatchClause>()
        let mutable cleanup: Core | null = null

        for clause in clauses do
            match clause with
            | ListOf inside ->
                match inside[0] with
                | SymbolOf "catch" -> catches.Add(clauseOf context scope clause inside)
                | _ -> cleanup <- sequence context scope clause.Span inside[1..]
            | _ -> ()

        Core.Try(sequence context scope form.Span parts[.. first - 1], catches.ToArray(), cleanup, form.Span)
