// UTF-8 text to the value of a column's type, without a string in between where the type needs none.

using System.Buffers.Text;
using System.Globalization;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal static class CellText
{
    /// <summary>
    /// Numbers, booleans and times may stand among blanks. An int is a float where a float is expected; a number with a fraction is
    /// no int. <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are floats.
    /// </summary>
    public static bool TryConvert(ReadOnlySpan<byte> text, ColumnType type, StringCache strings, out Value value)
    {
        switch (type)
        {
            case ColumnType.Int:
                return TryInt(text.Trim((byte)' '), out value);
            case ColumnType.Float:
                return TryFloat(text.Trim((byte)' '), out value);
            case ColumnType.Number:
                text = text.Trim((byte)' ');
                return TryInt(text, out value) || TryFloat(text, out value);
            case ColumnType.Bool:
                text = text.Trim((byte)' ');
                value = Value.Bool(text.Length == 4);
                return Utf8Parser.TryParse(text, out bool _, out var consumed) && consumed == text.Length;
            case ColumnType.Timestamp:
                return TimestampText.TryParse(text.Trim((byte)' '), out value);
            default:
                value = strings.Get(text);
                return true;
        }
    }

    public static string Expected(ColumnType type) => type switch
    {
        ColumnType.Int => "an :int (digits with an optional sign, in 64 bits)",
        ColumnType.Float => "a :float",
        ColumnType.Number => "a :number",
        ColumnType.Bool => "a :bool (true or false)",
        ColumnType.Timestamp => "a :timestamp such as 2010-01-31T09:30:00Z",
        _ => "a :string",
    };

    private static bool TryInt(ReadOnlySpan<byte> text, out Value value)
    {
        var parsed = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        value = Value.Int(number);
        return parsed;
    }

    private static bool TryFloat(ReadOnlySpan<byte> text, out Value value)
    {
        var parsed = double.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number);
        value = Value.Float(number);

        // A number beyond the range of a float reads as infinite; only the word itself may mean that.
        return parsed && (!double.IsInfinity(number) || text[^1] == (byte)'y');
    }
}
