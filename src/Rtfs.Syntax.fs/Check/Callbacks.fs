/// Functions that a form calls when something happens: what stands there is one, and takes what it is called with (RTFS3002, RTFS2004).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Callbacks

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private signature (given: string list) =
    $"""(fn [{System.String.Join(" ", given)}] …)"""

/// How a value is called in a message: a literal by what it is, another by its type.
let found (core: Core) (known: Known) : string =
    match core with
    | Core.Quote(datum, _) -> Describe.form datum
    | _ ->
        if Sight.isFunction known then
            "a function"
        else
            Shown.inMessage known.Type

let rec private accepts (session: Session) (known: Known) (count: int) : bool =
    match known.Shape with
    | Shape.Closure closure ->
        let least = closure.Lambda.Parameters.Length
        count = least || (count > least && not (isNull closure.Lambda.Rest))
    | Shape.Library name ->
        match session.Signatures.TryGetValue name with
        | true, signature -> count >= signature.Least && count <= signature.Most
        | _ -> true
    | Shape.Combined combination ->
        match combination with
        | Combination.Comp [] -> count = 1
        | Combination.Comp parts -> accepts session (List.last parts).Known count
        | Combination.Partial(f, given) -> accepts session f.Known (given.Length + count)
        | Combination.Juxt parts -> accepts session parts.Head.Known count
        | Combination.OneOf functions -> accepts session functions.Head count
        | Combination.Complement f
        | Combination.Fnil(f, _) -> accepts session f.Known count
        | Combination.Constantly _
        | Combination.EveryPred _
        | Combination.SomeFn _ -> true
    | _ -> true

let private takes (known: Known) : string =
    let count n =
        if n = 1 then "1 argument" else $"{n} arguments"

    match known.Shape with
    | Shape.Closure closure when isNull closure.Lambda.Rest -> "takes " + count closure.Lambda.Parameters.Length
    | Shape.Closure closure -> "takes at least " + count closure.Lambda.Parameters.Length
    | _ -> "does not take that"

let private title (known: Known) : string =
    match known.Shape with
    | Shape.Closure closure ->
        match closure.Lambda.Name with
        | null -> "this function"
        | name -> $"`{name}`"
    | Shape.Library name -> $"`{name}`"
    | _ -> "this function"

/// What the option is called with, in words: "the error, or the error and the item".
let private called (least: int) (given: string list) : string =
    let words (names: string list) =
        match names with
        | [] -> "nothing"
        | names -> "the " + System.String.Join(" and the ", names)

    [ given.Length .. -1 .. least ]
    |> List.map (fun count -> words (List.truncate count given))
    |> List.rev
    |> fun ways -> System.String.Join(", or ", ways)

/// Follows a callback with what is known of its arguments. It may be called with fewer of `given`, as many as `least`; `isKeywordToo` is
/// whether a keyword may stand for the function that reads it.
let private follow
    (session: Session)
    isKeywordToo
    (key: string)
    least
    (given: string list)
    (items: Known list)
    (known: Known)
    (value: Core)
    =
    let span = value.Span

    let isCallable =
        if isKeywordToo then
            MayBe.callable session known
        else
            MayBe.aFunction session known

    if not isCallable then
        // Nil says as much as leaving the callback out.
        if not (MayBe.nothing session known) then
            session.Report(
                "RTFS3002",
                span,
                $":{key} must be a function, found {found value known}",
                $"write {signature given}, or the name of a function"
            )
    else
        match [ least .. given.Length ] |> List.tryFind (accepts session known) with
        | None ->
            session.Report(
                "RTFS2004",
                span,
                $":{key} is called with {called least given}, and {title known} {takes known}",
                $"write {signature given}"
            )
        | Some count ->
            let arguments =
                List.init count (fun i -> List.tryItem i items |> Option.defaultValue Known.told)

            match known.Shape with
            | Shape.Closure _ ->
                session.Apply known arguments (arguments |> List.map (fun _ -> span)) span
                |> ignore
            | _ when not items.IsEmpty && count > 0 ->
                session.Apply known arguments (arguments |> List.map (fun _ -> span)) span
                |> ignore
            | _ -> ()

/// A callback whose arguments nobody says the type of, or only those of the first.
let check (session: Session) (key: string) least given (items: Known list) (known: Known) (value: Core) : unit =
    follow session true key least given items known value

/// The function that a provider answers by.
let checkFunction (session: Session) (key: string) given (known: Known) (value: Core) : unit =
    follow session false key 1 given [] known value
