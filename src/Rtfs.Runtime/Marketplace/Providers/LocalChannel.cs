// A channel inside the process: plans and the host write at one end and read at the other.

using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Providers;

/// <summary>What a local channel holds of an item.</summary>
internal readonly record struct LocalItem(Value Value, string? CorrelationId);

/// <summary>
/// Bounded: a writer waits until every reader has room. A broadcast: each reader sees what is written from its opening on; the first one
/// also sees what was written before anybody read. It ends when the host has called <see cref="Complete"/>, or, where the host has
/// never written, when the last plan that wrote to it is done; a channel that has ended stays ended.
/// </summary>
public sealed partial class LocalChannel : IStreamSourceProvider, IStreamSinkProvider
{
    internal const string HasEndedMessage = "The local channel has ended; nothing can be written to it any more.";

    private readonly Lock _gate = new();
    private readonly List<LocalReader> _readers = [];
    private readonly Queue<TaskCompletionSource> _writersWaiting = [];
    private readonly Queue<LocalItem> _early = new();
    private readonly bool _isHeldByHost;
    private bool _hostWrote;
    private bool _hasBeenRead;
    private bool _ended;
    private int _writers;
    private long _unread;
    private long _version;

    /// <param name="capacity">Items that each reader's buffer holds.</param>
    public LocalChannel(int capacity = 1024)
        : this(capacity, isHeldByHost: true)
    {
    }

    internal LocalChannel(int capacity, bool isHeldByHost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        _isHeldByHost = isHeldByHost;
    }

    public int Capacity { get; }

    public IReadOnlyList<Effect> Effects => [];

    /// <summary>Whether somebody outside of the run can still write.</summary>
    internal bool IsHeldByHost => _isHeldByHost;

    internal bool HasEnded => Volatile.Read(ref _ended);

