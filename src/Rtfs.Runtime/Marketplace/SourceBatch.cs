// What a source fills: items, and rows that could not be read, in the order in which they came.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace;

/// <summary>A row or message that is no item: its text, why, and where (a line number, an offset).</summary>
public sealed record ItemFault(string Text, string Message, string Place);

/// <summary>
/// Filled by <see cref="IStreamSource.ReadAsync"/>, then emptied by the engine and used again. A fault stands before the
/// item whose index it carries.
/// </summary>
public sealed class SourceBatch
{
    private readonly List<(int Before, ItemFault Fault)> _faults = [];
    private readonly int _limit;
    private Value[] _items;
    private string?[]? _correlationIds;

    public SourceBatch(int capacity)
        : this(capacity, capacity)
    {
    }

    internal SourceBatch(int capacity, int limit)
    {
        _items = new Value[capacity];
        _limit = Math.Min(capacity, limit);
    }

    public int Capacity => _limit;

    public int Count { get; private set; }

    /// <summary>No further item fits.</summary>
    public bool IsFull => Count + _faults.Count >= _limit;

    public bool IsEmpty => Count == 0 && _faults.Count == 0;

    internal ReadOnlySpan<Value> Items => _items.AsSpan(0, Count);

    internal IReadOnlyList<(int Before, ItemFault Fault)> Faults => _faults;

    public void Add(Value item) => _items[Count++] = item;

    /// <summary>An item that answers another, or will be answered: both carry the same id.</summary>
    public void Add(Value item, string? correlationId)
    {
        if (correlationId is not null)
        {
            _correlationIds ??= new string?[_items.Length];
            _correlationIds[Count] = correlationId;
        }

        Add(item);
    }

    public void AddFault(ItemFault fault) => _faults.Add((Count, fault));

    internal void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        _faults.Clear();
        _correlationIds = null;
    }

    internal string?[]? TakeCorrelationIds()
    {
        var ids = _correlationIds;
        _correlationIds = null;
        return ids;
    }

    /// <summary>Gives the filled array for an empty one of the same size; the faults stay until <see cref="Clear"/>.</summary>
    internal Value[] Exchange(Value[] empty)
    {
        var filled = _items;
        _items = empty;
        Count = 0;
        return filled;
    }
}
