/// A document's text with an index of its lines, so that a span becomes a line and a column without a scan.
namespace Rtfs.Syntax.Text

open System

/// Text and the name people know it by (a path, `<eval>`, `-`). Lines end with LF, CRLF or a lone CR.
[<Sealed>]
type SourceText(name: string, text: string) =
    let starts =
        lazy
            (let found = ResizeArray [ 0 ]

             for i in 0 .. text.Length - 1 do
                 match text[i] with
                 | '\n' -> found.Add(i + 1)
                 | '\r' when i + 1 >= text.Length || text[i + 1] <> '\n' -> found.Add(i + 1)
                 | _ -> ()

             found.ToArray())

    member _.Name = name
    member _.Text = text
    member _.LineCount = starts.Value.Length

    /// The position of an offset; an offset past the end is the end.
    member _.PositionOf(offset: int) : Position =
        let offset = Math.Clamp(offset, 0, text.Length)
        let found = Array.BinarySearch(starts.Value, offset)
        let line = if found >= 0 then found else ~~~found - 1

        {
            Line = line
            Character = offset - starts.Value[line]
        }

    /// The offset of a position; a character past the end of its line is the end of that line.
    member this.OffsetOf(position: Position) : int =
        let line = Math.Clamp(position.Line, 0, starts.Value.Length - 1)
        let struct (start, finish) = this.LineBounds line
        Math.Min(start + Math.Max(position.Character, 0), finish)

    /// Start and end of a line (zero-based), its line break left out.
    member _.LineBounds(line: int) : struct (int * int) =
        let start = starts.Value[line]

        let mutable finish =
            if line + 1 < starts.Value.Length then
                starts.Value[line + 1]
            else
                text.Length

        while finish > start && (text[finish - 1] = '\n' || text[finish - 1] = '\r') do
            finish <- finish - 1

        struct (start, finish)