    public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) => new(OpenReader());

    public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw new ProviderException($"{request.Manifest.Id} is a local channel that has ended, and cannot be written to any more. Register a new one for each run.");
            }

            _writers++;
        }

        return new(new LocalWriter(this));
    }

    internal void WriterClosed()
    {
        bool last;
        lock (_gate)
        {
            last = --_writers == 0 && !_hostWrote;
        }

        if (last)
        {
            End();
        }
    }

    internal void End()
    {
        TaskCompletionSource[] woken;
        LocalReader[] readers;
        lock (_gate)
        {
            _ended = true;
            _version++;
            woken = [.. _writersWaiting];
            _writersWaiting.Clear();
            readers = [.. _readers];
        }

        foreach (var reader in readers)
        {
            reader.Arrived();
        }

        foreach (var writer in woken)
        {
            writer.TrySetResult();
        }
    }

    /// <summary>The channel of a plan's registration.</summary>
    /// <exception cref="ProviderException">A key of the specification is wrong.</exception>
    internal static LocalChannel Create(CapabilityManifest manifest)
    {
        var specification = new ProviderSpecification(manifest, "buffer-size");
        var size = manifest.Provider.GetOrNil(Keyword.Of("buffer-size"));
        return size switch
        {
            { IsNil: true } => new LocalChannel(1024, isHeldByHost: false),
            { IsInt: true, AsInt: > 0 and <= int.MaxValue } => new LocalChannel((int)size.AsInt, isHeldByHost: false),
            _ => throw specification.Fault($":buffer-size is a whole number from 1 up, found {size}"),
        };
    }

    /// <summary>Items that can be written without waiting.</summary>
    internal int Free
    {
        get
        {
            lock (_gate)
            {
                return Room();
            }
        }
    }

    /// <summary>Takes the count of what was written and no reader was given: all of it, when nobody will read any more.</summary>
    internal long TakeUnread()
    {
        lock (_gate)
        {
            var unread = _unread + _early.Count;
            _unread = 0;
            _early.Clear();
            return unread;
        }
    }

    /// <summary>Changes with everything that those who wait here look at.</summary>
    internal long Version => Interlocked.Read(ref _version);

    /// <summary>Whether somebody waits for room: it cannot have ended for him.</summary>
    internal bool HasWaitingWriter
    {
        get
        {
            lock (_gate)
            {
                return _writersWaiting.Count > 0;
            }
        }
    }

    /// <summary>Whether nothing waits for a reader.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _early.Count == 0 && _readers.TrueForAll(static reader => reader.Buffer.Count == 0);
            }
        }
    }

    internal bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _ended || Room() > 0;
            }
        }
    }

    /// <summary>Puts items in as there is room. Gives how many: fewer when the channel has ended or the writer was cancelled.</summary>
    /// <param name="mark">Told when everything is in, before the writer resumes.</param>
    internal async ValueTask<int> PutAsync(
        ReadOnlyMemory<Value> items, IReadOnlyList<string?>? correlationIds, CancellationToken cancellation, PutMark? mark = null)
    {
        var put = 0;
        while (put < items.Length)
        {
            TaskCompletionSource? wait = null;
            LocalReader[] told = [];
            lock (_gate)
            {
                if (_ended || cancellation.IsCancellationRequested)
                {
                    mark?.Done();
                    return put;
                }

                _version++;

                var room = Math.Min(Room(), items.Length - put);
                if (room == 0)
                {
                    wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _writersWaiting.Enqueue(wait);
                }
                else
                {
                    for (var end = put + room; put < end; put++)
                    {
                        Put(new LocalItem(items.Span[put], correlationIds?[put]));
                    }

                    told = [.. _readers];
                    if (put == items.Length)
                    {
                        mark?.Done();
                    }
                }
            }

            foreach (var reader in told)
            {
                reader.Arrived();
            }

            if (wait is not null)
            {
                await using var registration = cancellation.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), wait);
                await wait.Task;
            }
        }

        return put;
    }

    /// <summary>Moves what a reader has to a batch; false when there is nothing. <paramref name="ended"/>: and nothing more will come.</summary>
    internal bool Take(LocalReader reader, SourceBatch batch, out bool ended)
    {
        TaskCompletionSource[] woken = [];
        bool any;
        lock (_gate)
        {
            _version++;
            any = reader.Buffer.Count > 0;
            while (reader.Buffer.Count > 0 && !batch.IsFull)
            {
                var item = reader.Buffer.Dequeue();
                batch.Add(item.Value, item.CorrelationId);
            }

            ended = _ended;

            // What has been taken is on its way to its reader: until he reads again, he is not waiting.
            reader.HasGiven = any || ended;
            if (any)
            {
                woken = [.. _writersWaiting];
                _writersWaiting.Clear();
            }
        }

        foreach (var writer in woken)
        {
            writer.TrySetResult();
        }

        return any;
    }

    internal bool CanTake(LocalReader reader)
    {
        lock (_gate)
        {
            return _ended || reader.HasGiven || reader.Buffer.Count > 0;
        }
    }

    internal void Leave(LocalReader reader)
    {
        TaskCompletionSource[] woken;
        lock (_gate)
        {
            _readers.Remove(reader);
            _version++;
            woken = [.. _writersWaiting];
            _writersWaiting.Clear();
        }

        foreach (var writer in woken)
        {
            writer.TrySetResult();
        }
    }

    internal LocalReader OpenReader()
    {
        lock (_gate)
        {
            var reader = new LocalReader(this);
            _hasBeenRead = true;
            while (_early.TryDequeue(out var item))
            {
                reader.Buffer.Enqueue(item);
            }

            _readers.Add(reader);
            return reader;
        }
    }

    private int Room()
    {
        if (_readers.Count == 0)
        {
            // Nobody reads any more: what is written goes nowhere, and must not hold its writer for ever.
            return _hasBeenRead ? int.MaxValue : Capacity - _early.Count;
        }

        var room = Capacity;
        foreach (var reader in _readers)
        {
            room = Math.Min(room, Capacity - reader.Buffer.Count);
        }

        return room;
    }

    private void Put(LocalItem item)
    {
        if (_readers.Count == 0)
        {
            if (_hasBeenRead)
            {
                _unread++;
            }
            else
            {
                _early.Enqueue(item);
            }
        }

        foreach (var reader in _readers)
        {
            reader.Buffer.Enqueue(item);
        }
    }
}
