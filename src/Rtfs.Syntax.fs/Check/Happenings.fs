/// What callbacks are told: events and errors as the records that a run gives them.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Happenings

open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private field name target =
    Field(Forms.Keyword name, target, false)

let private sometimes name target = Field(Forms.Keyword name, target, true)

let private words (names: string list) =
    Type.Enum(names |> Seq.map Forms.Keyword |> Array.ofSeq)

let private text = Type.Primitive Primitive.String
let private count = Type.Primitive Primitive.Int

// One function may be given to several callbacks: the word is whichever there is.
let private common = [|
    field "event" (words [ "start"; "pause"; "resume"; "backpressure"; "complete"; "cancel" ])
    field "stream" text
|]

let private event = Type.Map(common, null)

/// What has become of a buffer is told besides.
let private pressure =
    Type.Map(
        Array.append common [|
            field "strategy" (words [ "block"; "drop-oldest"; "drop-newest"; "resize" ])
            field "buffered" count
            field "buffer-size" count
            field "dropped" count
        |],
        null
    )

/// An error of an item has its sequence, that of a schema the way to what departs from it.
let error =
    Known.ofType (
        Type.Map(
            [|
                field "code" text
                field "kind" text
                field "message" text
                field "stage" text
                sometimes "sequence" count
                sometimes "place" text
                sometimes "path" (Type.Vector Atom.any)
                sometimes "expected" text
                sometimes "found" text
            |],
            null
        )
    )

/// What a callback is given, by the words that say so.
let given (key: string) (words: string list) : Known list =
    words
    |> List.map (fun word ->
        match word with
        | "event" -> Known.ofType (if key = "on-backpressure" then pressure else event)
        | "error" -> error
        | "stage" -> Known.ofType text
        // The item that an error is of may be that of any stage.
        | _ -> Known.told)
