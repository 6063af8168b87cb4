/// What a program says of types before anything is inferred: its structs, and the schemas of the capabilities that it registers.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Declarations

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// The named types of one form.
let types (core: Core) : (struct (string * Type)) array =
    Walk.nodes core
    |> Seq.choose (fun (struct (core, _)) ->
        match core with
        | Core.Struct(name, target, _) -> Some(struct (name, target))
        | _ -> None)
    |> Array.ofSeq

/// The capabilities that one form registers with a literal id, and their roles and schemas.
let offers (core: Core) : (struct (string * Offer)) array =
    Walk.nodes core
    |> Seq.choose (fun (struct (core, _)) ->
        match core with
        | Core.Operation(("register-stream-capability" | "marketplace:register-capability"), _, options, _) ->
            match optionOf options "capability-id" with
            | Some(Core.Quote((StringOf id | KeywordOf id | SymbolOf id), _)) ->
                Some(struct (Stages.canonical id, offerOf options))
            | _ -> None
        | _ -> None)
    |> Array.ofSeq
