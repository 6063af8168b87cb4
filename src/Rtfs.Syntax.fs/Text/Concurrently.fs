/// Long arrays are made on all cores.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Text.Concurrently

open System
open System.Collections.Concurrent
open System.Runtime.ExceptionServices
open System.Threading.Tasks

/// How work is shared out.
type Sharing = {
    /// Below this many items, sharing them out costs more than it gains.
    Fewest: int
    /// More than most machines have cores, so that none waits long for another. With 1, nothing is shared out.
    Parts: int
}

/// The same everywhere: what a text is found to be must not depend on the machine, not even by a mistake.
let sharing = { Fewest = 2_000; Parts = 16 }

let private piece = 256

let private rethrowingFirst (act: unit -> unit) : unit =
    try
        act ()
    with :? AggregateException as several ->
        ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0])

/// Calls `act` with each number below `count`, in no order.
let each (count: int) (act: int -> unit) : unit =
    if count = 1 then
        act 0
    else
        rethrowingFirst (fun () -> Parallel.For(0, count, act) |> ignore)

/// `Array.init`, where `make` rests on nothing that another call of it changes.
let init (sharing: Sharing) (count: int) (make: int -> 'Item) : 'Item array =
    if count < sharing.Fewest || sharing.Parts = 1 then
        Array.init count make
    else
        let made = Array.zeroCreate<'Item> count

        rethrowingFirst (fun () ->
            Parallel.ForEach(
                Partitioner.Create(0, count, piece),
                fun (range: Tuple<int, int>) ->
                    for i in fst range .. snd range - 1 do
                        made[i] <- make i
            )
            |> ignore)

        made
