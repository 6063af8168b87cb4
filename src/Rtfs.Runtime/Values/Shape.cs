// A shape is the ordered set of keyword keys that records of one make share; a key's place in it is a slot.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

/// <summary>Interned along transitions from <see cref="Empty"/>: adding the same keys in the same order gives the same shape.</summary>
public sealed class Shape
{
    // Values of a slot that change their kinds from record to record would make layouts without end; then whole values do as well.
    private const int MaximumLayouts = 16;

    private readonly Dictionary<Keyword, int> _slots;
    private readonly Dictionary<Keyword, Shape> _added = [];
    private readonly Lock _gate = new();

    // Replaced as a whole under the gate, and searched without it.
    private RecordLayout[] _layouts = [];

    private Shape(Keyword[] keys)
    {
        Keys = keys;
        Wide = RecordLayout.Wide(this);
        _slots = new Dictionary<Keyword, int>(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            _slots[keys[i]] = i;
        }
    }

    public static Shape Empty { get; } = new([]);

    /// <summary>In slot order. Not to be changed.</summary>
    internal Keyword[] Keys { get; }

    /// <summary>For whole values in an array.</summary>
    internal RecordLayout Wide { get; }

    public int Count => Keys.Length;

    public Keyword KeyAt(int slot) => Keys[slot];

    /// <summary>The shape of these keys in this order; a repeated key keeps its first slot.</summary>
    public static Shape Of(params ReadOnlySpan<Keyword> keys)
    {
        var shape = Empty;
        foreach (var key in keys)
        {
            shape = shape.With(key);
        }

        return shape;
    }

    /// <summary>The slot of a key, or -1.</summary>
    public int SlotOf(Keyword key)
    {
        var keys = Keys;
        if (keys.Length <= 8)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                if (ReferenceEquals(keys[i], key))
                {
                    return i;
                }
            }

            return -1;
        }

        return _slots.TryGetValue(key, out var slot) ? slot : -1;
    }

    /// <summary>This shape with one more key at the end, or itself when it has the key.</summary>
    public Shape With(Keyword key)
    {
        if (SlotOf(key) >= 0)
        {
            return this;
        }

        lock (_gate)
        {
            if (!_added.TryGetValue(key, out var next))
            {
                next = new Shape([.. Keys, key]);
                _added[key] = next;
            }

            return next;
        }
    }

    /// <summary>How to lay these values down, one for each slot.</summary>
    internal RecordLayout LayoutOf(ReadOnlySpan<Value> values)
    {
        if (values.Length is 0 or > RecordLayout.MaximumSlots)
        {
            return Wide;
        }

        var kinds = RecordLayout.KindsOf(values);
        return Find(kinds) ?? Add(kinds, values);
    }

    private RecordLayout? Find(int kinds)
    {
        foreach (var layout in _layouts)
        {
            if (layout.Kinds == kinds)
            {
                return layout;
            }
        }

        return _layouts.Length < MaximumLayouts ? null : Wide;
    }

    private RecordLayout Add(int kinds, ReadOnlySpan<Value> values)
    {
        lock (_gate)
        {
            if (Find(kinds) is { } known)
            {
                return known;
            }

            var layout = RecordLayout.For(this, values);
            _layouts = [.. _layouts, layout];
            return layout;
        }
    }
}
