/// `match` and `case`: clauses of a pattern, an optional guard and a body.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Matching

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private lower (context: LoweringContext) (scope: Scope) (form: Form) : Core = context.Lower context scope form

let private usage = "write (match value pattern result … _ otherwise)"

let private refuse context (form: Form) message (fix: string | null) =
    report context "RTFS0117" form.Span message fix
    MatchPattern.Any form.Span

let private bound (bindings: ResizeArray<Binding>) (form: Form) name =
    let binding = Binding(name, form.Span)
    bindings.Add binding
    binding

/// Capitalised names of types, and structs of the text: other names bind.
let private namedType (context: LoweringContext) (name: string) =
    let plain = name.TrimEnd '?'

    plain <> ""
    && (context.Names.Structs.Contains plain
        || (System.Char.IsAsciiLetterUpper plain[0]
            && Seq.contains plain TypeNames.primitiveNames))

/// A vector that begins like a type is one where all of it reads as one and it names no unknown type: `[:vector :int]`, but
/// not `[:map f xs]`.
let private vectorType (context: LoweringContext) (form: Form) (items: Form array) : Type | null =
    match items with
    | [||]
    | [| _ |] -> null
    | _ ->
        match items[0] with
        | KeywordOf name when TypeNames.constructors.Contains name ->
            let unknown =
                walk (fun _ -> true) form
                |> Seq.exists (fun part ->
                    match part with
                    | SymbolOf name ->
                        not (
                            name = "?"
                            || Seq.contains (name.TrimEnd '?') TypeNames.primitiveNames
                            || context.Names.Structs.Contains(name.TrimEnd '?')
                        )
                    | _ -> false)

            if unknown then
                null
            else
                TypeReader.ofForm Report.silent form
        | _ -> null

let private plainName context bindings (form: Form) (mark: string) : Binding | null =
    match bare form with
    | SymbolOf name as symbol when name <> "&" && name <> ":" -> bound bindings symbol name
    | BrokenText _ -> null
    | other ->
        refuse context other $"expected one name after `{mark}`, found {Describe.form other}" null
        |> ignore

        null

let private asWhole (whole: Binding | null) (pattern: MatchPattern) (span: Span) =
    match whole with
    | null -> pattern
    | binding -> MatchPattern.As(binding, pattern, span)

let rec private read context (bindings: ResizeArray<Binding>) depth (form: Form) : MatchPattern =
    let form = bare form

    if depth > depthLimit || not (fits { Scope.top with Depth = depth }) then
        refuse context form "this pattern is nested too deeply" null
    else
        match form.Node with
        | Node.Broken _
        | Node.Symbol "_" -> MatchPattern.Any form.Span
        | Node.Symbol("&" | ":" | "=>" as name) -> refuse context form $"`{name}` is no pattern" usage
        | Node.Symbol name when namedType context name ->
            match TypeReader.ofForm (typeReport context) form with
            | null -> MatchPattern.Any form.Span
            | target -> MatchPattern.OfType(target, form.Span)
        | Node.Symbol name when name.Contains '/' && name <> "/" ->
            refuse context form $"`{name}` is a qualified name and cannot be bound" "bind a plain name"
        | Node.Symbol name -> MatchPattern.Name(bound bindings form name)
        | Node.Vector items ->
            match vectorType context form items.Forms with
            | null -> readVector context bindings depth form items.Forms
            | target -> MatchPattern.OfType(target, form.Span)
        | Node.Map items -> readMap context bindings depth form items.Forms
        | Node.Prefixed(Prefix.Quote, target) -> MatchPattern.Literal(target, form.Span)
        | Node.List items ->
            match items.Forms with
            | [| KeywordOf "as"; name; inner |] ->
                let pattern = read context bindings (depth + 1) inner
                asWhole (plainName context bindings name ":as") pattern form.Span
            | [| SymbolOf "quote"; datum |] -> MatchPattern.Literal(datum, form.Span)
            | _ ->
                refuse
                    context
                    form
                    "a list is no pattern, but for (:as name pattern)"
                    "match lists and vectors by [a b & rest], and quoted data by 'data"
        | Node.Nil
        | Node.Bool _
        | Node.Int _
        | Node.Float _
        | Node.String _
        | Node.Timestamp _
        | Node.Uuid _
        | Node.Resource _
        | Node.Keyword _ -> MatchPattern.Literal(form, form.Span)
        | Node.Function _
        | Node.Consume _
        | Node.Prefixed _
        | Node.Meta _ -> refuse context form $"{Describe.form form} is no pattern" usage

