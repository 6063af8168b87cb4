/// The order of the slots in each column, so that few links cross: sweeps that put each slot at the mean of its neighbours
/// (the barycentre method of Sugiyama, Tagawa and Toda 1981), of which the best result is kept.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Crossings

open System

/// Enough for the order to settle; a graph beyond `large` slots gets fewer, so that drawing stays quick.
let private sweeps = 16

let private large = 20_000

/// How often the links between two neighbouring columns cross: inversions, counted in a binary indexed tree
/// (Barth, Jünger and Mutzel 2002).
let private between (slots: Slot array) (position: int array) (left: int array) (right: int array) : int64 =
    let ends =
        left
        |> Array.collect (fun slot ->
            let targets =
                slots[slot].Next |> Seq.map (fun next -> position[next]) |> Array.ofSeq

            Array.sortInPlace targets
            targets)

    let tree = Array.zeroCreate<int>(right.Length + 1)
    let mutable crossings = 0L

    ends
    |> Array.iteri (fun seen target ->
        let mutable notAbove = 0
        let mutable i = target + 1

        while i > 0 do
            notAbove <- notAbove + tree[i]
            i <- i - (i &&& -i)

        crossings <- crossings + int64 (seen - notAbove)
        i <- target + 1

        while i <= right.Length do
            tree[i] <- tree[i] + 1
            i <- i + (i &&& -i))

    crossings

let private positions (slots: Slot array) (columns: int array array) =
    let position = Array.zeroCreate<int> slots.Length

    for column in columns do
        column |> Array.iteri (fun i slot -> position[slot] <- i)

    position

/// All crossings of a grid.
let count (slots: Slot array) (columns: int array array) : int64 =
    let position = positions slots columns

    columns
    |> Array.pairwise
    |> Array.sumBy (fun (left, right) -> between slots position left right)

let reduce (grid: Grid) : Grid =
    let slots = grid.Slots
    let columns = grid.Columns |> Array.map Array.copy
    let position = positions slots columns
    let mutable best = columns |> Array.map Array.copy
    let mutable fewest = count slots best

    let sort (column: int array) (neighbours: int -> ResizeArray<int>) =
        let mean slot =
            let around = neighbours slot

            if around.Count = 0 then
                float position[slot]
            else
                around |> Seq.averageBy (fun other -> float position[other])

        // Stable, so that equal means leave the order as it is.
        let sorted =
            column
            |> Array.mapi (fun i slot -> struct (mean slot, i, slot))
            |> Array.sortWith (fun (struct (a, i, _)) (struct (b, j, _)) ->
                let byMean = compare a b
                if byMean <> 0 then byMean else compare i j)

        sorted
        |> Array.iteri (fun i (struct (_, _, slot)) ->
            column[i] <- slot
            position[slot] <- i)

    let rounds =
        if slots.Length > large then 2
        elif slots.Length > large / 10 then sweeps / 2
        else sweeps

    let mutable round = 0

    while round < rounds && fewest > 0L do
        if round % 2 = 0 then
            for i in 1 .. columns.Length - 1 do
                sort columns[i] (fun slot -> slots[slot].Previous)
        else
            for i in columns.Length - 2 .. -1 .. 0 do
                sort columns[i] (fun slot -> slots[slot].Next)

        let crossings = count slots columns

        if crossings < fewest then
            fewest <- crossings
            best <- columns |> Array.map Array.copy

        round <- round + 1

    { grid with Columns = best }
