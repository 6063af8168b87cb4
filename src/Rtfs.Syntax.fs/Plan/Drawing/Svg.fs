/// A topology as a picture: an SVG that stands alone, reads in light and dark, and says in words what it shows.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Svg

open System
open System.Collections.Generic
open System.Globalization
open System.Text
open Rtfs.Syntax.Plan

let private margin = 24.0
let private nameSize = 13.0
let private kindSize = 11.0
let private codeSize = 10.5

/// What of a name, and of an id, a box has room for.
let private nameRoom = 200.0

let private idRoom = 220.0

/// A box grows so that the edges which meet it stay apart, up to this height.
let private tallest = 220.0

/// How many edges the description tells one by one.
let private mostTold = 60

let private number (value: float) =
    Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture)

/// Any text inside of an element or a quoted attribute. Line breaks stay, other controls and what XML forbids do not.
let private escaped (text: string) =
    let result = StringBuilder()

    for rune in text.EnumerateRunes() do
        match rune.Value with
        | code when code = int '<' -> result.Append "&lt;"
        | code when code = int '>' -> result.Append "&gt;"
        | code when code = int '&' -> result.Append "&amp;"
        | code when code = int '"' -> result.Append "&quot;"
        | code when code = int '\n' || code = int '\t' -> result.Append rune
        | code when code < 32 || (code >= 127 && code < 160) -> result.Append '·'
        | 0xFFFE
        | 0xFFFF -> result.Append '\uFFFD'
        | _ -> result.Append rune
        |> ignore

    result.ToString()

/// What a box says, one line after the other: its class, the text and the height of the line.
type private BoxText = {
    Lines: struct (string * string * float) list
    Size: Size
}

/// `links` is how many edges meet one side of the box at most.
let private boxText (stage: TopologyStage) (links: int) : BoxText =
    let name = Lettering.wrap Lettering.Face.Label nameSize nameRoom 2 stage.Label

    let lines = [
        for line in name do
            struct ("name", line, 17.0)
        if stage.Kind <> stage.Label then
            struct ("kind", Lettering.clip Lettering.Face.Small kindSize nameRoom stage.Kind, 15.0)
        match stage.Capability with
        | null -> ()
        | id -> struct ("id", Lettering.clipStart Lettering.Face.Code codeSize idRoom id, 15.0)
    ]

    let width (struct (kind, line, _)) =
        match kind with
        | "name" -> Lettering.width Lettering.Face.Label nameSize line
        | "kind" -> Lettering.width Lettering.Face.Small kindSize line
        | _ -> Lettering.width Lettering.Face.Code codeSize line

    let widest = lines |> Seq.map width |> Seq.fold max 40.0
    let height = lines |> Seq.sumBy (fun (struct (_, _, height)) -> height)

    {
        Lines = lines
        Size = {
            Width = Math.Ceiling(widest + 56.0)
            Height = max (max 42.0 (height + 20.0)) (min tallest (24.0 + 10.0 * float (links - 1)))
        }
    }

let private labelSize (lines: string list) : Size = {
    Width =
        Math.Ceiling(
            16.0
            + (lines
               |> Seq.map (Lettering.width Lettering.Face.Code codeSize)
               |> Seq.fold max 0.0)
        )
    Height = 14.0 * float lines.Length + 9.0
}

let private stageTitle (stage: TopologyStage) =
    match stage.Capability with
    | null -> $"{stage.Label} ({stage.Kind})"
    | id -> $"{stage.Label} ({stage.Kind}) {id}"

let private box (output: StringBuilder) (stage: TopologyStage) (text: BoxText) (frame: Frame) =
    let look = Look.ofKind stage.Kind

    output.Append $"<g class=\"{Look.name look}\"><title>{escaped (stageTitle stage)}</title>"
    |> ignore

    output.Append
        $"<rect class=\"box\" x=\"{number frame.X}\" y=\"{number frame.Y}\" width=\"{number frame.Width}\" height=\"{number frame.Height}\" rx=\"10\"/>"
    |> ignore

    output.Append
        $"<path class=\"icon\" transform=\"translate({number (frame.X + 12.0)} {number (frame.Middle - 10.0)})\" d=\"{Look.icon look}\"/>"
    |> ignore

    let height = text.Lines |> Seq.sumBy (fun (struct (_, _, height)) -> height)
    let mutable y = frame.Middle - height / 2.0

    for struct (kind, line, height) in text.Lines do
        output.Append
            $"<text class=\"{kind}\" x=\"{number (frame.X + 42.0)}\" y=\"{number (y + height * 0.75)}\">{escaped line}</text>"
        |> ignore

        y <- y + height

    output.Append("</g>\n") |> ignore

