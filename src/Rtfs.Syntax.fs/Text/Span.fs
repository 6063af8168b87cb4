/// A stretch of text, in UTF-16 code units: the unit in which every editor and .NET string counts.
/// Stands alone because everything else in the assembly speaks of places.
namespace Rtfs.Syntax.Text

/// Half-open: the characters from `Start` up to, not including, `End`.
[<Struct>]
type Span = {
    Start: int
    Length: int
} with

    member span.End = span.Start + span.Length

    member span.Shift(offset: int) =
        Span.Of(span.Start + offset, span.Length)

    static member Of(start: int, length: int) = { Start = start; Length = length }

    static member Between(start: int, finish: int) = {
        Start = start
        Length = finish - start
    }

    /// The smallest span that holds both.
    static member Cover(a: Span, b: Span) =
        Span.Between(min a.Start b.Start, max a.End b.End)

/// Zero-based line and character (UTF-16 code units), as in the Language Server Protocol.
[<Struct>]
type Position = { Line: int; Character: int }
