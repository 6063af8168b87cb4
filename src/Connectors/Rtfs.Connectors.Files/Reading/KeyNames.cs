// Which names of columns and JSON keys become keywords.

using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal static class KeyNames
{
    /// <summary>The keyword of a name that a program can write as one (<c>sensor-id</c>, <c>site/id</c>); otherwise the name as a string.</summary>
    public static Value KeyOf(string name) => IsKeyword(name) ? Value.Of(Keyword.Of(name)) : Value.String(name);

    private static bool IsKeyword(ReadOnlySpan<char> name)
    {
        var slash = name.IndexOf('/');
        return slash < 0
            ? IsIdentifier(name)
            : IsIdentifier(name[..slash]) && IsIdentifier(name[(slash + 1)..]);
    }

    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !IsStart(name[0]))
        {
            return false;
        }

        foreach (var character in name[1..])
        {
            if (!IsStart(character) && !char.IsAsciiDigit(character) && character is not ('.' or '@'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStart(char character) =>
        char.IsAsciiLetter(character) || character is '_' or '$' or '+' or '-' or '*' or '=' or '<' or '>' or '!' or '?' or '%';
}
