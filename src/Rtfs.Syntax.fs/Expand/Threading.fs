/// Forms that lead a value through steps: `->`, `->>`, `as->`, and `cond->` and `some->` with their like. Form to form, before lowering.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Threading

open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let names = [ "->"; "->>"; "as->"; "cond->"; "cond->>"; "some->"; "some->>" ]

let refuse context code (span: Span) message (fix: string | null) =
    report context code span message fix
    at span Node.Nil

/// A name that no text can use, another at each place.
let hidden (span: Span) (name: string) = symbolAt span $"{name} at {span.Start}"

let letAt (span: Span) (bindings: Form) (body: Form array) =
    listAt span (Array.append [| symbolAt span "let"; bindings |] body)

/// A function that is bound by `let` sees its own name; here the name is still that of the value before it.
let private bindingOf (name: Form) (value: Form) =
    let value =
        match bare value with
        | ListOf items when items.Length > 0 ->
            match items[0] with
            | SymbolOf("fn" | "λ" | "lambda") -> listAt value.Span [| symbolAt value.Span "do"; value |]
            | _ -> value
        | { Node = Node.Function _ } -> listAt value.Span [| symbolAt value.Span "do"; value |]
        | _ -> value

    [| name; value |]

let private vectorAt span (forms: Form array) = at span (Node.Vector(Items.Of forms))

/// `otherwise` where the value is nil, else what is made of it.
let unlessNil (span: Span) (value: Form) (otherwise: Form) (next: Form -> Form) : Form =
    let name = hidden value.Span "the value"

    let choice =
        listAt span [|
            symbolAt span "match"
            name
            at span Node.Nil
            otherwise
            symbolAt span "_"
            next name
        |]

    letAt span (vectorAt span (bindingOf name value)) [| choice |]

let private threadInto context (first: bool) (arrow: string) (value: Form) (step: Form) : Form =
    let span = Span.Cover(value.Span, step.Span)
    let step = bare step

    match step with
    | ListOf items when items.Length > 0 ->
        match items[0] with
        | SymbolOf("fn" | "λ" | "lambda") ->
            refuse
                context
                "RTFS0109"
                step.Span
                $"`{arrow}` would put the value inside this function, among its parameters"
                "call it: wrap it in one more pair of parentheses, ((fn [x] …))"
        | head when first -> listAt span (Array.concat [ [| head; value |]; items[1..] ])
        | _ -> listAt span (Array.append items [| value |])
    | SymbolOf _
    | KeywordOf _ -> listAt span [| step; value |]
    | BrokenText _ -> step
    | _ ->
        match step.Node with
        | Node.Function _ -> listAt span [| step; value |]
        | _ ->
            refuse
                context
                "RTFS0109"
                step.Span
                $"a step of `{arrow}` must be a call or a name, found {Describe.form step}"
                $"write ({arrow} value (f argument) g)"

/// `(as-> value name step…)`: each step names the value before it.
let private throughName context (form: Form) (items: Form array) =
    match items with
    | _ when items.Length > 2 ->
        match bare items[2] with
        | SymbolOf _ as name ->
            let steps = items[3..]
            let last = Array.tryLast steps |> Option.defaultValue name
            let earlier = steps |> Array.truncate (steps.Length - 1)
            let bindings = Array.append [| items[1] |] earlier |> Array.collect (bindingOf name)
            letAt form.Span (vectorAt form.Span bindings) [| last |]
        | other ->
            refuse
                context
                "RTFS0109"
                other.Span
                $"`as->` gives the value a name, found {Describe.form other}"
                "write (as-> value name (f name) …)"
    | _ ->
        refuse
            context
            "RTFS0101"
            form.Span
            "`as->` needs a value and a name for it"
            "write (as-> value name (f name) …)"

/// `(cond-> value condition step …)`: the steps whose conditions hold.
let private throughConditions context first arrow (form: Form) (items: Form array) =
    let clauses = items[2..]

    if clauses.Length % 2 = 1 then
        refuse
            context
            "RTFS0113"
            (Array.last clauses).Span
            $"this condition of `{arrow}` has no step"
            $"write ({arrow} value condition (f argument) …)"
    else
        let name = hidden form.Span "the value"

        let steps =
            clauses
            |> Array.chunkBySize 2
            |> Array.collect (fun clause ->
                let step = threadInto context first arrow name clause[1]
                let span = Span.Cover(clause[0].Span, clause[1].Span)
                [| name; listAt span [| symbolAt span "if"; clause[0]; step; name |] |])

        letAt form.Span (vectorAt form.Span (Array.append (bindingOf name items[1]) steps)) [| name |]

/// `(some-> value step…)`: no further step once the value is nil.
let private throughSome context first arrow (form: Form) (items: Form array) =
    let steps = items[2..]

    let rec from (i: int) (value: Form) : Form =
        if i = steps.Length then
            value
        else
            unlessNil form.Span value (at form.Span Node.Nil) (fun name ->
                from (i + 1) (threadInto context first arrow name steps[i]))

    from 0 items[1]

/// The form that a threading form stands for; `items` begin with its head.
let expand context (arrow: string) (form: Form) (items: Form array) : Form =
    if items.Length < 2 then
        refuse context "RTFS0101" form.Span $"`{arrow}` needs a value" $"write ({arrow} value (f argument) g)"
    else
        match arrow with
        | "as->" -> throughName context form items
        | "cond->"
        | "cond->>" -> throughConditions context (arrow = "cond->") arrow form items
        | "some->"
        | "some->>" -> throughSome context (arrow = "some->") arrow form items
        | _ -> items[2..] |> Array.fold (threadInto context (arrow = "->") arrow) items[1]
