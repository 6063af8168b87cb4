/// Where everything of a drawing stands: boxes, labels and the curves between them, from left to right.
namespace Rtfs.Syntax.Plan.Drawing

open System
open System.Collections.Generic

[<Struct>]
type internal Point = { X: float; Y: float }

/// A rectangle by its upper left corner.
[<Struct>]
type internal Frame = {
    X: float
    Y: float
    Width: float
    Height: float
} with

    member frame.Middle = frame.Y + frame.Height / 2.0
    member frame.Right = frame.X + frame.Width

    member frame.Move(x, y) : Frame = {
        X = frame.X + x
        Y = frame.Y + y
        Width = frame.Width
        Height = frame.Height
    }

type internal LabelPlace = {
    Frame: Frame
    Lines: string list
    /// One of the wires that it is for; all of them carry the same type.
    Wire: int
}

/// Points in pairs: from an even one to the next a curve that begins and ends level, then a level line to the next even one.
type internal Curve = {
    Points: Point array
    /// Whether it ends in an arrowhead.
    Pointed: bool
    Wire: int
}

type internal Picture = {
    Width: float
    Height: float
    /// By stage.
    Boxes: Frame array
    Labels: LabelPlace array
    Curves: Curve array
}

[<RequireQualifiedAccess>]
module internal Layout =
    /// Between a box and what its edge reaches next: steep curves get more.
    let private gap = 26.0

    let private widestGap = 110.0
    let private steepness = 0.12

    /// Between graphs that nothing joins.
    let private apart = 36.0

    /// Single stages fill rows up to this width, if no graph is wider.
    let private rowWidth = 960.0

    /// Room above a box for an edge back to it.
    let private loop = 22.0

    /// The heights at which links meet one side of a box, spread around its middle in the order of their far ends.
    let private spread (middle: float) (height: float) count i =
        let step =
            if count < 2 then
                0.0
            else
                min 14.0 (max 0.0 (height - 24.0) / float (count - 1))

        middle + (float i - float (count - 1) / 2.0) * step

    /// The left end and width of every column; a gap grows with the steepest link that crosses it.
    let private columnPlaces (grid: Grid) (heights: float array) : struct (float * float) array =
        let mutable x = 0.0

        grid.Columns
        |> Array.mapi (fun i column ->
            let width =
                column |> Seq.fold (fun most slot -> max most grid.Slots[slot].Size.Width) 0.0

            if i > 0 then
                let steepest =
                    grid.Columns[i - 1]
                    |> Seq.collect (fun slot ->
                        grid.Slots[slot].Next
                        |> Seq.map (fun next -> abs (heights[next] - heights[slot])))
                    |> Seq.fold max 0.0

                x <- x + min widestGap (gap + steepness * steepest)

            let place = struct (x, width)
            x <- x + width
            place)

    /// Where each link leaves and where it arrives; `sides` is how much of each stage's slot is its box.
    let private ports
        (grid: Grid)
        (heights: float array)
        (sides: float array)
        : Dictionary<struct (int * int), struct (float * float)> =
        let leaving = Dictionary<struct (int * int), float>()
        let arriving = Dictionary<struct (int * int), float>()

        let assign (into: Dictionary<struct (int * int), float>) slot (others: ResizeArray<int>) key =
            let sorted = others |> Seq.sortBy (fun other -> heights[other]) |> Array.ofSeq

            sorted
            |> Array.iteri (fun i other ->
                into[key other] <-
                    match grid.Slots[slot].Content with
                    | Content.Stage stage -> spread heights[slot] sides[stage] sorted.Length i
                    | Content.Label _
                    | Content.Bend -> heights[slot])

        grid.Slots
        |> Array.iteri (fun slot content ->
            assign leaving slot content.Next (fun other -> struct (slot, other))
            assign arriving slot content.Previous (fun other -> struct (other, slot)))

        let found = Dictionary()

        for pair in leaving do
            found[pair.Key] <- struct (pair.Value, arriving[pair.Key])

        found

    /// One graph, every stage of it, its upper left corner at the origin.
    let private drawn (sizes: Size array) (sides: float array) (wires: Wire array) labelSize : Picture =
        let grid = Slots.place sizes wires labelSize |> Crossings.reduce
        let middles = Alignment.heights grid

        let top =
            middles
            |> Seq.mapi (fun i middle -> middle - grid.Slots[i].Size.Height / 2.0)
            |> Seq.min

        let heights = middles |> Array.map (fun middle -> middle - top)
        let columns = columnPlaces grid heights

        let frameOf slot =
            let content = grid.Slots[slot]
            let struct (x, width) = columns[content.Column]

            {
                X = x + (width - content.Size.Width) / 2.0
                Y = heights[slot] - content.Size.Height / 2.0
                Width = content.Size.Width
                Height = content.Size.Height
            }

        let ports = ports grid heights sides
        let curves = ResizeArray<Curve>()
        let labels = ResizeArray<LabelPlace>()
        let drawnTrunks = HashSet<int>()

        /// A column in which nothing is wide holds no curve level.
        let isOpen slot =
            let struct (_, width) = columns[grid.Slots[slot].Column]
            width = 0.0

        let piece wire (route: int array) first last pointed =
            let points = ResizeArray<Point>()

            for i in first .. last - 1 do
                let a, b = route[i], route[i + 1]
                let struct (leaves, arrives) = ports[struct (a, b)]
                let struct (x, width) = columns[grid.Slots[a].Column]
                let struct (next, _) = columns[grid.Slots[b].Column]

                if i = first then
                    points.Add { X = (frameOf a).Right; Y = leaves }

                if i = first || not (isOpen a) then
                    points.Add { X = x + width; Y = leaves }

                if i = last - 1 || not (isOpen b) then
                    points.Add { X = next; Y = arrives }

                if i = last - 1 then
                    points.Add { X = (frameOf b).X; Y = arrives }

            let points = points.ToArray()

            curves.Add {
                Points = if grid.Backward[wire] then Array.rev points else points
                Pointed = pointed
                Wire = wire
            }

        grid.Routes
        |> Array.iteri (fun wire route ->
            let last = route.Length - 1

            match grid.Slots[route[1]].Content with
            | Content.Label lines ->
                if drawnTrunks.Add route[1] then
                    // What several edges share is drawn once.
                    piece wire route 0 1 grid.Backward[wire]

                    labels.Add {
                        Frame = frameOf route[1]
                        Lines = lines
                        Wire = wire
                    }

                piece wire route 1 last (not grid.Backward[wire])
            | Content.Stage _
            | Content.Bend -> piece wire route 0 last true)

        let boxes = Array.init sizes.Length frameOf
        let struct (x, width) = columns[columns.Length - 1]

        {
            Width = x + width
            Height =
                heights
                |> Seq.mapi (fun i middle -> middle + grid.Slots[i].Size.Height / 2.0)
                |> Seq.max
            Boxes = boxes
            Labels = labels.ToArray()
            Curves = curves.ToArray()
        }

    /// The stages of each graph that nothing joins to the others, in the order of their first stages.
    let private parts (count: int) (wires: Wire array) : int array array =
        let parent = Array.init count id

        let rec find i =
            if parent[i] = i then
                i
            else
                parent[i] <- parent[parent[i]]
                find parent[i]

        for wire in wires do
            let a, b = find wire.From, find wire.To
            parent[max a b] <- min a b

        seq { 0 .. count - 1 }
        |> Seq.groupBy find
        |> Seq.map (fun (_, members) -> Array.ofSeq members)
        |> Array.ofSeq

    let private moved x y (point: Point) : Point = { X = point.X + x; Y = point.Y + y }

    /// An edge from a stage to itself goes over its box.
    let private around (box: Frame) wire : Curve =
        let right, left = box.Right - 22.0, box.X + 22.0

        {
            Points = [|
                { X = right; Y = box.Y }
                { X = right; Y = box.Y - loop }
                { X = left; Y = box.Y - loop }
                { X = left; Y = box.Y }
            |]
            Pointed = true
            Wire = wire
        }

    /// Graphs stand below each other, single stages in rows at the end. `labelSize` measures a label.
    let place (sizes: Size array) (wires: Wire array) (labelSize: string list -> Size) : Picture =
        let loops = wires |> Array.map (fun wire -> wire.From = wire.To)
        let looped = HashSet<int>()

        wires
        |> Array.iteri (fun i wire ->
            if loops[i] then
                looped.Add wire.From |> ignore)

        // A box with an edge to itself keeps room for it, below as above, so that its middle stays where it is.
        let padded =
            sizes
            |> Array.mapi (fun i size ->
                if looped.Contains i then
                    {
                        size with
                            Height = size.Height + 2.0 * (loop + 4.0)
                    }
                else
                    size)

        let boxes = Array.zeroCreate<Frame> sizes.Length
        let labels = ResizeArray<LabelPlace>()
        let curves = ResizeArray<Curve>()

        let joined, single =
            parts sizes.Length wires |> Array.partition (fun part -> part.Length > 1)

        let mutable width = 0.0
        let mutable bottom = 0.0

        for part in joined do
            let local = Dictionary<int, int>()
            part |> Array.iteri (fun i stage -> local[stage] <- i)

            let own =
                seq { 0 .. wires.Length - 1 }
                |> Seq.filter (fun i -> not loops[i] && local.ContainsKey wires[i].From)
                |> Array.ofSeq

            let picture =
                drawn
                    (part |> Array.map (fun stage -> padded[stage]))
                    (part |> Array.map (fun stage -> sizes[stage].Height))
                    (own
                     |> Array.map (fun i -> {
                         wires[i] with
                             From = local[wires[i].From]
                             To = local[wires[i].To]
                     }))
                    labelSize

            let y = if bottom = 0.0 then 0.0 else bottom + apart

            part
            |> Array.iteri (fun i stage -> boxes[stage] <- picture.Boxes[i].Move(0.0, y))

            for label in picture.Labels do
                labels.Add {
                    label with
                        Frame = label.Frame.Move(0.0, y)
                        Wire = own[label.Wire]
                }

            for curve in picture.Curves do
                curves.Add {
                    curve with
                        Points = curve.Points |> Array.map (moved 0.0 y)
                        Wire = own[curve.Wire]
                }

            width <- max width picture.Width
            bottom <- y + picture.Height

        let room = max width rowWidth
        let mutable x = 0.0
        let mutable y = if bottom = 0.0 then 0.0 else bottom + apart
        let mutable row = 0.0

        for part in single do
            let stage = part[0]
            let size = padded[stage]

            if x > 0.0 && x + size.Width > room then
                x <- 0.0
                y <- y + row + gap
                row <- 0.0

            boxes[stage] <- {
                X = x
                Y = y
                Width = size.Width
                Height = size.Height
            }

            row <- max row size.Height
            x <- x + size.Width + gap
            width <- max width (x - gap)
            bottom <- y + row

        for stage in looped do
            boxes[stage] <- {
                boxes[stage] with
                    Y = boxes[stage].Y + loop + 4.0
                    Height = sizes[stage].Height
            }

        wires
        |> Array.iteri (fun i wire ->
            if loops[i] then
                curves.Add(around boxes[wire.From] i))

        {
            Width = width
            Height = bottom
            Boxes = boxes
            Labels = labels.ToArray()
            Curves = curves.ToArray()
        }
