/// Forms to types. A mistake gives a diagnostic and null, and what holds the mistaken part is null too: one mistake, one diagnostic.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.TypeReader

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let private depthLimit = 500

type private Reading = {
    Report: Report
    Variables: Set<string>
    Depth: int
}

let private refuse (reading: Reading) code (span: Span) message (fix: string | null) : Type | null =
    reading.Report.Refuse code span message fix
    null

/// A name as a type: a primitive, a variable, or whatever a `defstruct` calls so; `?` at its end makes it optional.
let private ofName (reading: Reading) (form: Form) (name: string) : Type =
    let plain = if name.Length > 1 then name.TrimEnd '?' else name

    let target =
        match primitives.TryGetValue plain with
        | true, primitive -> Type.Primitive primitive
        | _ when reading.Variables.Contains plain -> Type.Variable plain
        | _ ->
            reading.Report.Name form plain
            Type.Alias plain

    if plain = name then target else orNil target

let rec private read (reading: Reading) (form: Form) : Type | null =
    let form = bare form

    if
        reading.Depth > depthLimit
        || not (RuntimeHelpers.TryEnsureSufficientExecutionStack())
    then
        refuse reading "RTFS0130" form.Span "this type is nested too deeply" "give an inner part a name by defstruct"
    else
        let inner = {
            reading with
                Depth = reading.Depth + 1
        }

        match form with
        | BrokenText _ -> null
        | KeywordOf name
        | SymbolOf name when name <> "" && name <> ":" && name <> "&" && name <> "?" -> ofName reading form name
        | VectorOf items when items.Length > 0 -> readVector inner form items
        | MapOf items -> readFields inner (pairs items |> Array.map (fun struct (key, value) -> [| key; value |])) form
        | _ when form.Node = Node.Nil -> Type.Primitive Primitive.Nil
        | other ->
            refuse
                reading
                "RTFS0130"
                other.Span
                $"expected a type, found {Describe.form other}"
                "write a type such as :int, :string?, [:vector :int] or [:map [:name :string]]"

/// Types in sequence, each with its mark; nothing is read twice.
and private readAll (reading: Reading) (forms: Form array) : Type array | null =
    let found = ResizeArray<Type | null>()

    for form in forms do
        if isMark form && found.Count > 0 then
            found[found.Count - 1] <- optional found[found.Count - 1]
        else
            found.Add(read reading form)

    whole found

and private readVector (reading: Reading) (form: Form) (items: Form array) : Type | null =
    match items[0] with
    | KeywordOf name when constructors.Contains name -> construct reading form name items[1..]
    | KeywordOf name ->
        let fix, hint =
            match Nearest.find name constructors with
            | null ->
                "the kinds are "
                + Codes.listed (constructors |> Seq.map (fun known -> ":" + known) |> List.ofSeq),
                ""
            | near -> $"write [:{near} …]", $"; did you mean :{near}?"

        refuse reading "RTFS0131" items[0].Span $"no type is made by :{name}{hint}" fix
    | BrokenText _ -> null
    | other ->
        refuse
            reading
            "RTFS0130"
            other.Span
            $"a type in brackets begins with its kind, found {Describe.form other}"
            "write [:vector T], [:tuple T U], [:map [:key T]] …"

