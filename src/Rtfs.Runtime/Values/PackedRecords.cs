// The objects behind records of few keys: one for every number of eight-byte slots and of references, so that each has just its size.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

internal static class PackedRecords
{
    /// <summary>Makes empty records with so many slots of each sort, at most eight together and at least one.</summary>
    public static Func<RecordLayout, Record> Factory(int numbers, int references) => numbers switch
    {
        0 => OfReferences(references),
        1 => With<Slots1<long>>(references),
        2 => With<Slots2<long>>(references),
        3 => With<Slots3<long>>(references),
        4 => With<Slots4<long>>(references),
        5 => With<Slots5<long>>(references),
        6 => With<Slots6<long>>(references),
        7 => With<Slots7<long>>(references),
        _ => With<Slots8<long>>(references),
    };

    private static Func<RecordLayout, Record> OfReferences(int references) => references switch
    {
        1 => static layout => new ReferenceRecord<Slots1<object?>>(layout),
        2 => static layout => new ReferenceRecord<Slots2<object?>>(layout),
        3 => static layout => new ReferenceRecord<Slots3<object?>>(layout),
        4 => static layout => new ReferenceRecord<Slots4<object?>>(layout),
        5 => static layout => new ReferenceRecord<Slots5<object?>>(layout),
        6 => static layout => new ReferenceRecord<Slots6<object?>>(layout),
        7 => static layout => new ReferenceRecord<Slots7<object?>>(layout),
        _ => static layout => new ReferenceRecord<Slots8<object?>>(layout),
    };

    private static Func<RecordLayout, Record> With<TNumbers>(int references)
        where TNumbers : struct => references switch
        {
            0 => static layout => new NumberRecord<TNumbers>(layout),
            1 => static layout => new MixedRecord<TNumbers, Slots1<object?>>(layout),
            2 => static layout => new MixedRecord<TNumbers, Slots2<object?>>(layout),
            3 => static layout => new MixedRecord<TNumbers, Slots3<object?>>(layout),
            4 => static layout => new MixedRecord<TNumbers, Slots4<object?>>(layout),
            5 => static layout => new MixedRecord<TNumbers, Slots5<object?>>(layout),
            6 => static layout => new MixedRecord<TNumbers, Slots6<object?>>(layout),
            _ => static layout => new MixedRecord<TNumbers, Slots7<object?>>(layout),
        };
}

internal sealed class NumberRecord<TNumbers>(RecordLayout layout) : Record(layout)
    where TNumbers : struct
{
    private TNumbers _numbers;

    public override Value At(int slot) =>
        Layout.Read(slot, in Unsafe.As<TNumbers, long>(ref _numbers), in Unsafe.NullRef<object?>());

    internal override void Fill(ReadOnlySpan<Value> values) =>
        Layout.Write(values, ref Unsafe.As<TNumbers, long>(ref _numbers), ref Unsafe.NullRef<object?>());
}

internal sealed class ReferenceRecord<TReferences>(RecordLayout layout) : Record(layout)
    where TReferences : struct
{
    private TReferences _references;

    public override Value At(int slot) =>
        Layout.Read(slot, in Unsafe.NullRef<long>(), in Unsafe.As<TReferences, object?>(ref _references));

    internal override void Fill(ReadOnlySpan<Value> values) =>
        Layout.Write(values, ref Unsafe.NullRef<long>(), ref Unsafe.As<TReferences, object?>(ref _references));
}

internal sealed class MixedRecord<TNumbers, TReferences>(RecordLayout layout) : Record(layout)
    where TNumbers : struct
    where TReferences : struct
{
    private TNumbers _numbers;
    private TReferences _references;

    public override Value At(int slot) =>
        Layout.Read(slot, in Unsafe.As<TNumbers, long>(ref _numbers), in Unsafe.As<TReferences, object?>(ref _references));

    internal override void Fill(ReadOnlySpan<Value> values) =>
        Layout.Write(values, ref Unsafe.As<TNumbers, long>(ref _numbers), ref Unsafe.As<TReferences, object?>(ref _references));
}

/// <summary>Whole values in an array, which it takes over.</summary>
internal sealed class WideRecord(RecordLayout layout, Value[] values) : Record(layout)
{
    public override Value At(int slot) => values[slot];

    internal override void Fill(ReadOnlySpan<Value> filling) => filling.CopyTo(values);
}
