/// The two relations between types: subtyping, and consistency, which lets `:any` stand for what it will turn out to be.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Relation

open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax.Tree

type Fit = Rtfs.Syntax.Types.Fit

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

let rec private relate (comparing: Comparing) (a: Type) (b: Type) : Fit =
    if obj.ReferenceEquals(a, b) then
        Fit.Wholly
    else
        match Fits.atOnce comparing.Gradual a b with
        | ValueSome fit -> fit
        | ValueNone -> relateAtLength comparing a b

and private relateAtLength (comparing: Comparing) (a: Type) (b: Type) : Fit =
    if a.Equals b then
        Fit.Wholly
    elif not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
        Fit.Partly
    else if comparing.Names.Count > 0 && (Atom.isNamed a || Atom.isNamed b) then
        let pair = struct (a, b)

        match comparing.Failed.TryGetValue pair with
        | true, fit -> fit
        | _ when comparing.Assumed.Add pair ->
            let before = comparing.Trail.Count
            comparing.Trail.Push pair
            let fit = unfolded comparing a b

            if fit <> Fit.Wholly then
                while comparing.Trail.Count > before do
                    comparing.Assumed.Remove(comparing.Trail.Pop()) |> ignore

                comparing.Failed[pair] <- fit

            fit
        | _ -> Fit.Wholly
    else
        unfolded comparing a b

/// Most types are compared as they stand; others are spelled out.
and private unfolded comparing (a: Type) (b: Type) : Fit =
    match a, b with
    // What is plain has its place in one of several, or in none.
    | _, Type.Optional inner when Fits.isPlain a -> Fits.either (relate comparing a Atom.nil) (relate comparing a inner)
    | _, Type.Union parts when Fits.isPlain a ->
        parts
        |> Array.fold (fun found part -> Fits.either found (relate comparing a part)) Fit.Not
    | Type.Enum values, _ -> literals comparing values b
    | Type.Val value, Type.Enum values when Fits.isPlain a -> Fits.ofBool (Array.exists value.Equals values)
    | _ when Fits.isPlain a && Fits.isPlain b -> part comparing a b
    | _ when Atom.isSingle a && Atom.isSingle b ->
        if Evidence.isNever comparing.Names a then
            Fit.Wholly
        else
            part comparing a b
    | _ -> atoms comparing (Atom.ofType comparing.Names a) (Atom.ofType comparing.Names b)

/// As of the members of a union that are all literals.
and private literals comparing (values: Form array) (b: Type) : Fit =
    let fits = values |> Array.map (fun value -> relate comparing (Type.Val value) b)

    if fits |> Array.forall (fun fit -> fit = Fit.Wholly) then
        Fit.Wholly
    elif fits |> Array.forall (fun fit -> fit = Fit.Not) then
        Fit.Not
    else
        Fit.Partly

/// Every member of the left has a place on the right; where some have and some have not, the type fits partly.
and private atoms comparing (left: Atom list) (right: Atom list) : Fit =
    let fit (atom: Atom) =
        if comparing.Gradual && Atom.isAny atom then
            Fits.ofBool (right |> List.exists (Evidence.isEmpty comparing.Names >> not))
        else
            bestFit comparing atom right

    let mutable isAll = true
    let mutable none = true
    let mutable rest = left

    // One that fits and one that does not tell already.
    while not rest.IsEmpty && (isAll || none) do
        if not (Evidence.isEmpty comparing.Names rest.Head) then
            match fit rest.Head with
            | Fit.Wholly -> none <- false
            | Fit.Not -> isAll <- false
            | _ ->
                isAll <- false
                none <- false

        rest <- rest.Tail

    if isAll then Fit.Wholly
    elif none then Fit.Not
    else Fit.Partly

and private bestFit comparing (atom: Atom) (wanted: Atom list) : Fit =
    match wanted with
    | [] -> Fit.Not
    | first :: others ->
        match atomFits comparing atom first with
        | Fit.Wholly -> Fit.Wholly
        | found -> Fits.either found (bestFit comparing atom others)

