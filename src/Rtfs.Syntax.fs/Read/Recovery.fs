/// Decides, before any form is built, where the brackets of a text that do not match are to be mended. It looks at brackets alone,
/// in time linear in the text; a text whose brackets all match needs no repair, and the reader then never asks.
module internal Rtfs.Syntax.Read.Recovery

open System
open Rtfs.Syntax.Read.Brackets

/// The brackets that are open, with a count of each shape.
type private Open(shapes: ResizeArray<int>, counts: int array) =
    new() = Open(ResizeArray(), Array.zeroCreate 3)
    member _.Count = shapes.Count
    member _.Has shape = counts[shape] > 0
    member _.Top = shapes[shapes.Count - 1]

    member _.Push shape =
        shapes.Add shape
        counts[shape] <- counts[shape] + 1

    member _.Pop() =
        let top = shapes[shapes.Count - 1]
        shapes.RemoveAt(shapes.Count - 1)
        counts[top] <- counts[top] - 1

    /// Leaves the nearest bracket of a shape on top, and gives how many had to go.
    member this.PopTo shape =
        let mutable gone = 0

        while this.Top <> shape do
            this.Pop()
            gone <- gone + 1

        gone

    member _.Clear() =
        shapes.Clear()
        Array.Clear counts

    member _.Copy() =
        Open(ResizeArray shapes, Array.copy counts)

/// How a stretch of brackets is walked. `Crosses`: an opening bracket in column 0 does not end what is open. `Closing`: the
/// walk ends where nothing is open and a form in column 0 begins. `Weighs`: a mismatch looks ahead for its cheaper repair.
[<Struct>]
type private Manner = {
    Crosses: bool
    Closing: bool
    Weighs: bool
}

/// Repairs the brackets that do not match. The cost of a repair is the number of brackets that it adds or sets aside.
type private Mender(text: string, brackets: ResizeArray<Bracket>, mate: int array, repairs: ResizeArray<Repair>) =
    // Looking ahead is paid from here, which keeps the whole linear; without budget the first rule is followed.
    let mutable budget = 2L * int64 brackets.Count + 16384L

    let add (record: bool) at kind count =
        if record then
            repairs.Add { At = at; Kind = kind; Count = count }

    let placeOf index =
        if index < brackets.Count then
            let bracket = brackets[index]

            if bracket.Margin >= 0 then
                bracket.Margin
            else
                bracket.Position
        else
            text.Length

    /// Gives the cost, and the index where the walk ended. `ledger` takes the cost of ending everything at each form in column 0.
    let rec walk
        (start: int)
        (until: int)
        (manner: Manner)
        (record: bool)
        (opened: Open)
        (ledger: ResizeArray<struct (int * int)> | null)
        : struct (int * int) =
        let mutable cost = 0
        let mutable i = start
        let mutable go = true

        while go && i < until do
            let bracket = brackets[i]

            if manner.Closing && i > start && opened.Count = 0 && bracket.Margin >= 0 then
                go <- false
            else
                match ledger with
                | NonNull entries when bracket.Margin >= 0 && i > start -> entries.Add(struct (i, cost + opened.Count))
                | _ -> ()

                if bracket.Margin >= 0 && opened.Count > 0 && not manner.Crosses then
                    cost <- cost + opened.Count
                    add record bracket.Margin RepairKind.Boundary opened.Count
                    opened.Clear()

                if bracket.Shape < 0 then
                    ()
                elif not manner.Crosses && opened.Count = 0 && mate[i] > i then
                    // Balanced by itself, whatever stands in column 0 inside it.
                    i <- mate[i]
                elif not bracket.Closes then
                    opened.Push bracket.Shape
                elif opened.Count > 0 && opened.Top = bracket.Shape then
                    opened.Pop()
                elif not (opened.Has bracket.Shape) then
                    cost <- cost + 1
                    add record bracket.Position RepairKind.Stray 1
                elif manner.Weighs && strayIsCheaper i until manner opened then
                    cost <- cost + 1
                    add record bracket.Position RepairKind.Stray 1
                else
                    let gone = opened.PopTo bracket.Shape
                    cost <- cost + gone
                    add record bracket.Position RepairKind.Unclosed gone
                    opened.Pop()

                i <- i + 1

        let left = opened.Count

        if left > 0 then
            cost <- cost + left
            add record (placeOf i) RepairKind.Boundary left

        match ledger with
        | NonNull entries -> entries.Add(struct (i, cost))
        | _ -> ()

        struct (cost, i)

    /// Whether setting the bracket at `i` aside costs less than ending the brackets inside the one that it could close.
    and strayIsCheaper i until manner (opened: Open) =
        if budget <= 0L then
            false
        else
            let plain = { manner with Weighs = false }
            let shape = brackets[i].Shape
            let closed = opened.Copy()
            let gone = closed.PopTo shape
            closed.Pop()
            let struct (ifClosed, a) = walk (i + 1) until plain false closed null
            let struct (ifStray, b) = walk (i + 1) until plain false (opened.Copy()) null
            budget <- budget - int64 (a - i) - int64 (b - i) - 2L * int64 opened.Count
            1 + ifStray < gone + ifClosed

    let within = {
        Crosses = false
        Closing = false
        Weighs = true
    }

    /// Where the form that opens at `start` had better end, if it may run over forms in column 0, or -1: the first place where
    /// ending it costs less than ending it and its like before every such form.
    let acrossMargins start =
        let across = ResizeArray<struct (int * int)>()
        let split = ResizeArray<struct (int * int)>()

        let manner = {
            Crosses = true
            Closing = true
            Weighs = true
        }

        let struct (_, finish) = walk start brackets.Count manner false (Open()) across
        walk start finish within false (Open()) split |> ignore
        budget <- budget - 2L * int64 (finish - start)
        let mutable saved = 0
        let mutable place = -1

        let mutable j = 0

        for struct (at, cost) in across do
            while j < split.Count - 1 && (let struct (other, _) = split[j] in other < at) do
                j <- j + 1

            let struct (same, other) = split[j]

            if same = at && other - cost > saved then
                saved <- other - cost
                place <- at

        place

    /// Repairs the form that opens at `start`, and gives the index to go on from. It ends before the next form in column 0, unless
    /// taking it over such forms is cheaper.
    member _.Mend(start: int) : int =
        let mutable next = start + 1

        while next < brackets.Count && brackets[next].Margin < 0 do
            next <- next + 1

        let opened = Open()
        let struct (_, _) = walk start next within false opened null
        budget <- budget - int64 (next - start)

        let further =
            if opened.Count > 0 && next < brackets.Count && budget > 0L then
                acrossMargins start
            else
                -1

        if further >= 0 then
            walk start further { within with Crosses = true } true (Open()) null |> ignore
            further
        else
            walk start next within true (Open()) null |> ignore
            next

    member this.MendAll() =
        let mutable i = 0

        while i < brackets.Count do
            if brackets[i].Closes then
                repairs.Add {
                    At = brackets[i].Position
                    Kind = RepairKind.Stray
                    Count = 1
                }

                i <- i + 1
            elif mate[i] >= 0 then
                i <- mate[i] + 1
            else
                i <- this.Mend i

