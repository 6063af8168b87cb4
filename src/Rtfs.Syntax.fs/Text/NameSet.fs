/// Names of which it is mostly asked whether any is among a few others, and mostly none is: a mask of their hashes tells at once.
namespace Rtfs.Syntax.Text

open System
open System.Collections.Generic
open System.Linq

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

    /// By a few of its characters: it is asked far more often than it must tell names apart.
    static member BitOf(name: string) : uint64 =
        let last = name.Length - 1

        if last < 0 then
            1UL
        else
            1UL
            <<< ((int name[0]
                  + 7 * int name[last]
                  + 13 * int name[last / 2]
                  + 31 * int name[max 0 (last - 1)]
                  + 5 * last)
                 &&& 63)

    new(names: IEnumerable<string>) as this =
        NameSet()
        then this.AddAll names

    member _.Count = count
    member _.Mask = mask
    member _.Names: ReadOnlySpan<string> = ReadOnlySpan(names, 0, count)

    member _.Contains(name: string) : bool =
        (mask &&& NameSet.BitOf name) <> 0UL && holds name

    member _.Add(name: string) : unit =
        let bit = NameSet.BitOf name

        if (mask &&& bit) = 0UL || not (holds name) then
            if count = names.Length then
                Array.Resize(&names, max 4 (2 * count))

            names[count] <- name
            count <- count + 1
            mask <- mask ||| bit

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

/// A list that costs nothing while it is empty: a field of what holds it, and no object of its own. Copies share what is in it then.
[<Struct; NoEquality; NoComparison>]
type internal Few<'T> =
    val mutable private items: 'T array | null
    val mutable private count: int

    member this.Count = this.count

    member this.Items: ArraySegment<'T> =
        match this.items with
        | null -> ArraySegment.Empty
        | items -> ArraySegment(items, 0, this.count)

    member this.Item
        with get (index: int): 'T = this.Items[index]

    member this.Add(item: 'T) : unit =
        let items =
            match this.items with
            | null -> Array.zeroCreate 2
            | items when this.count = items.Length ->
                let larger = Array.zeroCreate (2 * this.count)
                items.CopyTo(larger, 0)
                larger
            | items -> items

        items[this.count] <- item
        this.items <- items
        this.count <- this.count + 1

    member this.Replace(index: int, item: 'T) : unit =
        let mutable items = this.Items
        items[index] <- item

/// Things of which each is noted once; mostly there are none or few.
[<Struct; NoEquality; NoComparison>]
type internal Bag<'T> =
    val mutable private items: Few<'T>
    // Only where there are many.
    val mutable private lookup: HashSet<'T> | null

    member this.Count = this.items.Count
    member this.Items: ArraySegment<'T> = this.items.Items

    member this.Contains(item: 'T) : bool =
        match this.lookup with
        | null -> this.items.Items.Contains item
        | many -> many.Contains item

    member this.Add(item: 'T) : unit =
        match this.lookup with
        | null ->
            if not (this.items.Items.Contains item) then
                this.items.Add item

                if this.items.Count > 8 then
                    this.lookup <- HashSet<'T>(this.items.Items)
        | many ->
            if many.Add item then
                this.items.Add item
