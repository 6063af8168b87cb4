/// The two relations between types: subtyping, and consistency, which lets `:any` stand for what it will turn out to be.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Relation

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Tree

/// How a type fits where another is asked for. `Partly`: some values of it do, and a check at run time tells which.
type Fit =
    | Not = 0
    | Partly = 1
    | Wholly = 2

let private both (a: Fit) (b: Fit) = if a < b then a else b
let private either (a: Fit) (b: Fit) = if a > b then a else b

let private all (fits: seq<Fit>) = fits |> Seq.fold both Fit.Wholly
let private anyOf (fits: seq<Fit>) = fits |> Seq.fold either Fit.Not

let private ofBool holds = if holds then Fit.Wholly else Fit.Not

/// `Gradual` is consistency. Names are unfolded where they meet; a pair of them that comes up again inside of itself holds (the
/// relation on infinite trees: Amadio and Cardelli, Subtyping Recursive Types, 1993).
type private Comparing = {
    Names: NamedTypes
    Gradual: bool
    Assumed: HashSet<struct (Type * Type)>
    /// The assumed pairs in their order: those that were found to hold inside of one that does not may have held by that one alone.
    Trail: Stack<struct (Type * Type)>
    /// What does not hold under assumptions does not hold without them.
    Failed: Dictionary<struct (Type * Type), Fit>
}

/// Whether an atom satisfies a refinement: surely, never, or depending on the value.
let satisfies (names: NamedTypes) (atom: Atom) (refinement: Refinement) : Fit =
    if Evidence.implies names atom refinement then Fit.Wholly
    elif Evidence.refutes names atom refinement then Fit.Not
    else Fit.Partly

let private isOpen (wildcard: Type | null) =
    match wildcard with
    | null -> true
    | _ -> false

let private others (wildcard: Type | null) : Type =
    match wildcard with
    | null -> Atom.any
    | present -> present

let private isNamed target =
    match target with
    | Type.Alias _
    | Type.Optional _
    | Type.Union _
    | Type.And _ -> true
    | Type.Primitive _
    | Type.Vector _
    | Type.List _
    | Type.Tuple _
    | Type.Map _
    | Type.MapOf _
    | Type.Function _
    | Type.Resource _
    | Type.Enum _
    | Type.Val _
    | Type.Array _
    | Type.Stream _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _ -> false

let rec private relate (comparing: Comparing) (a: Type) (b: Type) : Fit =
    if a.Equals b then
        Fit.Wholly
    elif not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
        Fit.Partly
    else
        let unfolded () =
            atoms comparing (Atom.ofType comparing.Names a) (Atom.ofType comparing.Names b)

        if comparing.Names.Count > 0 && (isNamed a || isNamed b) then
            let pair = struct (a, b)

            match comparing.Failed.TryGetValue pair with
            | true, fit -> fit
            | _ when comparing.Assumed.Add pair ->
                let before = comparing.Trail.Count
                comparing.Trail.Push pair
                let fit = unfolded ()

                if fit <> Fit.Wholly then
                    while comparing.Trail.Count > before do
                        comparing.Assumed.Remove(comparing.Trail.Pop()) |> ignore

                    comparing.Failed[pair] <- fit

                fit
            | _ -> Fit.Wholly
        else
            unfolded ()

/// Every member of the left has a place on the right; where some have and some have not, the type fits partly.
and private atoms comparing (left: Atom list) (right: Atom list) : Fit =
    match left |> List.filter (Evidence.isEmpty comparing.Names >> not) with
    | [] -> Fit.Wholly
    | inhabited ->
        let fits =
            inhabited
            |> List.map (fun atom ->
                if comparing.Gradual && Atom.isAny atom then
                    if right |> List.forall (Evidence.isEmpty comparing.Names) then
                        Fit.Not
                    else
                        Fit.Wholly
                else
                    right |> Seq.map (atomFits comparing atom) |> anyOf)

        if fits |> List.forall (fun fit -> fit = Fit.Wholly) then
            Fit.Wholly
        elif fits |> List.forall (fun fit -> fit = Fit.Not) then
            Fit.Not
        else
            Fit.Partly

