/// Forms that are other forms written shorter: `when`, `cond`, `if-let`, `condp`, `letfn` and `#( )`. Form to form, before lowering.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Sugar

open System
open System.Collections.Generic
open System.Globalization
open Rtfs.Syntax.Expand.Scope
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Parameters of `#( )` are `%1` to `%20`, as in Clojure.
let private mostParameters = 20

let names =
    HashSet<string>(
        Seq.append ("when cond when-not if-not when-let if-let if-some when-some condp letfn".Split ' ') Threading.names
    )

let private refuse = Threading.refuse

let private expandWhen context (form: Form) (items: Form array) =
    if items.Length < 3 then
        refuse context "RTFS0101" form.Span "`when` needs a condition and a body" "write (when condition expression…)"
    else
        listAt form.Span [|
            symbolAt items[0].Span "if"
            items[1]
            listAt form.Span (Array.append [| symbolAt items[0].Span "do" |] items[2..])
        |]

let private expandCond context (form: Form) (items: Form array) =
    let clauses = items[1..]

    if clauses.Length % 2 <> 0 then
        refuse
            context
            "RTFS0113"
            clauses[clauses.Length - 1].Span
            "this condition of `cond` has no expression"
            "write conditions and expressions in turn, the last as :else expression"
    else
        let mutable result = at form.Span Node.Nil

        for i in clauses.Length - 2 .. -2 .. 0 do
            let condition = clauses[i]
            let span = Span.Cover(condition.Span, clauses[i + 1].Span)

            result <-
                match condition with
                | KeywordOf "else" -> clauses[i + 1]
                | _ -> listAt span [| symbolAt condition.Span "if"; condition; clauses[i + 1]; result |]

        result

/// The same form with its branches the other way round.
let private expandNot context name (form: Form) (items: Form array) =
    let word = symbolAt items[0].Span
    let isIf = name = "if-not"

    if items.Length < 3 || (isIf && items.Length > 4) then
        let usage =
            if isIf then
                "write (if-not condition then else)"
            else
                "write (when-not condition expression…)"

        refuse context "RTFS0101" form.Span $"`{name}` needs a condition and what follows from it" usage
    elif isIf then
        let otherwise = if items.Length = 4 then items[3] else at form.Span Node.Nil
        listAt form.Span [| word "if"; items[1]; otherwise; items[2] |]
    else
        let body = listAt form.Span (Array.append [| word "do" |] items[2..])
        listAt form.Span [| word "if"; items[1]; at form.Span Node.Nil; body |]

/// `(if-let [pattern value] then else)`: the value is tested, and bound only where it is truthy. A name with a blank is no name
/// that a text could use.
let private expandLet context name (form: Form) (items: Form array) =
    let usage = $"write ({name} [name value] …)"
    let word = symbolAt items[0].Span

    match Array.tryItem 1 items |> Option.map bare with
    | Some(VectorOf [| pattern; value |] as vector) when items.Length > 2 && (name = "when-let" || items.Length < 5) ->
        let tested = symbolAt value.Span "the value"

        let binding target found =
            at vector.Span (Node.Vector(Items.Of [| target; found |]))

        let body = if name = "when-let" then items[2..] else [| items[2] |]

        let bound =
            listAt form.Span (Array.append [| word "let"; binding pattern tested |] body)

        let otherwise = Array.tryItem 3 items |> Option.filter (fun _ -> name = "if-let")

        let choice =
            listAt form.Span [|
                word "if"
                tested
                bound
                otherwise |> Option.defaultValue (at form.Span Node.Nil)
            |]

        listAt form.Span [| word "let"; binding tested value; choice |]
    | _ ->
        refuse
            context
            "RTFS0101"
            form.Span
            $"`{name}` takes a vector of one name and one value, and what follows from it"
            usage

/// `(if-some [pattern value] then else)`: as `if-let`, but only nil is nothing.
let private expandSome context name (form: Form) (items: Form array) =
    let isIf = name = "if-some"

    match Array.tryItem 1 items |> Option.map bare with
    | Some(VectorOf [| pattern; value |] as vector) when items.Length > 2 && (not isIf || items.Length < 5) ->
        let body = if isIf then [| items[2] |] else items[2..]

        let bound tested =
            Threading.letAt form.Span (at vector.Span (Node.Vector(Items.Of [| pattern; tested |]))) body

        let otherwise =
            if items.Length = 4 && isIf then
                items[3]
            else
                at form.Span Node.Nil

        Threading.unlessNil form.Span value otherwise bound
    | _ ->
        refuse
            context
            "RTFS0101"
            form.Span
            $"`{name}` takes a vector of one name and one value, and what follows from it"
            $"write ({name} [name value] …)"

