/// Streams joined and taken apart: multiplexers, and demultiplexers with an output for each key (RTFS3017).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Routing

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A strategy that is a function: from what the ready inputs offer to the index of one of them.
let private strategy (session: Session) (locals: Locals) (item: Type) (core: Core) =
    let known = session.Infer locals core

    match known.Shape with
    | Shape.Closure _
    | Shape.Library _
    | Shape.Combined _ ->
        let offered =
            Type.Map(
                [|
                    Field(Forms.Keyword "index", Type.Primitive Primitive.Int, false)
                    Field(Forms.Keyword "item", item, false)
                |],
                Atom.never
            )

        let answer =
            session.Apply known [ Known.ofType (Type.Vector offered) ] [ core.Span ] core.Span

        // `first` of what is never empty may be nil by its type alone.
        let wanted = TypeNames.orNil (Type.Primitive Primitive.Int)

        Expect.fits session (fun () -> "what the strategy gives") answer.Type wanted core.Span
        |> ignore
    | _ -> ()

/// Inputs that are named by their place, and how much they matter.
let private priorities (session: Session) (core: Core) (count: int) =
    let refuse (span: Span) (message: string) (fix: string) =
        session.Report("RTFS3002", span, message, fix)

    match core with
    | Core.Map(entries, _) ->
        for entry in entries do
            match entry.Key with
            | Core.Quote(key, span) ->
                match key.Node with
                | Node.Int i when count > 1 && (i < 0L || i >= int64 count) ->
                    refuse
                        span
                        $":priorities names the input {i}, and the inputs are 0 to {count - 1}"
                        "write the place of an input, counted from 0, or the id of its capability"
                | _ -> ()
            | _ -> ()

            match entry.Value with
            | Core.Quote(value, span) ->
                match value.Node with
                | Node.Int _
                | Node.Float _ -> ()
                | _ -> refuse span $"a priority is a number, found {Describe.form value}" "write a number"
            | _ -> ()
    | _ -> ()

let multiplex (session: Session) (locals: Locals) (arguments: Core array) (options: Options) (span: Span) : Known =
    let inputs =
        match arguments[0] with
        | Core.Vector(items, _) ->
            items
            |> Seq.map (fun item -> streamOf session (session.Infer locals item) item.Span)
            |> List.ofSeq
        | other ->
            let known = session.Infer locals other

            match known.Shape, other with
            | Shape.Many items, _ -> items |> List.map (fun item -> streamOf session item other.Span)
            | _, Core.Quote _ -> [ ValueNone ]
            | _ ->
                if not (MayBe.sequence session known) then
                    session.Report(
                        "RTFS3004",
                        other.Span,
                        $"`stream-multiplex` takes a vector of streams, found {Shown.inMessage known.Type}",
                        "write (stream-multiplex [stream …])"
                    )

                [ ValueNone ]

    let output =
        inputs
        |> Seq.map (fun input ->
            match input with
            | ValueSome stage -> stage.Output
            | ValueNone -> Atom.any)
        |> Join.joinAll session.Types
        |> Join.bounded

    for option in options do
        match option.Key with
        | "strategy" -> strategy session locals output option.Value
        | "priorities" -> priorities session option.Value inputs.Length
        | _ -> ()

    Tuning.options session locals "stream-multiplex" [ "strategy" ] options

    // Keys travel with the items; where one input has none, nothing is known of them.
    let key: Type | null =
        let keys =
            inputs
            |> List.map (fun input ->
                match input with
                | ValueSome stage -> stage.Key
                | ValueNone -> null)

        if keys |> List.exists isNull then
            null
        else
            keys
            |> Seq.choose (fun key ->
                match key with
                | null -> None
                | known -> Some known)
            |> Join.joinAll session.Types
            |> Join.bounded

    let target =
        Stages.open' session "multiplex" null null (session.PlaceOf span) Atom.any output key

    for input in inputs do
        match input with
        | ValueSome from -> Stages.connect session from target
        | ValueNone -> ()

    handle target

