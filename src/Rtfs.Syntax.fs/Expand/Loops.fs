/// What runs more than once: `loop` and `recur`, `for`, `dotimes`, `doseq`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Loops

open System.Collections.Generic
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

let lowerLoop (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    match Bindings.sequence context scope "loop" form items with
    | ValueNone -> lost form.Span
    | ValueSome(struct (bindings, reached)) ->
        let inner = Scope.target "loop" bindings.Length reached
        Core.Loop(bindings, Bindings.body context inner items, form.Span)

let lowerRecur (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let count = items.Length - 1

    match scope.Target with
    | null ->
        refuse
            context
            "RTFS0120"
            form.Span
            "`recur` goes back to a `loop` or a function, and there is none around it"
            "write (loop [name value] … (recur next))"
    | target when not scope.Tail ->
        refuse
            context
            "RTFS0120"
            form.Span
            $"`recur` must be the last thing that its {target.Kind} does; here something is still to be done after it"
            "compute with accumulators in the arguments of `recur`, or call the function by its name"
    | target when target.Arity <> count ->
        let parts = if target.Kind = "loop" then "binding" else "parameter"
        let plural = if target.Arity = 1 then "" else "s"

        refuse
            context
            "RTFS0121"
            form.Span
            $"the {target.Kind} has {target.Arity} {parts}{plural}, but `recur` gives {count}"
            $"give one value for each {parts}"
    | _ -> Core.Recur(items[1..] |> Array.map (context.Lower context (Scope.inside scope)), form.Span)

/// `:let [name value]` and `:when condition` among the bindings, as bindings over one item or none; nothing where they are wrong.
let private plainBindings (context: LoweringContext) keyword (bindings: Form array) : Form array voption =
    let refuseModifier (place: Form) message fix =
        report context "RTFS0104" place.Span message fix
        ValueNone

    let vectorAt span (forms: Form array) = at span (Node.Vector(Items.Of forms))

    let rec from i (found: Form list) =
        if i >= bindings.Length then
            ValueSome(found |> List.rev |> Array.ofList)
        else
            match bindings[i], Array.tryItem (i + 1) bindings with
            | KeywordOf "when", Some condition ->
                let span = condition.Span

                let choice =
                    listAt span [|
                        symbolAt span "if"
                        condition
                        vectorAt span [| at span Node.Nil |]
                        vectorAt span Array.empty
                    |]

                from (i + 2) (choice :: symbolAt span "_" :: found)
            | KeywordOf "let", Some inner ->
                match bare inner with
                | VectorOf pairs when pairs.Length % 2 = 0 ->
                    let made =
                        pairs
                        |> Array.mapi (fun i part -> if i % 2 = 0 then part else vectorAt part.Span [| part |])

                    from (i + 2) (List.append (List.rev (List.ofArray made)) found)
                | other ->
                    refuseModifier
                        other
                        $"`:let` takes a vector of names and values, found {Describe.form other}"
                        $"write ({keyword} [x xs :let [y (f x)]] body)"
            | KeywordOf "while", Some _ ->
                refuseModifier
                    bindings[i]
                    $"`{keyword}` has no `:while`"
                    $"take the items first: ({keyword} [x (take-while p xs)] body)"
            | binding, _ -> from (i + 1) (binding :: found)

    if
        bindings
        |> Array.exists (fun part ->
            match part with
            | KeywordOf("when" | "let" | "while") -> true
            | _ -> false)
    then
        from 0 []
    else
        ValueSome bindings

let private withPlainBindings (context: LoweringContext) keyword (items: Form array) : Form array voption =
    match Array.tryItem 1 items |> Option.map bare with
    | Some(VectorOf bindings as vector) when bindings.Length > 0 && not (isKeyword bindings[0]) ->
        match plainBindings context keyword bindings with
        | ValueSome plain when obj.ReferenceEquals(plain, bindings) -> ValueSome items
        | ValueSome plain -> ValueSome(items |> Array.updateAt 1 (at vector.Span (Node.Vector(Items.Of plain))))
        | ValueNone -> ValueNone
    | _ -> ValueSome items

let private comprehensionOf (context: LoweringContext) scope keyword (form: Form) (items: Form array) : Core =
    match Bindings.sequence context scope keyword form items with
    | ValueNone -> lost form.Span
    | ValueSome(struct (bindings, _)) when bindings.Length = 0 ->
        refuse
            context
            "RTFS0102"
            items[1].Span
            $"`{keyword}` goes over nothing"
            $"write ({keyword} [name collection] body)"
    | ValueSome(struct (bindings, reached)) -> Core.For(bindings, Bindings.body context reached items, form.Span)

let private comprehension (context: LoweringContext) scope keyword (form: Form) (items: Form array) : Core =
    match withPlainBindings context keyword items with
    | ValueSome items -> comprehensionOf context scope keyword form items
    | ValueNone -> lost form.Span

let lowerFor context scope form items =
    comprehension context scope "for" form items

/// A `for` whose values nobody asks for.
let lowerDoseq context scope (form: Form) items =
    Core.Do([| comprehension context scope "doseq" form items; nil form.Span |], form.Span)

/// `(dotimes [i n] body…)` as a loop that keeps the last value; nil when it never runs.
let lowerDotimes (context: LoweringContext) (scope: Scope) (form: Form) (items: Form array) : Core =
    let shape = "write (dotimes [i n] body)"

    match items with
    | _ when items.Length < 3 ->
        refuse context "RTFS0101" form.Span "`dotimes` needs a name with a count, and a body" shape
    | _ ->
        match bare items[1] with
        | VectorOf [| SymbolOf name as symbol; count |] when name <> "&" ->
            let index = Binding(name, symbol.Span)
            let most = Binding("n", count.Span)
            let last = Binding("last", form.Span)
            let local binding = Core.Local(binding, form.Span)

            let call name arguments =
                Core.Call(Core.Global(name, form.Span), arguments, form.Span)

            let outside = {
                Scope.inside scope with
                    Lexical = true
            }

            let body = Bindings.body context (Scope.bind outside [ index ]) items
            let one = Core.Quote(at form.Span (Node.Int 1L), form.Span)

            let again = Core.Recur([| call "+" [| local index; one |]; body |], form.Span)

            let round =
                Core.If(call "<" [| local index; local most |], again, local last, form.Span)

            let zero = Core.Quote(at form.Span (Node.Int 0L), form.Span)

            let start = [|
                KeyValuePair(Pattern.Name index, zero)
                KeyValuePair(Pattern.Name last, nil form.Span)
            |]

            Core.Let(
                [| KeyValuePair(Pattern.Name most, context.Lower context outside count) |],
                Core.Loop(start, round, form.Span),
                form.Span
            )
        | other ->
            refuse
                context
                "RTFS0102"
                other.Span
                $"`dotimes` takes a vector of one name and a count, found {Describe.form other}"
                shape
