/// Streams that values carry: followed through literals, and where one gets out of sight, taken for one that somebody may read.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Sight

open Rtfs.Syntax.Types

/// Whether wiring can follow something in the value.
let rec carries (known: Known) : bool =
    match known.Shape with
    | Shape.Stream _
    | Shape.Sink _
    | Shape.Operator _
    | Shape.Pipeline _ -> true
    | Shape.Many items -> items |> List.exists carries
    | Shape.Entries entries -> entries |> List.exists (fun (struct (_, value)) -> carries value)
    | Shape.Plain
    | Shape.Datum _
    | Shape.Closure _
    | Shape.Library _
    // What a combination is made of is out of sight already.
    | Shape.Combined _
    | Shape.Plan _
    | Shape.Test _
    | Shape.Told -> false

/// Whether it is a function that calls are followed into.
let isFunction (known: Known) : bool =
    match known.Shape with
    | Shape.Closure _
    | Shape.Library _
    | Shape.Combined _ -> true
    | _ -> false

/// Whether more is known of the value than its type tells.
let isFollowed (known: Known) : bool = isFunction known || carries known

/// Whether it is a stream's or a sink's handle.
let isHandle (known: Known) : bool =
    match known.Shape, known.Type with
    | (Shape.Stream _ | Shape.Sink _), _
    | _, (Type.Stream _ | Type.StreamBi _ | Type.StreamDuplex _ | Type.Resource "StreamSink") -> true
    | _ -> false

/// What becomes of the value is not known: nothing is said of streams in it that nobody is seen to read.
let rec lose (session: Session) (known: Known) : unit =
    match known.Shape with
    | Shape.Stream stage -> session.Trace.Read.Add stage
    | Shape.Many items -> items |> List.iter (lose session)
    | Shape.Entries entries -> entries |> List.iter (fun (struct (_, value)) -> lose session value)
    | Shape.Plain
    | Shape.Datum _
    | Shape.Closure _
    | Shape.Library _
    | Shape.Combined _
    | Shape.Sink _
    | Shape.Operator _
    | Shape.Pipeline _
    | Shape.Plan _
    | Shape.Test _
    | Shape.Told -> ()

/// More functions than these are not followed in place of one.
let private mostFunctions = 8

let private isSame (a: Known) (b: Known) : bool =
    match a.Shape, b.Shape with
    | Shape.Library a, Shape.Library b -> a = b
    | a, b -> obj.ReferenceEquals(a, b)

let private functions (known: Known) : Known list =
    match known.Shape with
    | Shape.Combined(Combination.OneOf functions) -> functions
    | _ -> [ known ]

/// Of a value that is one of two. Functions are followed both; else only one is, and the other is there all the same.
let either (session: Session) (a: Known) (b: Known) : Known =
    let found = Known.either session.Types a b

    let found =
        if isFunction a && isFunction b && not (isSame a b) then
            let before = functions a

            let all =
                before
                @ (functions b |> List.filter (fun f -> not (before |> List.exists (isSame f))))

            if all.Length > mostFunctions then
                found
            else
                {
                    found with
                        Shape = Shape.Combined(Combination.OneOf all)
                }
        else
            found

    if not (obj.ReferenceEquals(a.Shape, found.Shape)) then
        lose session a

    if not (obj.ReferenceEquals(b.Shape, found.Shape)) then
        lose session b

    found
