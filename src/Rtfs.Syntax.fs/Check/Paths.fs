/// Functions that follow a path of keys into nested maps and vectors: `get-in`, `assoc-in`, `update-in`.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Paths

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A literal path, from a vector of literals.
let literal (known: Known) : Form list voption =
    match known.Type with
    | Type.Tuple items when items.Length > 0 ->
        let keys =
            items
            |> Array.map (fun item ->
                match item with
                | Type.Val key when TypeNames.isKey key -> ValueSome key
                | _ -> ValueNone)

        if keys |> Array.forall _.IsSome then
            ValueSome(keys |> Seq.map _.Value |> List.ofSeq)
        else
            ValueNone
    | _ -> ValueNone

/// What is under one key of the path.
let private step (call: RuleCall) (subject: Known) (key: Form) (speak: bool) : Known =
    let session = call.Session

    if not (Known.isAny subject) && isSequence session.Types subject.Type then
        if isIndex session call.Signature.Name (Known.ofType (Type.Val key)) (spanAt call 1) then
            Known.ofType (item session subject.Type key Atom.nil)
        else
            Known.told
    else
        Lookup.key session subject ValueNone key Atom.nil speak (spanAt call 1)

let getIn (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | subject :: path :: rest when call.Values.Length <= 3 ->
        match literal path with
        | ValueSome keys ->
            let fallback =
                match rest with
                | [ given ] -> given.Type
                | _ -> Atom.nil

            let rec inside (subject: Known) (keys: Form list) =
                match keys with
                | [] -> subject
                | key :: more ->
                    let part = step call subject key rest.IsEmpty

                    if more.IsEmpty then part else inside part more

            let found = inside subject keys

            if rest.IsEmpty then
                found
            else
                Known.ofType (Join.join session.Types (Narrow.notType session.Types Atom.nil found.Type) fallback)
        | ValueNone -> general call
    | _ -> general call

/// The type with what is at the end of the path changed; maps that are missing on the way are made.
let rec private changed (call: RuleCall) (subject: Known) (keys: Form list) (change: Known -> Known) : Type =
    let session = call.Session

    match keys with
    | [] -> (change subject).Type
    | key :: more ->
        let part = step call subject key false
        let after = changed call part more change

        if Known.isAny subject then
            Atom.any
        elif isVector session.Types subject.Type then
            withItem session subject.Type (Type.Val key) after
        else
            Keys.write session.Types key after subject.Type

/// A path that is written out is followed; of another, nothing is known.
let private along (call: RuleCall) (subject: Known) (path: Known) (change: Known -> Known) : Known =
    match literal path with
    | ValueSome keys -> Known.ofType (changed call subject keys change |> Join.bounded)
    | ValueNone -> general call

let assocIn (call: RuleCall) : Known =
    match call.Values with
    | [ subject; path; value ] -> along call subject path (fun _ -> value)
    | _ -> general call

let updateIn (call: RuleCall) : Known =
    match call.Values with
    | subject :: path :: f :: more ->
        along call subject path (fun before ->
            call.Session.Apply
                f
                (before :: more)
                (spanAt call 1 :: (call.Spans |> List.skip (min 3 call.Spans.Length)))
                (spanAt call 2))
    | _ -> general call
