/// Core in a short notation, for tests: `$x` is a local, names alone are globals, `<…>` is checked or done by the host.
module Rtfs.Syntax.Tests.CoreNotation

open System
open System.Collections.Generic
open Xunit
open Rtfs.Syntax
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Types

/// A core in a short notation: `$x` is a local, names alone are globals.
let rec show (core: Core) : string =
    let all (items: Core array) =
        String.Join(" ", items |> Array.map show)

    match core with
    | Core.Quote(datum, _) -> Language.Print datum
    | Core.Local(binding, _) -> "$" + binding.Name
    | Core.Global(name, _) -> name
    | Core.Vector(items, _) -> $"[{all items}]"
    | Core.List(items, _) -> $"(list {all items})"
    | Core.Map(entries, _) ->
        let shown =
            entries |> Array.map (fun entry -> $"{show entry.Key} {show entry.Value}")

        "{" + String.Join(" ", shown) + "}"
    | Core.If(a, b, c, _) -> $"(if {show a} {show b} {show c})"
    | Core.Do(body, _) -> $"(do {all body})"
    | Core.Let(bindings, body, _) ->
        let shown =
            bindings |> Array.map (fun each -> $"{pattern each.Key} {show each.Value}")

        $"""(let [{String.Join(" ", shown)}] {show body})"""
    | Core.Function(lambda, _) -> "(fn " + show' lambda + ")"
    | Core.Consumer(lambda, _) -> "(consumer " + show' lambda + ")"
    | Core.Call(callee, arguments, _) -> $"({all (Array.append [| callee |] arguments)})"
    | Core.And(items, _) -> $"(and {all items})"
    | Core.Or(items, _) -> $"(or {all items})"
    | Core.Define(name, value, _) -> $"(def {name} {show value})"
    | Core.Operation(name, arguments, options, _) ->
        let shown =
            options |> Array.map (fun option -> $":{option.Key} {show option.Value}")

        $"""<{name} {all arguments} | {String.Join(" ", shown)}>"""
    | Core.Match(value, clauses, _) ->
        let shown =
            clauses
            |> Array.map (fun clause ->
                let guard =
                    match clause.Guard with
                    | null -> ""
                    | guard -> $" when {show guard}"

                $"{matched clause.Pattern}{guard} => {show clause.Body}")

        $"""(match {show value}, {String.Join(", ", shown)})"""
    | Core.Loop(bindings, body, _) -> $"(loop [{bound bindings}] {show body})"
    | Core.For(bindings, body, _) -> $"(for [{bound bindings}] {show body})"
    | Core.Recur(arguments, _) -> $"(recur {all arguments})"
    | Core.Try(body, catches, cleanup, _) ->
        let clauses =
            catches
            |> Array.map (fun clause ->
                let kind = clause.Kind |> Option.ofObj |> Option.defaultValue "*"

                let name =
                    match clause.Binding with
                    | null -> "_"
                    | binding -> binding.Name

                $" catch {kind} {name} {show clause.Body}")

        let last =
            match cleanup with
            | null -> ""
            | present -> $" finally {show present}"

        $"(try {show body}{String.Join(String.Empty, clauses)}{last})"
    | Core.Check(value, target, role, name, _) ->
        let name = name |> Option.ofObj |> Option.defaultValue "_"
        $"<{role} {name} {Language.Print target} {show value}>"
    | Core.Struct(name, target, _) -> $"<struct {name} {Language.Print target}>"
    | Core.Parallel(branches, _) -> $"(parallel {all branches})"
    | Core.Step(kind, name, options, body, _) ->
        let name =
            name
            |> Option.ofObj
            |> Option.map (fun text -> $" \"{text}\"")
            |> Option.defaultValue ""

        let options =
            match options with
            | null -> ""
            | present -> " " + show present

        $"({kind}{name}{options} {all body})"
    | Core.Hinted(hints, target, _) -> $"(hinted {show hints} {show target})"
    | Core.WithResource(binding, value, body, _) -> $"(with-resource [{binding.Name} {show value}] {show body})"

and private bound (bindings: KeyValuePair<Pattern, Core> array) =
    String.Join(" ", bindings |> Array.map (fun each -> $"{pattern each.Key} {show each.Value}"))

and private matched (pattern: MatchPattern) : string =
    let tail (binding: Binding | null) =
        match binding with
        | null -> ""
        | binding -> $" & {binding.Name}"

    match pattern with
    | MatchPattern.Any _ -> "_"
    | MatchPattern.Name binding -> binding.Name
    | MatchPattern.Literal(datum, _) -> "'" + Language.Print datum
    | MatchPattern.Vector(items, rest, _) -> $"""[{String.Join(" ", items |> Array.map matched)}{tail rest}]"""
    | MatchPattern.Map(entries, rest, _) ->
        let shown =
            entries
            |> Array.map (fun each -> $"{Language.Print each.Key} {matched each.Value}")

        "{" + String.Join(" ", shown) + tail rest + "}"
    | MatchPattern.As(binding, inner, _) -> $"(as {binding.Name} {matched inner})"
    | MatchPattern.OfType(target, _) -> $"(is {Language.Print target})"

and private show' (lambda: Lambda) =
    let rest =
        match lambda.Rest with
        | null -> ""
        | binding -> " & " + binding.Name

    let typed (target: Rtfs.Syntax.Types.Type | null) =
        match target with
        | null -> ""
        | present -> ": " + Language.Print present

    let parameters =
        Array.map2 (fun each target -> pattern each + typed target) lambda.Parameters lambda.ParameterTypes

    $"""[{String.Join(" ", parameters)}{rest}{typed lambda.RestType}]{typed lambda.ReturnType} {show lambda.Body}"""

and private pattern (pattern': Pattern) : string =
    let tail (mark: string) (binding: Binding | null) =
        match binding with
        | null -> ""
        | binding -> $" {mark} {binding.Name}"

    match pattern' with
    | Pattern.Ignore _ -> "_"
    | Pattern.Name binding -> binding.Name
    | Pattern.Vector(items, rest, whole, _) ->
        $"""[{String.Join(" ", items |> Array.map pattern)}{tail "&" rest}{tail ":as" whole}]"""
    | Pattern.Map(entries, rest, whole, _) ->
        let shown =
            entries
            |> Array.map (fun each -> $"{Language.Print each.Key} {pattern each.Value}")

        "{" + String.Join(" ", shown) + tail "&" rest + tail ":as" whole + "}"

/// The core of a text without a mistake of shape, a line for each form.
let lowered (text: string) =
    let analysis = Catalogues.analyze text
    Assert.Empty(analysis.Shape |> Seq.map _.Message)
    String.Join("\n", analysis.Program.Forms |> Array.map (fun form -> show form.Core))

/// The codes of a text, each with what it covers.
let faults (text: string) =
    (Catalogues.analyze text).Diagnostics
    |> Seq.map (fun found -> $"{found.Code} {text.Substring(found.Span.Start, found.Span.Length)}")
    |> List.ofSeq
