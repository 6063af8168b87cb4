// The tree behind hash maps: a compressed hash-array mapped prefix tree (Steindorfer and Vinju, "Optimizing Hash-Array Mapped
// Tries", 2015), five bits of the hash a level. ImmutableDictionary was not taken: as a balanced binary tree it costs one
// node an entry and several times the time of a lookup.

using System.Numerics;

namespace Rtfs.Runtime.Values;

internal sealed partial class HashTrie
{
    private const int Bits = 5;
    private const int Mask = 31;

    // Past this no hash bits are left: the entries of such a node all have one hash and are searched in turn.
    private const int CollisionShift = 35;

    public static readonly HashTrie Empty = new(0, 0, [], []);

    private readonly uint _entryMap;
    private readonly uint _childMap;
    private readonly KeyValuePair<Value, Value>[] _entries;
    private readonly HashTrie[] _children;

    private HashTrie(uint entryMap, uint childMap, KeyValuePair<Value, Value>[] entries, HashTrie[] children)
    {
        _entryMap = entryMap;
        _childMap = childMap;
        _entries = entries;
        _children = children;
    }

    public IEnumerable<KeyValuePair<Value, Value>> Entries
    {
        get
        {
            var pending = new Stack<HashTrie>();
            pending.Push(this);
            while (pending.TryPop(out var node))
            {
                foreach (var entry in node._entries)
                {
                    yield return entry;
                }

                for (var i = node._children.Length - 1; i >= 0; i--)
                {
                    pending.Push(node._children[i]);
                }
            }
        }
    }

    public bool TryGet(Value key, out Value value)
    {
        var hash = (uint)key.GetHashCode();
        var node = this;
        for (var shift = 0; shift < CollisionShift; shift += Bits)
        {
            var bit = BitAt(hash, shift);
            if ((node._entryMap & bit) != 0)
            {
                ref readonly var entry = ref node._entries[IndexOf(node._entryMap, bit)];
                value = entry.Value;
                return entry.Key.Equals(key);
            }

            if ((node._childMap & bit) == 0)
            {
                value = default;
                return false;
            }

            node = node._children[IndexOf(node._childMap, bit)];
        }

        var found = node.IndexOfKey(key);
        value = found < 0 ? default : node._entries[found].Value;
        return found >= 0;
    }

    public HashTrie With(Value key, Value value, out bool added) => With(key, value, (uint)key.GetHashCode(), 0, out added);

    /// <summary>Itself when the key is not there.</summary>
    public HashTrie Without(Value key) => Without(key, (uint)key.GetHashCode(), 0);

    private static uint BitAt(uint hash, int shift) => 1u << (int)((hash >> shift) & Mask);

    private static int IndexOf(uint map, uint bit) => BitOperations.PopCount(map & (bit - 1));

    private static HashTrie Pair(KeyValuePair<Value, Value> a, uint aHash, KeyValuePair<Value, Value> b, uint bHash, int shift)
    {
        if (shift >= CollisionShift)
        {
            return new HashTrie(0, 0, [a, b], []);
        }

        var aBit = BitAt(aHash, shift);
        var bBit = BitAt(bHash, shift);
        return aBit == bBit ? new HashTrie(0, aBit, [], [Pair(a, aHash, b, bHash, shift + Bits)])
            : new HashTrie(aBit | bBit, 0, aBit < bBit ? [a, b] : [b, a], []);
    }

    private static T[] Inserted<T>(T[] items, int index, T item)
    {
        var copy = new T[items.Length + 1];
        items.AsSpan(0, index).CopyTo(copy);
        copy[index] = item;
        items.AsSpan(index).CopyTo(copy.AsSpan(index + 1));
        return copy;
    }

    private static T[] Removed<T>(T[] items, int index)
    {
        var copy = new T[items.Length - 1];
        items.AsSpan(0, index).CopyTo(copy);
        items.AsSpan(index + 1).CopyTo(copy.AsSpan(index));
        return copy;
    }

    private static T[] Replaced<T>(T[] items, int index, T item)
    {
        var copy = (T[])items.Clone();
        copy[index] = item;
        return copy;
    }

    private HashTrie With(Value key, Value value, uint hash, int shift, out bool added)
    {
        var entry = new KeyValuePair<Value, Value>(key, value);
        if (shift >= CollisionShift)
        {
            var found = IndexOfKey(key);
            added = found < 0;
            return new HashTrie(0, 0, added ? [.. _entries, entry] : Replaced(_entries, found, entry), []);
        }

        var bit = BitAt(hash, shift);
        if ((_childMap & bit) != 0)
        {
            var index = IndexOf(_childMap, bit);
            var child = _children[index].With(key, value, hash, shift + Bits, out added);
            return new HashTrie(_entryMap, _childMap, _entries, Replaced(_children, index, child));
        }

        var slot = IndexOf(_entryMap, bit);
        if ((_entryMap & bit) == 0)
        {
            added = true;
            return new HashTrie(_entryMap | bit, _childMap, Inserted(_entries, slot, entry), _children);
        }

        var present = _entries[slot];
        if (present.Key.Equals(key))
        {
            added = false;
            return new HashTrie(_entryMap, _childMap, Replaced(_entries, slot, entry), _children);
        }

        added = true;
        var pair = Pair(present, (uint)present.Key.GetHashCode(), entry, hash, shift + Bits);
        return new HashTrie(
            _entryMap ^ bit,
            _childMap | bit,
            Removed(_entries, slot),
            Inserted(_children, IndexOf(_childMap, bit), pair));
    }

    private HashTrie Without(Value key, uint hash, int shift)
    {
        if (shift >= CollisionShift)
        {
            var found = IndexOfKey(key);
            return found < 0 ? this : new HashTrie(0, 0, Removed(_entries, found), []);
        }

        var bit = BitAt(hash, shift);
        if ((_entryMap & bit) != 0)
        {
            var slot = IndexOf(_entryMap, bit);
            return _entries[slot].Key.Equals(key)
                ? new HashTrie(_entryMap ^ bit, _childMap, Removed(_entries, slot), _children)
                : this;
        }

        if ((_childMap & bit) == 0)
        {
            return this;
        }

        var index = IndexOf(_childMap, bit);
        var child = _children[index].Without(key, hash, shift + Bits);
        if (ReferenceEquals(child, _children[index]))
        {
            return this;
        }

        // A lone entry moves up, so that a set of entries has one shape whatever its history.
        return child._children.Length == 0 && child._entries.Length == 1
            ? new HashTrie(
                _entryMap | bit,
                _childMap ^ bit,
                Inserted(_entries, IndexOf(_entryMap, bit), child._entries[0]),
                Removed(_children, index))
            : new HashTrie(_entryMap, _childMap, _entries, Replaced(_children, index, child));
    }

    private int IndexOfKey(Value key)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }
}
