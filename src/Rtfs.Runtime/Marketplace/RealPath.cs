// Where a path really leads, so that neither `..` nor a link reaches outside of what was granted.

namespace Rtfs.Runtime.Marketplace;

internal static class RealPath
{
    /// <summary>More links than this on one path are a cycle.</summary>
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether <paramref name="path"/> is <paramref name="granted"/> or lies below it. A path that cannot be followed lies nowhere.</summary>
    public static bool Contains(string granted, string path)
    {
        if (Of(granted) is not { } root || Of(path) is not { } real)
        {
            return false;
        }

        root = Path.TrimEndingDirectorySeparator(root);
        return real.Equals(root, Comparison)
            || (real.StartsWith(root, Comparison)
                && (Path.EndsInDirectorySeparator(root) || real[root.Length] == Path.DirectorySeparatorChar));
    }

    /// <summary>The full path with every link followed; what does not exist yet is taken by its name. Null for a cycle of links.</summary>
    public static string? Of(string path)
    {
        var pending = Path.GetFullPath(path);
        for (var links = 0; links <= MostLinks; links++)
        {
            if (FollowFirstLink(pending) is not { } followed)
            {
                return pending;
            }

            pending = followed;
        }

        return null;
    }

    private static string? FollowFirstLink(string full)
    {
        var reached = Path.GetPathRoot(full)!;
        var parts = full[reached.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var next = Path.Combine(reached, parts[i]);
            if (new FileInfo(next).LinkTarget is { } target)
            {
                return Path.GetFullPath(Path.Combine([target, .. parts[(i + 1)..]]), reached);
            }

            reached = next;
        }

        return null;
    }
}
