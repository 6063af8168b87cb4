/// What is known of the values of an atom: which refinements they surely satisfy or fail, and whether there are values at all.
/// One part or refinement is evidence by itself, and evidence is never merged: what holds of an atom so holds of every atom below it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.Evidence

open System.Collections.Generic
open Rtfs.Syntax.Tree

let private isInt (atom: Atom) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Primitive Primitive.Int -> true
        | _ -> false)

/// What a value of the atom is equal to.
let private literals (atom: Atom) : Form list =
    let byParts =
        atom.Parts
        |> List.choose (fun part ->
            match part with
            | Type.Val value -> Some value
            | Type.Primitive Primitive.Nil -> Some(Forms.Nil())
            | _ -> None)

    let byRefinements =
        atom.Refinements
        |> List.choose (fun refinement ->
            match refinement with
            | Refinement.Compare(Comparison.Equal, value) -> Some value
            | _ -> None)

    byParts @ byRefinements

/// Whether some string that the value is equal to passes a test, or fails it.
let private isText (atom: Atom) (answer: bool) (test: string -> bool voption) : bool =
    literals atom
    |> List.exists (fun literal ->
        match literal with
        | StringOf text -> test text = ValueSome answer
        | _ -> false)

let private lengths (atom: Atom) : Sizes =
    let isString =
        atom.Parts
        |> List.exists (fun part ->
            match part with
            | Type.Primitive Primitive.String -> true
            | _ -> false)

    let byLiterals =
        literals atom
        |> List.fold
            (fun sizes literal ->
                match literal with
                | StringOf text -> Sizes.add Comparison.Equal (Seq.length (text.EnumerateRunes()) |> int64) sizes
                | _ -> sizes)
            (if isString then
                 Sizes.measured Sizes.unknown
             else
                 Sizes.unknown)

    atom.Refinements
    |> List.fold
        (fun sizes refinement ->
            match refinement with
            | Refinement.Length(comparison, length) -> Sizes.add comparison length sizes
            | _ -> sizes)
        byLiterals

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

/// The keys that a value of the atom surely has.
let private keys (atom: Atom) : Form list =
    let byParts =
        atom.Parts
        |> List.collect (fun part ->
            match part with
            | Type.Map(fields, _) -> [
                for field in fields do
                    if not field.Optional then
                        field.Key
              ]
            | _ -> [])

    let byRefinements =
        atom.Refinements
        |> List.collect (fun refinement ->
            match refinement with
            | Refinement.HasKey key -> [ key ]
            | Refinement.RequiredKeys keys -> List.ofArray keys
            | _ -> [])

    byParts @ byRefinements

/// Of one question, as what it has found out is good for that question alone. A name that is met inside of its own meaning is taken to
/// have no values there: a value has an end, so one that there is needs no second turn.
type private Question = {
    Names: NamedTypes
    Unfolding: HashSet<Type>
    /// Without them a type of n names that name one another would take 2^n steps.
    Inhabited: HashSet<Type>
}

let private question names = {
    Names = names
    Unfolding = HashSet()
    Inhabited = HashSet()
}

let rec private noValue (question: Question) (target: Type) : bool =
    match target with
    | Type.Primitive primitive -> primitive = Primitive.Never
    | Type.Union members -> members |> Array.forall (noValue question)
    | Type.Enum values -> values.Length = 0
    | Type.Tuple items -> items |> Array.exists (noValue question)
    | Type.Map(fields, _) ->
        fields
        |> Array.exists (fun field -> not field.Optional && noValue question field.Type)
    | Type.And _
    | Type.Alias _ ->
        if question.Inhabited.Contains target then
            false
        elif question.Unfolding.Add target then
            let isEmpty =
                match Atom.ofType question.Names target with
                | [ { Parts = [ same ]; Refinements = [] } ] when same.Equals target -> false
                | atoms -> atoms |> List.forall (isContradiction question)

            question.Unfolding.Remove target |> ignore

            if not isEmpty then
                question.Inhabited.Add target |> ignore

            isEmpty
        else
            true
    | Type.Optional _
    | Type.Vector _
    | Type.List _
    | Type.MapOf _
    | Type.Function _
    | Type.Resource _
    | Type.Val _
    | Type.Array _
    | Type.Stream _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _ -> false

and private noOther question (wildcard: Type | null) =
    match wildcard with
    | null -> false
    | present -> noValue question present

/// What parts and refinements say of the number of items.
and private counts question (atom: Atom) : Sizes =
    let byParts =
        atom.Parts
        |> List.fold
            (fun sizes part ->
                match part with
                | Type.Tuple items -> Sizes.add Comparison.Equal (int64 items.Length) sizes
                | Type.Map(fields, wildcard) ->
                    let required = fields |> Array.filter (fun field -> not field.Optional)
                    let least = Sizes.add Comparison.GreaterOrEqual (int64 required.Length) sizes

                    if noOther question wildcard then
                        let possible =
                            fields |> Array.filter (fun field -> not (noValue question field.Type))

                        Sizes.add Comparison.LessOrEqual (int64 possible.Length) least
                    else
                        least
                | Type.MapOf(key, value) when noValue question key || noValue question value ->
                    Sizes.add Comparison.Equal 0L sizes
                | Type.Vector _
                | Type.List _
                | Type.MapOf _ -> Sizes.measured sizes
                | _ -> sizes)
            Sizes.unknown

    atom.Refinements
    |> List.fold
        (fun sizes refinement ->
            match refinement with
            | Refinement.Count(comparison, count) -> Sizes.add comparison count sizes
            | Refinement.NonEmpty -> Sizes.add Comparison.GreaterOrEqual 1L sizes
            | _ -> sizes)
        byParts

