/// A graph in columns: each stage in one, each label in one between its ends, and a bend wherever an edge passes a column.
/// With these every link joins neighbouring columns, which is what ordering and aligning need (Sugiyama, Tagawa and Toda 1981).
namespace Rtfs.Syntax.Plan.Drawing

open System.Collections.Generic

/// What stands in a slot.
[<RequireQualifiedAccess>]
type internal Content =
    | Stage of index: int
    /// The label of one edge, or of all edges that carry one type from one stage.
    | Label of lines: string list
    | Bend

/// An edge between stages by index. `Lines` is its label, empty for none.
type internal Wire = {
    From: int
    To: int
    Lines: string list
}

type internal Size = { Width: float; Height: float }

type internal Slot = {
    Content: Content
    Column: int
    Size: Size
    Next: ResizeArray<int>
    Previous: ResizeArray<int>
}

/// `Routes` has for each wire the slots that it passes from left to right, its ends included; `Backward` those that run
/// from right to left because they close a cycle.
type internal Grid = {
    Slots: Slot array
    Columns: int array array
    Routes: int array array
    Backward: bool array
}

[<RequireQualifiedAccess>]
module internal Slots =

    /// The wires that lead back to a stage that is still being followed: without them no cycle is left. Depth first, on the heap.
    let private backward (count: int) (wires: Wire array) : bool array =
        let leaving = Array.init count (fun _ -> ResizeArray<int>())
        let entered = Array.zeroCreate<int> count

        wires
        |> Array.iteri (fun i wire ->
            leaving[wire.From].Add i
            entered[wire.To] <- entered[wire.To] + 1)

        let back = Array.zeroCreate<bool> wires.Length
        // 0 not met, 1 being followed, 2 done.
        let state = Array.zeroCreate<int> count
        let pending = Stack<struct (int * int)>()

        let follow start =
            if state[start] = 0 then
                state[start] <- 1
                pending.Push(struct (start, 0))

                while pending.Count > 0 do
                    let struct (stage, next) = pending.Pop()

                    if next = leaving[stage].Count then
                        state[stage] <- 2
                    else
                        pending.Push(struct (stage, next + 1))
                        let wire = leaving[stage][next]
                        let target = wires[wire].To

                        if state[target] = 1 then
                            back[wire] <- true
                        elif state[target] = 0 then
                            state[target] <- 1
                            pending.Push(struct (target, 0))

        // Where data comes in, the picture begins; what is left then are cycles that nothing leads into.
        for stage in 0 .. count - 1 do
            if entered[stage] = 0 then
                follow stage

        for stage in 0 .. count - 1 do
            follow stage

        back

    /// The longest way from a beginning; then what nothing leads to moves up to what it feeds.
    let private ranks (count: int) (ahead: struct (int * int) array) : int array =
        let rank = Array.zeroCreate<int> count
        let waiting = Array.zeroCreate<int> count
        let next = Array.init count (fun _ -> ResizeArray<int>())

        for struct (source, target) in ahead do
            next[source].Add target
            waiting[target] <- waiting[target] + 1

        let isBeginning = Array.map ((=) 0) waiting

        let ready =
            Queue<int>(seq { 0 .. count - 1 } |> Seq.filter (fun i -> isBeginning[i]))

        while ready.Count > 0 do
            let stage = ready.Dequeue()

            for target in next[stage] do
                rank[target] <- max rank[target] (rank[stage] + 1)
                waiting[target] <- waiting[target] - 1

                if waiting[target] = 0 then
                    ready.Enqueue target

        for stage in 0 .. count - 1 do
            if isBeginning[stage] && next[stage].Count > 0 then
                rank[stage] <- (next[stage] |> Seq.map (fun target -> rank[target]) |> Seq.min) - 1

        rank

    /// `labelSize` measures a label. Wires from a stage to itself are not for the grid.
    let place (stages: Size array) (wires: Wire array) (labelSize: string list -> Size) : Grid =
        let back = backward stages.Length wires

        /// From left to right.
        let ends i =
            if back[i] then
                struct (wires[i].To, wires[i].From)
            else
                struct (wires[i].From, wires[i].To)

        let rank = ranks stages.Length (Array.init wires.Length ends)
        let slots = ResizeArray<Slot>()

        let add content column size =
            slots.Add {
                Content = content
                Column = column
                Size = size
                Next = ResizeArray()
                Previous = ResizeArray()
            }

            slots.Count - 1

        let link source target =
            if not (slots[source].Next.Contains target) then
                slots[source].Next.Add target
                slots[target].Previous.Add source

        // Stages in even columns, labels in the odd ones.
        stages
        |> Array.iteri (fun i size -> add (Content.Stage i) (2 * rank[i]) size |> ignore)

        let shared = Dictionary<struct (int * string), int>()
        let nothing = { Width = 0.0; Height = 0.0 }

        let label i source =
            let column = 2 * rank[source] + 1
            let lines = wires[i].Lines

            let fresh () =
                add (Content.Label lines) column (labelSize lines)

            if lines.IsEmpty then
                add Content.Bend column nothing
            elif back[i] then
                fresh ()
            else
                let key = struct (source, String.concat "\n" lines)

                match shared.TryGetValue key with
                | true, slot -> slot
                | _ ->
                    let slot = fresh ()
                    shared[key] <- slot
                    slot

        let routes =
            Array.init wires.Length (fun i ->
                let struct (source, target) = ends i
                let first = label i source

                let route = [|
                    source
                    first
                    for column in 2 * rank[source] + 2 .. 2 * rank[target] - 1 do
                        add Content.Bend column nothing
                    target
                |]

                for step in 1 .. route.Length - 1 do
                    link route[step - 1] route[step]

                route)

        let width = 1 + (slots |> Seq.fold (fun most slot -> max most slot.Column) 0)
        let columns = Array.init width (fun _ -> ResizeArray<int>())

        // Depth first, so that a tree begins without a crossing.
        let met = Array.zeroCreate<bool> slots.Count
        let pending = Stack<int>()

        let follow start =
            pending.Push start

            while pending.Count > 0 do
                let slot = pending.Pop()

                if not met[slot] then
                    met[slot] <- true
                    columns[slots[slot].Column].Add slot

                    for i in slots[slot].Next.Count - 1 .. -1 .. 0 do
                        pending.Push(slots[slot].Next[i])

        for slot in 0 .. slots.Count - 1 do
            if slots[slot].Previous.Count = 0 then
                follow slot

        {
            Slots = slots.ToArray()
            Columns = columns |> Array.map _.ToArray()
            Routes = routes
            Backward = back
        }
