/// How wide text is on a terminal, so that carets stand under what they mean.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.Columns

open System
open System.Globalization
open System.Text

/// Blocks that terminals draw two columns wide (Unicode 16, East Asian Width W and F, with the emoji that present as such).
let private wide: struct (int * int) array = [|
    struct (0x1100, 0x115F)
    struct (0x231A, 0x231B)
    struct (0x23E9, 0x23EC)
    struct (0x23F0, 0x23F0)
    struct (0x23F3, 0x23F3)
    struct (0x25FD, 0x25FE)
    struct (0x2614, 0x2615)
    struct (0x2648, 0x2653)
    struct (0x267F, 0x267F)
    struct (0x2693, 0x2693)
    struct (0x26A1, 0x26A1)
    struct (0x26AA, 0x26AB)
    struct (0x26BD, 0x26BE)
    struct (0x26C4, 0x26C5)
    struct (0x26CE, 0x26CE)
    struct (0x26D4, 0x26D4)
    struct (0x26EA, 0x26EA)
    struct (0x26F2, 0x26F3)
    struct (0x26F5, 0x26F5)
    struct (0x26FA, 0x26FA)
    struct (0x26FD, 0x26FD)
    struct (0x2705, 0x2705)
    struct (0x270A, 0x270B)
    struct (0x2728, 0x2728)
    struct (0x274C, 0x274C)
    struct (0x274E, 0x274E)
    struct (0x2753, 0x2755)
    struct (0x2757, 0x2757)
    struct (0x2795, 0x2797)
    struct (0x27B0, 0x27B0)
    struct (0x27BF, 0x27BF)
    struct (0x2B1B, 0x2B1C)
    struct (0x2B50, 0x2B50)
    struct (0x2B55, 0x2B55)
    struct (0x2E80, 0x303E)
    struct (0x3041, 0x33FF)
    struct (0x3400, 0x4DBF)
    struct (0x4E00, 0x9FFF)
    struct (0xA000, 0xA4CF)
    struct (0xA960, 0xA97F)
    struct (0xAC00, 0xD7A3)
    struct (0xF900, 0xFAFF)
    struct (0xFE30, 0xFE6F)
    struct (0xFF00, 0xFF60)
    struct (0xFFE0, 0xFFE6)
    struct (0x16FE0, 0x18DFF)
    struct (0x1AFF0, 0x1B2FF)
    struct (0x1F004, 0x1F004)
    struct (0x1F0CF, 0x1F0CF)
    struct (0x1F18E, 0x1F18E)
    struct (0x1F191, 0x1F19A)
    struct (0x1F200, 0x1F265)
    struct (0x1F300, 0x1F64F)
    struct (0x1F680, 0x1F6FF)
    struct (0x1F7E0, 0x1F7EB)
    struct (0x1F900, 0x1FAFF)
    struct (0x20000, 0x3FFFD)
|]

let private isWide (code: int) =
    let mutable low = 0
    let mutable high = wide.Length - 1
    let mutable found = false

    while not found && low <= high do
        let middle = (low + high) / 2
        let struct (first, last) = wide[middle]

        if code < first then high <- middle - 1
        elif code > last then low <- middle + 1
        else found <- true

    found

/// One step along a line: what is printed for it, how many columns that takes, and how many UTF-16 units it came from.
[<Struct>]
type Cell = {
    Shown: string
    Width: int
    Units: int
}

/// Two regional indicators in one grapheme.
let private isFlag (code: int) units =
    code >= 0x1F1E6 && code <= 0x1F1FF && units = 4

let private tabWidth = 4

/// The printable cells of a line. Tabs become blanks, controls a visible mark, and combining marks belong to what they stand on.
let cells (line: string) : Cell array =
    let found = ResizeArray<Cell>()
    let mutable column = 0
    let mutable i = 0

    while i < line.Length do
        // A grapheme is the unit that a terminal draws in one place.
        let units = max 1 (StringInfo.GetNextTextElementLength(line, i))
        let text = line.Substring(i, units)

        let cell =
            if text = "\t" then
                let width = tabWidth - column % tabWidth

                {
                    Shown = String(' ', width)
                    Width = width
                    Units = units
                }
            else
                match Rune.TryGetRuneAt(line, i) with
                | true, rune ->
                    match Rune.GetUnicodeCategory rune with
                    | UnicodeCategory.Control
                    | UnicodeCategory.Format
                    | UnicodeCategory.LineSeparator
                    | UnicodeCategory.ParagraphSeparator -> {
                        Shown = "·"
                        Width = 1
                        Units = units
                      }
                    | UnicodeCategory.NonSpacingMark
                    | UnicodeCategory.EnclosingMark -> {
                        Shown = "◌" + text
                        Width = 1
                        Units = units
                      }
                    | _ ->
                        // U+FE0F asks for the emoji presentation, which is wide; so is a flag, of two narrow letters.
                        let width =
                            if isWide rune.Value || text.Contains '\uFE0F' || isFlag rune.Value units then
                                2
                            else
                                1

                        {
                            Shown = text
                            Width = width
                            Units = units
                        }
                | _ -> {
                    Shown = "\uFFFD"
                    Width = 1
                    Units = units
                  }

        found.Add cell
        column <- column + cell.Width
        i <- i + units

    found.ToArray()
