/// How the arguments of an operation fall into positional ones and options.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Arguments

open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

type Split = {
    Positional: Form array
    Options: (struct (Form * Form)) array
}

let private isKeyword (form: Form) =
    match form with
    | KeywordOf _ -> true
    | _ -> false

/// An aggregate's specification is a map and no options: the second argument where the first is a stream.
let private least (operation: Operations.Operation) (arguments: Form array) =
    match operation.Name, Array.tryHead arguments with
    | "stream-aggregate", Some(MapOf _) -> 1
    | "stream-aggregate", _ -> 2
    | _ -> operation.Least

let private isOption (operation: Operations.Operation) (key: Form) =
    match key with
    | KeywordOf name ->
        let known = operation.Options |> Seq.map fst

        Seq.contains name known || not (isNull (Nearest.find name known))
    | _ -> false

/// Options begin where, after the arguments that must be there, a keyword starts pairs that reach the end, or a literal map is last.
/// A keyword that may itself be a function or an id (`(stream-transform :value {…})`) counts as an option only if it resembles one.
let split (operation: Operations.Operation) (arguments: Form array) : Split =
    let count = arguments.Length

    if operation.Options.IsEmpty then
        {
            Positional = arguments
            Options = Array.empty
        }
    else
        let startsPairs i =
            isKeyword arguments[i]
            && (count - i) % 2 = 0
            && Seq.forall (fun k -> isKeyword arguments[k]) (seq { i..2 .. count - 2 })
            && (i >= operation.Most
                || operation.Least = operation.Most
                || isOption operation arguments[i])

        let isMap i =
            match bare arguments[i] with
            | MapOf _ -> i = count - 1
            | _ -> false

        let mutable i = min count (least operation arguments)

        while i < count && not (startsPairs i) && not (isMap i) do
            i <- i + 1

        let options =
            if i < count then
                match bare arguments[i] with
                | MapOf items -> pairs items
                | _ -> Array.init ((count - i) / 2) (fun k -> struct (arguments[i + 2 * k], arguments[i + 2 * k + 1]))
            else
                Array.empty

        {
            Positional = arguments[.. i - 1]
            Options = options
        }
