/// The functions of a catalogue as the checker uses them: their signatures read, once for each catalogue.
namespace Rtfs.Syntax.Check

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open Rtfs.Syntax
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// `Parameters` that are optional may be left out of a call, the last of them first.
type internal Signature = {
    Name: string
    Parameters: Type array
    Rest: Type | null
    Result: Type
    Least: int
    Most: int
    /// The whole, for messages and for the function as a value.
    Whole: Type
}

module internal Signature =
    /// Where a function takes a vector it takes any sequence; what it gives stays as it is written.
    let rec private accepting (target: Type) : Type =
        match target with
        | Type.Vector item ->
            let item = accepting item
            Type.Union [| Type.Vector item; Type.List item |]
        | Type.List item -> Type.List(accepting item)
        | Type.Optional inner -> TypeNames.orNil (accepting inner)
        | Type.Union members ->
            members
            |> Seq.map accepting
            |> Seq.collect Join.members
            |> Seq.distinct
            |> List.ofSeq
            |> Join.ofMembers
        | Type.Function(parameters, rest, result) -> Type.Function(parameters, rest, accepting result)
        | Type.MapOf(key, value) -> Type.MapOf(key, accepting value)
        | other -> other

    /// `:map` in a signature is any map.
    let private spelled (target: Type) : Type =
        target
        |> Substitution.map (fun part ->
            match part with
            | Type.Alias "map" -> Type.Map(Array.empty, null)
            | other -> other)

    /// Type text of the catalogue; `:any` where it does not read.
    let read (text: string) : Type =
        let document =
            Rtfs.Syntax.Read.Reader.readAnew (Rtfs.Syntax.Text.SourceText("signature", text))

        match document.Forms |> Array.map _.Form with
        | [| form |] ->
            match TypeReader.ofForm Report.silent form with
            | null -> Atom.any
            | target -> spelled target
        | _ -> Atom.any

    let ofEntry (entry: FunctionEntry) : Signature =
        let whole = read entry.Signature

        let body =
            match whole with
            | Type.ForAll(_, body) -> body
            | other -> other

        let struct (parameters, rest: Type | null, result) =
            match body with
            | Type.Function(parameters, rest, result) -> struct (parameters, rest, result)
            | _ -> struct (Array.empty, Atom.any, Atom.any)

        {
            Name = entry.Name
            Parameters = parameters |> Array.map accepting
            Rest =
                (match rest with
                 | null -> null
                 | present -> accepting present)
            Result = result
            Least = entry.Least
            Most = entry.Most
            Whole = whole
        }

    let private isOptional target =
        match target with
        | Type.Optional _ -> true
        | _ -> false

    /// The parameters that so many arguments are for: those left out are the last optional ones.
    let parametersFor (signature: Signature) (count: int) : Type array =
        let missing = signature.Parameters.Length - count

        if missing <= 0 then
            signature.Parameters
        else
            let optional =
                signature.Parameters
                |> Seq.indexed
                |> Seq.filter (fun (_, target) -> isOptional target)
                |> Seq.map fst
                |> Seq.rev
                |> Seq.truncate missing
                |> HashSet

            signature.Parameters
            |> Seq.indexed
            |> Seq.filter (fun (i, _) -> not (optional.Contains i))
            |> Seq.map snd
            |> Array.ofSeq

    let private tables =
        ConditionalWeakTable<IReadOnlyList<FunctionEntry>, Dictionary<string, Signature>>()

    /// By name. Made once for a list of entries, which must not change.
    let tableOf (entries: IReadOnlyList<FunctionEntry>) : Dictionary<string, Signature> =
        tables.GetValue(
            entries,
            fun entries ->
                let found = Dictionary<string, Signature>(StringComparer.Ordinal)

                for entry in entries do
                    found[entry.Name] <- ofEntry entry

                found
        )
