// How a record lays its values down in memory: numbers as bare eight bytes beside references, in one object.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

/// <summary>
/// A shape with the kind that each slot holds: bools, ints, floats and timestamps stand as eight bytes, anything else as its reference.
/// Records of one shape may have different layouts, which no program can tell; two records of equal contents are equal whatever theirs.
/// </summary>
internal sealed class RecordLayout
{
    /// <summary>A record with more slots keeps whole values in an array.</summary>
    public const int MaximumSlots = 8;

    private readonly Place[] _places;
    private readonly Func<RecordLayout, Record>? _create;

    private RecordLayout(Shape shape, int kinds, Place[] places, Func<RecordLayout, Record>? create)
    {
        Shape = shape;
        Kinds = kinds;
        _places = places;
        _create = create;
    }

    public Shape Shape { get; }

    /// <summary>The kinds of all slots in one number, which tells the layouts of a shape apart.</summary>
    public int Kinds { get; }

    /// <summary>Whether whole values stand in an array: there are many, or the kinds of this shape's values change all the time.</summary>
    public bool IsWide => _create is null;

    public static RecordLayout Wide(Shape shape) => new(shape, -1, [], null);

    /// <summary>For at most <see cref="MaximumSlots"/> values.</summary>
    public static RecordLayout For(Shape shape, ReadOnlySpan<Value> values)
    {
        var places = new Place[values.Length];
        var (numbers, references) = (0, 0);
        for (var i = 0; i < places.Length; i++)
        {
            var marker = values[i].NumberMarker;
            places[i] = new Place(marker, marker is null ? references++ : numbers++);
        }

        return new RecordLayout(shape, KindsOf(values), places, PackedRecords.Factory(numbers, references));
    }

    public static int KindsOf(ReadOnlySpan<Value> values)
    {
        // Three bits a slot.
        var kinds = 0;
        foreach (ref readonly var value in values)
        {
            kinds = (kinds << 3) | value.NumberCode;
        }

        return kinds;
    }

    /// <summary>Whether these values, one for each slot, can be laid down in this way.</summary>
    public bool Fits(ReadOnlySpan<Value> values)
    {
        var places = _places;
        if (places.Length != values.Length)
        {
            return false;
        }

        for (var i = 0; i < places.Length; i++)
        {
            if (!ReferenceEquals(values[i].NumberMarker, places[i].Marker))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A record of these values, which fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Record Create(ReadOnlySpan<Value> values)
    {
        var record = _create!(this);
        record.Fill(values);
        return record;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Read(int slot, ref readonly long numbers, ref readonly object? references)
    {
        var place = _places[slot];
        return place.Marker is { } marker
            ? Value.OfParts(marker, Unsafe.Add(ref Unsafe.AsRef(in numbers), place.Index))
            : Value.OfParts(Unsafe.Add(ref Unsafe.AsRef(in references), place.Index), 0);
    }

    public void Write(ReadOnlySpan<Value> values, ref long numbers, ref object? references)
    {
        var places = _places;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i].Marker is null)
            {
                Unsafe.Add(ref references, places[i].Index) = values[i].Reference;
            }
            else
            {
                Unsafe.Add(ref numbers, places[i].Index) = values[i].AsInt;
            }
        }
    }

    /// <param name="Marker">What the value's reference is when it stands as eight bytes; null for a reference.</param>
    /// <param name="Index">Among the slots of its sort.</param>
    private readonly record struct Place(object? Marker, int Index);
}
