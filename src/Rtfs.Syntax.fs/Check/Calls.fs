/// Whatever is called: the program's functions, the catalogue's, keywords, and values of function types.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Calls

open Microsoft.FSharp.Core.CompilerServices
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private library (session: Session) (name: string) (values: Known list) (cores: Core array) spans span : Known =
    let signature = session.Signatures[name]

    let result =
        match LibraryRules.tryFind name with
        | ValueSome rule ->
            rule {
                Session = session
                Signature = signature
                Values = values
                Cores = cores
                Spans = spans
                Span = span
            }
        | ValueNone -> LibraryCalls.call session signature values cores spans span

    match result.Type with
    | Type.Primitive(Primitive.Bool | Primitive.Int)
    | Type.And(Type.Primitive Primitive.Int, _) ->
        match Constants.tryFold name values with
        | ValueSome target -> Known.ofType target
        | ValueNone -> result
    | _ -> result

[<return: Struct>]
let private (|Unknown|_|) (target: Type | null) =
    match target with
    | null -> ValueNone
    | present ->
        match present with
        | Type.Primitive Primitive.Any -> ValueSome()
        | _ -> ValueNone

/// A value of a function type: the arguments against its parameters.
let private typed
    (session: Session)
    parameters
    (rest: Type | null)
    result
    (values: Known list)
    (cores: Core array)
    spans
    span
    =
    let least = Array.length parameters
    let most = if isNull rest then least else System.Int32.MaxValue

    if Closures.arity session (fun () -> "this function") least most values.Length span then
        // A function that was made where it could not be followed.
        match rest with
        | Unknown when session.IsStrict && values.Length > least ->
            session.Report(
                "RTFS2009",
                span,
                "nothing is known of what this function asks of its arguments (:any), and it is called",
                "call what it is made of, or annotate it: (fn [x : :int] …)"
            )
        | _ -> ()

        values
        |> List.iteri (fun i value ->
            let wanted: Type =
                if i < least then
                    parameters[i]
                else
                    match rest with
                    | null -> Atom.any
                    | present -> present

            let core = if i < cores.Length then ValueSome cores[i] else ValueNone

            Expect.knownFits
                session
                (fun () -> $"argument {i + 1}")
                value
                core
                wanted
                (List.tryItem i spans |> Option.defaultValue span)
            |> ignore)

    Known.ofType result

/// One of several functions. A strict check has each of them take the arguments.
let private severally (session: Session) (members: Type array) values cores spans span : Known =
    members
    |> Array.map (fun part ->
        match part with
        | Type.Function(parameters, rest, result) ->
            (typed session parameters rest result values cores spans span).Type
        | _ -> Atom.any)
    |> Join.joinAll session.Types
    |> Join.bounded
    |> Known.ofType

let private keyword (session: Session) (key: Form) (values: Known list) (cores: Core array) span keySpan =
    if Closures.arity session (fun () -> Rtfs.Syntax.Print.Printer.form key) 1 2 values.Length span then
        let fallback =
            match values with
            | [ _; given ] -> given.Type
            | _ -> Atom.nil

        let core = if cores.Length > 0 then ValueSome cores[0] else ValueNone
        Lookup.key session values.Head core key fallback (values.Length = 1) keySpan
    else
        Known.any

/// The keywords that a value is one of, and whether it may be nil besides.
let private keywordsOf (target: Type) : struct (Form list * bool) voption =
    let rec collect (target: Type) : Form option list =
        match target with
        | Type.Enum values -> values |> Seq.map Some |> List.ofSeq
        | Type.Val value -> [ Some value ]
        | Type.Union members -> members |> Seq.collect collect |> List.ofSeq
        | _ -> [ None ]

    let struct (present, mayBeNil) =
        match target with
        | Type.Optional inner -> struct (inner, true)
        | other -> struct (other, false)

    let keys =
        collect present
        |> List.map (fun value ->
            match value with
            | Some(KeywordOf _ as key) -> Some key
            | _ -> None)

    if not keys.IsEmpty && keys |> List.forall _.IsSome then
        ValueSome(struct (keys |> List.choose id, mayBeNil))
    else
        ValueNone

[<return: Struct>]
let private (|Keywords|_|) (target: Type) = keywordsOf target

