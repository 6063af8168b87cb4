/// Calls of the program's own functions: the body is followed with what is known of the arguments.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Closures

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private annotated (target: Type | null) : Type =
    match target with
    | null -> Atom.any
    | present -> present

let private restType (lambda: Lambda) : Type | null =
    match lambda.Rest with
    | null -> null
    | _ -> annotated lambda.RestType

/// The type that a function's annotations give it.
let typeOf (lambda: Lambda) : Type =
    Type.Function(lambda.ParameterTypes |> Array.map annotated, restType lambda, annotated lambda.ReturnType)

let known (session: Session) (lambda: Lambda) (locals: Locals) : Known =
    let closure = Closure(lambda, locals, session.Origin)

    if session.Trials = 0 then
        session.Trace.Made.Add closure

    {
        Type = typeOf lambda
        Shape = Shape.Closure closure
    }

/// What is asked of a function's body time and again.
[<System.Flags>]
type private Traits =
    | None = 0
    | Known = 1
    /// It has a `recur`, its own or that of a loop in it.
    | Loops = 2
    /// It has a form of the streaming language.
    | Streams = 4

/// Found out by one look, and noted at the function itself.
let private traits (lambda: Lambda) : Traits =
    if lambda.Traits = 0 then
        let mutable found = Traits.Known

        lambda.Body
        |> Walk.visit (fun core ->
            match core with
            | Core.Recur _ -> found <- found ||| Traits.Loops
            | Core.Operation _ -> found <- found ||| Traits.Streams
            | _ -> ())

        lambda.Traits <- int found

    enum<Traits> lambda.Traits

let private title (lambda: Lambda) =
    match lambda.Name with
    | null -> "this function"
    | name -> $"`{name}`"

let private count n (noun: string) =
    if n = 1 then $"1 {noun}" else $"{n} {noun}s"

/// RTFS2004, where the function cannot take so many arguments.
let arity (session: Session) (what: unit -> string) (least: int) (most: int) (given: int) (span: Span) : bool =
    let fits = given >= least && given <= most

    if not fits then
        let expected =
            if most = System.Int32.MaxValue then
                "at least " + count least "argument"
            elif least = most then
                count least "argument"
            else
                $"{least} to {most} arguments"

        session.Report("RTFS2004", span, $"{what ()} takes {expected}, found {given}", null)

    fits

/// A value where a type is asked for: what is known of both.
let met (session: Session) (known: Known) (wanted: Type) : Known =
    if Known.isAny known then
        Known.ofType wanted
    elif Relation.isSubtype session.Types known.Type wanted then
        {
            known with
                Type = Held.at session.Types wanted known.Type
        }
    else
        let narrowed = Narrow.toType session.Types wanted known.Type

        {
            known with
                Type =
                    (match narrowed with
                     | Type.Primitive Primitive.Never -> wanted
                     | other -> other)
        }

let private parameterName (pattern: Pattern) i =
    match pattern with
    | Pattern.Name binding -> $"`{binding.Name}`"
    | Pattern.Ignore _
    | Pattern.Vector _
    | Pattern.Map _ -> $"argument {i + 1}"

/// The arguments against the parameters' types; what each parameter stands for.
let private arguments (session: Session) (lambda: Lambda) (values: Known list) (spans: Span list) (span: Span) =
    let spanAt i =
        List.tryItem i spans |> Option.defaultValue span

    values
    |> List.mapi (fun i value ->
        let wanted: Type | null =
            if i < lambda.ParameterTypes.Length then
                lambda.ParameterTypes[i]
            else
                lambda.RestType

        match wanted with
        | null -> value
        | wanted ->
            let subject () =
                let name =
                    if i < lambda.Parameters.Length then
                        parameterName lambda.Parameters[i] i
                    else
                        $"argument {i + 1}"

                $"{name} of {title lambda}"

            // What does not fit is taken for what it should be: one mistake, told of once.
            if Expect.knownFits session subject value ValueNone wanted (spanAt i) then
                met session value wanted
            else
                Known.ofType wanted)

