// Finds the cells of one CSV row in a block of bytes (RFC 4180), as ranges: nothing is copied or made.

namespace Rtfs.Connectors.Files.Reading;

internal enum CsvScan
{
    Row,

    /// <summary>The row is not whole yet.</summary>
    NeedsMore,

    /// <summary>A quote where none may stand, or text after a closing one.</summary>
    Malformed,
    Unclosed,
    TooLong,
}

/// <param name="Escaped">Whether it holds doubled quotes.</param>
internal readonly record struct CsvCell(int Start, int Length, bool Escaped);

internal sealed class CsvCells
{
    private const byte Quote = (byte)'"';
    private const byte Comma = (byte)',';
    private const byte Break = (byte)'\n';

    private CsvCell[] _cells = new CsvCell[32];

    public int Count { get; private set; }

    /// <summary>How many bytes belong to what was found, its line break included. After a fault: its first line, so that one stray quote spoils no other row.</summary>
    public int Consumed { get; private set; }

    /// <summary>The row is an empty line.</summary>
    public bool IsBlank { get; private set; }

    public CsvCell this[int index] => _cells[index];

    public CsvScan Scan(ReadOnlySpan<byte> data, bool ended)
    {
        Count = 0;
        var found = ScanRow(data, ended);
        if (found == CsvScan.NeedsMore && data.Length >= BlockReader.MaximumRow)
        {
            found = CsvScan.TooLong;
        }

        if (found is CsvScan.Row or CsvScan.NeedsMore)
        {
            return found;
        }

        var line = data.IndexOf(Break);
        if (line < 0 && !ended && found != CsvScan.TooLong)
        {
            return CsvScan.NeedsMore;
        }

        Consumed = line < 0 ? data.Length : line + 1;
        return found;
    }

    private CsvScan ScanRow(ReadOnlySpan<byte> data, bool ended)
    {
        var position = 0;
        while (true)
        {
            var quoted = position < data.Length && data[position] == Quote;
            var found = quoted ? ScanQuoted(data, ended, ref position) : ScanPlain(data, ended, ref position);
            if (found != CsvScan.Row)
            {
                return found;
            }

            // Here: at a comma, at a line break, or at the end of the file.
            if (position == data.Length || data[position] == Break)
            {
                Consumed = Math.Min(position + 1, data.Length);
                IsBlank = !quoted && Count == 1 && _cells[0].Length == 0;
                return CsvScan.Row;
            }

            position++;
        }
    }

    private CsvScan ScanPlain(ReadOnlySpan<byte> data, bool ended, ref int position)
    {
        var length = data[position..].IndexOfAny(Comma, Break, Quote);
        if (length < 0)
        {
            if (!ended)
            {
                return CsvScan.NeedsMore;
            }

            length = data.Length - position;
        }

        var end = position + length;
        if (end < data.Length && data[end] == Quote)
        {
            return CsvScan.Malformed;
        }

        var atBreak = end == data.Length || data[end] == Break;
        Add(new CsvCell(position, atBreak && length > 0 && data[end - 1] == (byte)'\r' ? length - 1 : length, false));
        position = end;
        return CsvScan.Row;
    }

    private CsvScan ScanQuoted(ReadOnlySpan<byte> data, bool ended, ref int position)
    {
        var start = position + 1;
        var end = start;
        var escaped = false;
        while (true)
        {
            var length = data[end..].IndexOf(Quote);
            if (length < 0)
            {
                return ended ? CsvScan.Unclosed : CsvScan.NeedsMore;
            }

            end += length;
            if (end + 1 < data.Length && data[end + 1] == Quote)
            {
                escaped = true;
                end += 2;
                continue;
            }

            break;
        }

        // What follows decides: a line break may be cut in two by the end of the block.
        var after = data[(end + 1)..];
        if (!ended && (after.IsEmpty || after is [(byte)'\r']))
        {
            return CsvScan.NeedsMore;
        }

        Add(new CsvCell(start, end - start, escaped));
        position = end + 1 + (after is [(byte)'\r'] or [(byte)'\r', Break, ..] ? 1 : 0);
        return position == data.Length || data[position] is Comma or Break ? CsvScan.Row : CsvScan.Malformed;
    }

    private void Add(CsvCell cell)
    {
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = cell;
    }
}
