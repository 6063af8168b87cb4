/// Functions of maps: what they give depends on the literal keys that they are given.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.KeyRules

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private maps = [ Type.Map(Array.empty, null); Type.MapOf(Atom.any, Atom.any) ]

/// What may be of several kinds: only an index goes into a vector, and nothing is set in a list. `held` are the kinds that an index goes into.
let private ofSeveralKinds (call: RuleCall) (subject: Known) (keys: Known list) (held: Type list) : Known =
    let types = call.Session.Types

    let isKey (key: Known) =
        not (Known.isAny key)
        && Relation.fit types key.Type (Type.Primitive Primitive.Int) = Relation.Fit.Not

    let taken = if keys |> List.exists isKey then maps else maps @ held

    if
        Known.isAny subject
        || Expect.fits
            call.Session
            (fun () -> $"argument 1 of `{call.Signature.Name}`")
            subject.Type
            (Type.Optional(Type.Union(Array.ofList taken)))
            (spanAt call 0)
    then
        general call
    else
        Known.told

/// What a key of maps that is not known before the run gives, where it is there.
let private anyValue (types: NamedTypes) (target: Type) : Type voption =
    target
    |> Join.ofAtoms types (fun atom ->
        match atom.Parts with
        | Type.MapOf(_, value) :: _ -> ValueSome value
        | [ Type.Map(fields, Closed) ] when fields.Length > 0 ->
            ValueSome(fields |> Array.map _.Type |> Join.items types)
        | _ -> ValueNone)

