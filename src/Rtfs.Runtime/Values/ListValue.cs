// Lists: quoted code, and the rest argument of functions.

namespace Rtfs.Runtime.Values;

/// <summary>
/// An immutable linked list: taking the rest and putting an item in front are O(1) and share the cells, which is what code that
/// rewrites code does; indexing is O(n). Never equal to a vector.
/// </summary>
public sealed class ListValue : IEquatable<ListValue>
{
    private readonly Value _first;
    private readonly ListValue? _rest;

    private ListValue(Value first, ListValue? rest, int count)
    {
        _first = first;
        _rest = rest;
        Count = count;
    }

    public static ListValue Empty { get; } = new(Value.Nil, null, 0);

    public int Count { get; }

    /// <summary>Nil when empty.</summary>
    public Value First => _first;

    /// <summary>Empty when empty.</summary>
    public ListValue Rest => _rest ?? Empty;

    public IEnumerable<Value> Items
    {
        get
        {
            for (var cell = this; cell.Count > 0; cell = cell.Rest)
            {
                yield return cell._first;
            }
        }
    }

    public Value this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var cell = this;
            for (; index > 0; index--)
            {
                cell = cell.Rest;
            }

            return cell._first;
        }
    }

    public static ListValue From(params ReadOnlySpan<Value> items)
    {
        var list = Empty;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            list = list.Cons(items[i]);
        }

        return list;
    }

    /// <summary>This list with an item in front.</summary>
    public ListValue Cons(Value item) => new(item, this, Count + 1);

    public Value[] ToArray()
    {
        var items = new Value[Count];
        var next = 0;
        for (var cell = this; cell.Count > 0; cell = cell.Rest)
        {
            items[next++] = cell._first;
        }

        return items;
    }

    public bool Equals(ListValue? other)
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

        var mine = this;
        var theirs = other;
        for (; mine.Count > 0 && !ReferenceEquals(mine, theirs); mine = mine.Rest, theirs = theirs.Rest)
        {
            if (!mine._first.Equals(theirs._first))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is ListValue other && Equals(other);

    public override int GetHashCode()
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(this, static list => list.GetHashCode());
        }

        var hash = ~Count;
        for (var cell = this; cell.Count > 0; cell = cell.Rest)
        {
            hash = StableHash.Combine(hash, cell._first.GetHashCode());
        }

        return StableHash.Mix(hash);
    }
}
