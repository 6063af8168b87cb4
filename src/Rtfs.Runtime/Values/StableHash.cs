// Hashes that are the same in every process, so that the order of a map's entries, and with it a replayed run, is too.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

internal static class StableHash
{
    /// <summary>FNV-1a over UTF-16 code units, with a final mix because the map trie reads the low bits first.</summary>
    public static int Of(string text)
    {
        var hash = 2166136261u;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 16777619u;
        }

        return Mix((int)hash);
    }

    /// <summary>Order matters: for sequences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Combine(int hash, int next) => (hash * 31) + next;

    /// <summary>The finalizer of MurmurHash3.</summary>
    public static int Mix(int value)
    {
        var hash = (uint)value;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return (int)(hash ^ (hash >> 16));
    }
}