and private lacksKey question (atom: Atom) (key: Form) =
    atom.Parts
    |> List.exists (fun part ->
        match part with
        | Type.Map(fields, wildcard) ->
            match fields |> Array.tryFind (fun field -> field.Key.Equals key) with
            | Some field -> noValue question field.Type
            | None -> noOther question wildcard
        | Type.MapOf(key, value) -> noValue question key || noValue question value
        | _ -> false)

and private refuted question (atom: Atom) (refinement: Refinement) : bool =
    let compared comparison bound =
        let isInt = isInt atom

        Bounds.excludes isInt (Bounds.ofRefinements isInt atom.Refinements) comparison bound
        || literals atom
           |> List.exists (fun value -> Literals.holds comparison value bound <> ValueSome true)

    match refinement with
    | Refinement.Compare(comparison, bound) -> compared comparison bound
    | Refinement.InRange(low, high) -> compared Comparison.GreaterOrEqual low || compared Comparison.LessOrEqual high
    | Refinement.Length(comparison, length) -> Sizes.isEmpty (Sizes.add comparison length (lengths atom))
    | Refinement.Count(comparison, count) -> Sizes.isEmpty (Sizes.add comparison count (counts question atom))
    | Refinement.NonEmpty -> (counts question atom).Most < 1L
    | Refinement.HasKey key -> lacksKey question atom key
    | Refinement.RequiredKeys keys -> keys |> Array.exists (lacksKey question atom)
    | Refinement.IsUrl -> isText atom false (Literals.isUrl >> ValueSome)
    | Refinement.IsEmail -> isText atom false (Literals.isEmail >> ValueSome)
    | Refinement.MatchesRegex pattern -> isText atom false (Literals.matches pattern)
    | Refinement.Custom _
    | Refinement.OfType _ -> false

/// Whether no value is of the atom, as far as its parts and refinements show.
and private isContradiction question (atom: Atom) : bool =
    let differ =
        match literals atom with
        | [] -> false
        | first :: others -> others |> List.exists (first.Equals >> not)

    differ
    || atom.Parts |> List.exists (noValue question)
    || atom.Refinements |> List.exists (refuted question atom)
    || Sizes.isEmpty (counts question atom)
    || keys atom |> List.exists (lacksKey question atom)

/// Whether one look tells that there are values of the type, as it does of most.
let rec private isPlainlyInhabited (target: Type) : bool =
    match target with
    | Type.Primitive primitive -> primitive <> Primitive.Never
    | Type.Tuple items -> items |> Array.forall isPlainlyInhabited
    | Type.Map(fields, _) ->
        fields
        |> Array.forall (fun field -> field.Optional || isPlainlyInhabited field.Type)
    | Type.And _
    | Type.Alias _
    | Type.Union _
    | Type.Enum _ -> false
    | Type.Optional _
    | Type.Vector _
    | Type.List _
    | Type.MapOf _
    | Type.Function _
    | Type.Resource _
    | Type.Val _
    | Type.Array _
    | Type.Stream _
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.ForAll _
    | Type.Variable _ -> true

/// Whether no value is of the type, as far as it shows.
let isNever (names: NamedTypes) (target: Type) : bool =
    not (isPlainlyInhabited target) && noValue (question names) target

let isEmpty (names: NamedTypes) (atom: Atom) : bool =
    match atom.Parts, atom.Refinements with
    | [ only ], [] when isPlainlyInhabited only -> false
    | _ -> isContradiction (question names) atom

/// Whether no value of the atom satisfies the refinement.
let refutes (names: NamedTypes) (atom: Atom) (refinement: Refinement) : bool =
    refuted (question names) atom refinement

/// Whether every value of the atom satisfies the refinement.
let implies (names: NamedTypes) (atom: Atom) (refinement: Refinement) : bool =
    let compared comparison bound =
        let isInt = isInt atom

        Bounds.implies isInt (Bounds.ofRefinements isInt atom.Refinements) comparison bound
        || literals atom
           |> List.exists (fun value -> Literals.holds comparison value bound = ValueSome true)

    atom.Refinements |> List.exists refinement.Equals
    || match refinement with
       | Refinement.Compare(comparison, bound) -> compared comparison bound
       | Refinement.InRange(low, high) -> compared Comparison.GreaterOrEqual low && compared Comparison.LessOrEqual high
       | Refinement.Length(comparison, length) -> Sizes.implies (lengths atom) comparison length
       | Refinement.Count(comparison, count) -> Sizes.implies (counts (question names) atom) comparison count
       | Refinement.NonEmpty -> (counts (question names) atom).Least >= 1L
       | Refinement.HasKey key -> hasKey atom key
       | Refinement.RequiredKeys keys -> keys |> Array.forall (hasKey atom)
       | Refinement.IsUrl -> isText atom true (Literals.isUrl >> ValueSome)
       | Refinement.IsEmail -> isText atom true (Literals.isEmail >> ValueSome)
       | Refinement.MatchesRegex pattern -> isText atom true (Literals.matches pattern)
       // Spelling a type out made a part of it.
       | Refinement.OfType _ -> true
       | Refinement.Custom _ -> false
