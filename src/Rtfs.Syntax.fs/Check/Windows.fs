/// Windows and aggregates: what a drawing calls them, and what is computed from their items.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Windows

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let label (options: Options) : string | null =
    match optionOf options "count" with
    | Some(Core.Quote(datum, _)) -> $"window of {Printer.form datum}"
    | _ -> null

let aggregate (session: Session) (locals: Locals) (specification: Core) : struct ((string | null) * Passage) =
    match specification with
    | Core.Map(entries, _) ->
        let fields =
            entries
            |> Seq.choose (fun entry ->
                match entry.Key, entry.Value with
                | Core.Quote(KeywordOf _ as name, _), Core.Vector(parts, _) ->
                    let reducer = parts |> Seq.map (session.Infer locals) |> List.ofSeq

                    let span =
                        match parts with
                        | [| _; f |] -> f.Span
                        | _ -> entry.Value.Span

                    Some(struct (name, reducer, span))
                | Core.Quote(KeywordOf _ as name, _), other -> Some(struct (name, [], other.Span))
                | _ -> None)
            |> List.ofSeq

        let label =
            fields
            |> List.map (fun (struct (name, _, _)) ->
                match name with
                | KeywordOf name -> name
                | _ -> "")
            |> fun names -> System.String.Join(", ", names)

        struct (label, Passage.Aggregate fields)
    | _ -> struct (null, Passage.Capability(Atom.any, Type.Map(Array.empty, null)))
