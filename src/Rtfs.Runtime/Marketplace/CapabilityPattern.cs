// Patterns of capability ids, as grants write them.

using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal static class CapabilityPattern
{
    /// <summary><c>*</c> stands for any run of characters; every other character for itself. A pattern without one may spell the id in any legal way.</summary>
    public static bool Matches(string pattern, string id)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return (Language.CapabilityId(pattern) ?? pattern) == id;
        }

        var (first, last) = (parts[0], parts[^1]);
        if (id.Length < first.Length + last.Length
            || !id.StartsWith(first, StringComparison.Ordinal)
            || !id.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        // The earliest place for each part between leaves the most room for the next.
        var at = first.Length;
        foreach (var part in parts.AsSpan(1, parts.Length - 2))
        {
            var found = id.IndexOf(part, at, id.Length - last.Length - at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return true;
    }
}