/// Two lists in the order of the text as one.
let private merged (a: ResizeArray<Repair>) (b: ResizeArray<Repair>) : Repair array =
    let result = Array.zeroCreate (a.Count + b.Count)
    let mutable i = 0
    let mutable j = 0

    for k in 0 .. result.Length - 1 do
        if j >= b.Count || (i < a.Count && a[i].At < b[j].At) then
            result[k] <- a[i]
            i <- i + 1
        else
            result[k] <- b[j]
            j <- j + 1

    result

/// The most forms that one `^` takes: `^:delegation :remote "model" target`.
let private formsOfMetadata = 4

/// Places between top-level forms, about equally far from each other, where reading may begin: right behind lists. Where a `^` may
/// still take the list, or what follows it, is none.
let private seams (text: string) (brackets: ResizeArray<Bracket>) (mate: int array) (pieces: int) : int array =
    let found = ResizeArray<int>()
    let mutable before = 0
    let mutable awaited = 0
    let mutable i = 0

    while i < brackets.Count && found.Count + 1 < pieces do
        let closing = brackets[mate[i]]

        for at in before .. brackets[i].Position - 1 do
            if text[at] = '^' then
                awaited <- awaited + formsOfMetadata

        let wanted = int64 text.Length * int64 (found.Count + 1) / int64 pieces

        if awaited = 0 && closing.Shape = 0 && int64 closing.Position >= wanted then
            found.Add(closing.Position + 1)

        if closing.Shape >= 0 then
            before <- closing.Position + 1

        awaited <- max 0 (awaited - 1)
        i <- mate[i] + 1

    found.ToArray()

/// The repairs that a text needs, in its order, and, where it needs none, the places that divide it into so many pieces.
let planInPieces (text: string) (pieces: int) : struct (Repair array * int array) =
    let endless = ResizeArray<Repair>()
    let struct (all, _) = scan text 0 text.Length false endless
    let mutable brackets = all

    if endless.Count > 0 then
        endless.Clear()
        let struct (all, _) = scan text 0 text.Length true endless
        brackets <- all

    let struct (mate, balanced) = mates brackets
    let mended = ResizeArray<Repair>()

    if not balanced then
        Mender(text, brackets, mate, mended).MendAll()

    let repairs = merged endless mended

    struct (repairs,
            if repairs.Length = 0 then
                seams text brackets mate pieces
            else
                Array.empty)

/// The repairs that a text needs, in its order.
let plan (text: string) : Repair array =
    let struct (repairs, _) = planInPieces text 1
    repairs
