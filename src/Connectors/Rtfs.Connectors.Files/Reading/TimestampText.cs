// ISO 8601 times: `2010-01-31`, `2010-01-31T09:30`, `…:00`, `.123`, with `Z`, an offset, or no zone, which is UTC.

using System.Text;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal static class TimestampText
{
    public static bool TryParse(string text, out Value value)
    {
        if (text.Length > 40)
        {
            value = default;
            return false;
        }

        Span<byte> bytes = stackalloc byte[160];
        return TryParse(bytes[..Encoding.UTF8.GetBytes(text, bytes)], out value);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out Value value)
    {
        value = default;
        if (!TryDigits(ref text, 4, out var year) || !TrySkip(ref text, '-')
            || !TryDigits(ref text, 2, out var month) || !TrySkip(ref text, '-')
            || !TryDigits(ref text, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        long ticks = 0;
        if (!text.IsEmpty)
        {
            if (!(TrySkip(ref text, 'T') || TrySkip(ref text, ' ')) || !TryTime(ref text, out ticks) || !TryOffset(ref text, out var offset))
            {
                return false;
            }

            ticks -= offset;
        }

        ticks += new DateTime(year, month, day).Ticks;
        if (!text.IsEmpty || ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        value = Value.Timestamp(new DateTime(ticks, DateTimeKind.Utc));
        return true;
    }

    private static bool TryTime(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var second = 0;
        if (!TryDigits(ref text, 2, out var hour) || !TrySkip(ref text, ':') || !TryDigits(ref text, 2, out var minute)
            || (TrySkip(ref text, ':') && !TryDigits(ref text, 2, out second))
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ticks = (((hour * 60L) + minute) * 60 + second) * TimeSpan.TicksPerSecond;
        if (!TrySkip(ref text, '.'))
        {
            return true;
        }

        // Finer than a tick (100 ns) is cut off.
        var unit = TimeSpan.TicksPerSecond;
        var digits = 0;
        for (; digits < text.Length && char.IsAsciiDigit((char)text[digits]); digits++)
        {
            unit /= 10;
            ticks += unit * (text[digits] - '0');
        }

        text = text[digits..];
        return digits > 0;
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || TrySkip(ref text, 'Z') || TrySkip(ref text, 'z'))
        {
            return true;
        }

        var sign = TrySkip(ref text, '+') ? 1 : TrySkip(ref text, '-') ? -1 : 0;
        var minute = 0;
        if (sign == 0 || !TryDigits(ref text, 2, out var hour))
        {
            return false;
        }

        TrySkip(ref text, ':');
        if ((!text.IsEmpty && !TryDigits(ref text, 2, out minute)) || hour > 18 || minute > 59)
        {
            return false;
        }

        ticks = sign * ((hour * 60L) + minute) * TimeSpan.TicksPerMinute;
        return true;
    }

    private static bool TryDigits(ref ReadOnlySpan<byte> text, int count, out int number)
    {
        number = 0;
        if (text.Length < count)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
            {
                return false;
            }

            number = (number * 10) + (text[i] - '0');
        }

        text = text[count..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
