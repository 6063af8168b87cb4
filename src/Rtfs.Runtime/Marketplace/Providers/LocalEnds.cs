// The two ends of a local channel as the engine sees them: a source that may be waited for within a run, and a sink.

using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Providers;

internal sealed class LocalReader(LocalChannel channel) : IStreamSource
{
    private readonly Signal _arrived = new();

    public bool IsHeldByHost => channel.IsHeldByHost;

    internal Queue<LocalItem> Buffer { get; } = new();

    /// <summary>Whether the last read has brought something that its caller may not have seen yet. Set under the channel's gate.</summary>
    internal bool HasGiven { get; set; }

    internal void Arrived() => _arrived.Set();

    public async ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
    {
        HasGiven = false;
        using var registration = cancellation.UnsafeRegister(static state => ((LocalReader)state!).Arrived(), this);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (channel.Take(this, batch, out var ended))
            {
                return true;
            }

            if (ended)
            {
                return false;
            }

            await _arrived.WaitAsync();
        }
    }

    public bool CanTake => channel.CanTake(this);

    public long Version => channel.Version;

    /// <summary>Takes nothing more in, and gives what had been put in before; false when nothing is left.</summary>
    public bool TakeRest(SourceBatch batch)
    {
        channel.Leave(this);
        return channel.Take(this, batch, out _);
    }

    public ValueTask DisposeAsync()
    {
        channel.Leave(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A sink whose room other flows of the run make.</summary>
internal interface IInsideSink
{
    bool IsInside { get; }

    /// <summary>Awaits a write as a wait for other flows of the run.</summary>
    ValueTask AwaitAsync(ValueTask pending, EngineTask task);
}

internal sealed class LocalWriter(LocalChannel channel) : IStreamSink, IInsideSink
{
    private readonly PutMark _mark = new();
    private bool _closed;

    public bool IsInside => !channel.IsHeldByHost;

    public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
    {
        _mark.Begin();
        var put = await channel.PutAsync(items, null, cancellation, _mark);
        if (put < items.Length)
        {
            if (put == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            throw new ProviderException(LocalChannel.HasEndedMessage) { Accepted = put };
        }
    }

    /// <summary>Awaits a write as a wait for other flows of the run.</summary>
    public async ValueTask AwaitAsync(ValueTask pending, EngineTask task)
    {
        if (pending.IsCompleted)
        {
            await pending;
            return;
        }

        task.Enter(new RoomWait(channel, _mark));
        try
        {
            await pending;
        }
        finally
        {
            task.Leave();
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            _closed = true;
            channel.WriterClosed();
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>How far a write has come, for those who watch its task: it may be through before the task resumes.</summary>
internal sealed class PutMark
{
    private volatile bool _needsRoom;

    /// <summary>Whether only room in the channel lets the write go on.</summary>
    public bool NeedsRoom => _needsRoom;

    public void Begin() => _needsRoom = true;

    public void Done() => _needsRoom = false;
}

internal sealed class RoomWait(LocalChannel channel, PutMark mark) : Wait
{
    public override bool CanProceed => !mark.NeedsRoom || channel.HasRoom;

    public override long Version => channel.Version;

    public override string Description => "room in a local channel that nothing reads";

    public override string Remedy => "Read the channel beside what writes to it: by callbacks, or in `parallel`.";
}