let private pill (output: StringBuilder) (label: LabelPlace) (elementType: string) =
    let frame = label.Frame
    let radius = min 11.0 (frame.Height / 2.0)

    output.Append
        $"<g><title>{escaped elementType}</title><rect class=\"pill\" x=\"{number frame.X}\" y=\"{number frame.Y}\" width=\"{number frame.Width}\" height=\"{number frame.Height}\" rx=\"{number radius}\"/>"
    |> ignore

    label.Lines
    |> List.iteri (fun i line ->
        let shown = Lettering.clip Lettering.Face.Code codeSize 1000.0 line

        output.Append
            $"<text class=\"type\" x=\"{number (frame.X + 8.0)}\" y=\"{number (frame.Y + 15.0 + 14.0 * float i)}\">{escaped shown}</text>"
        |> ignore)

    output.Append("</g>\n") |> ignore

/// The tip of an arrow that points from one place to another.
let private head (output: StringBuilder) (from: Point) (tip: Point) =
    let dx, dy = tip.X - from.X, tip.Y - from.Y
    let length = max 0.001 (sqrt (dx * dx + dy * dy))
    let ux, uy = dx / length, dy / length
    let back, half = 9.0, 4.2
    let bx, by = tip.X - ux * back, tip.Y - uy * back

    output.Append
        $"<path class=\"head\" d=\"M{number tip.X} {number tip.Y}L{number (bx - uy * half)} {number (by + ux * half)}L{number (bx + uy * half)} {number (by - ux * half)}z\"/>"
    |> ignore

let private curve (output: StringBuilder) (line: Curve) (elementType: string) (isLoop: bool) =
    let points = line.Points
    let path = StringBuilder()
    let at (point: Point) = $"{number point.X} {number point.Y}"
    path.Append $"M{at points[0]}" |> ignore

    if isLoop then
        path.Append $"C{at points[1]} {at points[2]} {at points[3]}" |> ignore
    else
        for i in 1 .. points.Length - 1 do
            let a, b = points[i - 1], points[i]

            if i % 2 = 1 || abs (a.Y - b.Y) < 0.05 then
                path.Append $"L{at b}" |> ignore
            else
                let middle = (a.X + b.X) / 2.0

                path.Append $"C{number middle} {number a.Y} {number middle} {number b.Y} {at b}"
                |> ignore

    output.Append $"<g><title>{escaped elementType}</title><path class=\"edge\" d=\"{path}\"/>"
    |> ignore

    if line.Pointed then
        let tip = points[points.Length - 1]

        let from =
            if isLoop then
                points[2]
            else
                // Every curve arrives level.
                {
                    X = tip.X + (if points[0].X < tip.X then -10.0 else 10.0)
                    Y = tip.Y
                }

        head output from tip

    output.Append("</g>\n") |> ignore

let private counted count what =
    if count = 1 then $"1 {what}" else $"{count} {what}s"

let private fileName (topology: Topology) =
    match topology.Source with
    | null -> "a plan"
    | source ->
        let name = source.Name
        name.Substring(name.LastIndexOfAny [| '/'; '\\' |] + 1)

let private description (topology: Topology) (names: IDictionary<string, TopologyStage>) =
    let edges =
        topology.Edges
        |> Seq.filter (fun edge -> names.ContainsKey edge.From && names.ContainsKey edge.To)
        |> Array.ofSeq

    let told =
        edges
        |> Seq.truncate mostTold
        |> Seq.map (fun edge -> $"{names[edge.From].Label} → {names[edge.To].Label}")
        |> String.concat "; "

    let rest = if edges.Length > mostTold then "; …" else ""

    let start =
        counted topology.Stages.Count "stage" + ", " + counted edges.Length "edge"

    if edges.Length = 0 then
        start + "."
    else
        $"{start}: {told}{rest}."

