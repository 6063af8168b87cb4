/// Why a type does not fit another: the innermost place where they part, with the path that leads there.
namespace Rtfs.Syntax.Types

open Rtfs.Syntax.Print
open Rtfs.Syntax.Tree

/// `Path` are the keys and indexes from the outside in, as text. `Missing` where the key itself is not there.
type internal Mismatch = {
    Path: string list
    Expected: Type
    Found: Type
    Missing: bool
}

module internal Mismatch =
    let private single (names: NamedTypes) target =
        match Atom.ofType names target with
        | [ { Parts = [ only ] } ] -> ValueSome only
        | _ -> ValueNone

    let private isTag (target: Type) =
        match target with
        | Type.Val _
        | Type.Enum _ -> true
        | _ -> false

    let private fieldOf (key: Form) (fields: Field array) =
        fields |> Array.tryFind (fun field -> field.Key.Equals key)

    /// Of a record, the fields that tell the members of a union apart.
    let private tags (fields: Field array) =
        fields |> Array.filter (fun field -> isTag field.Type)

    /// The members of a union that a value may be meant for: of its kind, and if it is a record with the same tags.
    let private meant (names: NamedTypes) (found: Type) (members: Type list) : Type list =
        let isOfKind (asked: Type) =
            match found, asked with
            | (Type.Map _ | Type.MapOf _), (Type.Map _ | Type.MapOf _)
            | (Type.Vector _ | Type.Tuple _), (Type.Vector _ | Type.Tuple _)
            | Type.List _, Type.List _
            | Type.Stream _, Type.Stream _ -> true
            | _ -> false

        let hasTags (asked: Type) =
            match found, asked with
            | Type.Map(fields, _), Type.Map(wanted, _) ->
                tags wanted
                |> Array.forall (fun tag ->
                    match fieldOf tag.Key fields with
                    | Some field -> Relation.fit names field.Type tag.Type <> Relation.Fit.Not
                    | None -> tag.Optional)
            | _ -> true

        members |> List.filter isOfKind |> List.filter hasTags

    /// The tag that all members have and none of them with what the record has there, with what they have.
    let private unknownTag (names: NamedTypes) (found: Type) (members: Type list) : struct (Field * Type) voption =
        let wantedOf (key: Form) (asked: Type) =
            match asked with
            | Type.Map(wanted, _) -> fieldOf key (tags wanted)
            | _ -> None

        match found with
        | Type.Map(fields, _) ->
            fields
            |> Array.tryPick (fun field ->
                let wanted = members |> List.choose (wantedOf field.Key)
                let all = wanted |> List.map _.Type |> Array.ofList |> Join.items names

                if
                    wanted.Length = members.Length
                    && Relation.fit names field.Type all = Relation.Fit.Not
                then
                    Some(struct (field, all))
                else
                    None)
            |> ValueOption.ofOption
        | _ -> ValueNone

    /// The deepest part that parts, followed as long as there is one way to go.
    let rec find (names: NamedTypes) (found: Type) (expected: Type) : Mismatch =
        let here = {
            Path = []
            Expected = expected
            Found = found
            Missing = false
        }

        let inside step found expected =
            let inner = find names found expected
            { inner with Path = step :: inner.Path }

        let worst (pairs: seq<struct (string * Type * Type)>) =
            pairs
            |> Seq.map (fun (struct (step, found, expected)) ->
                struct (step, found, expected, Relation.fit names found expected))
            |> Seq.filter (fun (struct (_, _, _, fit)) -> fit <> Relation.Fit.Wholly)
            |> Seq.sortBy (fun (struct (_, _, _, fit)) -> fit)
            |> Seq.tryHead

        // Of an optional type, nil is not what was missed.
        let wanted =
            if Relation.fit names found Atom.nil = Relation.Fit.Not then
                Narrow.notType names Atom.nil expected
            else
                expected

        match single names found, single names wanted with
        | ValueSome(Type.Map(fields, rest)), ValueSome(Type.Map(wanted, _)) ->
            let absent =
                wanted
                |> Array.tryFind (fun asked ->
                    not asked.Optional
                    && not (fields |> Array.exists (fun field -> field.Key.Equals asked.Key)))

            let common =
                wanted
                |> Seq.choose (fun asked ->
                    fields
                    |> Array.tryFind (fun field -> field.Key.Equals asked.Key)
                    |> Option.map (fun field ->
                        let found =
                            if field.Optional && not asked.Optional then
                                TypeNames.orNil field.Type
                            else
                                field.Type

                        struct (Printer.form asked.Key, found, asked.Type)))
                |> worst

            match common, absent with
            | Some(struct (step, found, expected, Relation.Fit.Not)), _ -> inside step found expected
            | _, Some asked -> {
                Path = [ Printer.form asked.Key ]
                Expected = asked.Type
                Found =
                    (match rest with
                     | Closed -> Atom.nil
                     | _ -> Atom.any)
                Missing = true
              }
            | Some(struct (step, found, expected, _)), None -> inside step found expected
            | None, None -> here
        | ValueSome(Type.Vector found), ValueSome(Type.Vector expected)
        | ValueSome(Type.List found), ValueSome(Type.List expected)
        | ValueSome(Type.Stream found), ValueSome(Type.Stream expected) -> inside "each item" found expected
        | ValueSome(Type.Tuple items), ValueSome(Type.Vector expected) ->
            match items |> Seq.mapi (fun i item -> struct ($"item {i}", item, expected)) |> worst with
            | Some(struct (step, found, expected, _)) -> inside step found expected
            | None -> here
        | ValueSome(Type.Tuple items), ValueSome(Type.Tuple wanted) when items.Length = wanted.Length ->
            match
                Seq.zip items wanted
                |> Seq.mapi (fun i (item, wanted) -> struct ($"item {i}", item, wanted))
                |> worst
            with
            | Some(struct (step, found, expected, _)) -> inside step found expected
            | None -> here
        | ValueSome(Type.MapOf(foundKey, found)), ValueSome(Type.MapOf(key, expected)) ->
            if Relation.fit names found expected <> Relation.Fit.Wholly then
                inside "each value" found expected
            elif Relation.fit names foundKey key <> Relation.Fit.Wholly then
                inside "each key" foundKey key
            else
                here
        | ValueSome(Type.Map(fields, _)), ValueSome(Type.MapOf(key, expected)) ->
            let keys =
                fields
                |> Seq.map (fun field -> struct ($"the key {Printer.form field.Key}", Type.Val field.Key, key))

            let values =
                fields
                |> Seq.map (fun field -> struct (Printer.form field.Key, field.Type, expected))

            match Seq.append keys values |> worst with
            | Some(struct (step, found, expected, _)) -> inside step found expected
            | None -> here
        | ValueNone, _ ->
            // Of several types, the one that is worst; where that leads nowhere further in, all of them are shown.
            let worstAtom =
                Atom.ofType names found
                |> Seq.map Atom.toType
                |> Seq.sortBy (fun atom -> Relation.fit names atom wanted)
                |> Seq.tryHead

            match worstAtom with
            | Some atom when not (atom.Equals found) ->
                let inner = find names atom expected
                if inner.Path.IsEmpty then here else inner
            | _ -> here
        | ValueSome only, ValueNone ->
            let members =
                Atom.ofType names wanted
                |> List.choose (fun atom ->
                    match atom.Parts with
                    | [ part ] -> Some part
                    | _ -> None)

            match meant names only members, unknownTag names only members with
            | [ one ], _ ->
                let inner = find names only one
                if inner.Path.IsEmpty then here else inner
            | [], ValueSome(struct (field, expected)) -> inside (Printer.form field.Key) field.Type expected
            | _ -> here
        | _ -> here

    let private isRefined (target: Type) =
        match target with
        | Type.And _ -> true
        | _ -> false

    let private unrefined (target: Type) : Type =
        target
        |> Substitution.map (fun part ->
            match part with
            | Type.And(subject, refinements) ->
                match
                    refinements
                    |> Array.filter (fun refinement ->
                        match refinement with
                        | Refinement.OfType _ -> true
                        | _ -> false)
                with
                | [||] -> subject
                | types -> Type.And(subject, types)
            | Type.Union members -> members |> Seq.collect Join.members |> List.ofSeq |> Join.ofMembers
            | other -> other)

    /// What was found, in a message: what is known of it besides its type does not matter where no refinement is asked for.
    let shownFound (mismatch: Mismatch) : string =
        let mutable asksForMore = false

        mismatch.Expected
        |> Substitution.map (fun part ->
            asksForMore <- asksForMore || isRefined part
            part)
        |> ignore

        Shown.inMessage (
            if asksForMore then
                mismatch.Found
            else
                unrefined mismatch.Found
        )

    /// `:value expects :float, found :string`.
    let describe (mismatch: Mismatch) : string =
        let expected = Shown.inMessage mismatch.Expected

        let what =
            if mismatch.Missing then
                $"expected {expected}, found no such key"
            else
                $"expected {expected}, found {shownFound mismatch}"

        match mismatch.Path with
        | [] -> what
        | path -> "at " + System.String.Join(" ", path) + ": " + what
