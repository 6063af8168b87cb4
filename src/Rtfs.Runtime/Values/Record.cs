// A map with keyword keys, known by its shape: the form in which items flow.

namespace Rtfs.Runtime.Values;

/// <summary>Immutable once made. Its values stand in the one object, as its <see cref="RecordLayout"/> says.</summary>
public abstract class Record : MapValue
{
    /// <summary>Above this many keys a map is a hash map.</summary>
    internal const int MaximumKeys = 64;

    private protected Record(RecordLayout layout) => Layout = layout;

    public static new Record Empty { get; } = new WideRecord(Shape.Empty.Wide, []);

    public Shape Shape => Layout.Shape;

    public override int Count => Shape.Count;

    public override IEnumerable<KeyValuePair<Value, Value>> Entries
    {
        get
        {
            var keys = Shape.Keys;
            for (var i = 0; i < keys.Length; i++)
            {
                yield return new(Value.Of(keys[i]), At(i));
            }
        }
    }

    internal RecordLayout Layout { get; }

    /// <summary>Copies <paramref name="values"/>: one for each slot of the shape.</summary>
    public static Record Of(Shape shape, params ReadOnlySpan<Value> values)
    {
        RecordLayout? layout = null;
        return Of(shape, values, ref layout);
    }

    public abstract Value At(int slot);

    public override bool TryGet(Value key, out Value value)
    {
        if (key.Reference is Keyword keyword && Shape.SlotOf(keyword) is >= 0 and var slot)
        {
            value = At(slot);
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
        if (slot < 0 && Count >= MaximumKeys)
        {
            return HashMapValue.From(Entries).Assoc(key, value);
        }

        var shape = slot < 0 ? Shape.With(keyword) : Shape;
        if (shape.Count > RecordLayout.MaximumSlots)
        {
            var many = new Value[shape.Count];
            Replaced(many, slot, value);
            return Own(shape, many);
        }

        var room = default(Slots8<Value>);
        var values = ((Span<Value>)room)[..shape.Count];
        Replaced(values, slot, value);
        return Of(shape, values);
    }

    public override MapValue Dissoc(Value key)
    {
        if (key.Reference is not Keyword keyword || Shape.SlotOf(keyword) is not (>= 0 and var slot))
        {
            return this;
        }

        var shape = Shape.Empty;
        var values = new Value[Count - 1];
        for (int i = 0, next = 0; i < Count; i++)
        {
            if (i != slot)
            {
                shape = shape.With(Shape.Keys[i]);
                values[next++] = At(i);
            }
        }

        return Own(shape, values);
    }

    /// <summary>The same; <paramref name="layout"/> is what the caller made the last time, and is kept for the next.</summary>
    internal static Record Of(Shape shape, ReadOnlySpan<Value> values, ref RecordLayout? layout)
    {
        var known = layout;
        if (known is null || !ReferenceEquals(known.Shape, shape) || !known.Fits(values))
        {
            layout = known = shape.LayoutOf(values);
        }

        return known.IsWide ? new WideRecord(known, values.ToArray()) : known.Create(values);
    }

    /// <summary>The same; takes <paramref name="values"/> over where they stay an array.</summary>
    internal static Record Own(Shape shape, Value[] values) =>
        values.Length > RecordLayout.MaximumSlots ? new WideRecord(shape.Wide, values) : Of(shape, values);

    internal void CopyTo(Span<Value> target)
    {
        for (var i = 0; i < Count; i++)
        {
            target[i] = At(i);
        }
    }

    /// <summary>These values with one replaced, or with one more where <paramref name="slot"/> is -1.</summary>
    private void Replaced(Span<Value> target, int slot, Value value)
    {
        CopyTo(target);
        target[slot < 0 ? ^1 : slot] = value;
    }

    /// <summary>Before anybody sees the record.</summary>
    internal abstract void Fill(ReadOnlySpan<Value> values);
}
