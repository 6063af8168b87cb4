// A map with keyword keys, known by its shape: the form in which items flow.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

public sealed class Record : MapValue
{
    /// <summary>Above this many keys a map is a hash map.</summary>
    internal const int MaximumKeys = 64;

    private readonly Value[] _values;

    /// <summary>Takes <paramref name="values"/> over: one value per slot, not to be changed afterwards.</summary>
    public Record(Shape shape, Value[] values)
    {
        Shape = shape;
        _values = values;
    }

    public static new Record Empty { get; } = new(Shape.Empty, []);

    public Shape Shape { get; }

    public override int Count => _values.Length;

    public override IEnumerable<KeyValuePair<Value, Value>> Entries
    {
        get
        {
            for (var i = 0; i < _values.Length; i++)
            {
                yield return new(Value.Of(Shape.Keys[i]), _values[i]);
            }
        }
    }

    internal Value[] Values => _values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value At(int slot) => _values[slot];

    public override bool TryGet(Value key, out Value value)
    {
        if (key.Reference is Keyword keyword && Shape.SlotOf(keyword) is >= 0 and var slot)
        {
            value = _values[slot];
            return true;
        }

        value = default;
        return false;
    }

    public override MapValue Assoc(Value key, Value value)
    {
        if (key.Reference is not Keyword keyword)
        {
            return HashMapValue.From(Entries).Assoc(key, value);
        }

        var slot = Shape.SlotOf(keyword);
        if (slot >= 0)
        {
            return WithSlot(slot, value);
        }

        return Count >= MaximumKeys ? HashMapValue.From(Entries).Assoc(key, value) : Extend(Shape.With(keyword), value);
    }

    public override MapValue Dissoc(Value key)
    {
        if (key.Reference is not Keyword keyword || Shape.SlotOf(keyword) is not (>= 0 and var slot))
        {
            return this;
        }

        var shape = Shape.Empty;
        var values = new Value[_values.Length - 1];
        for (int i = 0, next = 0; i < _values.Length; i++)
        {
            if (i != slot)
            {
                shape = shape.With(Shape.Keys[i]);
                values[next++] = _values[i];
            }
        }

        return new Record(shape, values);
    }

    /// <summary>A copy with one slot replaced.</summary>
    internal Record WithSlot(int slot, Value value)
    {
        var values = (Value[])_values.Clone();
        values[slot] = value;
        return new Record(Shape, values);
    }

    /// <summary>A copy with one value more; <paramref name="shape"/> is this shape with that key.</summary>
    internal Record Extend(Shape shape, Value value)
    {
        var values = new Value[_values.Length + 1];
        _values.CopyTo(values, 0);
        values[^1] = value;
        return new Record(shape, values);
    }
}