and private construct reading form name parts : Type | null =
    let wrong expected =
        refuse reading "RTFS0132" form.Span $"`:{name}` takes {expected}, found {parts.Length} parts" null

    let one (make: Type -> Type) : Type | null =
        match readAll reading parts with
        | null -> null
        | [| only |] -> make only
        | _ -> wrong "one type"

    let several (make: Type array -> Type) : Type | null =
        if parts.Length = 0 then
            wrong "at least one type"
        else
            match readAll reading parts with
            | null -> null
            | found -> make found

    let channels (make: Type * Type -> Type) : Type | null =
        let second =
            parts
            |> Array.tryFindIndex (fun part ->
                match part with
                | KeywordOf "output" -> true
                | _ -> false)

        match Array.tryHead parts, second with
        | Some(KeywordOf "input"), Some i when i > 1 ->
            match readAll reading parts[1 .. i - 1], readAll reading parts[i + 1 ..] with
            | null, _
            | _, null -> null
            | [| input |], [| output |] -> make (input, output)
            | _ -> wrong "`:input T :output T`"
        | _ -> wrong "`:input T :output T`"

    match name with
    | "vector" -> one Type.Vector
    | "list" -> one Type.List
    | "stream" -> one Type.Stream
    | "stream-bi" -> channels Type.StreamBi
    | "stream-duplex" -> channels Type.StreamDuplex
    | "tuple" -> several Type.Tuple
    | "union" -> several Type.Union
    | "map-of"
    | "dict" ->
        match readAll reading parts with
        | null -> null
        | [| key; value |] -> Type.MapOf(key, value)
        | _ -> wrong "a type of keys and a type of values"
    | "map"
    | "record" ->
        let entries =
            parts
            |> Array.collect (fun part ->
                match bare part with
                | VectorOf entry -> [| entry |]
                | MapOf braced -> pairs braced |> Array.map (fun struct (key, value) -> [| key; value |])
                | other -> [| [| other |] |])

        readFields reading entries form
    | "resource" ->
        match parts with
        | [| SymbolOf resource |]
        | [| KeywordOf resource |]
        | [| StringOf resource |] -> Type.Resource resource
        | _ -> wrong "the name of a kind of resource"
    | "val" ->
        match parts with
        | [| value |] when isLiteral value -> Type.Val value
        | _ -> wrong "one literal"
    | "enum" ->
        match parts |> Array.tryFind (fun part -> not (isLiteral part)) with
        | Some other ->
            refuse
                reading
                "RTFS0132"
                other.Span
                $"`:enum` takes literals, found {Describe.form other}"
                "write [:enum :a :b]"
        | None when parts.Length = 0 -> wrong "at least one literal"
        | None -> Type.Enum parts
    | "array" -> readArray reading form parts
    | "and" -> readAnd reading form parts
    | "forall" ->
        let names =
            match Array.tryHead parts with
            | Some(VectorOf variables) ->
                variables
                |> Array.map (fun variable ->
                    match variable with
                    | SymbolOf name -> name
                    | _ -> "")
            | _ -> Array.empty

        if names.Length = 0 || Array.contains "" names then
            wrong "a vector of names and a type"
        else
            let scope = {
                reading with
                    Variables = Set.union reading.Variables (Set.ofArray names)
            }

            match readAll scope parts[1..] with
            | null -> null
            | [| target |] -> Type.ForAll(names, target)
            | _ -> wrong "a vector of names and a type"
    | _ -> readFunction reading form name parts

and private readFunction reading form name parts : Type | null =
    match parts with
    | [||] ->
        refuse
            reading
            "RTFS0132"
            form.Span
            $"`:{name}` takes a vector of parameter types and a result type"
            "write [:fn [T U] R]"
    | _ ->
        match bare parts[0], readAll reading parts[1..] with
        | _, null -> null
        | VectorOf parameters, [| result |] ->
            let at =
                parameters
                |> Array.tryFindIndex (fun part ->
                    match part with
                    | SymbolOf "&" -> true
                    | _ -> false)

            match at with
            | None ->
                match readAll reading parameters with
                | null -> null
                | found -> Type.Function(found, null, result)
            | Some i ->
                match readAll reading parameters[.. i - 1], readAll reading parameters[i + 1 ..] with
                | null, _
                | _, null -> null
                | found, [| rest |] -> Type.Function(found, rest, result)
                | _ ->
                    refuse
                        reading
                        "RTFS0132"
                        parameters[i].Span
                        "`&` is followed by the one type of the extra arguments"
                        "write [:fn [T & U] R]"
        | _ ->
            refuse
                reading
                "RTFS0132"
                form.Span
                $"`:{name}` takes a vector of parameter types and one result type"
                "write [:fn [T U] R]"

