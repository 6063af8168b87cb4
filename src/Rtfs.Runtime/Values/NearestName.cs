// The nearest of some names, for connectors and hosts that word a mistake: they reach the language through this assembly alone.

using Rtfs.Syntax;

namespace Rtfs.Runtime.Values;

public static class NearestName
{
    /// <summary>The candidate nearest to a misspelled name, or null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => Language.Nearest(name, candidates);
}
