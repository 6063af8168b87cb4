/// The geometry of a drawing: nothing overlaps, no curve runs through a box, few curves cross, whatever the graph.
module Rtfs.Syntax.Tests.LayoutTests

open Xunit
open FsCheck
open FsCheck.FSharp
open FsCheck.Xunit
open Rtfs.Syntax.Plan.Drawing

let private labelSize (lines: string list) : Size = {
    Width = 60.0
    Height = 9.0 + 14.0 * float lines.Length
}

let private place count wires =
    let sizes =
        Array.init count (fun i -> {
            Width = 80.0 + float (i % 5) * 30.0
            Height = 42.0 + float (i % 3) * 15.0
        })

    Layout.place sizes wires labelSize

let private wire source target lines = {
    From = source
    To = target
    Lines = lines
}

/// What the properties are about, as wires are internal.
type Graph = {
    Stages: int
    Edges: struct (int * int * string list) array
}

let private wiresOf (graph: Graph) =
    graph.Edges
    |> Array.map (fun (struct (source, target, lines)) -> wire source target lines)

let private graphs =
    Gen.sized (fun size -> gen {
        let! count = Gen.choose (1, min 14 (2 + size / 4))
        let! wanted = Gen.choose (0, 2 * count)

        let! wires =
            Gen.arrayOfLength
                wanted
                (gen {
                    let! source = Gen.choose (0, count - 1)
                    let! target = Gen.choose (0, count - 1)
                    let! lines = Gen.elements [ []; [ "int" ]; [ "{a int,"; " b int}" ] ]
                    return struct (source, target, lines)
                })

        return { Stages = count; Edges = wires }
    })

type Graphs =
    static member Graph() = Arb.fromGen graphs

let private overlap (a: Frame) (b: Frame) =
    a.X < b.Right - 0.01
    && b.X < a.Right - 0.01
    && a.Y < b.Y + b.Height - 0.01
    && b.Y < a.Y + a.Height - 0.01

let private frames (picture: Picture) =
    Array.append picture.Boxes (picture.Labels |> Array.map _.Frame)

/// Points along a curve, by the drawing's own rule: a level bend, a level line, and so on.
let private along (curve: Curve) : Point seq = seq {
    for i in 1 .. curve.Points.Length - 1 do
        let a, b = curve.Points[i - 1], curve.Points[i]

        for step in 0..20 do
            let t = float step / 20.0
            let weight = if i % 2 = 1 then t else t * t * (3.0 - 2.0 * t)

            let x =
                if i % 2 = 1 then
                    a.X + (b.X - a.X) * t
                else
                    let middle = (a.X + b.X) / 2.0
                    let u = 1.0 - t

                    u * u * u * a.X + 3.0 * u * t * (u + t) * middle + t * t * t * b.X

            {
                X = x
                Y = a.Y + (b.Y - a.Y) * weight
            }
}

let private inside (frame: Frame) (point: Point) =
    point.X > frame.X + 0.1
    && point.X < frame.Right - 0.1
    && point.Y > frame.Y + 0.1
    && point.Y < frame.Y + frame.Height - 0.1

[<Property(Arbitrary = [| typeof<Graphs> |], MaxTest = 300, Replay = "1,3")>]
let ``Nothing overlaps, and all is inside of the picture`` (graph: Graph) =
    let wires = wiresOf graph
    let picture = place graph.Stages wires
    let frames = frames picture

    for i in 0 .. frames.Length - 1 do
        Assert.InRange(frames[i].X, -0.01, picture.Width)
        Assert.InRange(frames[i].Y, -0.01, picture.Height)
        Assert.InRange(frames[i].Right, 0.0, picture.Width + 0.01)
        Assert.InRange(frames[i].Y + frames[i].Height, 0.0, picture.Height + 0.01)

        for j in i + 1 .. frames.Length - 1 do
            // A message is costly to write, and there are many pairs.
            if overlap frames[i] frames[j] then
                Assert.Fail $"{frames[i]} and {frames[j]}"

