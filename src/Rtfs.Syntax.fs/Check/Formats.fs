/// `format` with a template that is written out: each of its directives takes an argument of a kind.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Formats

open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

[<Struct>]
type private Directive = { Text: string; Kind: char }

/// The directives that take an argument, up to what is none.
let rec private directives (template: string) (start: int) : Directive list =
    match template.IndexOf('%', start) with
    | -1 -> []
    | percent ->
        let rec past (i: int) (isPart: char -> bool) =
            if i < template.Length && isPart template[i] then
                past (i + 1) isPart
            else
                i

        let flags = past (percent + 1) (fun c -> "-+0,".Contains c)
        let width = past flags System.Char.IsAsciiDigit

        let kind =
            if width < template.Length && template[width] = '.' then
                past (width + 1) System.Char.IsAsciiDigit
            else
                width

        if kind >= template.Length then
            []
        else
            match template[kind] with
            | '%'
            | 'n' -> directives template (kind + 1)
            | letter when "sdfexb".Contains letter ->
                {
                    Text = template.Substring(percent, kind + 1 - percent)
                    Kind = letter
                }
                :: directives template (kind + 1)
            | _ -> []

let rule (call: RuleCall) : Known =
    let result = general call

    match call.Values with
    | LiteralOf(StringOf template) :: given ->
        for i, (value, directive) in directives template 0 |> Seq.zip given |> Seq.indexed do
            let wanted =
                match directive.Kind with
                | 'd'
                | 'x' -> Type.Primitive Primitive.Int
                | 'f'
                | 'e' -> Type.Primitive Primitive.Number
                | _ -> Atom.any

            Expect.knownFits
                call.Session
                (fun () -> $"argument {i + 2} of `format`, for {directive.Text},")
                value
                (coreAt call (i + 1))
                wanted
                (spanAt call (i + 1))
            |> ignore
    | _ -> ()

    result