/// Entries `[:k T]`, `[:k T ?]` and `[:* T]`.
and private readFields reading (entries: Form array array) (form: Form) : Type | null =
    let fields = ResizeArray<Field>()
    let mutable wildcard: Type | null = null
    let mutable missing = false

    for entry in entries do
        let place = if entry.Length > 0 then entry[0].Span else form.Span

        let refuseEntry () =
            let found =
                if entry.Length > 0 then
                    Describe.form entry[0]
                else
                    "an empty vector"

            refuse
                reading
                "RTFS0132"
                place
                $"a field of a map type is a key and a type, found {found}"
                "write [:map [:name :string] [:nick :string ?]]"
            |> ignore

            missing <- true

        if entry.Length < 2 || entry.Length > 4 then
            refuseEntry ()
        else
            let marks = entry[2..]

            let optionalType =
                (marks.Length = 2 && isMark marks[0])
                || (marks.Length >= 1 && isAdjacent entry[1] marks[0])

            let optionalField = marks.Length - (if optionalType then 1 else 0) = 1

            match entry[0], read reading entry[1] with
            | _ when marks |> Array.exists (fun mark -> not (isMark mark)) -> refuseEntry ()
            | _, null -> missing <- true
            | KeywordOf "*", target -> wildcard <- if optionalType then orNil target else target
            | key, target when isKey key ->
                fields.Add(Field(key, (if optionalType then orNil target else target), optionalField))
            | _ -> refuseEntry ()

    if missing then
        null
    else
        Type.Map(fields.ToArray(), wildcard)

and private readArray reading form parts : Type | null =
    let struct (shape, items) =
        match parts with
        | _ when parts.Length > 1 ->
            match parts[parts.Length - 1] with
            | VectorOf shape when
                shape
                |> Array.forall (fun size ->
                    match size.Node with
                    | Node.Int value -> value >= 0L
                    | _ -> isMark size)
                ->
                struct (shape, parts[.. parts.Length - 2])
            | _ -> struct (Array.empty, parts)
        | _ -> struct (Array.empty, parts)

    match readAll reading items with
    | null -> null
    | [| item |] ->
        let sizes =
            shape
            |> Array.map (fun size ->
                match size.Node with
                | Node.Int value -> value
                | _ -> -1L)

        Type.Array(item, sizes)
    | _ ->
        refuse
            reading
            "RTFS0132"
            form.Span
            "`:array` takes a type, and the sizes of its dimensions"
            "write [:array :float [3 ?]]"

and private readAnd reading form parts : Type | null =
    match parts with
    | [||]
    | [| _ |] ->
        refuse
            reading
            "RTFS0132"
            form.Span
            "`:and` takes a type and at least one predicate or type"
            "write [:and :int [:> 0]]"
    | _ ->
        let marked = isMark parts[1]
        let subject = read reading parts[0]
        let subject = if marked then optional subject else subject

        let refinements =
            readRefinements reading (if marked then parts[2..] else parts[1..])

        match subject with
        | null -> null
        | _ when refinements |> Array.exists _.IsNone -> null
        | target -> Type.And(target, refinements |> Array.choose id)

/// A type among them may have its mark behind it.
and private readRefinements reading (forms: Form array) : Refinement option array =
    let found = ResizeArray<Refinement option>()

    for form in forms do
        match Seq.tryLast found with
        | Some(Some(Refinement.OfType target)) when isMark form ->
            found[found.Count - 1] <- Some(Refinement.OfType(orNil target))
        | _ -> found.Add(readRefinement reading form)

    found.ToArray()

and private readRefinement reading (form: Form) : Refinement option =
    match bare form with
    | VectorOf items as whole when items.Length > 0 ->
        match items[0] with
        | KeywordOf name when not (constructors.Contains name) ->
            match Predicates.ofForms name items[1..] with
            | Ok found -> Some found
            | Error expected ->
                reading.Report.Refuse "RTFS0133" whole.Span $"`:{name}` {expected}" null
                None
        | _ -> refined reading whole
    | other -> refined reading other

and private refined reading form : Refinement option =
    match read reading form with
    | null -> None
    | target -> Some(Refinement.OfType target)

/// A type that stands alone.
let ofForm (report: Report) (form: Form) : Type | null =
    read
        {
            Report = report
            Variables = Set.empty
            Depth = 0
        }
        form
