/// How wide text gets in a drawing, without a font to measure by: estimates on the wide side of the usual system fonts.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.Lettering

open System
open System.Text
open Rtfs.Syntax.Diagnostics

[<RequireQualifiedAccess>]
type Face =
    /// The bold sans-serif that stages are labelled in.
    | Label
    /// The regular sans-serif of what stands below.
    | Small
    /// The fixed-width face of ids and types.
    | Code

/// A lone surrogate or a character that XML forbids must not reach a drawing. Controls and marks of direction, which could
/// reorder what is around them, become a dot.
let private shown (text: string) =
    let mutable safe = true

    for rune in text.EnumerateRunes() do
        safe <- safe && rune.Value <> 0xFFFE && rune.Value <> 0xFFFF

    if safe then text else "\uFFFD"

/// The graphemes of a text as they are drawn: no text is cut inside of one.
let graphemes (text: string) : Columns.Cell array =
    Columns.cells text
    |> Array.map (fun cell -> { cell with Shown = shown cell.Shown })

/// In parts of the font's size. Of Helvetica, Segoe UI, Roboto and DejaVu Sans the last is the widest, and the measure.
let private sans (cell: Columns.Cell) =
    match cell.Shown[0] with
    | 'i'
    | 'j'
    | 'l'
    | 'I'
    | '.'
    | ','
    | ':'
    | ';'
    | '\''
    | '|'
    | '!' -> 0.38
    | ' ' -> 0.36
    | 'f'
    | 't'
    | 'r'
    | '-'
    | '('
    | ')'
    | '['
    | ']' -> 0.48
    | 'm'
    | 'w'
    | 'M'
    | 'W'
    | '@'
    | '%'
    | '…' -> 1.05
    | first when Char.IsAsciiLetterUpper first -> 0.78
    | first when Char.IsAscii first -> 0.7
    | _ when cell.Width > 1 -> 1.3
    | _ -> 0.8

let private em face (cell: Columns.Cell) =
    match face with
    | Face.Label -> sans cell
    | Face.Small -> sans cell * 0.92
    // DejaVu Sans Mono and Menlo take 0.602; wide characters come from another font, one em or a little more.
    | Face.Code -> if cell.Width > 1 then 1.3 else 0.62

let private widthOf face (size: float) (cells: Columns.Cell seq) =
    cells |> Seq.sumBy (fun cell -> em face cell * size)

let width (face: Face) (size: float) (text: string) : float = widthOf face size (graphemes text)

let private joined (cells: Columns.Cell seq) =
    let text = StringBuilder()

    for cell in cells do
        text.Append cell.Shown |> ignore

    text.ToString()

/// The text where it fits, else an ellipsis for what is left out of it.
let private cut (keepsEnd: bool) face size room text =
    let cells = graphemes text

    if widthOf face size cells <= room then
        joined cells
    else
        let from = if keepsEnd then Array.rev cells else cells
        let mutable used = width face size "…"

        let kept =
            from
            |> Array.takeWhile (fun cell ->
                used <- used + em face cell * size
                used <= room)

        if keepsEnd then
            "…" + (joined (Array.rev kept)).TrimStart()
        else
            (joined kept).TrimEnd() + "…"

/// The text, or its beginning where it does not fit.
let clip (face: Face) (size: float) (room: float) (text: string) : string = cut false face size room text

/// The text, or its end where it does not fit: ids differ at their end.
let clipStart (face: Face) (size: float) (room: float) (text: string) : string = cut true face size room text

let private breaksAfter (cell: Columns.Cell) =
    match cell.Shown with
    | " "
    | "-"
    | "/"
    | ":"
    | "."
    | "_"
    | "," -> true
    // Between ideographs a line may break anywhere.
    | _ -> cell.Width > 1

/// The text over at most `lines` lines, broken where words end and inside of a word that is longer than a line.
let wrap (face: Face) (size: float) (room: float) (lines: int) (text: string) : string list =
    let cells = graphemes text

    let rec go start left =
        let mutable finish = start
        let mutable used = 0.0

        while finish < cells.Length && used + em face cells[finish] * size <= room do
            used <- used + em face cells[finish] * size
            finish <- finish + 1

        if finish = cells.Length then
            [ joined cells[start..] ]
        elif left = 1 then
            [ clip face size room (joined cells[start..]) ]
        else
            let breaks =
                seq { finish - 1 .. -1 .. start + 1 }
                |> Seq.tryFind (fun i -> breaksAfter cells[i] && used > 0.0)

            let next =
                match breaks with
                | Some at -> at + 1
                | None -> max finish (start + 1)

            (joined cells[start .. next - 1]).TrimEnd() :: go next (left - 1)

    go 0 (max 1 lines) |> List.filter (fun line -> line <> "")