and private atomFits comparing (a: Atom) (b: Atom) : Fit =
    let parts =
        b.Parts
        |> Seq.map (fun wanted -> a.Parts |> Seq.map (fun found -> part comparing found wanted) |> anyOf)
        |> all

    if parts = Fit.Not then
        Fit.Not
    else
        b.Refinements |> Seq.map (satisfies comparing.Names a) |> Seq.fold both parts

and private part comparing (a: Type) (b: Type) : Fit =
    let inside = relate comparing
    let isNever = Evidence.isNever comparing.Names

    match a, b with
    | _, Type.Primitive Primitive.Any -> Fit.Wholly
    | Type.Primitive Primitive.Any, _ -> if comparing.Gradual then Fit.Wholly else Fit.Not
    | Type.Primitive found, Type.Primitive wanted ->
        ofBool (
            found = wanted
            || (comparing.Gradual && found = Primitive.Int && wanted = Primitive.Float)
        )
    | Type.Val value, Type.Primitive wanted ->
        let found = Literals.primitiveOf value

        ofBool (
            found = wanted
            || (comparing.Gradual && found = Primitive.Int && wanted = Primitive.Float)
        )
    | Type.Val found, Type.Val wanted -> ofBool (found.Equals wanted)
    | Type.Primitive found, Type.Val wanted ->
        // Some values of the primitive may be the literal.
        if comparing.Gradual && found = Literals.primitiveOf wanted then
            Fit.Partly
        else
            Fit.Not
    | Type.Vector found, Type.Vector wanted
    | Type.List found, Type.List wanted
    | Type.Stream found, Type.Stream wanted -> inside found wanted
    | Type.Tuple found, Type.Tuple wanted ->
        if found.Length = wanted.Length then
            Seq.map2 inside found wanted |> all
        else
            Fit.Not
    | Type.Tuple found, Type.Vector wanted -> found |> Seq.map (fun item -> inside item wanted) |> all
    | Type.Vector found, Type.Tuple wanted when comparing.Gradual ->
        wanted |> Seq.map (fun item -> inside found item) |> all |> both Fit.Partly
    | Type.Map(found, rest), Type.Map(wanted, wantedRest) -> records comparing found rest wanted wantedRest
    | Type.Map(found, rest), Type.MapOf(key, value) ->
        let byField =
            found
            |> Seq.map (fun field ->
                if field.Optional && isNever field.Type then
                    Fit.Wholly
                else
                    both (inside (Type.Val field.Key) key) (inside field.Type value)
                    |> optionally comparing field)
            |> all

        // Keys that are not named may be of any kind that a key can be.
        if isNever (others rest) then
            byField
        else
            byField
            |> both (
                if inside Atom.any key = Fit.Wholly && inside (others rest) value = Fit.Wholly then
                    Fit.Wholly
                elif comparing.Gradual then
                    Fit.Partly
                else
                    Fit.Not
            )
    // Only the empty map is of it.
    | Type.MapOf(key, value), (Type.MapOf _ | Type.Map _) when isNever key || isNever value ->
        match b with
        | Type.Map(wanted, _) -> wanted |> Array.forall _.Optional |> ofBool
        | _ -> Fit.Wholly
    | Type.MapOf(key, value), Type.MapOf(wantedKey, wantedValue) ->
        both (inside key wantedKey) (inside value wantedValue)
    | Type.MapOf(_, value), Type.Map(wanted, wantedRest) ->
        let named =
            wanted
            |> Seq.map (fun field ->
                let fit = inside value field.Type

                if field.Optional then optionally comparing field fit
                elif comparing.Gradual then both Fit.Partly fit
                else Fit.Not)
            |> all

        let unnamed = inside value (others wantedRest)

        // All entries may be among the named.
        if comparing.Gradual && wanted.Length > 0 then
            both named (either Fit.Partly unnamed)
        else
            both named unnamed
    | Type.Function(parameters, rest, result), Type.Function(wanted, wantedRest, wantedResult) ->
        functions comparing struct (parameters, rest, result) struct (wanted, wantedRest, wantedResult)
    | Type.StreamBi(input, output), Type.StreamBi(wantedInput, wantedOutput)
    | Type.StreamDuplex(input, output), Type.StreamDuplex(wantedInput, wantedOutput) ->
        both (inside wantedInput input) (inside output wantedOutput)
    | _ -> ofBool (a.Equals b)

