/// Functions that call another with what maps hold: it is followed with the types of the keys and the values.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.EntryRules

open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

[<Struct>]
type private Entry = { Key: Type; Value: Type }

/// What one atom of a type holds under what; nothing where that is not known.
let private ofAtom (types: NamedTypes) (isVectorToo: bool) (atom: Atom) : Entry voption =
    match atom.Parts with
    | [ Type.Map(fields, Closed) ] when fields.Length > 0 ->
        ValueSome {
            Key = fields |> Array.map (fun field -> Type.Val field.Key) |> Join.items types
            Value = fields |> Array.map _.Type |> Join.items types
        }
    | Type.MapOf(key, value) :: _ -> ValueSome { Key = key; Value = value }
    | [ Type.Vector item ] when isVectorToo ->
        ValueSome {
            Key = Type.Primitive Primitive.Int
            Value = item
        }
    | [ Type.Tuple items ] when isVectorToo && items.Length > 0 ->
        ValueSome {
            Key = Type.Primitive Primitive.Int
            Value = Join.items types items
        }
    | _ -> ValueNone

let private entries (types: NamedTypes) isVectorToo (target: Type) : Entry =
    let found = Atom.ofType types target |> List.map (ofAtom types isVectorToo)

    if found.IsEmpty || found |> List.exists _.IsNone then
        { Key = Atom.any; Value = Atom.any }
    else
        let all = found |> Seq.map _.Value |> Array.ofSeq

        {
            Key = all |> Array.map _.Key |> Join.items types
            Value = all |> Array.map _.Value |> Join.items types
        }

let private isEmptyMap (known: Known) =
    match known.Type with
    | Type.Map([||], Closed) -> true
    | _ -> false

let private functionOf (key: bool) (entry: Entry) =
    Type.Union [|
        Type.Primitive Primitive.Keyword
        Type.Function([| (if key then entry.Key else entry.Value) |], null, Type.Variable "b")
    |]

/// The keys, the values or the entries of a map, one after the other.
let column (call: RuleCall) : Known =
    let result = general call

    match call.Values with
    | [ map ] when isMaps call.Session.Types map.Type && not (isEmptyMap map) ->
        let entry = entries call.Session.Types false map.Type
        let key, value = Join.literals entry.Key, Join.literals entry.Value

        match call.Signature.Name with
        | "keys" -> Known.ofType (Type.Vector key)
        | "vals" -> Known.ofType (Type.Vector value)
        | _ -> Known.ofType (Type.Vector(Type.Tuple [| key; value |]))
    | [ map ] when isEmptyMap map -> Known.ofType (Type.Tuple Array.empty)
    | _ -> result

/// `map-vals` and its like: one call for each entry.
let each (call: RuleCall) : Known =
    let name = call.Signature.Name
    let isKeys = name.EndsWith "-keys"
    let at = if name.StartsWith "update" then 0 else 1

    match List.tryItem at call.Values with
    | Some map when call.Values.Length = 2 && not (isEmptyMap map) ->
        let types = call.Session.Types
        let entry = entries types false map.Type
        let parameters = Array.copy call.Signature.Parameters
        parameters[1 - at] <- functionOf isKeys entry

        let given =
            LibraryCalls.call
                call.Session
                {
                    call.Signature with
                        Parameters = parameters
                        Result = Type.Variable "b"
                }
                call.Values
                call.Cores
                call.Spans
                call.Span

        match name, map.Type with
        | "filter-vals", _ -> Known.ofType call.Signature.Result
        | _, Type.Map(fields, Closed) when not isKeys ->
            Known.ofType (
                Type.Map(fields |> Array.map (fun field -> Field(field.Key, given.Type, field.Optional)), Atom.never)
            )
        | _ when entry.Value.Equals Atom.any -> Known.ofType call.Signature.Result
        | _ when isKeys -> Known.ofType (Type.MapOf(Join.literals given.Type, entry.Value))
        | _ -> Known.ofType (Type.MapOf(Join.literals entry.Key, Join.literals given.Type))
    | _ -> general call

/// A fold over entries.
let reduce (call: RuleCall) : Known =
    match call.Values with
    | [ _; _; held ] when not (isEmptyMap held) ->
        let entry = entries call.Session.Types true held.Type
        let parameters = Array.copy call.Signature.Parameters

        match parameters[0] with
        | Type.Function([| result; _; _ |], rest, given) ->
            parameters[0] <- Type.Function([| result; entry.Key; entry.Value |], rest, given)
        | _ -> ()

        LibraryCalls.call
            call.Session
            {
                call.Signature with
                    Parameters = parameters
            }
            call.Values
            call.Cores
            call.Spans
            call.Span
    | _ -> general call

/// Two records: the function makes one value of two under the keys that both have.
let private mergedRecords (call: RuleCall) (f: Known) (before: Field array) (next: Field array) : Field array =
    let find (key: Form) (fields: Field array) =
        fields |> Array.tryFind (fun field -> field.Key.Equals key)

    let kept =
        before
        |> Array.map (fun field ->
            match find field.Key next with
            | Some other ->
                let made =
                    call.Session.Apply
                        f
                        [ Known.ofType field.Type; Known.ofType other.Type ]
                        [ spanAt call 0; spanAt call 0 ]
                        (spanAt call 0)

                let either = [|
                    made.Type
                    if other.Optional then
                        field.Type
                    if field.Optional then
                        other.Type
                |]

                Field(field.Key, Join.items call.Session.Types either, field.Optional && other.Optional)
            | None -> field)

    Array.append kept (next |> Array.filter (fun field -> (find field.Key before).IsNone))

let mergeWith (call: RuleCall) : Known =
    let fieldsOf (known: Known) =
        match known.Type with
        | Type.Map(fields, Closed) -> Some fields
        | _ -> None

    match call.Values with
    | f :: maps when not maps.IsEmpty ->
        let types = call.Session.Types
        let records = maps |> List.choose fieldsOf

        let value =
            maps
            |> Seq.filter (isEmptyMap >> not)
            |> Seq.map (fun map -> (entries types false map.Type).Value)
            |> Array.ofSeq
            |> Join.items types

        if records.Length = maps.Length then
            records.Tail
            |> List.fold (mergedRecords call f) records.Head
            |> fun fields -> Known.ofType (Type.Map(fields, Atom.never))
        elif value.Equals Atom.any then
            general call
        else
            // What it gives may be one of the values of its next call.
            let again = Type.Function([| Type.Variable "a"; value |], null, Type.Variable "a")

            LibraryCalls.call
                call.Session
                {
                    call.Signature with
                        Parameters = [| again; Type.Variable "a"; call.Signature.Parameters[1] |]
                        Least = 3
                }
                (f :: Known.ofType value :: maps)
                Array.empty
                (spanAt call 0
                 :: spanAt call 0
                 :: (maps |> List.mapi (fun i _ -> spanAt call (i + 1))))
                call.Span
    | _ -> general call