let private mayBeNil (session: Session) (callee: Known) span =
    session.Report(
        "RTFS2002",
        span,
        $"what is called may be nil: found {Shown.inMessage callee.Type}",
        "test it first, (when f …)"
    )

/// `cores` are the arguments as they are written, where they are; `calleeSpan` is where the callee stands.
let rec private call session (callee: Known) values (cores: Core array) spans span calleeSpan : Known =
    match callee.Shape with
    | Shape.Closure closure -> Closures.apply session closure values spans span
    | Shape.Library name when session.Signatures.ContainsKey name -> library session name values cores spans span
    | Shape.Combined combination -> Combinators.apply session combination values spans span
    | Shape.Datum(KeywordOf _ as key) -> keyword session key values cores span calleeSpan
    | _ ->
        match callee.Type with
        | Type.Primitive Primitive.Any ->
            if session.IsStrict then
                Expect.anyFlows session callee ValueNone calleeSpan (fun () -> "it is called")

            match callee.Shape with
            | Shape.Told -> Known.told
            | _ -> if session.IsStrict then Known.told else Known.any
        | Type.Function(parameters, rest, result) -> typed session parameters rest result values cores spans span
        | Type.ForAll(_, Type.Function(parameters, rest, result)) ->
            typed
                session
                (parameters |> Array.map (Substitution.apply (Substitution.Bindings())))
                rest
                (Substitution.apply (Substitution.Bindings()) result)
                values
                cores
                spans
                span
        | Type.Primitive Primitive.Keyword
        | Type.Alias _
        | Type.Variable _
        | Type.Resource _ when not (callee.Type.Equals Caught.error) -> Known.any
        | Keywords(struct (keys, isOptional)) ->
            if isOptional then
                mayBeNil session callee calleeSpan

            keys
            |> List.map (fun key -> keyword session key values cores span calleeSpan)
            |> List.reduce (Sight.either session)
        | Type.Union members
        | Type.Optional(Type.Union members) when
            members
            |> Array.exists (fun part ->
                match part with
                | Type.Function _ -> true
                | _ -> false)
            ->
            if session.IsStrict then
                severally session members values cores spans span
            else
                Known.any
        | Type.Optional(Type.Function _) ->
            mayBeNil session callee calleeSpan
            Known.any
        | _ when MayBe.callable session callee ->
            let isOnly =
                Atom.ofType session.Types callee.Type
                |> List.forall (Atom.toType >> Known.ofType >> MayBe.callable session)

            if not isOnly then
                session.Report(
                    "RTFS2002",
                    calleeSpan,
                    $"what is called may be no function: found {Shown.inMessage callee.Type}",
                    "test it first, or make its type narrower"
                )

            Known.any
        | found ->
            session.Report(
                "RTFS2003",
                calleeSpan,
                $"this is called, and it is no function: {Shown.inMessage found}",
                Caught.help found
            )

            Known.any

let apply (session: Session) (callee: Known) (values: Known list) (spans: Span list) (span: Span) : Known =
    call session callee values Array.empty spans span span

/// A call as it is written.
let core (session: Session) (locals: Locals) (callee: Core) (arguments: Core array) (span: Span) : Known =
    let called = session.Infer locals callee
    let mutable values = ListCollector<Known>()
    let mutable spans = ListCollector<Span>()

    for argument in arguments do
        values.Add(session.Infer locals argument)
        spans.Add argument.Span

    let values = values.Close()
    let spans = spans.Close()

    let values, spans =
        match called.Shape, arguments with
        // A key that a test has found is there: nothing stands in for it.
        | Shape.Library "get", [| map; key |] when Subjects.holds session locals map key ->
            values @ [ Known.ofType Atom.never ], spans @ [ span ]
        | _ -> values, spans

    let result = call session called values arguments spans span callee.Span

    let plans =
        values
        |> List.filter (fun value ->
            match value.Shape with
            | Shape.Plan _ -> true
            | _ -> false)

    // A function of a plan most likely gives a variant of it: its stages are the best guess there is.
    match plans, result.Shape with
    | [ plan ], (Shape.Plain | Shape.Told | Shape.Datum _) -> { result with Shape = plan.Shape }
    | _ -> result
