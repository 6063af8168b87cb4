/// Binding vectors of the forms other than `let`: one after the other, without functions that see each other.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Bindings

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Says what keeps a vector from being names and values in turn.
let refuse (context: LoweringContext) (keyword: string) (vector: Form) (bindings: Form array) : unit =
    let example = $"write ({keyword} [name value] body)"

    let wrong =
        seq { 0..2 .. bindings.Length - 1 }
        |> Seq.tryFind (fun i -> not (Patterns.isPattern bindings[i]))

    match wrong with
    | Some i ->
        report
            context
            "RTFS0104"
            bindings[i].Span
            $"`{keyword}` binds names, found {Describe.form bindings[i]}"
            $"write names and values in turn: ({keyword} [name value] body)"
    | None ->
        let last =
            if bindings.Length > 0 then
                bindings[bindings.Length - 1]
            else
                vector

        report
            context
            "RTFS0102"
            last.Span
            $"{Describe.form last} has no value: `{keyword}` takes names and values in turn"
            example

/// A checked value, where the binding has a type.
let typed context (pattern: Pattern) (role: string) (annotation: Form array) (value: Core) : Core =
    if annotation.Length = 0 then
        value
    else
        let struct (target, _) = Patterns.typeAt context annotation 0

        match target with
        | null -> value
        | present ->
            let name: string | null =
                match pattern with
                | Pattern.Name binding -> binding.Name
                | Pattern.Ignore _
                | Pattern.Vector _
                | Pattern.Map _ -> null

            Core.Check(value, present, role, name, value.Span)

/// The bindings of `(keyword [pattern value …] …)` and the scope after them; nothing where they are not pairs.
let sequence
    (context: LoweringContext)
    (scope: Scope)
    (keyword: string)
    (form: Form)
    (items: Form array)
    : struct (KeyValuePair<Pattern, Core> array * Scope) voption =
    let example = $"write ({keyword} [name value] body)"

    if items.Length < 2 then
        report context "RTFS0102" form.Span $"`{keyword}` needs a vector of bindings" example
        ValueNone
    else
        match bare items[1] with
        | VectorOf bindings as vector ->
            match Patterns.split bindings with
            | null ->
                refuse context keyword vector bindings
                ValueNone
            | _ when items.Length = 2 ->
                report context "RTFS0101" form.Span $"`{keyword}` has no body" example
                ValueNone
            | found ->
                let mutable reached = {
                    Scope.inside scope with
                        Lexical = true
                }

                let lowered = ResizeArray<KeyValuePair<Pattern, Core>>()

                for struct (target, annotation, value) in found do
                    let names = ResizeArray<Binding>()
                    let pattern = Patterns.ofForm context names target
                    let core = context.Lower context reached value
                    lowered.Add(KeyValuePair(pattern, typed context pattern keyword annotation core))
                    reached <- Scope.bind reached names

                ValueSome(struct (lowered.ToArray(), reached))
        | other ->
            report
                context
                "RTFS0102"
                other.Span
                $"`{keyword}` needs a vector of bindings, found {Describe.form other}"
                example

            ValueNone

/// The forms after the bindings, as one body; there is at least one.
let body (context: LoweringContext) (scope: Scope) (items: Form array) : Core =
    context.Body context scope (Span.Cover(items[2].Span, items[items.Length - 1].Span)) items[2..]