let get (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | subject :: key :: rest when call.Values.Length <= 3 ->
        let fallback =
            match rest with
            | [ given ] -> given.Type
            | _ -> Atom.nil

        match keysOf key with
        | ValueSome keys when Known.isAny subject || isMaps session.Types subject.Type ->
            keys
            |> List.map (fun literal ->
                Lookup.key session subject (coreAt call 0) literal fallback rest.IsEmpty (spanAt call 1))
            |> List.reduce (Sight.either session)
        | _ when not (Known.isAny subject) && isSequence session.Types subject.Type ->
            if isIndex session call.Signature.Name key (spanAt call 1) then
                match keysOf key with
                | ValueSome [ index ] -> Known.ofType (item session subject.Type index fallback)
                | _ -> Known.ofType (item session subject.Type (Forms.Nil()) fallback)
            else
                Known.told
        // Whether a key that is not known is there is not known.
        | _ when Known.isAny key && not session.IsStrict && isMaps session.Types subject.Type -> Known.any
        | _ ->
            match anyValue session.Types subject.Type with
            | ValueSome value -> Known.ofType (Join.join session.Types value fallback)
            | ValueNone -> ofSeveralKinds call subject [ key ] [ Type.Vector Atom.any; Type.List Atom.any ]
    | _ -> general call

let assoc (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | subject :: pairs when Known.isAny subject && not pairs.IsEmpty && pairs.Length % 2 = 0 ->
        Expect.anyFlows session subject (coreAt call 0) (spanAt call 0) (fun () -> "a key is set in it")

        match subject.Shape with
        | Shape.Told -> Known.told
        | _ -> if session.IsStrict then Known.told else Known.any
    | subject :: pairs when not pairs.IsEmpty && pairs.Length % 2 = 0 && isMaps session.Types subject.Type ->
        pairs
        |> List.chunkBySize 2
        |> List.fold
            (fun target pair ->
                match pair with
                | [ key; value ] ->
                    match keysOf key with
                    | ValueSome [ literal ] -> Keys.write session.Types literal value.Type target
                    | _ -> withEntry session.Types target key.Type value.Type
                | _ -> target)
            subject.Type
        |> Join.bounded
        |> Known.ofType
    | subject :: pairs when not pairs.IsEmpty && pairs.Length % 2 = 0 && isVector session.Types subject.Type ->
        pairs
        |> List.chunkBySize 2
        |> List.indexed
        |> List.fold
            (fun target (i, pair) ->
                match pair with
                | [ key; value ] when isIndex session call.Signature.Name key (spanAt call (2 * i + 1)) ->
                    withItem session target key.Type value.Type
                | _ -> target)
            subject.Type
        |> Known.ofType
    | subject :: pairs ->
        let keys =
            pairs
            |> List.indexed
            |> List.choose (fun (i, key) -> if i % 2 = 0 then Some key else None)

        ofSeveralKinds call subject keys [ Type.Vector Atom.any ]
    | [] -> general call

let dissoc (call: RuleCall) : Known =
    let session = call.Session

    match call.Values with
    | subject :: keys when
        isMaps session.Types subject.Type
        && keys |> List.forall (fun key -> (keysOf key).IsSome)
        ->
        keys
        |> List.fold
            (fun target key ->
                match keysOf key with
                | ValueSome [ literal ] -> Keys.without session.Types literal target
                | _ -> target)
            subject.Type
        |> Known.ofType
    | _ -> general call

let update (call: RuleCall) : Known =
    let session = call.Session

    let changed f before more =
        session.Apply
            f
            (before :: more)
            (spanAt call 1 :: (call.Spans |> List.skip (min 3 call.Spans.Length)))
            (spanAt call 2)

    match call.Values with
    | subject :: key :: f :: more when isMaps session.Types subject.Type ->
        match keysOf key with
        | ValueSome [ literal ] ->
            let before =
                Lookup.key session subject (coreAt call 0) literal Atom.nil false (spanAt call 1)

            let after = changed f before more
            Known.ofType (Keys.write session.Types literal after.Type subject.Type |> Join.bounded)
        | _ ->
            // Whichever it is: it may be there or not.
            let values =
                Atom.ofType session.Types subject.Type
                |> List.collect (fun atom -> atom.Parts)
                |> List.collect (fun part ->
                    match part with
                    | Type.MapOf(_, value) -> [ value ]
                    | Type.Map(fields, Closed) -> fields |> Seq.map _.Type |> List.ofSeq
                    | Type.Primitive Primitive.Nil -> []
                    | _ -> [ Atom.any ])

            let before = Join.items session.Types (Array.ofList (Atom.nil :: values))
            let after = changed f (Known.ofType before) more

            Known.ofType (withEntry session.Types subject.Type key.Type after.Type)
    | subject :: key :: f :: more when not (Known.isAny subject) && isVector session.Types subject.Type ->
        if isIndex session call.Signature.Name key (spanAt call 1) then
            let index =
                match keysOf key with
                | ValueSome [ literal ] -> literal
                | _ -> Forms.Nil()

            let after =
                changed f (Known.ofType (item session subject.Type index Atom.never)) more

            Known.ofType (withItem session subject.Type key.Type after.Type)
        else
            Known.told
    | subject :: key :: _ -> ofSeveralKinds call subject [ key ] [ Type.Vector Atom.any ]
    | _ -> general call

let merge (call: RuleCall) : Known =
    let session = call.Session

    if
        not call.Values.IsEmpty
        && call.Values |> List.forall (fun value -> isMaps session.Types value.Type)
    then
        // Nil is no map here.
        let result = general call

        match result.Shape with
        | Shape.Told -> result
        | _ ->
            call.Values
            |> List.map (fun value -> Narrow.notType session.Types Atom.nil value.Type)
            |> List.reduce (Keys.merge session.Types)
            |> Join.bounded
            |> Known.ofType
    else
        general call

let selectKeys (call: RuleCall) : Known =
    match call.Values with
    | [ { Type = Type.Map(fields, rest) }; keys ] ->
        match Paths.literal keys with
        | ValueSome chosen ->
            let kept =
                fields |> Array.filter (fun field -> chosen |> List.exists field.Key.Equals)

            match rest with
            | Closed -> Known.ofType (Type.Map(kept, Atom.never))
            | _ -> Known.ofType (Type.Map(kept, null))
        | ValueNone -> general call
    | _ -> general call
