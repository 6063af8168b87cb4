/// Where names are bound: destructuring, parameter lists, and the annotations that stand among them.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Patterns

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private shape =
    "a name, `_`, a vector such as [a b & rest :as all], or a map such as {:keys [a b]}"

let private refuse context (form: Form) message fix =
    report context "RTFS0104" form.Span message fix
    Pattern.Ignore form.Span

let private bound (bindings: ResizeArray<Binding>) (form: Form) name =
    let binding = Binding(name, form.Span)
    bindings.Add binding
    binding

/// The type at a place among forms, and the place after it.
let typeAt context (forms: Form array) (i: int) : struct ((Type | null) * int) =
    TypePlaces.at (typeReport context) forms i

let rec private read context (bindings: ResizeArray<Binding>) depth (form: Form) : Pattern =
    let form = bare form

    match form with
    | _ when depth > depthLimit -> refuse context form "this pattern is nested too deeply" null
    | BrokenText _ -> Pattern.Ignore form.Span
    | SymbolOf "_" -> Pattern.Ignore form.Span
    | SymbolOf("&" | "=>" | ":") -> refuse context form $"expected {shape}, found `{form.Text}`" null
    | SymbolOf name when name.Contains '/' && name <> "/" ->
        refuse context form $"`{name}` is a qualified name and cannot be bound" "bind a plain name"
    | SymbolOf name -> Pattern.Name(bound bindings form name)
    | VectorOf items -> readVector context bindings depth form items
    | MapOf items -> readMap context bindings depth form items
    | _ -> refuse context form $"expected {shape}, found {Describe.form form}" null

and private tailName context bindings (form: Form) mark : Binding | null =
    match bare form with
    | SymbolOf name as symbol when name <> "&" && name <> ":" -> bound bindings symbol name
    | BrokenText _ -> null
    | other ->
        refuse context other $"expected one name after `{mark}`, found {Describe.form other}" null
        |> ignore

        null

and private readVector context bindings depth form items =
    let parts = ResizeArray()
    let mutable rest: Binding | null = null
    let mutable whole: Binding | null = null
    let mutable i = 0

    while i < items.Length do
        match items[i] with
        | (SymbolOf "&" | KeywordOf "as") as mark ->
            let name =
                match mark with
                | KeywordOf _ -> ":as"
                | _ -> "&"

            if i + 1 >= items.Length then
                refuse context mark $"`{name}` must be followed by a name" null |> ignore
            elif name = "&" then
                rest <- tailName context bindings items[i + 1] name
            else
                whole <- tailName context bindings items[i + 1] name

            i <- i + 2
        | item ->
            if isNull rest && isNull whole then
                parts.Add(read context bindings (depth + 1) item)
            else
                refuse context item "nothing can follow the name after `&` or `:as` but `:as all`" null
                |> ignore

            i <- i + 1

    Pattern.Vector(parts.ToArray(), rest, whole, form.Span)

and private readMap context bindings depth form items =
    let parts = ResizeArray<KeyValuePair<Form, Pattern>>()
    let mutable rest: Binding | null = null
    let mutable whole: Binding | null = null

    for struct (key, value) in pairs items do
        match key, value with
        | KeywordOf "keys", VectorOf names ->
            for name in names do
                match name with
                | SymbolOf "_" -> ()
                | SymbolOf text ->
                    parts.Add(KeyValuePair(at name.Span (Node.Keyword text), Pattern.Name(bound bindings name text)))
                | BrokenText _ -> ()
                | other ->
                    refuse context other $"`:keys` takes names, found {Describe.form other}" "write {:keys [a b]}"
                    |> ignore
        | KeywordOf "as", _ -> whole <- tailName context bindings value ":as"
        | SymbolOf "&", _ -> rest <- tailName context bindings value "&"
        | KeywordOf "or", MapOf defaults when isFaulty context value defaults -> ()
        | KeywordOf "or", _ ->
            refuse
                context
                key
                "`:or` is no part of the language"
                "give the default where the name is used: (or name default)"
            |> ignore
        | (KeywordOf _ | StringOf _), _ -> parts.Add(KeyValuePair(key, read context bindings (depth + 1) value))
        | _, (KeywordOf _ | StringOf _) -> parts.Add(KeyValuePair(value, read context bindings (depth + 1) key))
        | _ ->
            match key.Node, value.Node with
            | Node.Int _, _ -> parts.Add(KeyValuePair(key, read context bindings (depth + 1) value))
            | _, Node.Int _ -> parts.Add(KeyValuePair(value, read context bindings (depth + 1) key))
            | Node.Broken _, _
            | _, Node.Broken _ -> ()
            | _ ->
                refuse
                    context
                    key
                    "a map pattern needs a key: a keyword, a string or an integer"
                    "write {:keys [a b]} or {:key name}"
                |> ignore

    Pattern.Map(parts.ToArray(), rest, whole, form.Span)

let ofForm context (bindings: ResizeArray<Binding>) (form: Form) = read context bindings 0 form

let private primitives = HashSet<string>(TypeNames.primitiveNames)

