/// The options of a form where their types are known: functions among them are followed, and values that no option can have are told (RTFS3002).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Tuning

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

type private OptionShape = Operations.Shape

/// Functions among options are called with what nobody says the type of.
let rec callBack (session: Session) (locals: Locals) (core: Core) : unit =
    match core with
    | Core.Map(entries, _) ->
        for entry in entries do
            callBack session locals entry.Value
    | _ ->
        let known = session.Infer locals core

        match known.Shape with
        | Shape.Closure closure ->
            let given = closure.Lambda.Parameters |> Seq.map (fun _ -> Known.told) |> List.ofSeq
            session.Apply known given [] core.Span |> ignore
        | _ -> ()

let private shapeIn (entries: (string * OptionShape) list) (key: string) : OptionShape =
    entries
    |> List.tryFind (fun (known, _) -> known = key)
    |> Option.map snd
    |> Option.defaultValue OptionShape.Any

/// What a computed value must be for an option, if what is known of it says that it is not. Literals are looked at by themselves.
let private wanted (session: Session) (shape: OptionShape) (core: Core) (known: Known) : string voption =
    let unless isFit expected =
        if isFit || MayBe.nothing session known then
            ValueNone
        else
            ValueSome expected

    match shape, core with
    | _, Core.Quote _
    | OptionShape.Integer _, (Core.Map _ | Core.Vector _)
    | OptionShape.Map, Core.Vector _ -> ValueNone
    | OptionShape.Integer _, _ -> unless (MayBe.primitive session Primitive.Int known) "an integer"
    | OptionShape.Fraction, _ ->
        unless
            (MayBe.primitive session Primitive.Int known
             || MayBe.primitive session Primitive.Float known)
            "a number from 0 to 1"
    | OptionShape.Flag, _ -> unless (MayBe.primitive session Primitive.Bool known) "true or false"
    | OptionShape.OneOf(words, _), _ -> unless (MayBe.primitive session Primitive.Keyword known) (alternatives words)
    | OptionShape.Chooser words, _ -> unless (MayBe.callable session known) (alternatives words + ", or a function")
    | (OptionShape.Table _ | OptionShape.Map), _ -> unless (MayBe.map session known) "a map"
    | OptionShape.Choice(words, _), _ ->
        unless
            (MayBe.map session known || MayBe.primitive session Primitive.Keyword known)
            (alternatives words + ", or a map")
    | (OptionShape.Any | OptionShape.Type | OptionShape.Capability | OptionShape.Callback _ | OptionShape.Later), _ ->
        ValueNone

/// One option.
let rec follow (session: Session) (locals: Locals) (shape: OptionShape) (key: string) (core: Core) : unit =
    match shape, core with
    | OptionShape.Callback(least, given), _ ->
        Callbacks.check session key least given (Happenings.given key given) (session.Infer locals core) core
    | (OptionShape.Table entries | OptionShape.Choice(_, entries)), Core.Map(pairs, _) ->
        for pair in pairs do
            match pair.Key with
            | Core.Quote(KeywordOf name, _) -> follow session locals (shapeIn entries name) name pair.Value
            | _ -> callBack session locals pair.Value
    | _, Core.Map _ -> callBack session locals core
    | OptionShape.Capability, _ when key = "dead-letter" ->
        Openings.expectLetters session (session.Infer locals core) core.Span
    | _ ->
        let known = session.Infer locals core

        match wanted session shape core known with
        | ValueSome expected ->
            session.Report(
                "RTFS3002",
                core.Span,
                $":{key} must be {expected}, found {Callbacks.found core known}",
                $"write {expected}"
            )
        | ValueNone ->
            match known.Shape with
            | Shape.Closure closure ->
                let given = closure.Lambda.Parameters |> Seq.map (fun _ -> Known.told) |> List.ofSeq
                session.Apply known given [] core.Span |> ignore
            | _ -> ()

/// The shape that a form's option has.
let shapeOf (form: string) (key: string) : OptionShape =
    match Operations.tryFind form with
    | ValueSome operation -> shapeIn operation.Options key
    | ValueNone -> OptionShape.Any

let callbackShape (key: string) : OptionShape = shapeIn Operations.callbacks key

/// The options of a form, but for those that mean more to it.
let options (session: Session) (locals: Locals) (form: string) (others: string list) (options: Options) : unit =
    for option in options do
        if not (List.contains option.Key others) then
            follow session locals (shapeOf form option.Key) option.Key option.Value
