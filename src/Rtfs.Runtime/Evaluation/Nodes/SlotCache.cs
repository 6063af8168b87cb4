// The inline cache of one place in the program that reads a keyword's value: the last shape seen and the key's slot in it.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal sealed class SlotCache(Keyword? key)
{
    // A place that keeps meeting new shapes stops remembering: a search of the shape is then cheaper than an allocation.
    private const int MaximumMisses = 16;

    private Entry? _entry;
    private int _misses;

    public bool HasKey => key is not null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(Record record, out Value value)
    {
        var entry = _entry;
        var slot = entry is not null && ReferenceEquals(entry.Shape, record.Shape) ? entry.Slot : Search(record.Shape);
        if (slot >= 0)
        {
            value = record.At(slot);
            return true;
        }

        value = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Search(Shape shape)
    {
        var slot = shape.SlotOf(key!);
        if (_misses < MaximumMisses)
        {
            _misses++;
            _entry = new Entry(shape, slot);
        }

        return slot;
    }

    /// <summary>Immutable, so that threads which share a program see a shape and its slot together or not at all.</summary>
    private sealed class Entry(Shape shape, int slot)
    {
        public readonly Shape Shape = shape;
        public readonly int Slot = slot;
    }
}