/// The items of which a criterion gives a literal, or does not (`holds` false), as its body tells.
let private keyed (session: Session) (criterion: Known) (key: Form) (holds: bool) (target: Type) : Type =
    let narrow (locals: Locals) (binding: Binding) (body: Core) =
        let span = body.Span

        let test =
            Core.Call(Core.Global("=", span), [| body; Core.Quote(key, span) |], span)

        let after =
            Assume.condition session (locals.SetItem(binding, Known.ofType target)) test holds

        match after[binding].Type with
        | Type.Primitive Primitive.Never -> target
        | narrowed -> narrowed

    match criterion.Shape, target with
    | _, Type.Primitive Primitive.Any -> target
    | _ when not (TypeNames.isLiteral key) -> target
    | Shape.Closure closure, _ ->
        match closure.Lambda.Parameters with
        | [| Pattern.Name binding |] -> narrow closure.Locals binding closure.Lambda.Body
        | _ -> target
    | Shape.Datum(KeywordOf _ as field), _ ->
        let span = Span.Of(0, 0)
        let binding = Binding("item", span)
        narrow Known.noLocals binding (Core.Call(Core.Quote(field, span), [| Core.Local(binding, span) |], span))
    | _ -> target

/// The items of one output: what they are told apart by is worth showing where it is no keyword, too.
let private tagged (key: Form) (items: Type) : Type =
    items
    |> Substitution.map (fun part ->
        match part with
        | Type.Map(fields, rest) ->
            let field (one: Field) =
                match one.Type with
                | Type.Val literal when literal.Equals key -> Field(one.Key, Type.Enum [| key |], one.Optional)
                | _ -> one

            Type.Map(fields |> Array.map field, rest)
        | other -> other)

/// RTFS3017: a key that the criterion never gives.
let private unreachable (session: Session) (given: Type) (key: Form) (span: Span) =
    match given with
    | Type.Primitive Primitive.Any -> ()
    | _ when not (TypeNames.isLiteral key) -> ()
    | _ ->
        if Relation.fit session.Types (Type.Val key) given = Relation.Fit.Not then
            let parts = Atom.ofType session.Types given |> List.collect _.Parts

            let literals =
                parts
                |> List.choose (fun part ->
                    match part with
                    | Type.Val literal -> Some literal
                    | _ -> None)

            let near: string | null =
                match key with
                | KeywordOf _
                | StringOf _ -> Lookup.nearest key literals
                // Numbers are near each other and no slips.
                | _ -> null

            let message =
                $"no item reaches this output: the criterion never gives {Printer.form key}, it gives {Shown.inMessage given}"

            let isWritable = literals |> List.forall TypeNames.isKey

            match near with
            | _ when not isWritable ->
                let all =
                    literals
                    |> List.truncate 12
                    |> List.map (fun literal -> Printer.form literal + " …")
                    |> String.concat " "

                session.Report(
                    "RTFS3017",
                    span,
                    message,
                    $"give the outputs as a value that has such keys, :outputs (hash-map {all}), or have the criterion give keywords"
                )
            | null ->
                let fix =
                    if not literals.IsEmpty && literals.Length = parts.Length then
                        let all =
                            literals |> List.truncate 12 |> List.map Printer.form |> String.concat ", "

                        $"write what it gives ({all}), or leave the output out"
                    else
                        "leave the output out, or change the criterion"

                session.Report("RTFS3017", span, message, fix)
            | near -> session.Report("RTFS3017", span, $"{message}; did you mean {near}?", $"write {near}")

