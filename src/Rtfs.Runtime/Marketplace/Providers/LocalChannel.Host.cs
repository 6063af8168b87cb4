// The ends of a local channel that the host holds.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Providers;

public sealed partial class LocalChannel
{
    /// <summary>The host writes an item; waits while a reader's buffer is full.</summary>
    /// <exception cref="InvalidOperationException">The channel has ended, or nobody reads it any more.</exception>
    public async ValueTask WriteAsync(Value item, CancellationToken cancellation = default)
    {
        Volatile.Write(ref _hostWrote, true);
        lock (_gate)
        {
            if (_readers.Count == 0 && _hasBeenRead && !_ended)
            {
                throw new InvalidOperationException("Nobody reads the local channel any more: the run that read it has ended. The item was not taken; start a run that reads the channel, then write.");
            }
        }

        if (await PutAsync(new[] { item }, null, cancellation) == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException(HasEndedMessage);
        }
    }

    /// <summary>The host writes a record; its keys become keywords.</summary>
    public ValueTask WriteAsync(IReadOnlyDictionary<string, object?> record, CancellationToken cancellation = default) =>
        WriteAsync(Value.Of(ValueInterop.FromDictionary(record)), cancellation);

    /// <summary>The host has written all that it will write.</summary>
    public void Complete() => End();

    /// <summary>The host reads; ends when the channel does.</summary>
    public async IAsyncEnumerable<Value> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var reader = OpenReader();
        var batch = new SourceBatch(Batch.DefaultCapacity);
        while (await reader.ReadAsync(batch, cancellation))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                yield return batch.Items[i];
            }

            batch.Clear();
        }
    }

    /// <summary>The host reads records as dictionaries with names for keys; an item that is no map is an <see cref="InvalidCastException"/>.</summary>
    public async IAsyncEnumerable<IReadOnlyDictionary<string, object?>> ReadRecordsAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var item in ReadAllAsync(cancellation))
        {
            yield return ValueInterop.ToDictionary(item.As<MapValue>() ?? throw new InvalidCastException($"{item} is no map, so it has no form as a dictionary. Read values instead."));
        }
    }
}
