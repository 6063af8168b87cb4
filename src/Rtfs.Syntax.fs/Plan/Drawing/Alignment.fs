/// Where the slots of a grid stand from top to bottom: links as straight as they go, and nothing nearer to its neighbour than
/// it may be. After Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001): four alignments and their mean.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Alignment

open System
open System.Collections.Generic

let private isBend (slot: Slot) =
    match slot.Content with
    | Content.Bend -> true
    | Content.Stage _
    | Content.Label _ -> false

/// Free room between two neighbours of a column.
let private gap (a: Slot) (b: Slot) =
    match a.Content, b.Content with
    | Content.Stage _, Content.Stage _ -> 28.0
    | Content.Bend, Content.Bend -> 14.0
    | Content.Label _, Content.Label _ -> 12.0
    | Content.Stage _, Content.Label _
    | Content.Stage _, Content.Bend
    | Content.Label _, Content.Stage _
    | Content.Label _, Content.Bend
    | Content.Bend, Content.Stage _
    | Content.Bend, Content.Label _ -> 18.0

/// Between the middles of two neighbours.
let private separation (slots: Slot array) a b =
    (slots[a].Size.Height + slots[b].Size.Height) / 2.0 + gap slots[a] slots[b]

/// Links that cross a link between two bends: those give way, so that long edges stay straight.
let private conflicts (grid: Grid) : HashSet<struct (int * int)> =
    let slots = grid.Slots
    let found = HashSet<struct (int * int)>()
    let position = Array.zeroCreate<int> slots.Length

    for column in grid.Columns do
        column |> Array.iteri (fun i slot -> position[slot] <- i)

    for before, column in Array.pairwise grid.Columns do
        let mutable low = 0
        let mutable scanned = 0

        column
        |> Array.iteri (fun i slot ->
            let inner =
                if isBend slots[slot] then
                    slots[slot].Previous |> Seq.tryFind (fun other -> isBend slots[other])
                else
                    None

            if inner.IsSome || i = column.Length - 1 then
                let high =
                    match inner with
                    | Some other -> position[other]
                    | None -> before.Length

                for j in scanned..i do
                    for other in slots[column[j]].Previous do
                        if
                            (position[other] < low || position[other] > high)
                            && not (isBend slots[other] && isBend slots[column[j]])
                        then
                            found.Add(struct (other, column[j])) |> ignore

                scanned <- i + 1
                low <- high)

    found

/// Chains of slots that shall stand at one height: `root` is the first of a slot's chain.
let private align (columns: int array array) count conflicts (neighbours: int -> ResizeArray<int>) : int array =
    let root = Array.init count id
    let next = Array.init count id
    let position = Array.zeroCreate<int> count

    for column in columns do
        column |> Array.iteri (fun i slot -> position[slot] <- i)

    let clashes a b =
        (conflicts: HashSet<struct (int * int)>).Contains(struct (a, b))
        || conflicts.Contains(struct (b, a))

    for column in columns do
        let mutable last = -1

        for slot in column do
            let around =
                neighbours slot |> Seq.sortBy (fun other -> position[other]) |> Array.ofSeq

            if around.Length > 0 then
                // The middle one, or both where their number is even.
                for i in (around.Length - 1) / 2 .. around.Length / 2 do
                    let other = around[i]

                    if next[slot] = slot && last < position[other] && not (clashes other slot) then
                        next[other] <- slot
                        root[slot] <- root[other]
                        next[slot] <- root[slot]
                        last <- position[other]

    root

/// The chains as near to each other as they may be: the longest way through the chains that neighbour in some column.
let private compact (columns: int array array) (root: int array) (apart: int -> int -> float) : float array =
    let count = root.Length
    let after = Array.init count (fun _ -> Dictionary<int, float>())
    let before = Array.init count (fun _ -> ResizeArray<int>())
    let waiting = Array.zeroCreate<int> count

    for column in columns do
        for a, b in Array.pairwise column do
            let a', b' = root[a], root[b]

            match after[a'].TryGetValue b' with
            | true, known -> after[a'][b'] <- max known (apart a b)
            | _ ->
                after[a'][b'] <- apart a b
                before[b'].Add a'
                waiting[b'] <- waiting[b'] + 1

    let place = Array.zeroCreate<float> count
    let order = ResizeArray<int>()

    let ready =
        Queue<int>(
            seq { 0 .. count - 1 }
            |> Seq.filter (fun slot -> root[slot] = slot && waiting[slot] = 0)
        )

    while ready.Count > 0 do
        let chain = ready.Dequeue()
        order.Add chain

        for pair in after[chain] do
            place[pair.Key] <- max place[pair.Key] (place[chain] + pair.Value)
            waiting[pair.Key] <- waiting[pair.Key] - 1

            if waiting[pair.Key] = 0 then
                ready.Enqueue pair.Key

    // Back again: what has room below moves towards its neighbours.
    for i in order.Count - 1 .. -1 .. 0 do
        let chain = order[i]

        if after[chain].Count > 0 then
            let room =
                after[chain] |> Seq.map (fun pair -> place[pair.Key] - pair.Value) |> Seq.min

            place[chain] <- max place[chain] room

    Array.init count (fun slot -> place[root[slot]])

/// The middle of each slot.
let heights (grid: Grid) : float array =
    let slots = grid.Slots
    let clashing = conflicts grid

    let one leftwards upwards =
        let mirrored =
            (if leftwards then Array.rev grid.Columns else grid.Columns)
            |> Array.map (fun column -> if upwards then Array.rev column else column)

        let neighbours slot =
            if leftwards then slots[slot].Next else slots[slot].Previous

        let root = align mirrored slots.Length clashing neighbours
        let place = compact mirrored root (separation slots)
        if upwards then Array.map (~-) place else place

    let all = [| one false false; one false true; one true false; one true true |]

    /// The outermost edges of what the slots take.
    let low (place: float array) =
        place
        |> Seq.mapi (fun i middle -> middle - slots[i].Size.Height / 2.0)
        |> Seq.min

    let high (place: float array) =
        place
        |> Seq.mapi (fun i middle -> middle + slots[i].Size.Height / 2.0)
        |> Seq.max

    let narrowest = all |> Array.minBy (fun place -> high place - low place)

    let shifted =
        all
        |> Array.mapi (fun i place ->
            let shift =
                if i % 2 = 0 then
                    low narrowest - low place
                else
                    high narrowest - high place

            place |> Array.map (fun middle -> middle + shift))

    // The mean of the two in the middle keeps every order and distance that all four keep.
    Array.init slots.Length (fun slot ->
        let four = shifted |> Array.map (fun place -> place[slot]) |> Array.sort
        (four[1] + four[2]) / 2.0)
