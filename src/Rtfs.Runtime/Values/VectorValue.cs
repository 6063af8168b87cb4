// Persistent vector: a trie of chunks of 32 with the last chunk beside it (after Bagwell and Hickey), shared between versions and parts.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

/// <summary>
/// An immutable vector. Appending is amortised O(1), indexing, replacing and putting in front O(log32 n), and so is taking a part of it, which
/// shares the chunks. A part that would keep more than twice its own length alive is copied: a recursion over the rests of a vector, or a queue of
/// appending and taking away, is linear in all.
/// </summary>
public sealed partial class VectorValue : IEquatable<VectorValue>
{
    internal const int Bits = 5;
    internal const int Width = 1 << Bits;
    internal const int Mask = Width - 1;

    private readonly int _shift;
    private readonly object[]? _root;
    private readonly Value[] _tail;

    // How far the tail has been filled by any version that shares it: the version at the frontier appends in place.
    // Others never look past their own count. Null for a tail that has no room.
    private readonly Frontier? _frontier;

    // The trie numbers its items from a place before the first of this vector, and may hold more of them at either side.
    private readonly int _start;
    private readonly int _held;

    private VectorValue(int count, int shift, object[]? root, Value[] tail, Frontier? frontier, int start = 0, int held = 0)
    {
        Count = count;
        _start = start;
        _held = Math.Max(held, start + count);
        _shift = shift;
        _root = root;
        _tail = tail;
        _frontier = frontier;
    }

    public static VectorValue Empty { get; } = new(0, Bits, null, [], null);

    public int Count { get; }

    /// <summary>In order.</summary>
    public IEnumerable<Value> Items
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }
    }

    private int End => _start + Count;

    private int TailStart => End == 0 ? 0 : (End - 1) & ~Mask;

    public Value this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var place = index + _start;
            return place >= TailStart ? _tail[place & Mask] : LeafOf(place)[place & Mask];
        }
    }

    /// <summary>Copies.</summary>
    public static VectorValue From(params ReadOnlySpan<Value> items)
    {
        if (items.Length <= Width)
        {
            return items.IsEmpty ? Empty : new(items.Length, Bits, null, items.ToArray(), null);
        }

        var builder = new VectorBuilder(items.Length);
        builder.AddRange(items);
        return builder.ToVector();
    }

    /// <summary>Takes <paramref name="items"/> over where it can: the caller does not change them afterwards.</summary>
    internal static VectorValue Own(Value[] items) =>
        items.Length == 0 ? Empty
        : items.Length <= Width ? new(items.Length, Bits, null, items, null)
        : From(items);

    /// <summary>For <see cref="VectorBuilder"/>: whole leaves in a root, and a tail of 1 to 32 items.</summary>
    internal static VectorValue Built(int count, int shift, object[]? root, Value[] tail) => new(count, shift, root, tail, null);

    /// <summary>The chunk that holds <paramref name="index"/>, from <paramref name="index"/> on: walk by adding its length.</summary>
    public ReadOnlySpan<Value> ChunkFrom(int index)
    {
        var place = index + _start;
        var tail = TailStart;
        return place >= tail
            ? _tail.AsSpan(place - tail, End - place)
            : LeafOf(place).AsSpan(place & Mask);
    }

    public Value[] ToArray()
    {
        var items = new Value[Count];
        CopyTo(items);
        return items;
    }

    public void CopyTo(Span<Value> target)
    {
        for (var i = 0; i < Count;)
        {
            var chunk = ChunkFrom(i);
            chunk.CopyTo(target[i..]);
            i += chunk.Length;
        }
    }

    public VectorValue Conj(Value item)
    {
        if (Count == 0)
        {
            return new(1, Bits, null, [item, default, default, default], new Frontier(1));
        }

        var used = End - TailStart;
        if (used == Width)
        {
            var (root, shift) = PushTail();
            var fresh = new Value[Width];
            fresh[0] = item;
            return new(Count + 1, shift, root, fresh, new Frontier(1), _start, _held);
        }

        if (_frontier is not null && used < _tail.Length && _frontier.TryAdvance(used))
        {
            _tail[used] = item;
            return new(Count + 1, _shift, _root, _tail, _frontier, _start, _held);
        }

        var tail = new Value[Math.Min(Width, Math.Max(4, used * 2))];
        _tail.AsSpan(0, used).CopyTo(tail);
        tail[used] = item;
        return new(Count + 1, _shift, _root, tail, new Frontier(used + 1), _start, _held);
    }

    /// <summary>This vector with one item replaced; <paramref name="index"/> must exist.</summary>
    public VectorValue Assoc(int index, Value item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Placed(index + _start, item, _start, Count);
    }

    public bool Equals(VectorValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other.Count != Count)
        {
            return false;
        }

        if (DeepStack.IsShort)
        {
            return DeepStack.Run((this, other), static pair => pair.Item1.Equals(pair.other));
        }

        for (var i = 0; i < Count;)
        {
            var mine = ChunkFrom(i);
            var theirs = other.ChunkFrom(i);
            var common = Math.Min(mine.Length, theirs.Length);
            for (var k = 0; k < common; k++)
            {
                if (!mine[k].Equals(theirs[k]))
                {
                    return false;
                }
            }

            i += common;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is VectorValue other && Equals(other);

    public override int GetHashCode()
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(this, static vector => vector.GetHashCode());
        }

        var hash = Count;
        for (var i = 0; i < Count;)
        {
            var chunk = ChunkFrom(i);
            foreach (ref readonly var item in chunk)
            {
                hash = StableHash.Combine(hash, item.GetHashCode());
            }

            i += chunk.Length;
        }

        return StableHash.Mix(hash);
    }

    private static object Replaced(object node, int level, int index, Value item)
    {
        if (level == 0)
        {
            var leaf = (Value[])((Value[])node).Clone();
            leaf[index & Mask] = item;
            return leaf;
        }

        var branch = (object[])((object[])node).Clone();
        var slot = (index >> level) & Mask;
        branch[slot] = Replaced(branch[slot], level - Bits, index, item);
        return branch;
    }

    private static object PathTo(int level, Value[] leaf)
    {
        object node = leaf;
        for (; level > 0; level -= Bits)
        {
            var branch = new object[Width];
            branch[0] = node;
            node = branch;
        }

        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value[] LeafOf(int index)
    {
        object node = _root!;
        for (var level = _shift; level > 0; level -= Bits)
        {
            node = Unsafe.As<object[]>(node)[(index >> level) & Mask];
        }

        return Unsafe.As<Value[]>(node);
    }

    private (object[] Root, int Shift) PushTail()
    {
        if (_root is null)
        {
            var first = new object[Width];
            first[0] = _tail;
            return (first, Bits);
        }

        if (End >> Bits > 1 << _shift)
        {
            var taller = new object[Width];
            taller[0] = _root;
            taller[1] = PathTo(_shift, _tail);
            return (taller, _shift + Bits);
        }

        return (Pushed(_root, _shift), _shift);
    }

    private object[] Pushed(object[] branch, int level)
    {
        var copy = (object[])branch.Clone();
        var slot = ((End - 1) >> level) & Mask;
        copy[slot] = level == Bits ? _tail
            : copy[slot] is object[] child ? Pushed(child, level - Bits)
            : PathTo(level - Bits, _tail);
        return copy;
    }

    private sealed class Frontier(int used)
    {
        private int _used = used;

        public bool TryAdvance(int from) => Interlocked.CompareExchange(ref _used, from + 1, from) == from;
    }
}