[<Property(Arbitrary = [| typeof<Graphs> |], MaxTest = 300, Replay = "5,7")>]
let ``No curve runs through a box or a label`` (graph: Graph) =
    let wires = wiresOf graph
    let picture = place graph.Stages wires
    let frames = frames picture |> Array.ofSeq

    for curve in picture.Curves do
        if wires[curve.Wire].From <> wires[curve.Wire].To then
            for point in along curve do
                for frame in frames do
                    if inside frame point then
                        Assert.Fail $"{point} in {frame}"

[<Property(Arbitrary = [| typeof<Graphs> |], MaxTest = 300, Replay = "9,11")>]
let ``Every edge ends in one arrowhead at its target`` (graph: Graph) =
    let wires = wiresOf graph
    let picture = place graph.Stages wires

    for i in 0 .. wires.Length - 1 do
        let target = picture.Boxes[wires[i].To]

        let shared =
            picture.Curves
            |> Array.filter (fun curve -> curve.Pointed && wires[curve.Wire] = wires[i])

        Assert.Equal(wires |> Array.filter ((=) wires[i]) |> Array.length, shared.Length)

        for curve in shared do
            let tip = Array.last curve.Points
            Assert.InRange(tip.X, target.X - 0.1, target.Right + 0.1)
            Assert.InRange(tip.Y, target.Y - 0.1, target.Y + target.Height + 0.1)

[<Fact>]
let ``A chain is one level line`` () =
    let picture = place 4 [| wire 0 1 []; wire 1 2 [ "int" ]; wire 2 3 [] |]

    Assert.Single(
        picture.Curves
        |> Seq.collect (fun curve -> curve.Points |> Seq.map _.Y)
        |> Seq.distinct
    )
    |> ignore

    Assert.True(
        picture.Boxes
        |> Array.pairwise
        |> Array.forall (fun (left, right) -> left.Right < right.X)
    )

[<Fact>]
let ``A diamond is even`` () =
    let sizes = Array.create 4 { Width = 100.0; Height = 42.0 }

    let picture =
        Layout.place sizes [| wire 0 1 []; wire 0 2 []; wire 1 3 []; wire 2 3 [] |] labelSize

    let boxes = picture.Boxes
    Assert.Equal(boxes[0].Middle, boxes[3].Middle)
    Assert.Equal(boxes[1].X, boxes[2].X)
    Assert.Equal(boxes[0].Middle, (boxes[1].Middle + boxes[2].Middle) / 2.0)

[<Fact>]
let ``Edges of one type from one stage share their label`` () =
    let both = [| wire 0 1 [ "int" ]; wire 0 2 [ "int" ]; wire 0 3 [ "string" ] |]
    Assert.Equal(2, (place 4 both).Labels.Length)

[<Fact>]
let ``A source stands before what it feeds, however late that is`` () =
    let picture = place 5 [| wire 0 1 []; wire 1 2 []; wire 2 3 []; wire 4 3 [] |]
    let boxes = picture.Boxes
    Assert.True(boxes[4].X > boxes[1].X)

[<Fact>]
let ``Crossings that an order avoids are avoided`` () =
    // Two fans, wired so that the order of the text crosses nine times.
    let wires = [|
        for i in 0..2 do
            wire 0 (7 - i) []
            wire 1 (2 + i) []
    |]

    let sizes = Array.create 8 { Width = 80.0; Height = 42.0 }
    let joined = Array.append wires [| wire 7 4 [] |]
    let grid = Slots.place sizes joined labelSize |> Crossings.reduce
    Assert.Equal(0L, Crossings.count grid.Slots grid.Columns)

[<Fact>]
let ``Two hundred stages with every one joined to the next eight are drawn`` () =
    let wires = [|
        for i in 0..199 do
            for j in i + 1 .. min 199 (i + 8) do
                wire i j [ "int" ]
    |]

    Assert.Equal(200, (place 200 wires).Boxes.Length)
