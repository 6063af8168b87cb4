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
        | ValueSome(Type.MapOf(_, found)), ValueSome(Type.MapOf(_, expected)) when
            Relation.fit names found expected <> Relation.Fit.Wholly
            ->
            inside "each value" found expected
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
        | _ -> here

    /// `:value expects :float, found :string`.
    let describe (mismatch: Mismatch) : string =
        let expected = Shown.inMessage mismatch.Expected

        let what =
            if mismatch.Missing then
                $"expected {expected}, found no such key"
            else
                $"expected {expected}, found {Shown.inMessage mismatch.Found}"

        match mismatch.Path with
        | [] -> what
        | path -> "at " + System.String.Join(" ", path) + ": " + what