let private bindAll (session: Session) (closure: Closure) (values: Known list) : Locals =
    let lambda = closure.Lambda

    let locals =
        lambda.Parameters
        |> Seq.indexed
        |> Seq.fold
            (fun locals (i, parameter) ->
                Destructure.bind
                    session
                    locals
                    parameter
                    (List.tryItem i values |> Option.defaultValue Known.any)
                    ValueNone)
            closure.Locals

    match lambda.Rest with
    | null -> locals
    | rest ->
        let others = values |> List.skip (min lambda.Parameters.Length values.Length)

        locals.SetItem(
            rest,
            {
                Type = Type.List(others |> Seq.map _.Type |> Array.ofSeq |> Join.items session.Types)
                Shape = Shape.Many others
            }
        )

/// The body once, with `recur` going round until its arguments bring nothing new.
let private follow (session: Session) (closure: Closure) (values: Known list) : Known =
    let lambda = closure.Lambda
    let watch = RecurWatch session.Watch

    let once (values: Known list) =
        session.Watch <- watch

        try
            session.Infer (bindAll session closure values) lambda.Body
        finally
            session.Watch <- watch.Outer

    let rec settle round (values: Known list) : Known list =
        watch.Arguments <- Array.empty
        watch.Count <- 0
        session.Try(fun () -> once values) |> ignore

        if watch.Count = 0 || watch.Arguments.Length < values.Length then
            values
        else
            let next =
                values
                |> List.mapi (fun i value -> Join.grown session.Types value.Type watch.Arguments[i])

            if
                List.forall2
                    (fun (value: Known) (next: Type) -> Relation.isSubtype session.Types next value.Type)
                    values
                    next
            then
                values
            elif round >= 4 then
                values |> List.map (fun _ -> Known.any)
            else
                settle (round + 1) (next |> List.map Known.ofType)

    once (
        if (traits lambda).HasFlag Traits.Loops then
            settle 0 values
        else
            values
    )

let private isTold (known: Known) =
    match known.Shape with
    | Shape.Told -> true
    | _ -> false

let private isKnownAlready (session: Session) (closure: Closure) (values: Known list) =
    match session.Results.TryGetValue closure with
    | true, results ->
        results
        |> Seq.tryFind (fun remembered ->
            remembered.Arguments.Length = values.Length
            && List.forall2
                (fun (value: Known) (known: Known) -> value.Type.Equals known.Type && isTold value = isTold known)
                values
                remembered.Arguments)
    | _ -> None

let private isPlain (known: Known) =
    match known.Shape with
    | Shape.Plain
    | Shape.Told
    | Shape.Datum _ -> true
    | _ -> false

let private wires (trace: Trace) =
    trace.Draft.Stages.Count + trace.Draft.Edges.Count + trace.Assemblies.Count

/// What a function gives for its first use inside of itself: nothing yet, then what the body gave.
let private recursive (session: Session) (lambda: Lambda) (body: unit -> Known) : Known =
    session.Active.Add lambda |> ignore

    try
        body ()
    finally
        session.Active.Remove lambda |> ignore

/// What was given to a stage's function tells it from its other calls in a drawing.
let private nameStages (session: Session) (lambda: Lambda) (values: Known list) (result: Known) =
    match lambda.Name, result.Shape with
    | null, _ -> ()
    | name, (Shape.Stream stage | Shape.Sink stage) ->
        let given =
            values
            |> List.tryPick (fun value ->
                match value.Shape with
                | Shape.Datum(StringOf text) -> Some text
                | _ -> None)

        session.Name
            stage
            (match given with
             | Some text -> $"{name} {text}"
             | None -> name)
    | _ -> ()