and private atomFits comparing (a: Atom) (b: Atom) : Fit =
    match partsFit comparing a.Parts b.Parts with
    | Fit.Not -> Fit.Not
    | parts when b.Refinements.IsEmpty -> parts
    | parts -> b.Refinements |> Fits.allOf (satisfies comparing.Names a) |> Fits.both parts

/// Every part that is wanted is found in some part.
and private partsFit comparing (found: Type list) (wanted: Type list) : Fit =
    match wanted with
    | [] -> Fit.Wholly
    | first :: others ->
        match bestPart comparing found first with
        | Fit.Not -> Fit.Not
        | fit -> Fits.both fit (partsFit comparing found others)

and private bestPart comparing (found: Type list) (wanted: Type) : Fit =
    match found with
    | [] -> Fit.Not
    | first :: others ->
        match part comparing first wanted with
        | Fit.Wholly -> Fit.Wholly
        | fit -> Fits.either fit (bestPart comparing others wanted)

/// Most parts are compared without a closure for what is inside of them.
and private part comparing (a: Type) (b: Type) : Fit =
    match a, b with
    | _, Type.Primitive Primitive.Any -> Fit.Wholly
    | Type.Primitive Primitive.Any, _ -> if comparing.Gradual then Fit.Wholly else Fit.Not
    | Type.Primitive found, Type.Primitive wanted -> Fits.ofPrimitives comparing.Gradual found wanted
    | Type.Val value, Type.Primitive wanted -> Fits.ofPrimitives comparing.Gradual (Literals.primitiveOf value) wanted
    | Type.Val found, Type.Val wanted -> Fits.ofBool (found.Equals wanted)
    | Type.Primitive found, Type.Val wanted ->
        // Some values of the primitive may be the literal.
        if comparing.Gradual && found = Literals.primitiveOf wanted then
            Fit.Partly
        else
            Fit.Not
    | _ -> compound comparing a b