/// A value need not have an optional field, so one of another type is no reason to fit not at all.
and private optionally comparing (field: Field) (fit: Fit) : Fit =
    if field.Optional && comparing.Gradual then
        either Fit.Partly fit
    else
        fit

/// By width and depth. A field that only the right names must be nameable among the left's unnamed keys.
and private records comparing (found: Field array) rest (wanted: Field array) wantedRest : Fit =
    let field (fields: Field array) (key: Form) =
        fields |> Array.tryFind (fun field -> field.Key.Equals key)

    let named =
        wanted
        |> Seq.map (fun asked ->
            match field found asked.Key with
            | Some present ->
                let fit = relate comparing present.Type asked.Type

                if present.Optional && not asked.Optional then
                    if comparing.Gradual then both Fit.Partly fit else Fit.Not
                elif present.Optional then
                    optionally comparing asked fit
                else
                    fit
            | None when asked.Optional ->
                if isOpen rest && comparing.Gradual then
                    Fit.Wholly
                else
                    relate comparing (others rest) asked.Type |> optionally comparing asked
            | None when Evidence.isNever comparing.Names (others rest) -> Fit.Not
            | None -> if comparing.Gradual then Fit.Partly else Fit.Not)
        |> all

    match wantedRest with
    | null -> named
    | wildcard ->
        let extra =
            found
            |> Seq.filter (fun present -> (field wanted present.Key).IsNone)
            |> Seq.map (fun present -> relate comparing present.Type wildcard |> optionally comparing present)
            |> all

        let unnamed =
            if isOpen rest then
                if relate comparing Atom.any wildcard = Fit.Wholly then
                    Fit.Wholly
                elif comparing.Gradual then
                    Fit.Partly
                else
                    Fit.Not
            else
                // There need not be such keys.
                let fit = relate comparing (others rest) wildcard
                if comparing.Gradual then either Fit.Partly fit else fit

        named |> both extra |> both unnamed

/// Whatever arguments the right promises to take, the left takes; what the left gives, the right may be said to give.
and private functions comparing struct (parameters, rest, result) struct (wanted, wantedRest, wantedResult) : Fit =
    let takes =
        match rest, wantedRest with
        | null, null -> parameters.Length = wanted.Length
        | null, _ -> false
        | _ -> parameters.Length <= wanted.Length

    if not takes then
        Fit.Not
    else
        let parameterAt i : Type =
            if i < parameters.Length then parameters[i] else others rest

        let first =
            wanted
            |> Seq.mapi (fun i argument -> relate comparing argument (parameterAt i))
            |> all

        let extra =
            match wantedRest with
            | null -> Fit.Wholly
            | argument -> relate comparing argument (others rest)

        first |> both extra |> both (relate comparing result wantedResult)

let private start names gradual = {
    Names = names
    Gradual = gradual
    Assumed = HashSet()
    Trail = Stack()
    Failed = Dictionary()
}

/// Reflexive and transitive; `never` is below and `any` above everything.
let isSubtype (names: NamedTypes) (a: Type) (b: Type) : bool =
    relate (start names false) a b = Fit.Wholly

/// How a value of the first type fits where the second is asked for; `:any` fits everywhere, wherever it stands. An int fits where a
/// float is wanted, as it does at run time.
let fit (names: NamedTypes) (a: Type) (b: Type) : Fit = relate (start names true) a b

/// Subtyping with `:any` consistent with everything. Not transitive: `:int` fits `:any`, and `:any` fits `:string`.
let isConsistent (names: NamedTypes) (a: Type) (b: Type) : bool = fit names a b = Fit.Wholly
