/// Functions and what `def` and `defn` bind: parameters, bodies, names.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Functions

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

let private body (context: LoweringContext) (scope: Scope) (span: Span) (forms: Form array) : Core =
    context.Body context scope span forms

let private functionScope (scope: Scope) (names: seq<Binding>) (arity: int) = {
    Scope.target "function" arity (Scope.bind scope names) with
        Lexical = true
}

/// Parameters, an optional return type, and a body.
let functionOf
    (context: LoweringContext)
    (scope: Scope)
    (form: Form)
    keyword
    (name: string | null)
    (parts: Form array)
    : Core =
    let example =
        if keyword = "defn" then
            "write (defn name [parameters] body)"
        else
            "write (fn [parameters] body)"

    if parts.Length = 0 then
        refuse context "RTFS0103" form.Span $"`{keyword}` needs a vector of parameters" example
    else
        match bare parts[0] with
        | VectorOf items ->
            let typeFrom start : struct ((Type | null) * Form array) =
                let struct (target, next) = Patterns.typeAt context parts start
                struct (target, parts[next..])

            let struct (result, rest) =
                match parts[1..] with
                | rest when
                    rest.Length > 2
                    && (match rest[0] with
                        | Colon -> true
                        | _ -> false)
                    ->
                    typeFrom 2
                | rest when rest.Length > 1 && Patterns.isType rest[0] -> typeFrom 1
                | rest -> struct (null, rest)

            if rest.Length = 0 then
                refuse context "RTFS0101" form.Span $"`{keyword}` has no body" example
            else
                let names = ResizeArray<Binding>()
                let parameters = Patterns.parameters context names items

                let scope = functionScope scope names parameters.Arity

                let body =
                    body context scope (Span.Cover(rest[0].Span, rest[rest.Length - 1].Span)) rest

                Core.Function(parameters.Lambda(name, result, body, form.Span), form.Span)
        | ListOf items when
            items.Length > 0
            && (match bare items[0] with
                | VectorOf _ -> true
                | _ -> false)
            ->
            refuse
                context
                "RTFS0103"
                parts[0].Span
                "a function has one parameter list"
                "take the extra arguments by `& rest`, or write two functions"
        | other ->
            refuse
                context
                "RTFS0103"
                other.Span
                $"`{keyword}` needs a vector of parameters, found {Describe.form other}"
                example