/// What an output writes to; nothing for nil.
let private pour (session: Session) (known: Known) (from: DraftStage) (span: Span) =
    match known.Shape, Stages.idOf known with
    | Shape.Sink sink, _ -> Stages.pour session (ValueSome from) sink span
    | Shape.Stream sink, _ ->
        writtenTo session sink false span writeToSink
        Stages.pour session (ValueSome from) sink span
    | _, ValueSome text -> Stages.pour session (ValueSome from) (writerOf session text span) span
    | Shape.Datum _, _ ->
        // Nil writes to nothing.
        if not (MayBe.nothing session known) then
            expectSink session known span
    // A sink that only the run knows.
    | _ -> session.Trace.Read.Add from |> ignore

let demultiplex (session: Session) (locals: Locals) (arguments: Core array) (options: Options) (span: Span) : Known =
    let from = streamOf session (session.Infer locals arguments[0]) arguments[0].Span

    Tuning.options session locals "stream-demultiplex" [ "criteria"; "outputs"; "default" ] options

    match optionOf options "criteria", optionOf options "outputs" with
    | Some criteria, Some(Core.Map(entries, _)) ->
        let criterion = session.Infer locals criteria

        // Opened before what is wired, as the run does.
        let sinks =
            entries
            |> Array.map (fun entry -> entry.Value, session.Infer locals entry.Value)

        let rest =
            optionOf options "default"
            |> Option.map (fun core -> core, session.Infer locals core)

        let stage =
            Stages.wire session from {
                Kind = "demultiplex"
                Label = functionLabel criteria
                Capability = null
                Place = session.PlaceOf span
                FunctionSpan = criteria.Span
                Passage = Passage.Observe criterion
            }

        let item =
            match stage.Output with
            | Type.Primitive Primitive.Any -> Known.told
            | known -> Known.ofType known

        let given =
            (session.Try(fun () -> session.Apply criterion [ item ] [ criteria.Span ] criteria.Span)).Type

        let keys =
            entries
            |> Array.map (fun entry ->
                match entry.Key with
                | Core.Quote(key, _) -> ValueSome key
                | computed ->
                    session.Infer locals computed |> ignore
                    ValueNone)

        let output (label: string) (place: Span) (items: Type) (reference: Core, sink: Known) =
            let route =
                Stages.open' session "output" label null (session.PlaceOf place) Atom.any items stage.Key

            Stages.connect session stage route
            pour session sink route reference.Span
            route

        let routes =
            entries
            |> Array.mapi (fun i entry ->
                match keys[i] with
                | ValueSome key ->
                    unreachable session given key entry.Key.Span
                    let items = keyed session criterion key true stage.Output |> tagged key
                    struct (keys[i], output (Printer.form key) entry.Key.Span items sinks[i])
                | ValueNone -> struct (ValueNone, output "computed" entry.Key.Span stage.Output sinks[i]))

        let rest =
            match rest with
            | Some(reference, _ as sink) ->
                let items =
                    keys
                    |> Array.fold
                        (fun items key ->
                            match key with
                            | ValueSome key -> keyed session criterion key false items
                            | ValueNone -> items)
                        stage.Output

                [|
                    struct (ValueSome(Forms.Keyword "default"), output ":default" reference.Span items sink)
                |]
            | None -> Array.empty

        let handles =
            Array.append routes rest
            |> Array.choose (fun (struct (key, route)) ->
                match key with
                | ValueSome key -> Some(struct (key, handle route))
                | ValueNone ->
                    // Whoever finds it in the map may read it.
                    session.Trace.Read.Add route |> ignore
                    None)

        {
            Type =
                Type.Map(
                    handles
                    |> Array.map (fun (struct (key, known)) -> Field(key, known.Type, false)),
                    (if handles.Length = entries.Length + rest.Length then
                         Atom.never
                     else
                         null)
                )
            Shape = Shape.Entries(List.ofArray handles)
        }
    | criteria, outputs ->
        for part in [ criteria; outputs; optionOf options "default" ] do
            part |> Option.iter (Tuning.callBack session locals)

        match from with
        | ValueSome stage -> session.Trace.Read.Add stage |> ignore
        | ValueNone -> ()

        Known.ofType (Type.MapOf(Atom.any, Type.Stream Atom.any))
