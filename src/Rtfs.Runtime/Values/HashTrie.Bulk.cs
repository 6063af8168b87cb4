// A tree of many entries at once: parted by the bits of their hashes from the root down, every node made once and of its final size.

namespace Rtfs.Runtime.Values;

internal sealed partial class HashTrie
{
    /// <summary>The last of equal keys wins.</summary>
    public static HashTrie Of(KeyValuePair<Value, Value>[] entries, out int count)
    {
        var hashed = new Hashed[entries.Length];
        for (var i = 0; i < hashed.Length; i++)
        {
            hashed[i] = new Hashed((uint)entries[i].Key.GetHashCode(), i);
        }

        count = 0;
        return Parted(entries, hashed, new Hashed[hashed.Length], 0, ref count);
    }

    /// <summary>The node of the entries that <paramref name="part"/> names, in their order; <paramref name="spare"/> is as long and lent.</summary>
    private static HashTrie Parted(KeyValuePair<Value, Value>[] entries, Span<Hashed> part, Span<Hashed> spare, int shift, ref int count)
    {
        if (shift >= CollisionShift)
        {
            return Collided(entries, part, ref count);
        }

        // Counted and moved by five bits, keeping the order among those that have the same.
        Span<int> ends = stackalloc int[Mask + 1];
        ends.Clear();
        foreach (var item in part)
        {
            ends[(int)((item.Hash >> shift) & Mask)]++;
        }

        var end = 0;
        for (var i = 0; i <= Mask; i++)
        {
            (ends[i], end) = (end, end + ends[i]);
        }

        foreach (var item in part)
        {
            spare[ends[(int)((item.Hash >> shift) & Mask)]++] = item;
        }

        uint entryMap = 0, childMap = 0;
        var (own, below) = (default(Slots32<KeyValuePair<Value, Value>>), default(Slots32<HashTrie>));
        var (ownCount, belowCount) = (0, 0);
        for (var (i, start) = (0, 0); i <= Mask; start = ends[i], i++)
        {
            var group = spare[start..ends[i]];
            if (group.IsEmpty)
            {
                continue;
            }

            if (group.Length == 1)
            {
                count++;
                entryMap |= 1u << i;
                own[ownCount++] = entries[group[0].Index];
                continue;
            }

            // A lone entry stays here: its key came more than once.
            var child = Parted(entries, group, part[start..ends[i]], shift + Bits, ref count);
            if (child._children.Length == 0 && child._entries.Length == 1)
            {
                entryMap |= 1u << i;
                own[ownCount++] = child._entries[0];
            }
            else
            {
                childMap |= 1u << i;
                below[belowCount++] = child;
            }
        }

        return new HashTrie(entryMap, childMap, ((Span<KeyValuePair<Value, Value>>)own)[..ownCount].ToArray(), ((Span<HashTrie>)below)[..belowCount].ToArray());
    }

    private static HashTrie Collided(KeyValuePair<Value, Value>[] entries, ReadOnlySpan<Hashed> part, ref int count)
    {
        var distinct = new List<KeyValuePair<Value, Value>>();
        foreach (var item in part)
        {
            var entry = entries[item.Index];
            var known = distinct.FindIndex(other => other.Key.Equals(entry.Key));
            if (known < 0)
            {
                distinct.Add(entry);
            }
            else
            {
                distinct[known] = entry;
            }
        }

        count += distinct.Count;
        return new HashTrie(0, 0, [.. distinct], []);
    }

    private readonly record struct Hashed(uint Hash, int Index);
}