let lowerFn (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    match items[1..] with
    | [||] -> refuse context "RTFS0101" form.Span "`fn` needs parameters and a body" "write (fn [parameters] body)"
    | parts ->
        match bare parts[0] with
        // A named function sees itself.
        | SymbolOf name as symbol when parts.Length > 1 ->
            let binding = Binding(name, symbol.Span)
            let scope = Scope.bind scope [ binding ]
            let value = functionOf context scope form "fn" name parts[1..]

            Core.Let([| KeyValuePair(Pattern.Name binding, value) |], Core.Local(binding, form.Span), form.Span)
        | _ -> functionOf context scope form "fn" null parts

let private defnValue (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) (name: string) =
    // A docstring and an attribute map may stand before the parameters.
    let parts = items[2..]

    let parts =
        if parts.Length > 1 then
            match parts[0], bare parts[1] with
            | StringOf _, (VectorOf _ | MapOf _ | ListOf _) -> parts[1..]
            | _ -> parts
        else
            parts

    let parts =
        if parts.Length > 1 then
            match parts[0], bare parts[1] with
            | MapOf _, VectorOf _ -> parts[1..]
            | _ -> parts
        else
            parts

    functionOf context scope form "defn" name parts

let valueNamed (context: LoweringContext) (scope: Scope) (name: string) (value: Form) =
    match lower context scope value with
    | Core.Function(lambda, span) when isNull lambda.Name -> Core.Function(lambda.Named name, span)
    | other -> other

/// What `deftype` names: one type.
let private namedType (context: LoweringContext) (form: Form) (parts: Form array) : Type | null =
    let refuseShape () =
        report context "RTFS0135" form.Span "`deftype` needs a name and one type" "write (deftype Name Type)"
        null

    if parts.Length = 0 then
        refuseShape ()
    else
        let struct (target, next) = TypePlaces.at (typeReport context) parts 0
        if next < parts.Length then refuseShape () else target

/// The value that a `def` or `defn` gives its name.
let definedValue (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let name =
        match bare items[1] with
        | SymbolOf name -> name
        | _ -> "fn"

    let scope = Scope.inside scope

    match items[0] with
    | SymbolOf "defn" -> defnValue context scope form items name
    | SymbolOf("defstruct" | "deftype" as word) ->
        let target =
            if word = "defstruct" then
                TypePlaces.ofFields (typeReport context) items[2..]
            else
                namedType context form items[2..]

        match target with
        | null -> lost form.Span
        | target -> Core.Struct(name, target, form.Span)
    | _ ->
        // A type is the forms before the value; a docstring may stand in its place.
        let parts = items[2..]
        let last = parts.Length - 1

        let first =
            match Array.tryHead parts with
            | Some Colon -> 1
            | _ -> 0

        let isMarked =
            last = first + 2
            && (match parts[first + 1] with
                | SymbolOf "?" -> true
                | _ -> false)

        let value =
            match parts with
            | [||] -> ValueNone
            | [| value |] -> ValueSome(struct (value, Array.empty))
            | [| StringOf _; value |] -> ValueSome(struct (value, Array.empty))
            | _ when (last = first + 1 || isMarked) && (first = 1 || Patterns.isType parts[0]) ->
                ValueSome(struct (parts[last], parts[first .. last - 1]))
            | _ -> ValueNone

        match value with
        | ValueSome(struct (value, [||])) -> valueNamed context scope name value
        | ValueSome(struct (value, annotation)) ->
            let pattern = Pattern.Name(Binding(name, items[1].Span))

            valueNamed context scope name value
            |> Bindings.typed context pattern "def" annotation
        | ValueNone when items.Length = 2 ->
            refuse context "RTFS0101" form.Span $"`def` gives `{name}` no value" $"write (def {name} value)"
        | ValueNone ->
            refuse
                context
                "RTFS0101"
                form.Span
                $"`def` takes a name and one value, found {items.Length - 2} forms after `{name}`"
                $"write (def {name} value); (do …) holds several expressions"

let private definedName (context: LoweringContext) (form: Form) keyword : string | null =
    match bare form with
    | SymbolOf name when SpecialForms.names.Contains name ->
        report context "RTFS0105" form.Span $"`{name}` is a special form and cannot be defined" "choose another name"
        null
    | SymbolOf((":" | "&" | "=>") as name) ->
        report context "RTFS0105" form.Span $"`{name}` is punctuation and cannot be defined" "choose another name"
        null
    | SymbolOf name -> name
    | other ->
        report context "RTFS0105" other.Span $"`{keyword}` needs a name, found {Describe.form other}" null
        null

let lowerDef (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    if items.Length < 2 then
        refuse context "RTFS0101" form.Span "`def` needs a name and a value" "write (def name value)"
    else
        match definedName context items[1] "def" with
        | null -> nil form.Span
        | name -> Core.Define(Names.globalOf context.Names name, definedValue context scope form items, form.Span)

let lowerDefn (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    if items.Length < 2 then
        refuse
            context
            "RTFS0101"
            form.Span
            "`defn` needs a name, parameters and a body"
            "write (defn name [parameters] body)"
    else
        match definedName context items[1] "defn" with
        | null -> nil form.Span
        | name ->
            let value = defnValue context (Scope.inside scope) form items name
            Core.Define(Names.globalOf context.Names name, value, form.Span)

let lowerNamedType (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) (word: string) =
    if items.Length < 2 then
        let usage =
            if word = "defstruct" then
                "write (defstruct Name :field Type …)"
            else
                "write (deftype Name Type)"

        refuse context "RTFS0135" form.Span $"`{word}` needs a name" usage
    else
        match definedName context items[1] word with
        | null -> nil form.Span
        | name -> Core.Define(Names.globalOf context.Names name, definedValue context scope form items, form.Span)

let lowerFunctionLiteral (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    if scope.InFunctionLiteral then
        refuse
            context
            "RTFS0114"
            form.Span
            "a #( ) cannot stand inside another #( )"
            "write the inner one as (fn [x] …)"
    else
        let struct (parameters, code) = Sugar.functionLiteral context form items
        let names = ResizeArray<Binding>()
        let parameters = Patterns.parameters context names parameters

        let scope = {
            functionScope scope names parameters.Arity with
                InFunctionLiteral = true
        }

        Core.Function(parameters.Lambda(null, null, lower context scope code, form.Span), form.Span)

let lowerConsumer (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) =
    if items.Length < 3 && isConsume form then
        // Reading has said so.
        lost form.Span
    elif items.Length < 3 then
        refuse context "RTFS0106" form.Span "the logic {item => body} needs an item and a body" "write {item => body}"
    else
        let names = ResizeArray<Binding>()
        let pattern = Patterns.ofForm context names items[0]

        let scope = functionScope scope names 1

        let body =
            body context scope (Span.Cover(items[2].Span, items[items.Length - 1].Span)) items[2..]

        Core.Consumer(Lambda(null, [| pattern |], null, body, form.Span), form.Span)
