// Format `:csv`: the first item's keys are the header, and every further item has the same keys.

using System.Globalization;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

/// <summary>nil is an empty cell, and so is an empty string. A cell holds no collection.</summary>
/// <param name="existing">The header of a file that is added to, or null where the first item decides.</param>
internal sealed class CsvWriter(IReadOnlyList<string>? existing) : IItemWriter
{
    private IReadOnlyList<string>? _columns = existing;
    private Shape? _shape;
    private bool _inOrder;

    public void Write(Value item, LineBuffer lines)
    {
        if (item.As<MapValue>() is not { } map)
        {
            throw new ItemRefusedException($"a CSV row is written from a map, found {ScalarText.Describe(item)}");
        }

        // The header is kept only when the row that it comes with could be written.
        var columns = _columns;
        if (columns is null)
        {
            columns = [.. map.Entries.Select(entry => ScalarText.Key(entry.Key))];
            if (columns.Count == 0)
            {
                throw new ItemRefusedException("an empty map gives a CSV file no columns");
            }

            WriteHeader(columns, lines);
        }

        if (!(map is Record record && ReferenceEquals(record.Shape, _shape) && _inOrder))
        {
            Match(map, columns);
        }

        if (_inOrder)
        {
            WriteInOrder((Record)map, columns, lines);
        }
        else
        {
            WriteByName(map, columns, lines);
        }

        _columns = columns;
    }

    /// <summary>Whether the item has the columns' keys and no other, and whether its slots stand in their order.</summary>
    private void Match(MapValue map, IReadOnlyList<string> columns)
    {
        var names = map.Entries.Select(entry => ScalarText.Key(entry.Key)).ToArray();
        var missing = columns.Except(names).ToArray();
        var extra = names.Except(columns).ToArray();
        if (missing.Length + extra.Length > 0)
        {
            throw new ItemRefusedException(
                $"the keys differ from the header ({string.Join(", ", columns)}):"
                    + (missing.Length > 0 ? $" missing {string.Join(", ", missing)}" : "")
                    + (missing.Length > 0 && extra.Length > 0 ? ";" : "")
                    + (extra.Length > 0 ? $" not in the header {string.Join(", ", extra)}" : ""));
        }

        if (names.Length != columns.Count)
        {
            throw new ItemRefusedException("two keys of the map have one name, and the names of columns must differ");
        }

        _inOrder = map is Record && names.SequenceEqual(columns, StringComparer.Ordinal);
        _shape = (map as Record)?.Shape;
    }

    private static void WriteHeader(IReadOnlyList<string> columns, LineBuffer lines)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(columns[i]))
            {
                throw new ItemRefusedException("a CSV column needs a name, and a key of the item is blank");
            }

            Separate(i, lines);
            WriteText(columns[i], lines);
        }

        lines.Write((byte)'\n');
    }

    private static void WriteInOrder(Record record, IReadOnlyList<string> columns, LineBuffer lines)
    {
        for (var i = 0; i < record.Count; i++)
        {
            Separate(i, lines);
            WriteCell(record.At(i), columns[i], columns.Count == 1, lines);
        }

        lines.Write((byte)'\n');
    }

    private static void WriteByName(MapValue map, IReadOnlyList<string> columns, LineBuffer lines)
    {
        var values = map.Entries.ToDictionary(entry => ScalarText.Key(entry.Key), entry => entry.Value, StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            Separate(i, lines);
            WriteCell(values[columns[i]], columns[i], columns.Count == 1, lines);
        }

        lines.Write((byte)'\n');
    }

    private static void Separate(int column, LineBuffer lines)
    {
        if (column > 0)
        {
            lines.Write((byte)',');
        }
    }

    /// <param name="alone">The only cell of its row: there an empty one is quoted, because an empty line is no row.</param>
    private static void WriteCell(Value value, string column, bool alone, LineBuffer lines)
    {
        switch (value.Kind)
        {
            case ValueKind.Nil:
                lines.Write(alone ? "\"\"" : "");
                break;
            case ValueKind.Bool:
                lines.Write(value.AsBool ? "true" : "false");
                break;
            case ValueKind.Int:
                Span<char> digits = stackalloc char[24];
                value.AsInt.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                lines.Write(digits[..length]);
                break;
            case ValueKind.Float:
                lines.Write(ScalarText.Float(value.AsFloat));
                break;
            case ValueKind.Timestamp:
                lines.Write(ScalarText.Timestamp(value.AsTimestamp));
                break;
            case ValueKind.Uuid:
                lines.Write(value.AsUuid.ToString());
                break;
            case ValueKind.Keyword:
                WriteText(value.As<Keyword>()!.Name, lines);
                break;
            case ValueKind.Symbol:
                WriteText(value.As<Symbol>()!.Name, lines);
                break;
            case ValueKind.String:
                var text = value.As<string>()!;
                lines.Write(alone && text.Length == 0 ? "\"\"" : "");
                WriteText(text, lines);
                break;
            default:
                throw new ItemRefusedException(
                    $"column {column}: a CSV cell cannot hold {ScalarText.Describe(value)}. Write a string or a number, or use format :ndjson");
        }
    }

    private static void WriteText(string text, LineBuffer lines)
    {
        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            lines.Write(text);
            return;
        }

        lines.Write((byte)'"');
        lines.Write(text.Replace("\"", "\"\""));
        lines.Write((byte)'"');
    }
}