/// A type that can stand without a colon before it: `:int`, `:int?`, `[:vector :int]`.
let isType (form: Form) =
    match form with
    | KeywordOf name ->
        primitives.Contains(name.TrimEnd '?')
        || (name <> "" && System.Char.IsAsciiLetterUpper name[0])
    | VectorOf items ->
        items.Length > 0
        && (match items[0] with
            | KeywordOf name -> TypeNames.constructors.Contains name
            | _ -> false)
    | _ -> false

/// Whether a form could be the left side of a `let` binding.
let isPattern (form: Form) =
    match bare form with
    | Colon -> false
    | SymbolOf _
    | MapOf _
    | BrokenText _ -> true
    | VectorOf items ->
        items.Length = 0
        || (match items[0] with
            | KeywordOf "as" -> true
            | KeywordOf _ -> false
            | _ -> true)
    | _ -> false

[<NoEquality; NoComparison>]
type Parameters = {
    Patterns: Pattern array
    Types: (Type | null) array
    Rest: Binding | null
    RestType: Type | null
} with

    /// How many arguments `recur` takes: the rest is one, the sequence that becomes it.
    member this.Arity = this.Patterns.Length + (if isNull this.Rest then 0 else 1)

    member this.Lambda(name: string | null, result: Type | null, body: Core, span: Span) =
        Lambda(name, this.Patterns, this.Types, this.Rest, this.RestType, result, body, span)

/// A parameter vector: patterns, each with an optional type, and an optional `& rest`. Names are bound into `bindings`.
let parameters context (bindings: ResizeArray<Binding>) (items: Form array) : Parameters =
    let patterns = ResizeArray()
    let types = ResizeArray<Type | null>()
    let mutable rest: Binding | null = null
    let mutable ended = false
    let mutable i = 0

    let annotation () : Type | null =
        let read start =
            let struct (target, next) = typeAt context items start
            i <- next
            target

        if i >= items.Length then
            null
        else
            match items[i] with
            | Colon when i + 1 >= items.Length ->
                report context "RTFS0103" items[i].Span "a type is missing after `:`" "write [x : int]"
                i <- i + 1
                null
            | Colon -> read (i + 1)
            | KeywordOf _ when patterns.Count > 0 || ended -> read i
            | form when (patterns.Count > 0 || ended) && isType form -> read i
            | _ -> null

    let mutable restType: Type | null = null

    while i < items.Length do
        match items[i] with
        | SymbolOf "&" as mark ->
            if ended then
                report context "RTFS0103" mark.Span "a parameter list has one `&` at most" null
                i <- items.Length
            elif i + 1 >= items.Length then
                report context "RTFS0103" mark.Span "`&` must be followed by a name" "write [a & rest]"
                i <- i + 1
            else
                ended <- true

                match bare items[i + 1] with
                | SymbolOf name as symbol -> rest <- bound bindings symbol name
                | BrokenText _ -> ()
                | other ->
                    // The names in it are bound all the same, so that the mistake is told of once.
                    match other with
                    | VectorOf _
                    | MapOf _ -> ofForm context bindings other |> ignore
                    | _ -> ()

                    report
                        context
                        "RTFS0103"
                        other.Span
                        $"the rest parameter must be one name, found {Describe.form other}"
                        "write [a & rest] and take `rest` apart by let"

                i <- i + 2
                restType <- annotation ()
        | item when ended ->
            report context "RTFS0103" item.Span "nothing can follow the rest parameter" null
            i <- items.Length
        | item ->
            patterns.Add(ofForm context bindings item)
            i <- i + 1
            types.Add(annotation ())

    {
        Patterns = patterns.ToArray()
        Types = types.ToArray()
        Rest = rest
        RestType = restType
    }

let private isMark (form: Form) =
    match form with
    | SymbolOf "?" -> true
    | _ -> false

/// Cuts a `let` vector into bindings: each a pattern, the forms of an optional type, and a value. Pairs are preferred; a type is
/// read where only that makes the vector come out even. Null when no reading does.
let split (items: Form array) : (struct (Form * Form array * Form)) array | null =
    let count = items.Length
    // How many forms the binding at each place takes, 0 where no reading reaches the end.
    let taken = Array.zeroCreate<int>(count + 1)

    let reaches i =
        i = count || (i < count && taken[i] > 0)

    /// A type from `first` on, with a mark or without, and a value after it.
    let typed i first =
        let marked =
            if first + 1 < count && isMark items[first + 1] then
                1
            else
                0

        let next = first + marked + 2
        if next <= count && reaches next then next - i else 0

    /// `[:vector :int]?`: the mark stands right behind the type, and binds nothing.
    let isBehind i =
        i > 0
        && isMark items[i]
        && items[i].Span.Length > 0
        && items[i].Span.Start = items[i - 1].Span.End

    for i in count - 2 .. -1 .. 0 do
        if isPattern items[i] && not (isBehind i) then
            match items[i + 1] with
            | Colon -> taken[i] <- typed i (i + 2)
            | second ->
                taken[i] <-
                    if reaches (i + 2) then 2
                    elif isType second then typed i (i + 1)
                    else 0

    if not (reaches 0) then
        null
    else
        let found = ResizeArray()
        let mutable i = 0

        while i < count do
            let value = i + taken[i] - 1

            let first =
                match items[i + 1] with
                | Colon -> i + 2
                | _ -> i + 1

            found.Add(struct (items[i], items[first .. value - 1], items[value]))
            i <- i + taken[i]

        found.ToArray()
