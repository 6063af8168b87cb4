// Parts of a vector that share its chunks, and room in front of it.

namespace Rtfs.Runtime.Values;

public sealed partial class VectorValue
{
    /// <summary>The items from one index up to, not including, another; both exist, or are the length.</summary>
    public VectorValue Slice(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, end);
        var count = end - start;
        if (count == Count)
        {
            return this;
        }

        if (count <= Width || _held - count > count + Width)
        {
            return Copied(start, count);
        }

        if (end == Count)
        {
            return new(count, _shift, _root, _tail, _frontier, _start + start, _held);
        }

        var last = _start + end - 1;
        var tail = last >= TailStart ? _tail : LeafOf(last);
        return new(count, _shift, _root, tail, null, _start + start, _held);
    }

    /// <summary>This vector with an item in front: in O(log32 n), amortised over many.</summary>
    public VectorValue Cons(Value item)
    {
        if (Count < Width)
        {
            var few = new Value[Count + 1];
            few[0] = item;
            CopyTo(few.AsSpan(1));
            return Own(few);
        }

        var roomy = _start > 0 ? this : WithRoomInFront();
        return roomy.Placed(roomy._start - 1, item, roomy._start - 1, Count + 1);
    }

    private VectorValue Copied(int start, int count)
    {
        var builder = new VectorBuilder(count);
        for (var i = start; i < start + count;)
        {
            var chunk = ChunkFrom(i);
            chunk = chunk[..Math.Min(chunk.Length, start + count - i)];
            builder.AddRange(chunk);
            i += chunk.Length;
        }

        return builder.ToVector();
    }

    /// <summary>A copy with as many empty places before it as it has items, in whole chunks: all of them are one chunk.</summary>
    private VectorValue WithRoomInFront()
    {
        var room = (Count + Mask) & ~Mask;
        var builder = new VectorBuilder();
        builder.AddEmptyChunks(room / Width);
        builder.AddRange(this);
        var padded = builder.ToVector();
        return new(Count, padded._shift, padded._root, padded._tail, null, room);
    }

    /// <summary>A vector of <paramref name="count"/> items from <paramref name="start"/> on, with one place of the trie changed.</summary>
    private VectorValue Placed(int place, Value item, int start, int count)
    {
        var tailStart = TailStart;
        if (place >= tailStart)
        {
            var tail = _tail.AsSpan(0, End - tailStart).ToArray();
            tail[place - tailStart] = item;
            return new(count, _shift, _root, tail, null, start, _held);
        }

        return new(count, _shift, (object[])Replaced(_root!, _shift, place, item), _tail, _frontier, start, _held);
    }
}