and private compound comparing (a: Type) (b: Type) : Fit =
    let inside = relate comparing
    let isNever = Evidence.isNever comparing.Names

    match a, b with
    | Type.Vector found, Type.Vector wanted
    | Type.List found, Type.List wanted
    | Type.Stream found, Type.Stream wanted -> inside found wanted
    | Type.Tuple found, Type.Tuple wanted ->
        if found.Length = wanted.Length then
            Array.zip found wanted |> Fits.all (fun (found, wanted) -> inside found wanted)
        else
            Fit.Not
    | Type.Tuple found, Type.Vector wanted -> found |> Fits.all (fun item -> inside item wanted)
    | Type.Vector found, Type.Tuple wanted when comparing.Gradual ->
        wanted |> Fits.all (inside found) |> Fits.both Fit.Partly
    | Type.Map(found, rest), Type.Map(wanted, wantedRest) -> records comparing found rest wanted wantedRest
    | Type.Map(found, rest), Type.MapOf(key, value) ->
        let byField =
            found
            |> Fits.all (fun field ->
                if field.Optional && isNever field.Type then
                    Fit.Wholly
                else
                    Fits.both (inside (Type.Val field.Key) key) (inside field.Type value)
                    |> optionally comparing field)

        // Keys that are not named may be of any kind that a key can be.
        if isNever (others rest) then
            byField
        else
            byField
            |> Fits.both (
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
        | Type.Map(wanted, _) -> wanted |> Array.forall _.Optional |> Fits.ofBool
        | _ -> Fit.Wholly
    | Type.MapOf(key, value), Type.MapOf(wantedKey, wantedValue) ->
        Fits.both (inside key wantedKey) (inside value wantedValue)
    | Type.MapOf(_, value), Type.Map(wanted, wantedRest) ->
        let named =
            wanted
            |> Fits.all (fun field ->
                let fit = inside value field.Type

                if field.Optional then optionally comparing field fit
                elif comparing.Gradual then Fits.both Fit.Partly fit
                else Fit.Not)

        let unnamed = inside value (others wantedRest)

        // All entries may be among the named.
        if comparing.Gradual && wanted.Length > 0 then
            Fits.both named (Fits.either Fit.Partly unnamed)
        else
            Fits.both named unnamed
    | Type.Function(parameters, rest, result), Type.Function(wanted, wantedRest, wantedResult) ->
        functions comparing struct (parameters, rest, result) struct (wanted, wantedRest, wantedResult)
    | Type.StreamBi(input, output), Type.StreamBi(wantedInput, wantedOutput)
    | Type.StreamDuplex(input, output), Type.StreamDuplex(wantedInput, wantedOutput) ->
        Fits.both (inside wantedInput input) (inside output wantedOutput)
    // A name that nobody defines is a mistake told where it stands, and no second one where a value comes to it.
    | Type.Alias _, _
    | _, Type.Alias _ when comparing.Gradual -> Fit.Wholly
    | _ -> Fits.ofBool (a.Equals b)

/// A value need not have an optional field, so one of another type is no reason to fit not at all.
and private optionally comparing (field: Field) (fit: Fit) : Fit =
    if field.Optional && comparing.Gradual then
        Fits.either Fit.Partly fit
    else
        fit

/// By width and depth. A field that only the right names must be nameable among the left's unnamed keys.
and private records comparing (found: Field array) rest (wanted: Field array) wantedRest : Fit =
    let field (fields: Field array) (key: Form) =
        fields |> Array.tryFind (fun field -> field.Key.Equals key)

    let named =
        wanted
        |> Fits.all (fun asked ->
            match field found asked.Key with
            | Some present ->
                let fit = relate comparing present.Type asked.Type

                if present.Optional && not asked.Optional then
                    if comparing.Gradual then
                        Fits.both Fit.Partly fit
                    else
                        Fit.Not
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

    match wantedRest with
    | null -> named
    | wildcard ->
        let extra =
            found
            |> Fits.all (fun present ->
                match field wanted present.Key with
                | Some _ -> Fit.Wholly
                | None -> relate comparing present.Type wildcard |> optionally comparing present)

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

                if comparing.Gradual then
                    Fits.either Fit.Partly fit
                else
                    fit

        named |> Fits.both extra |> Fits.both unnamed

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
            |> Array.indexed
            |> Fits.all (fun (i, argument) -> relate comparing argument (parameterAt i))

        let extra =
            match wantedRest with
            | null -> Fit.Wholly
            | argument -> relate comparing argument (others rest)

        first |> Fits.both extra |> Fits.both (relate comparing result wantedResult)

let private comparing (names: NamedTypes) gradual = {
    Names = names
    Gradual = gradual
    Assumed = HashSet()
    Trail = Stack()
    Failed = Dictionary()
}

/// Where no name has a meaning, nothing is ever assumed.
let private nameless = comparing Atom.noNames false
let private namelessGradual = comparing Atom.noNames true

let private start (names: NamedTypes) isGradual =
    if names.Count > 0 then comparing names isGradual
    elif isGradual then namelessGradual
    else nameless

let private whole names isGradual (a: Type) (b: Type) : Fit =
    if obj.ReferenceEquals(a, b) then
        Fit.Wholly
    else
        match Fits.atOnce isGradual a b with
        | ValueSome fit -> fit
        | ValueNone -> relateAtLength (start names isGradual) a b

/// Reflexive and transitive; `never` is below and `any` above everything.
let isSubtype (names: NamedTypes) (a: Type) (b: Type) : bool = whole names false a b = Fit.Wholly

/// How a value of the first type fits where the second is asked for; `:any` fits everywhere, wherever it stands. An int fits where a
/// float is wanted, as it does at run time.
let fit (names: NamedTypes) (a: Type) (b: Type) : Fit = whole names true a b

/// Subtyping with `:any` consistent with everything. Not transitive: `:int` fits `:any`, and `:any` fits `:string`.
let isConsistent (names: NamedTypes) (a: Type) (b: Type) : bool = fit names a b = Fit.Wholly
