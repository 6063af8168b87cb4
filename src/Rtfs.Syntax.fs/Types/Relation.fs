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
}

let private primitive target =
    match target with
    | Type.Primitive primitive -> ValueSome primitive
    | Type.Val value -> ValueSome(Literals.primitiveOf value)
    | _ -> ValueNone

let private isInt (atom: Atom) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Primitive Primitive.Int -> true
        | _ -> false)

let private literalOf (atom: Atom) =
    atom.Parts
    |> List.tryPick (fun part ->
        match part with
        | Type.Val value -> Some value
        | _ -> None)

/// What parts and refinements say of the number of items.
let private counts (atom: Atom) : Sizes =
    let byParts =
        atom.Parts
        |> List.fold
            (fun sizes part ->
                match part with
                | Type.Tuple items -> Sizes.add Comparison.Equal (int64 items.Length) sizes
                | Type.Map(fields, wildcard) ->
                    let required = fields |> Array.filter (fun field -> not field.Optional)
                    let least = Sizes.add Comparison.GreaterOrEqual (int64 required.Length) sizes

                    match wildcard with
                    | Type.Primitive Primitive.Never -> Sizes.add Comparison.LessOrEqual (int64 fields.Length) least
                    | _ -> least
                | _ -> sizes)
            Sizes.any

    atom.Refinements
    |> List.fold
        (fun sizes refinement ->
            match refinement with
            | Refinement.Count(comparison, count) -> Sizes.add comparison count sizes
            | Refinement.NonEmpty -> Sizes.add Comparison.GreaterOrEqual 1L sizes
            | _ -> sizes)
        byParts

let private lengths (atom: Atom) : Sizes =
    match literalOf atom with
    | Some(StringOf text) -> Sizes.exactly (Seq.length (text.EnumerateRunes()) |> int64)
    | _ ->
        atom.Refinements
        |> List.fold
            (fun sizes refinement ->
                match refinement with
                | Refinement.Length(comparison, length) -> Sizes.add comparison length sizes
                | _ -> sizes)
            Sizes.any

let private hasKey (atom: Atom) (key: Form) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Map(fields, _) -> fields |> Array.exists (fun field -> not field.Optional && field.Key.Equals key)
        | _ -> false)
    || atom.Refinements
       |> List.exists (fun refinement ->
           match refinement with
           | Refinement.HasKey known -> known.Equals key
           | Refinement.RequiredKeys known -> known |> Array.exists key.Equals
           | _ -> false)

let private lacksKey (atom: Atom) (key: Form) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Map(fields, (Type.Primitive Primitive.Never)) ->
            not (fields |> Array.exists (fun field -> field.Key.Equals key))
        | _ -> false)

let private sized (known: Sizes) comparison size =
    if Sizes.implies known comparison size then
        Fit.Wholly
    elif Sizes.isEmpty (Sizes.add comparison size known) then
        Fit.Not
    else
        Fit.Partly

let private compared (atom: Atom) comparison bound =
    match literalOf atom with
    | Some value ->
        match Literals.holds comparison value bound with
        | ValueSome holds -> ofBool holds
        | ValueNone -> Fit.Not
    | None ->
        let isInt = isInt atom
        let bounds = Bounds.ofRefinements isInt atom.Refinements

        if Bounds.implies isInt bounds comparison bound then
            Fit.Wholly
        elif Bounds.excludes isInt bounds comparison bound then
            Fit.Not
        else
            Fit.Partly

/// Whether an atom satisfies a refinement: surely, never, or depending on the value.
let satisfies (atom: Atom) (refinement: Refinement) : Fit =
    if atom.Refinements |> List.exists refinement.Equals then
        Fit.Wholly
    else
        match refinement with
        | Refinement.Compare(comparison, bound) -> compared atom comparison bound
        | Refinement.InRange(low, high) ->
            both (compared atom Comparison.GreaterOrEqual low) (compared atom Comparison.LessOrEqual high)
        | Refinement.Length(comparison, length) -> sized (lengths atom) comparison length
        | Refinement.Count(comparison, count) -> sized (counts atom) comparison count
        | Refinement.NonEmpty -> sized (counts atom) Comparison.GreaterOrEqual 1L
        | Refinement.HasKey key ->
            if hasKey atom key then Fit.Wholly
            elif lacksKey atom key then Fit.Not
            else Fit.Partly
        | Refinement.RequiredKeys keys ->
            keys
            |> Seq.map (fun key ->
                if hasKey atom key then Fit.Wholly
                elif lacksKey atom key then Fit.Not
                else Fit.Partly)
            |> all
        | Refinement.IsUrl ->
            match literalOf atom with
            | Some(StringOf text) -> ofBool (text.StartsWith "http://" || text.StartsWith "https://")
            | _ -> Fit.Partly
        | Refinement.MatchesRegex _
        | Refinement.IsEmail
        | Refinement.Custom _ -> Fit.Partly
        | Refinement.OfType _ -> Fit.Wholly

