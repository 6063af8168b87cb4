// The bounded way from one segment to another: batches in order, then one end.

using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>What a mailbox carries: a batch, or the end of the stream.</summary>
internal readonly record struct Message(Batch? Batch, Ending Ending)
{
    public bool IsEnd => Batch is null;
}

/// <summary>What a full buffer has to tell its reader's callbacks: the items that waited when it became full, its size then, and those dropped since the last telling.</summary>
internal readonly record struct PressureNotice(int Buffered, int Bound, long Dropped);

/// <summary>
/// One writer at a time, one reader. The bound is in items, whatever their distribution over batches; what happens at the bound is the
/// reader's choice (<see cref="Backpressure"/>). Partial batches go in as they are, so that nothing waits for company; the reader joins
/// them when it has fallen behind. When the reader leaves, what is here and what comes is dropped at the stage that would have
/// received it.
/// </summary>
internal sealed class Mailbox
{
    private readonly MailboxQueue _queue;
    private readonly BatchPool _pool;
    private readonly Stage _receiver;
    private readonly Signal _room = new();
    private readonly Lock _gate = new();
    private readonly WriteWait _writeWait;
    private bool _abandoned;
    private bool _closed;
    private bool _ended;

    /// <param name="receiver">Counts what is dropped here.</param>
    public Mailbox(int bound, Backpressure policy, BatchPool pool, Stage receiver)
    {
        _queue = new MailboxQueue(bound, policy, pool, receiver);
        _pool = pool;
        _receiver = receiver;
        _writeWait = new WriteWait(this);
    }

    /// <summary>Told of every message.</summary>
    public required Signal Arrived { get; init; }

    /// <summary>The segment that fills this; null until it is wired.</summary>
    public Segment? Writer { get; set; }

    /// <summary>The segment whose stream ends with this one; null in front of a multiplexer, which outlives its inputs.</summary>
    public Segment? Reader { get; set; }

    public bool HasMessage => _queue.HasMessage;

    /// <summary>Whether the reader takes nothing more.</summary>
    public bool IsAbandoned => Volatile.Read(ref _abandoned) || Volatile.Read(ref _closed);

    /// <summary>Gives the batch away, whatever becomes of its items; false when the reader has left or the writer is cancelled.</summary>
    public async ValueTask<bool> WriteAsync(Batch batch, SegmentContext writer)
    {
        while (true)
        {
            Batch? rest;
            lock (_gate)
            {
                if (_abandoned || _closed || writer.Cancellation.IsCancellationRequested)
                {
                    Discard(batch);
                    return false;
                }

                rest = _queue.Put(batch, writer);
            }

            Arrived.Set();
            if (rest is null)
            {
                return true;
            }

            batch = rest;
            await WaitForRoomAsync(writer);
        }
    }

    /// <summary>The end, once; later ends are ignored. Of a cancelled stream what waits here is dropped.</summary>
    public void End(Ending ending)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (ending.IsCancelled)
            {
                DiscardAll();
            }

            _queue.PutEnd(ending);
        }

        Arrived.Set();
    }

    public bool TryRead(out Message message)
    {
        lock (_gate)
        {
            if (!_queue.TryTake(out message))
            {
                return false;
            }
        }

        _room.Set();
        return true;
    }

    /// <summary>Whether the next message is a batch of at most <paramref name="most"/> items.</summary>
    public bool NextFits(int most)
    {
        lock (_gate)
        {
            return _queue.NextFits(most);
        }
    }

    /// <summary>What is to be told of a full buffer, once.</summary>
    public bool TryTakeNotice(out PressureNotice notice)
    {
        notice = default;
        if (!_queue.HasNotice)
        {
            return false;
        }

        lock (_gate)
        {
            notice = _queue.TakeNotice();
            return true;
        }
    }

    /// <summary>The reader leaves.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            DiscardAll();
        }

        Left();
    }

    /// <summary>The reader will read what is here, and nothing that comes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed || _ended)
            {
                return;
            }

            _closed = true;
            _ended = true;
            _queue.PutEnd(Ending.Complete);
        }

        Arrived.Set();
        Left();
    }

    private void Left()
    {
        _room.Set();
        Writer?.ReaderLeft();
    }

    private void Discard(Batch batch)
    {
        _receiver.Counters.DropUnreceived(batch.Count);
        _pool.Return(batch);
    }

    private void DiscardAll()
    {
        while (_queue.TryTake(out var message))
        {
            if (message.Batch is { } batch)
            {
                Discard(batch);
            }
        }
    }

    private async ValueTask WaitForRoomAsync(SegmentContext writer)
    {
        var room = _room.WaitAsync();
        if (room.IsCompleted)
        {
            await room;
            return;
        }

        await using var waking = writer.Cancellation.UnsafeRegister(static state => ((Signal)state!).Set(), _room);
        writer.Task.Enter(_writeWait);
        await room;
        writer.Task.Leave();
    }

    private sealed class WriteWait(Mailbox mailbox) : Wait
    {
        public override bool CanProceed
        {
            get
            {
                lock (mailbox._gate)
                {
                    return mailbox._abandoned || mailbox._closed || mailbox._queue.HasRoom;
                }
            }
        }

        public override string Description => "room in front of the stage after it";
    }
}

/// <summary>A segment waits for whichever of its mailboxes has something first, or for something to be told or asked of it.</summary>
/// <param name="idle">What the clock does to the wait.</param>
internal sealed class MailboxWait(IReadOnlyList<Mailbox> mailboxes, Func<bool> isAsked, IdleClock idle, string description) : Wait
{
    public override bool IsTimed => idle != IdleClock.None;

    public override bool IsExternal => idle == IdleClock.Decides;

    public override bool CanProceed
    {
        get
        {
            if (isAsked())
            {
                return true;
            }

            foreach (var mailbox in mailboxes)
            {
                if (mailbox.HasMessage)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public override string Description => description;
}

internal enum IdleClock
{
    None,

    /// <summary>It ends the wait where nothing in the run does: channels that nothing can write to any more end before it.</summary>
    Last,

    /// <summary>It ends the wait, and until then the run is not at rest: an answer was asked for.</summary>
    Decides,
}
