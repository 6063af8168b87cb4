/// The names that a text defines, found before lowering, so that a form may use what a later one defines.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Definitions

open System.Collections.Generic
open Rtfs.Syntax.Tree

/// Quoted data and a plan's program are other programs: what they define is theirs.
let private isOwn (form: Form) =
    match form.Node with
    | Node.Prefixed((Prefix.Quote | Prefix.QuasiQuote), _) -> false
    | Node.List items when items.Forms.Length > 0 ->
        match items.Forms[0] with
        | SymbolOf("quote" | "plan" | "module") -> false
        | _ -> true
    | _ -> true

let private collect (words: string list) (root: Form) : HashSet<string> =
    let found = HashSet<string>()

    for form in walk isOwn root do
        match form with
        | ListOf items when items.Length > 1 ->
            match items[0], bare items[1] with
            | SymbolOf word, SymbolOf name when List.contains word words -> found.Add name |> ignore
            | _ -> ()
        | _ -> ()

    found

let inForm (root: Form) : HashSet<string> =
    collect [ "def"; "defn"; "defstruct"; "deftype" ] root

let structsIn (root: Form) : HashSet<string> = collect [ "defstruct"; "deftype" ] root

let private together (find: Form -> HashSet<string>) (roots: seq<Form>) =
    let found = HashSet<string>()

    for root in roots do
        found.UnionWith(find root)

    found

/// The names of a text that stands by itself, from its forms.
let names (roots: seq<Form>) : Names =
    Names.defining (together inForm roots) (together structsIn roots)