/// `(condp predicate value test result … otherwise)`: the first test with `(predicate test value)`. Without one it is the error of
/// a `match` that takes nothing.
let private expandCondp context (form: Form) (items: Form array) =
    if items.Length < 4 then
        refuse
            context
            "RTFS0101"
            form.Span
            "`condp` needs a predicate, a value, and tests with their results"
            "write (condp predicate value test result … otherwise)"
    else
        let span = form.Span
        let predicate = Threading.hidden span "the predicate"
        let value = Threading.hidden span "the value"
        let clauses = items[3..]

        let mutable result =
            if clauses.Length % 2 = 1 then
                Array.last clauses
            else
                listAt span [| symbolAt span "match"; value; symbolAt span "Never"; at span Node.Nil |]

        for i in clauses.Length / 2 - 1 .. -1 .. 0 do
            let test = listAt clauses[2 * i].Span [| predicate; clauses[2 * i]; value |]
            result <- listAt span [| symbolAt span "if"; test; clauses[2 * i + 1]; result |]

        Threading.letAt span (at span (Node.Vector(Items.Of [| predicate; items[1]; value; items[2] |]))) [| result |]

/// `(letfn [(name [parameters] body…) …] body…)` as a `let` of functions.
let private expandLetfn context (form: Form) (items: Form array) =
    let functionOf (definition: Form) =
        match bare definition with
        | ListOf parts when parts.Length > 2 ->
            Some [|
                parts[0]
                listAt definition.Span (Array.append [| symbolAt definition.Span "fn" |] parts[1..])
            |]
        | _ -> None

    match Array.tryItem 1 items |> Option.map bare with
    | Some(VectorOf definitions as vector) when
        items.Length > 2 && definitions |> Array.forall (functionOf >> Option.isSome)
        ->
        let bindings = definitions |> Array.choose functionOf |> Array.concat
        Threading.letAt form.Span (at vector.Span (Node.Vector(Items.Of bindings))) items[2..]
    | _ ->
        refuse
            context
            "RTFS0101"
            form.Span
            "`letfn` takes a vector of functions (name [parameters] body), and a body"
            "write (letfn [(name [parameters] body)] body)"

/// The form that a sugared form stands for; `items` begin with its head.
let expand context (name: string) (form: Form) (items: Form array) : Form =
    match name with
    | "when" -> expandWhen context form items
    | "cond" -> expandCond context form items
    | "when-not"
    | "if-not" -> expandNot context name form items
    | "when-let"
    | "if-let" -> expandLet context name form items
    | "if-some"
    | "when-some" -> expandSome context name form items
    | "condp" -> expandCondp context form items
    | "letfn" -> expandLetfn context form items
    | _ -> Threading.expand context name form items

/// The number of `%n`, 1 for `%`; nothing for another name.
let private parameterNumber (name: string) : int voption =
    if name = "%" then
        ValueSome 1
    elif
        name.Length > 1
        && name[0] = '%'
        && String.forall Char.IsAsciiDigit (name.Substring 1)
    then
        match Int32.TryParse(name.AsSpan 1, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, number -> ValueSome number
        | _ -> ValueSome Int32.MaxValue
    else
        ValueNone

/// `#(f % %2)` as `(fn [%1 %2] (f %1 %2))`: the function's parameters and its body. `%` and `%1` are one parameter.
let functionLiteral context (form: Form) (items: Form array) : struct (Form array * Form) =
    let body = listAt form.Span items
    let mutable highest = 0

    let rec rename (depth: int) (part: Form) : Form =
        if depth > depthLimit then
            part
        else
            let inside (held: Items) = {
                held with
                    Forms = held.Forms |> Array.map (rename (depth + 1))
            }

            match part.Node with
            | Node.Symbol name ->
                match parameterNumber name with
                | ValueSome number when number >= 1 && number <= mostParameters ->
                    highest <- max highest number

                    {
                        part with
                            Node = Node.Symbol $"%%{number}"
                    }
                | ValueSome _ ->
                    refuse
                        context
                        "RTFS0114"
                        part.Span
                        $"`{name}` is no parameter of #( ): they are %% and %%1 to %%{mostParameters}"
                        "write (fn [a b …] …)"
                | ValueNone -> part
            | Node.List held -> {
                part with
                    Node = Node.List(inside held)
              }
            | Node.Vector held -> {
                part with
                    Node = Node.Vector(inside held)
              }
            | Node.Map held -> {
                part with
                    Node = Node.Map(inside held)
              }
            | Node.Consume held -> {
                part with
                    Node = Node.Consume(inside held)
              }
            | Node.Prefixed(Prefix.Quote, _) -> part
            | Node.Prefixed(prefix, target) -> {
                part with
                    Node = Node.Prefixed(prefix, rename (depth + 1) target)
              }
            | Node.Meta(meta, target) -> {
                part with
                    Node = Node.Meta(meta, rename (depth + 1) target)
              }
            // Lowering refuses one inside another; its own parameters are not this one's.
            | Node.Function _
            | Node.Nil
            | Node.Bool _
            | Node.Int _
            | Node.Float _
            | Node.String _
            | Node.Timestamp _
            | Node.Uuid _
            | Node.Resource _
            | Node.Keyword _
            | Node.Broken _ -> part

    let body = rename 0 body
    struct (Array.init highest (fun i -> symbolAt form.Span $"%%{i + 1}"), body)
