/// Reading keys of maps: what a key gives, and what is said of one that is not there (RTFS2005, RTFS2006).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Lookup

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Print
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// The known key that a misspelled one is most likely meant for, as it is written.
let nearest (key: Form) (known: Form list) : string | null =
    let text (form: Form) =
        match form with
        | KeywordOf name -> name
        | StringOf text -> text
        | other -> Printer.form other

    match Nearest.find (text key) (known |> Seq.map text) with
    | null ->
        // The same name as another kind of key.
        known
        |> List.tryFind (fun other -> text other = text key && not (other.Equals key))
        |> Option.map Printer.form
        |> Option.toObj
    | near ->
        known
        |> List.tryFind (fun other -> text other = near)
        |> Option.map Printer.form
        |> Option.toObj

let private missing (session: Session) (key: Form) (span: Span) (known: Form list) isClosed =
    let shown = Printer.form key
    let code = if isClosed then "RTFS2005" else "RTFS2006"

    let keys =
        match known with
        | [] -> "this map is empty"
        | _ ->
            "it has "
            + (known
               |> List.truncate 12
               |> List.map Printer.form
               |> Rtfs.Syntax.Diagnostics.Codes.listed)

    let what =
        if isClosed then
            $"this map has no key {shown}"
        else
            $"this map's type does not name the key {shown}"

    match nearest key known with
    | null -> session.Report(code, span, $"{what}; {keys}", null)
    | near -> session.Report(code, span, $"{what}; did you mean {near}?", $"write {near}")

let private read
    (session: Session)
    (subject: Known)
    (subjectCore: Core voption)
    (key: Form)
    (fallback: Type)
    (speak: bool)
    (span: Span)
    : Known =
    if Known.isAny subject then
        Expect.anyFlows session subject subjectCore span (fun () -> $"{Printer.form key} is read from it")

        match subject.Shape with
        | Shape.Told -> Known.told
        | _ when session.IsStrict -> Known.told
        | _ -> Known.any
    else
        let readings = Keys.read session.Types key subject.Type

        // What is empty is filled later, or was left out: to read it is no mistake.
        let speak =
            speak
            && (match subject.Type with
                | Type.Map([||], Closed) -> false
                | _ -> true)

        let isUnfit reading =
            match reading with
            | Keys.Reading.Unfit _ -> true
            | _ -> false

        let isFound reading =
            match reading with
            | Keys.Reading.Found _
            | Keys.Reading.Any -> true
            | _ -> false

        let unfit =
            readings
            |> List.choose (fun reading ->
                match reading with
                | Keys.Reading.Unfit found -> Some found
                | _ -> None)

        if not unfit.IsEmpty then
            let all = Join.ofMembers unfit
            let found = Shown.inMessage all
            let shown = Printer.form key

            if readings |> List.forall isUnfit then
                let isHandle = Sight.isHandle subject
                let found = if isHandle then "the handle of a stream" else found

                let fix: string | null =
                    if isHandle then
                        "the summary is what (stream-await stream) gives, when the stream has ended"
                    else
                        Caught.help all

                session.Report(
                    "RTFS2001",
                    span,
                    $"{shown} is read from something that is no map: expected [:map [{shown} :any]], found {found}",
                    fix
                )
            else
                session.Report(
                    "RTFS2002",
                    span,
                    $"{shown} may be read from something that is no map: found {found}",
                    "test the value first, or make its type narrower"
                )
        elif speak && not (readings |> List.exists isFound) then
            readings
            |> List.tryPick (fun reading ->
                match reading with
                | Keys.Reading.Unknown(known, isClosed) -> Some(known, isClosed)
                | _ -> None)
            |> Option.iter (fun (known, isClosed) -> missing session key span known isClosed)

        let isMissing =
            speak
            && readings
               |> List.forall (fun reading ->
                   match reading with
                   | Keys.Reading.Unknown _ -> true
                   | _ -> false)

        let isOfSome =
            session.IsStrict
            && readings |> List.exists isFound
            && readings
               |> List.exists (fun reading ->
                   match reading with
                   | Keys.Reading.Unknown(_, false) -> true
                   | _ -> false)

        if isOfSome then
            session.Report(
                "RTFS2006",
                span,
                $"only some members of this type name the key {Printer.form key}, and nothing is known of it in the others",
                "tell the members apart first: by match, or by a test of their tag"
            )

        // A mistake that has been told of makes no further ones.
        if isMissing || isOfSome then
            Known.told
        else

            readings
            |> Seq.map (fun reading ->
                match reading with
                | Keys.Reading.Found(target, true) -> target
                | Keys.Reading.Found(target, false) -> Join.join session.Types target fallback
                | Keys.Reading.Unknown(_, true)
                | Keys.Reading.Nothing -> fallback
                | Keys.Reading.Unknown(_, false)
                | Keys.Reading.Any
                | Keys.Reading.Unfit _ -> Atom.any)
            |> Join.joinAll session.Types
            |> Join.bounded
            |> Known.ofType

/// What `(key subject)` gives. `fallback` is the value where the key is missing: nil without a default. `speak` is whether a key
/// that is not named is worth telling of.
let key
    (session: Session)
    (subject: Known)
    (subjectCore: Core voption)
    (key: Form)
    (fallback: Type)
    (speak: bool)
    (span: Span)
    : Known =
    let held =
        match subject.Shape with
        | Shape.Entries entries ->
            entries
            |> List.tryPick (fun (struct (name, value)) -> if name.Equals key then Some value else None)
        | _ -> None

    match held with
    | Some value -> value
    | None -> read session subject subjectCore key fallback speak span
