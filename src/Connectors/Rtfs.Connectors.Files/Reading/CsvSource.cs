// Format `:csv`: a header row that names the columns, then one map a row. Cells are converted by the capability's schema.

using System.Text;
using System.Text.Unicode;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

/// <summary>An empty cell is nil, quoted or not; a column that the schema does not name stays a string; empty lines are passed over.</summary>
internal sealed class CsvSource(BlockReader blocks, RowSchema schema) : FileSource(blocks)
{
    private readonly CsvCells _cells = new();
    private readonly StringCache _strings = new();
    private CsvColumns? _columns;
    private Value[] _values = [];
    private byte[] _unescaped = [];
    private long _line = 1;
    private bool _skipping;

    protected override RowStep ReadRow(SourceBatch batch)
    {
        var available = Blocks.Available;
        if (available.IsEmpty && Blocks.Ended)
        {
            return RowStep.Ended;
        }

        if (_skipping)
        {
            return SkipLine(available);
        }

        var found = _cells.Scan(available, Blocks.Ended);
        if (found == CsvScan.NeedsMore)
        {
            return RowStep.NeedsMore;
        }

        var row = available[.._cells.Consumed];
        var line = _line;
        Blocks.Advance(row.Length);
        _line += row.Count((byte)'\n');
        _skipping = found == CsvScan.TooLong && row is not [.., (byte)'\n'];
        try
        {
            Check(found, row);
            if (_columns is null)
            {
                _columns = CsvColumns.From(Texts(row), schema, Blocks.Path);
            }
            else if (!_cells.IsBlank)
            {
                batch.Add(ReadCells(row, _columns, line));
            }
        }
        catch (RowFaultException fault) when (_columns is null)
        {
            throw new ProviderException($"{Blocks.Path}:{line}: the header row cannot be read: {fault.Message}.", fault);
        }
        catch (RowFaultException fault)
        {
            AddFault(batch, row.TrimEnd("\r\n"u8), fault.Message, line);
        }

        return RowStep.Consumed;
    }

    /// <summary>The rest of a line that was too long.</summary>
    private RowStep SkipLine(ReadOnlySpan<byte> available)
    {
        var length = available.IndexOf((byte)'\n');
        _skipping = length < 0;
        _line += length < 0 ? 0 : 1;
        Blocks.Advance(length < 0 ? available.Length : length + 1);
        return _skipping && !Blocks.Ended ? RowStep.NeedsMore : RowStep.Consumed;
    }

    private static void Check(CsvScan found, ReadOnlySpan<byte> row)
    {
        var problem = found switch
        {
            CsvScan.Malformed => "a quote stands inside a cell. Quote the whole cell and double each quote in it",
            CsvScan.Unclosed => "a quoted cell has no closing quote. Close it, or double a quote that belongs to the text",
            CsvScan.TooLong => $"the row is longer than {BlockReader.MaximumRow / (1024 * 1024)} MiB (is a closing quote missing?), and was left out",
            _ => Utf8.IsValid(row) ? null : "expected UTF-8 text, found bytes that are not UTF-8",
        };
        if (problem is not null)
        {
            throw new RowFaultException(problem);
        }
    }

    private Value ReadCells(ReadOnlySpan<byte> row, CsvColumns columns, long line)
    {
        if (_cells.Count != columns.Count)
        {
            throw new RowFaultException(
                $"expected {columns.Count} {(columns.Count == 1 ? "cell" : "cells")} as in the header, found {_cells.Count}");
        }

        if (_values.Length != columns.Count)
        {
            _values = new Value[columns.Count];
        }

        var values = _values;
        for (var i = 0; i < values.Length; i++)
        {
            var text = TextOf(row, _cells[i]);
            if (text.IsEmpty)
            {
                values[i] = Value.Nil;
                continue;
            }

            if (!CellText.TryConvert(text, columns.TypeAt(i), _strings, out values[i]))
            {
                // A quoted cell may begin lines below its row.
                var at = line + row[.._cells[i].Start].Count((byte)'\n');
                throw new RowFaultException(
                    $"column {columns.NameAt(i)}: expected {CellText.Expected(columns.TypeAt(i))}, found \"{Encoding.UTF8.GetString(text)}\" on line {at}");
            }
        }

        return columns.ToItem(values);
    }

    private List<string> Texts(ReadOnlySpan<byte> row)
    {
        var texts = new List<string>(_cells.Count);
        for (var i = 0; i < _cells.Count; i++)
        {
            texts.Add(Encoding.UTF8.GetString(TextOf(row, _cells[i])).Trim());
        }

        return texts;
    }

    /// <summary>Good until the next call: doubled quotes are undone in a buffer of this source.</summary>
    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> row, CsvCell cell)
    {
        var text = row.Slice(cell.Start, cell.Length);
        if (!cell.Escaped)
        {
            return text;
        }

        if (_unescaped.Length < text.Length)
        {
            _unescaped = new byte[text.Length];
        }

        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            _unescaped[length++] = text[i];
            if (text[i] == (byte)'"')
            {
                i++;
            }
        }

        return _unescaped.AsSpan(0, length);
    }
}