let private isOpen (wildcard: Type | null) =
    match wildcard with
    | null -> true
    | _ -> false

let private others (wildcard: Type | null) : Type =
    match wildcard with
    | null -> Atom.any
    | present -> present

let private isNever target =
    match target with
    | Type.Primitive Primitive.Never -> true
    | _ -> false

let rec private relate (comparing: Comparing) (a: Type) (b: Type) : Fit =
    if a.Equals b then
        Fit.Wholly
    elif not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
        Fit.Partly
    else
        let isNamed target =
            match target with
            | Type.Alias name -> comparing.Names.ContainsKey name
            | Type.Optional(Type.Alias name) -> comparing.Names.ContainsKey name
            | Type.Union _
            | Type.And _ -> true
            | _ -> false

        let pair = struct (a, b)

        if comparing.Names.Count > 0 && (isNamed a || isNamed b) then
            if comparing.Assumed.Add pair then
                let fit =
                    atoms comparing (Atom.ofType comparing.Names a) (Atom.ofType comparing.Names b)

                comparing.Assumed.Remove pair |> ignore
                fit
            else
                Fit.Wholly
        else
            atoms comparing (Atom.ofType comparing.Names a) (Atom.ofType comparing.Names b)

/// Every member of the left has a place on the right; where some have and some have not, the type fits partly.
and private atoms comparing (left: Atom list) (right: Atom list) : Fit =
    match left with
    | [] -> Fit.Wholly
    | _ ->
        let fits =
            left
            |> List.map (fun atom ->
                if comparing.Gradual && Atom.isAny atom then
                    if right.IsEmpty then Fit.Not else Fit.Wholly
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
        b.Refinements |> Seq.map (satisfies a) |> Seq.fold both parts

and private part comparing (a: Type) (b: Type) : Fit =
    let inside = relate comparing

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
            |> Seq.map (fun field -> both (inside (Type.Val field.Key) key) (inside field.Type value))
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
    | Type.MapOf(key, value), Type.MapOf(wantedKey, wantedValue) ->
        both (inside key wantedKey) (inside value wantedValue)
    | Type.MapOf(_, value), Type.Map(wanted, wantedRest) ->
        let named =
            wanted
            |> Seq.map (fun field ->
                let fit = inside value field.Type

                if field.Optional then fit
                elif comparing.Gradual then both Fit.Partly fit
                else Fit.Not)
            |> all

        both named (inside value (others wantedRest))
    | Type.Function(parameters, rest, result), Type.Function(wanted, wantedRest, wantedResult) ->
        functions comparing struct (parameters, rest, result) struct (wanted, wantedRest, wantedResult)
    | Type.StreamBi(input, output), Type.StreamBi(wantedInput, wantedOutput)
    | Type.StreamDuplex(input, output), Type.StreamDuplex(wantedInput, wantedOutput) ->
        both (inside wantedInput input) (inside output wantedOutput)
    | _ -> ofBool (a.Equals b)

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
                else
                    fit
            | None when asked.Optional ->
                if isOpen rest && comparing.Gradual then
                    Fit.Wholly
                else
                    relate comparing (others rest) asked.Type
            | None when isNever (others rest) -> Fit.Not
            | None -> if comparing.Gradual then Fit.Partly else Fit.Not)
        |> all

    match wantedRest with
    | null -> named
    | wildcard ->
        let extra =
            found
            |> Seq.filter (fun present -> (field wanted present.Key).IsNone)
            |> Seq.map (fun present ->
                let fit = relate comparing present.Type wildcard
                // A key that may be missing is no fault of the type while it is.
                if present.Optional && comparing.Gradual then
                    either Fit.Partly fit
                else
                    fit)
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
                relate comparing (others rest) wildcard

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
}

/// Reflexive and transitive; `never` is below and `any` above everything.
let isSubtype (names: NamedTypes) (a: Type) (b: Type) : bool =
    relate (start names false) a b = Fit.Wholly

/// How a value of the first type fits where the second is asked for; `:any` fits everywhere, wherever it stands. An int fits where a
/// float is wanted, as it does at run time.
let fit (names: NamedTypes) (a: Type) (b: Type) : Fit = relate (start names true) a b

/// Subtyping with `:any` consistent with everything. Not transitive: `:int` fits `:any`, and `:any` fits `:string`.
let isConsistent (names: NamedTypes) (a: Type) (b: Type) : bool = fit names a b = Fit.Wholly
