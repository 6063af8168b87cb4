// What travels between segments: up to 256 items that are worked on together, in an array that is used again.

using System.Collections.Concurrent;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// Owned by one segment at a time. Stages overwrite and compact <see cref="Items"/> in place. An item's sequence is not kept: it is the
/// place of the item in the stream that a stage reads, which the stage knows by its count.
/// </summary>
internal sealed class Batch
{
    public const int DefaultCapacity = 256;

    public Batch(int capacity) => Items = new Value[capacity];

    public Value[] Items { get; private set; }

    public int Count { get; set; }

    /// <summary>When the source handed the items over.</summary>
    public DateTimeOffset Timestamp { get; set; }

    /// <summary>The key of each item, behind a key-by; null in front of one.</summary>
    public Value[]? Keys { get; private set; }

    public bool IsKeyed { get; private set; }

    /// <summary>What joins an item to another that goes the other way; null in a batch that no conversation gave.</summary>
    public string?[]? CorrelationIds { get; private set; }

    /// <summary>The number of the output that each item goes to; only between a demultiplexer's stage and its outputs.</summary>
    public int[]? Routes { get; private set; }

    public void Route(int index, int output)
    {
        Routes ??= new int[Items.Length];
        Routes[index] = output;
    }

    public void BeginKeys()
    {
        Keys ??= new Value[Items.Length];
        IsKeyed = true;
    }

    /// <summary>Where items with keys and items without come together, nil is the key of the others.</summary>
    private bool BeginKeysWith(bool haveKeys, int count)
    {
        if (haveKeys == IsKeyed)
        {
            return haveKeys;
        }

        if (haveKeys)
        {
            BeginKeys();
            Array.Clear(Keys!, 0, Count);
        }
        else
        {
            Array.Clear(Keys!, Count, count);
        }

        return haveKeys;
    }

    public void BeginCorrelation() => CorrelationIds ??= new string?[Items.Length];

    public void Clear()
    {
        Count = 0;
        IsKeyed = false;
        CorrelationIds = null;
    }

    /// <summary>Moves what stands beside an item: its key and its correlation.</summary>
    public void MoveBeside(int from, int to)
    {
        if (IsKeyed)
        {
            Keys![to] = Keys[from];
        }

        if (CorrelationIds is { } ids)
        {
            ids[to] = ids[from];
        }
    }

    /// <summary>Moves an item with what stands beside it.</summary>
    public void Move(int from, int to)
    {
        Items[to] = Items[from];
        MoveBeside(from, to);
    }

    /// <summary>Takes what a source filled, by exchanging the arrays.</summary>
    public void Take(SourceBatch source)
    {
        Count = source.Count;
        IsKeyed = false;
        CorrelationIds = source.TakeCorrelationIds();
        Items = source.Exchange(Items);
    }

    /// <summary>Appends items of another batch; there must be room.</summary>
    public void Append(Batch other, int start, int count)
    {
        Array.Copy(other.Items, start, Items, Count, count);
        if (BeginKeysWith(other.IsKeyed, count))
        {
            Array.Copy(other.Keys!, start, Keys!, Count, count);
        }

        if (other.CorrelationIds is { } ids)
        {
            BeginCorrelation();
            Array.Copy(ids, start, CorrelationIds!, Count, count);
        }

        Count += count;
    }

    /// <summary>Moves the rest to the front.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0)
        {
            return;
        }

        Array.Copy(Items, count, Items, 0, Count - count);
        Array.Clear(Items, Count - count, count);
        if (IsKeyed)
        {
            Array.Copy(Keys!, count, Keys!, 0, Count - count);
        }

        if (CorrelationIds is { } ids)
        {
            Array.Copy(ids, count, ids, 0, Count - count);
        }

        Count -= count;
    }

    public void Add(Value item, Value? key)
    {
        Items[Count] = item;
        if (BeginKeysWith(key is not null, 1))
        {
            Keys![Count] = key!.Value;
        }

        Count++;
    }

    public void Append(Batch other, int index)
    {
        Items[Count] = other.Items[index];
        if (BeginKeysWith(other.IsKeyed, 1))
        {
            Keys![Count] = other.Keys![index];
        }

        if (other.CorrelationIds is { } ids)
        {
            BeginCorrelation();
            CorrelationIds![Count] = ids[index];
        }

        Count++;
    }
}

/// <summary>The batches of a run that are not in use.</summary>
internal sealed class BatchPool
{
    private const int MostKept = 64;
    private readonly ConcurrentQueue<Batch> _free = new();

    public Batch Rent() => _free.TryDequeue(out var batch) ? batch : new Batch(Batch.DefaultCapacity);

    public Batch CopyOf(Batch batch)
    {
        var copy = Rent();
        copy.Append(batch, 0, batch.Count);
        copy.Timestamp = batch.Timestamp;
        return copy;
    }

    public void Return(Batch batch)
    {
        // What a batch still refers to would live as long as the pool.
        Array.Clear(batch.Items);
        batch.Clear();
        if (_free.Count < MostKept)
        {
            _free.Enqueue(batch);
        }
    }
}