and private readVector context bindings depth form items =
    let parts = ResizeArray()
    let mutable rest: Binding | null = null
    let mutable whole: Binding | null = null
    let mutable i = 0

    while i < items.Length do
        match items[i] with
        | (SymbolOf "&" | KeywordOf "as") as mark when i + 1 < items.Length ->
            match mark with
            | KeywordOf _ -> whole <- plainName context bindings items[i + 1] ":as"
            | _ -> rest <- plainName context bindings items[i + 1] "&"

            i <- i + 2
        | SymbolOf "&" as mark ->
            refuse context mark "`&` must be followed by a name" null |> ignore
            i <- i + 1
        | item ->
            if isNull rest && isNull whole then
                parts.Add(read context bindings (depth + 1) item)
            else
                refuse context item "nothing can follow the name after `&` or `:as` but `:as all`" null
                |> ignore

            i <- i + 1

    asWhole whole (MatchPattern.Vector(parts.ToArray(), rest, form.Span)) form.Span

and private readMap context bindings depth form items =
    let parts = ResizeArray<KeyValuePair<Form, MatchPattern>>()
    let mutable rest: Binding | null = null
    let mutable whole: Binding | null = null

    for struct (key, value) in pairs items do
        match key, value with
        | KeywordOf "keys", VectorOf names when
            names
            |> Array.forall (fun name ->
                match name with
                | SymbolOf _ -> true
                | _ -> false)
            ->
            for name in names do
                match name with
                | SymbolOf "_" -> ()
                | SymbolOf text ->
                    let pattern = MatchPattern.Name(bound bindings name text)
                    parts.Add(KeyValuePair(at name.Span (Node.Keyword text), pattern))
                | _ -> ()
        | KeywordOf "as", SymbolOf _ -> whole <- plainName context bindings value ":as"
        | SymbolOf "&", _ -> rest <- plainName context bindings value "&"
        | (KeywordOf _ | StringOf _), _ -> parts.Add(KeyValuePair(key, read context bindings (depth + 1) value))
        | BrokenText _, _ -> ()
        | _ ->
            match key.Node with
            | Node.Int _ -> parts.Add(KeyValuePair(key, read context bindings (depth + 1) value))
            | _ ->
                refuse
                    context
                    key
                    $"a map pattern needs a key: a keyword, a string or an integer, found {Describe.form key}"
                    "write {:key pattern}"
                |> ignore

    asWhole whole (MatchPattern.Map(parts.ToArray(), rest, form.Span)) form.Span

/// One clause at a place among forms, and the place after it.
let private clauseAt context (scope: Scope) (forms: Form array) i : struct (MatchClause * int) =
    let bindings = ResizeArray<Binding>()
    let pattern = read context bindings 0 forms[i]

    let inner = {
        Scope.bind scope bindings with
            Lexical = true
    }

    let guard =
        if i + 2 < forms.Length then
            match forms[i + 1] with
            | ListOf [| SymbolOf "when"; condition |] -> ValueSome(struct (condition, i + 2))
            | SymbolOf "when" when i + 3 < forms.Length -> ValueSome(struct (forms[i + 2], i + 3))
            | _ -> ValueNone
        else
            ValueNone

    match guard with
    | ValueSome(struct (condition, result)) ->
        let guard = lower context (Scope.inside inner) condition
        struct (MatchClause(pattern, guard, lower context inner forms[result]), result + 1)
    | ValueNone -> struct (MatchClause(pattern, null, lower context inner forms[i + 1]), i + 2)

let lowerMatch (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    if items.Length < 4 then
        Nodes.refuse context "RTFS0101" form.Span "`match` needs a value, and patterns with their results" usage
    else
        let clauses = ResizeArray<MatchClause>()
        let mutable i = 2

        while i < items.Length do
            if i + 1 < items.Length then
                let struct (clause, next) = clauseAt context scope items i
                clauses.Add clause
                i <- next
            else
                report context "RTFS0117" items[i].Span "this pattern of `match` has no result" usage
                i <- items.Length

        Core.Match(lower context (Scope.inside scope) items[1], clauses.ToArray(), form.Span)

/// `(case value literal result … otherwise?)`: literals are not evaluated.
let lowerCase (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    if items.Length < 3 then
        Nodes.refuse
            context
            "RTFS0101"
            form.Span
            "`case` needs a value, and literals with their results"
            "write (case value :a 1 :b 2 otherwise)"
    else
        let clauses = [|
            for i in 2..2 .. items.Length - 2 do
                let datum = items[i]
                MatchClause(MatchPattern.Literal(datum, datum.Span), null, lower context scope items[i + 1])

            if items.Length % 2 = 1 then
                let last = items[items.Length - 1]
                MatchClause(MatchPattern.Any last.Span, null, lower context scope last)
        |]

        Core.Match(lower context (Scope.inside scope) items[1], clauses, form.Span)
