/// What forms write to sinks by themselves, and what their callbacks are told of it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Producing

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// The items that a produce writes: a vector is several.
let private producedItem (session: Session) (given: Known) : Type =
    match given.Type with
    | Type.Vector item -> item
    | Type.Tuple items -> Join.items session.Types items
    | other -> if MayBe.sequence session given then Atom.any else other

/// An option of a produce. What was accepted is as the sink asks for it, and what failed is as it was given.
let private followProduced
    (session: Session)
    (locals: Locals)
    (given: Known)
    (written: Type)
    (key: string)
    (core: Core)
    =
    match key, Tuning.shapeOf "stream-produce" key with
    | ("on-success" | "on-error"), Operations.Shape.Callback(least, words) ->
        let item = StreamControls.itemOf (producedItem session given)

        let items =
            if key = "on-error" then [ item; Happenings.error ]
            elif written = Atom.any then [ item ]
            else [ Closures.met session item written ]

        Callbacks.check session key least words items (session.Infer locals core) core
    | _, shape -> Tuning.follow session locals shape key core

/// What a produce writes goes to the sink's type; a vector is several items.
let produce (session: Session) (locals: Locals) (arguments: Core array) (options: Options) : Known =
    let target = session.Infer locals arguments[0]
    let given = session.Infer locals arguments[1]

    expectSink session target arguments[0].Span

    let sink =
        match target.Shape, Stages.idOf target with
        | Shape.Sink sink, _ -> ValueSome sink
        | Shape.Stream stage, _ when stage.Kind = "bidirectional" || stage.Kind = "duplex" -> ValueSome stage
        | Shape.Stream stage, _ ->
            writtenTo session stage true arguments[0].Span writeToSink

            if isNull stage.Capability then
                ValueNone
            else
                ValueSome stage
        | _, ValueSome text -> ValueSome(writerOf session text arguments[0].Span)
        | _ -> ValueNone

    sink
    |> ValueOption.iter (fun sink -> Readers.write session sink arguments[0].Span)

    match sink, given.Type with
    | ValueSome sink, Type.Vector element -> Stages.produce session element sink arguments[1].Span
    | ValueSome sink, Type.Tuple elements ->
        for element in elements do
            Stages.produce session element sink arguments[1].Span
    | ValueSome sink, item -> Stages.produce session item sink arguments[1].Span
    | ValueNone, _ -> ()

    let written =
        match sink with
        | ValueSome sink -> sink.Input
        | ValueNone -> Atom.any

    for option in options do
        followProduced session locals given written option.Key option.Value

    Known.ofType (Type.Primitive Primitive.Int)
