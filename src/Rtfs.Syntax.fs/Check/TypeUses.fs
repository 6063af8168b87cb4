/// Names that stand where a type is asked for, and that nothing defines: RTFS1007.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.TypeUses

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What other languages call the types of this one.
let private foreign =
    dict [
        for struct (name, others) in
            [
                struct ("bool", "boolean")
                struct ("int", "integer long short byte int32 int64")
                struct ("float", "double decimal real float64")
                struct ("string", "text char str")
                struct ("timestamp", "datetime date time instant")
                struct ("uuid", "guid")
                struct ("any", "object dynamic unknown")
                struct ("nil", "null none void unit")
                struct ("keyword", "kw")
            ] do
            for other in others.Split ' ' do
                other, name
    ]

let private shapes =
    dict [
        "map", "[:map [:key T]], or [:map-of K V] for any keys"
        "record", "[:map [:key T]]"
        "map-of", "[:map-of K V]"
        "dict", "[:map-of K V]"
        "fn", "[:fn [T] R]"
        "=>", "[:fn [T] R]"
        "function", "[:fn [T] R]"
        "enum", "[:enum :a :b]"
        "union", "[:union T U]"
        "and", "[:and T [:> 0]]"
        "val", "[:val 1]"
        "tuple", "[:tuple T U]"
        "array", "[:array T]"
        "vector", "[:vector T]"
        "list", "[:list T]"
        "stream", "[:stream T]"
        "stream-bi", "[:stream-bi :input T :output U]"
        "stream-duplex", "[:stream-duplex :input T :output U]"
        "forall", "[:forall [T] body]"
        "resource", "[:resource Name]"
    ]

let private written (form: Form) : string =
    match form with
    | KeywordOf name -> ":" + name
    | SymbolOf name -> name
    | other -> Describe.form other

/// The name that was meant, as it is to be written, or null.
let private meant (own: HashSet<string>) (form: Form) (name: string) : string | null =
    let primitive (name: string) =
        match form with
        | SymbolOf _ when System.Char.IsAsciiLetterUpper name[0] -> name
        | _ -> ":" + name.ToLowerInvariant()

    let folded = name.ToLowerInvariant()

    match name.LastIndexOf '/', foreign.TryGetValue folded with
    // A type of another text goes by its own name.
    | slash, _ when slash >= 0 && own.Contains(name.Substring(slash + 1)) -> name.Substring(slash + 1)
    | _, (true, known) -> ":" + known
    | _ ->
        match Seq.append own TypeNames.primitiveNames |> Nearest.find name with
        | null ->
            match Nearest.find folded foreign.Keys with
            | null -> null
            | other -> ":" + foreign[other]
        | near when own.Contains near -> near
        | near -> primitive near

let private describe (own: HashSet<string>) (isInPlan: bool) (isElsewhere: bool) (used: TypeUse) =
    let name = used.Name

    match shapes.TryGetValue name with
    | true, shape ->
        struct ($"`{written used.Form}` is no type by itself: it says what one is made of", $"write {shape}")
    | _ ->
        let mark = if (written used.Form).EndsWith '?' then "?" else ""

        if isInPlan && isElsewhere then
            struct ($"the type `{name}` is defined outside of this plan, and a plan's program sees its own definitions alone",
                    "define it inside the :program")
        else
            match meant own used.Form name with
            | null ->
                struct ($"no type is called `{name}`",
                        $"define it: (deftype {name} type) or (defstruct {name} :field type)")
            | near -> struct ($"no type is called `{name}`; did you mean `{near}`?", $"write {near}{mark}")

/// One diagnostic for a name, where it is first read; the others are its related places. `defined` are the types of the text and of those that
/// it imports, `uses` what each form asks for with where it begins.
let check (defined: HashSet<string>) (uses: seq<struct (TypeUse * int)>) : Diagnostic array =
    uses
    |> Seq.filter (fun (struct (used, _)) ->
        match used.Types with
        | null -> not (defined.Contains used.Name)
        | own -> not (own.Contains used.Name))
    // The same form may be read twice.
    |> Seq.distinctBy (fun (struct (used, start)) -> struct (used.Form.Span.Shift start, used.Name))
    |> Seq.groupBy (fun (struct (used, _)) -> struct (used.Name, not (isNull used.Types)))
    |> Seq.map (fun (struct (name, isInPlan), places) ->
        let struct (first, start) = Seq.head places

        let own =
            match first.Types with
            | null -> defined
            | own -> own

        let struct (message, fix) = describe own isInPlan (defined.Contains name) first

        let related =
            places
            |> Seq.tail
            |> Seq.map (fun (struct (used, start)) -> RelatedPlace(used.Form.Span.Shift start, "used here too"))
            |> Array.ofSeq

        Diagnostic("RTFS1007", Codes.severityOf "RTFS1007", first.Form.Span.Shift start, message, fix, related))
    |> Array.ofSeq