let private checkResult (session: Session) (lambda: Lambda) (result: Known) : Known =
    match lambda.ReturnType with
    | null -> result
    | wanted ->
        let span =
            match lambda.Body with
            | Core.Do(body, _) when body.Length > 0 -> body[body.Length - 1].Span
            | other -> other.Span

        // The annotation is what tells of a value of which nothing is known.
        if not (Known.isAny result) then
            Expect.knownFits session (fun () -> $"the result of {title lambda}") result ValueNone wanted span
            |> ignore

        met session result wanted

/// A function by itself, with what its annotations say of its arguments and nothing more.
let checkAlone (session: Session) (closure: Closure) : unit =
    let lambda = closure.Lambda

    let values =
        lambda.ParameterTypes |> Seq.map (annotated >> Known.ofType) |> List.ofSeq

    // When it is called is not known, if it is called at all.
    session.Perhaps(fun () ->
        session.Ended <- Ended.none
        recursive session lambda (fun () -> follow session closure values |> checkResult session lambda))
    |> ignore

let private isAnnotated (lambda: Lambda) =
    not (isNull lambda.ReturnType)
    && lambda.ParameterTypes |> Array.forall (fun target -> not (isNull target))
    && not ((traits lambda).HasFlag Traits.Streams)

/// Whether the function says of an argument what its callers need not: it is checked by itself, besides the calls that are followed into it.
let isOwnBusiness (lambda: Lambda) : bool = lambda.IsTyped

/// A call, at `span`, of what `callee` says.
let rec apply (session: Session) (closure: Closure) (values: Known list) (spans: Span list) (span: Span) : Known =
    let lambda = closure.Lambda
    let least = lambda.Parameters.Length
    let most = if isNull lambda.Rest then least else System.Int32.MaxValue

    if not (arity session (fun () -> title lambda) least most values.Length span) then
        // The body is followed all the same, with arguments of which nothing more is said.
        apply session closure (List.replicate least Known.told) [] span |> ignore
        Known.told
    else
        let values = arguments session lambda values spans span

        if session.Active.Contains lambda then
            // A recursion is followed once; what it gives further in is what it is annotated to give.
            session.Trace.Basis.Polymorphic.Add lambda
            session.Cuts <- session.Cuts + 1
            values |> List.iter (Sight.lose session)
            Known.ofType (annotated lambda.ReturnType)
        elif isAnnotated lambda then
            // An annotated function is checked by itself, once.
            values |> List.iter (Sight.lose session)
            Known.ofType (annotated lambda.ReturnType)
        elif session.Frames.Length >= Session.CallDepth || not (session.Step()) then
            session.Cuts <- session.Cuts + 1
            values |> List.iter (Sight.lose session)
            Known.ofType (annotated lambda.ReturnType)
        else
            session.Trace.Basis.Called.Add lambda

            match isKnownAlready session closure values with
            | Some remembered when values |> List.forall isPlain -> remembered.Result
            | _ ->
                let frame = {
                    Call = session.PlaceOf span
                    Callee =
                        (match lambda.Name with
                         | null -> ""
                         | name -> name)
                    Lambda = lambda
                }

                let outer = session.Frames
                let watch = session.Watch
                let before = wires session.Trace
                let found = session.Trace.Findings.Count
                let cuts = session.Cuts
                session.Frames <- frame :: outer
                session.Watch <- null

                try
                    let result =
                        session.In(
                            closure.Origin,
                            fun () ->
                                recursive session lambda (fun () ->
                                    follow session closure values |> checkResult session lambda)
                        )

                    nameStages session lambda values result

                    if
                        session.Trials = 0
                        && wires session.Trace = before
                        && session.Trace.Findings.Count = found
                        && session.Fuel > 0
                        && session.Cuts = cuts
                        && values |> List.forall isPlain
                        && isPlain result
                    then
                        let results =
                            match session.Results.TryGetValue closure with
                            | true, known -> known
                            | _ ->
                                let fresh = ResizeArray()
                                session.Results[closure] <- fresh
                                fresh

                        results.Add { Arguments = values; Result = result }

                    result
                finally
                    session.Frames <- outer
                    session.Watch <- watch
