// Short strings that repeat from row to row (names, units, states) are made once.

using System.Text;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

/// <summary>A fixed number of places, each holding the last string that hashed to it: no growth, whatever the text. Not thread-safe.</summary>
internal sealed class StringCache
{
    private const int Places = 1024;
    private const int MaximumLength = 32;

    private readonly string?[] _strings = new string?[Places];

    /// <summary>The string of some UTF-8 text.</summary>
    public Value Get(ReadOnlySpan<byte> text) => Value.String(GetString(text));

    public string GetString(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaximumLength)
        {
            return Encoding.UTF8.GetString(text);
        }

        ref var place = ref _strings[Hash(text) % Places];
        if (place is null || !Ascii.Equals(text, place))
        {
            place = Encoding.UTF8.GetString(text);
        }

        return place;
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var octet in text)
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return hash ^ (hash >> 15);
    }
}
