/// Names of which it is mostly asked whether any is among a few others, and mostly none is: a mask of their hashes tells at once.
namespace Rtfs.Syntax.Text

open System
open System.Collections.Generic

[<Sealed>]
type internal NameSet() =
    static let few = 32
    let mutable names: string array = Array.empty
    let mutable count = 0
    let mutable mask = 0UL
    // Only where there are many.
    let mutable lookup: HashSet<string> | null = null

    let holds (name: string) =
        match lookup with
        | null -> Array.IndexOf(names, name, 0, count) >= 0
        | many -> many.Contains name

    static member BitOf(name: string) : uint64 = 1UL <<< (name.GetHashCode() &&& 63)

    new(names: IEnumerable<string>) as this =
        NameSet()
        then this.AddAll names

    member _.Count = count
    member _.Mask = mask
    member _.Names: ReadOnlySpan<string> = ReadOnlySpan(names, 0, count)

    member _.Contains(name: string) : bool =
        (mask &&& NameSet.BitOf name) <> 0UL && holds name

    member this.Add(name: string) : unit =
        if not (this.Contains name) then
            if count = names.Length then
                Array.Resize(&names, max 4 (2 * count))

            names[count] <- name
            count <- count + 1
            mask <- mask ||| NameSet.BitOf name

            match lookup with
            | null when count > few -> lookup <- HashSet<string>(ArraySegment(names, 0, count))
            | null -> ()
            | many -> many.Add name |> ignore

    member this.AddAll(others: IEnumerable<string>) : unit =
        for name in others do
            this.Add name

    member this.AddAll(others: NameSet) : unit =
        for name in others.Names do
            this.Add name

    member this.Overlaps(other: NameSet) : bool =
        if (mask &&& other.Mask) = 0UL then
            false
        elif count > other.Count then
            other.Overlaps this
        else
            let mutable found = false

            for i in 0 .. count - 1 do
                found <- found || other.Contains names[i]

            found

/// Things of which each is noted once; mostly there are none or few.
[<Sealed>]
type internal Bag<'T>() =
    static let few = 8
    let mutable items: 'T array = Array.empty
    let mutable count = 0
    // Only where there are many.
    let mutable lookup: HashSet<'T> | null = null

    let holds (item: 'T) =
        match lookup with
        | null -> Array.IndexOf(items, item, 0, count) >= 0
        | many -> many.Contains item

    member _.Count = count
    member _.Items: ArraySegment<'T> = ArraySegment(items, 0, count)

    member _.Add(item: 'T) : unit =
        if not (holds item) then
            if count = items.Length then
                Array.Resize(&items, max 2 (2 * count))

            items[count] <- item
            count <- count + 1

            match lookup with
            | null when count > few -> lookup <- HashSet<'T>(ArraySegment(items, 0, count))
            | null -> ()
            | many -> many.Add item |> ignore