/// The frame of every drawing. `content` is written inside.
let private document (topology: Topology) (words: string) width height looks (content: StringBuilder -> unit) : string =
    let output = StringBuilder()

    output
        .Append(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {number width} {number height}\" width=\"{number width}\" height=\"{number height}\" role=\"img\" aria-labelledby=\"rtfs-title rtfs-desc\">\n"
        )
        .Append($"<title id=\"rtfs-title\">Topology of {escaped (fileName topology)}</title>\n")
        .Append($"<desc id=\"rtfs-desc\">{escaped words}</desc>\n")
        .Append($"<style>{SvgStyle.sheet looks}</style>\n")
        .Append($"<rect class=\"paper\" width=\"{number width}\" height=\"{number height}\" rx=\"12\"/>\n")
    |> ignore

    content output
    output.Append("</svg>").ToString()

/// For a plan that wires nothing a picture that says so.
let private nothing (topology: Topology) : string =
    document topology "Nothing is wired: the plan opens no stream." 420.0 132.0 [] (fun output ->
        output
            .Append("<rect class=\"empty\" x=\"24\" y=\"24\" width=\"372\" height=\"84\" rx=\"10\"/>\n")
            .Append("<text class=\"name\" x=\"210\" y=\"62\" text-anchor=\"middle\">Nothing is wired</text>\n")
            .Append(
                "<text class=\"kind\" x=\"210\" y=\"82\" text-anchor=\"middle\">A stream-source begins a picture.</text>\n"
            )
        |> ignore)

/// How many lines meet the one side of each stage's box that more of them meet. What carries one type leaves as one line.
let private links count (wires: Wire array) : int array =
    let found = Array.zeroCreate<int> count

    let leaving =
        wires
        |> Seq.distinctBy (fun wire -> struct (wire.From, (if wire.Lines.IsEmpty then wire.To else -1), wire.Lines))
        |> Seq.map _.From

    for side in [ leaving; wires |> Seq.map _.To ] do
        for stage, meeting in Seq.countBy id side do
            found[stage] <- max found[stage] meeting

    found

let draw (topology: Topology) : string =
    if topology.Stages.Count = 0 then
        nothing topology
    else
        let stages = Array.ofSeq topology.Stages
        let index = Dictionary<string, int>()
        let names = Dictionary<string, TopologyStage>()

        stages
        |> Array.iteri (fun i stage ->
            index[stage.Id] <- i
            names[stage.Id] <- stage)

        // An edge to a stage that is not there is not drawn.
        let edges =
            topology.Edges
            |> Seq.filter (fun edge -> index.ContainsKey edge.From && index.ContainsKey edge.To)
            |> Array.ofSeq

        let wires =
            edges
            |> Array.map (fun edge -> {
                From = index[edge.From]
                To = index[edge.To]
                Lines = TypeLabel.ofEdge edge
            })

        let texts = Array.map2 boxText stages (links stages.Length wires)
        let picture = Layout.place (texts |> Array.map _.Size) wires labelSize

        let looks =
            stages
            |> Seq.map (fun stage -> Look.ofKind stage.Kind)
            |> Seq.distinct
            |> List.ofSeq

        let width, height = picture.Width + 2.0 * margin, picture.Height + 2.0 * margin

        document topology (description topology names) width height looks (fun output ->
            output.Append $"<g transform=\"translate({number margin} {number margin})\">\n"
            |> ignore

            for line in picture.Curves do
                let wire = wires[line.Wire]
                curve output line (TypeLabel.tooltip edges[line.Wire]) (wire.From = wire.To)

            for label in picture.Labels do
                pill output label (TypeLabel.tooltip edges[label.Wire])

            for i in 0 .. stages.Length - 1 do
                box output stages[i] texts[i] picture.Boxes[i]

            output.Append("</g>\n") |> ignore)
