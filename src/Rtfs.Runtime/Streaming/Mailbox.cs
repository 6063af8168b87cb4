// The bounded way from one segment to another: batches in order, then one end.

using System.Threading.Channels;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>What a mailbox carries: a batch, or the end of the stream.</summary>
internal readonly record struct Message(Batch? Batch, Ending Ending)
{
    public bool IsEnd => Batch is null;
}

/// <summary>What a full buffer has to tell its reader's callbacks: the items that wait, and those dropped since the last telling.</summary>
internal readonly record struct PressureNotice(int Buffered, int Bound, long Dropped);

/// <summary>
/// One writer at a time, one reader. The bound is in items, whatever their distribution over batches; what happens at the bound is the
/// reader's choice (<see cref="Backpressure"/>). Partial batches go in as they are, so that nothing waits for company; the reader joins
/// them when it has fallen behind. When the reader leaves, what is here and what comes is dropped at the stage that would have
/// received it.
/// </summary>
internal sealed class Mailbox
{
    private readonly Channel<Message> _channel;
    private readonly BatchPool _pool;
    private readonly Stage _receiver;
    private readonly Backpressure _policy;
    private readonly Signal _room = new();
    private readonly Lock _gate = new();
    private readonly WriteWait _writeWait;
    private int _bound;
    private int _queued;

    // The oldest batch, taken out of the channel by a writer that had to drop a part of it.
    private Batch? _front;
    private int _frontStart;
    private bool _isPressed;
    private bool _hasNotice;
    private long _untold;
    private bool _abandoned;
    private bool _closed;
    private bool _ended;

    /// <param name="receiver">Counts what is dropped here.</param>
    public Mailbox(int bound, Backpressure policy, BatchPool pool, Stage receiver)
    {
        // A message holds at least one item, so the channel itself never fills before the bound; one more slot for the end.
        _channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(Math.Max(bound, policy.MaxSize) + 1)
        {
            FullMode = BoundedChannelFullMode.Wait,
        });
        _bound = bound;
        _policy = policy;
        _pool = pool;
        _receiver = receiver;
        _writeWait = new WriteWait(this);
    }

    public Backpressure Policy => _policy;

    public Stage Receiver => _receiver;

    /// <summary>Told of every message.</summary>
    public required Signal Arrived { get; init; }

    /// <summary>The segment that fills this; null until it is wired.</summary>
    public Segment? Writer { get; set; }

    /// <summary>The segment whose stream ends with this one; null in front of a multiplexer, which outlives its inputs.</summary>
    public Segment? Reader { get; set; }

    public bool HasMessage => Volatile.Read(ref _front) is not null || _channel.Reader.Count > 0;

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

                rest = Put(batch, writer);
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

            _channel.Writer.TryWrite(new Message(null, ending));
        }

        Arrived.Set();
    }

    public bool TryRead(out Message message)
    {
        lock (_gate)
        {
            if (!TryTake(out message))
            {
                return false;
            }

            if (message.Batch is not { } batch)
            {
                return true;
            }

            _queued -= batch.Count;
            if (_queued <= _bound / 2)
            {
                _isPressed = false;
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
            return _front is null && _channel.Reader.TryPeek(out var next) && next.Batch is { } batch && batch.Count <= most;
        }
    }

    /// <summary>What is to be told of a full buffer, once.</summary>
    public bool TryTakeNotice(out PressureNotice notice)
    {
        notice = default;
        if (!Volatile.Read(ref _hasNotice))
        {
            return false;
        }

        lock (_gate)
        {
            notice = new PressureNotice(_queued, _bound, _untold);
            _untold = 0;
            _hasNotice = false;
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
            _channel.Writer.TryWrite(new Message(null, Ending.Complete));
        }

        Arrived.Set();
        Left();
    }

    private void Left()
    {
        _room.Set();
        Writer?.ReaderLeft();
    }

    /// <summary>Puts in what the policy takes; gives the rest, for which its writer has to wait. Under the gate.</summary>
    private Batch? Put(Batch batch, SegmentContext writer)
    {
        if (_queued + batch.Count <= _bound)
        {
            Enqueue(batch);
            return null;
        }

        switch (_policy.Strategy)
        {
            case BackpressureStrategy.DropNewest:
                Press(writer);
                DropTail(batch, batch.Count - (_bound - _queued), writer);
                return null;
            case BackpressureStrategy.DropOldest:
                Press(writer);
                DropOldest(batch, writer);
                return null;
            case BackpressureStrategy.Resize when _bound < _policy.MaxSize:
                Press(writer);
                _bound = (int)Math.Min(_policy.MaxSize, Math.Max(_bound * 2L, (long)_queued + batch.Count));
                return Put(batch, writer);
            default:
                Press(writer);
                return PutPart(batch);
        }
    }

    /// <summary>A batch that is larger than the bound goes in by parts.</summary>
    private Batch? PutPart(Batch batch)
    {
        if (batch.Count <= _bound || _queued > 0)
        {
            _writeWait.Needed = Math.Min(batch.Count, _bound);
            return batch;
        }

        var part = _pool.Rent();
        part.Append(batch, 0, _bound);
        part.Timestamp = batch.Timestamp;
        batch.RemoveFirst(_bound);
        Enqueue(part);
        _writeWait.Needed = Math.Min(batch.Count, _bound);
        return batch;
    }

    private void Enqueue(Batch batch)
    {
        if (batch.Count == 0)
        {
            _pool.Return(batch);
            return;
        }

        _queued += batch.Count;
        if (!_channel.Writer.TryWrite(new Message(batch, default)))
        {
            throw new InvalidOperationException("A mailbox within its bound refused a batch.");
        }
    }

    private void DropTail(Batch batch, int count, SegmentContext writer)
    {
        Dropped(count, writer);
        batch.Count -= count;
        Enqueue(batch);
    }

    private void DropOldest(Batch batch, SegmentContext writer)
    {
        var excess = _queued + batch.Count - _bound;
        Dropped(excess, writer);
        while (excess > 0 && (_front is not null || _channel.Reader.TryRead(out var message) && (_front = message.Batch) is not null))
        {
            var held = _front!.Count - _frontStart;
            var going = Math.Min(held, excess);
            excess -= going;
            _queued -= going;
            if (going == held)
            {
                _pool.Return(_front);
                _front = null;
                _frontStart = 0;
            }
            else
            {
                _frontStart += going;
            }
        }

        batch.RemoveFirst(excess);
        Enqueue(batch);
    }

    private void Dropped(int count, SegmentContext writer)
    {
        _untold += count;
        _hasNotice = true;
        _receiver.Counters.DropUnreceived(count);
        writer.Run.Events.Add(
            Plans.RunEventKind.ItemDropped, _receiver.Identity.Id, $"{count} {(count == 1 ? "item" : "items")} dropped in front of it ({_policy.Name}, {_bound} items)");
    }

    /// <summary>The beginning of a time in which the buffer is full: told once.</summary>
    private void Press(SegmentContext writer)
    {
        if (_isPressed)
        {
            return;
        }

        _isPressed = true;
        _hasNotice = true;

        // Waiting is what every buffer does; a strategy that was asked for is worth telling.
        if (ReferenceEquals(_policy, Backpressure.Block))
        {
            return;
        }

        writer.Run.Events.Add(Plans.RunEventKind.Backpressure, _receiver.Identity.Id, $"the buffer in front of it is full ({_policy.Name}, {_bound} items)");
    }

    private bool TryTake(out Message message)
    {
        if (_front is { } front)
        {
            front.RemoveFirst(_frontStart);
            _front = null;
            _frontStart = 0;
            message = new Message(front, default);
            return true;
        }

        return _channel.Reader.TryRead(out message);
    }

    private void Discard(Batch batch)
    {
        _receiver.Counters.DropUnreceived(batch.Count);
        _pool.Return(batch);
    }

    private void DiscardAll()
    {
        while (TryTake(out var message))
        {
            if (message.Batch is { } batch)
            {
                Discard(batch);
            }
        }

        _queued = 0;
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
        public int Needed { get; set; }

        public override bool CanProceed
        {
            get
            {
                lock (mailbox._gate)
                {
                    return mailbox._abandoned || mailbox._closed || mailbox._queued == 0 || mailbox._queued + Needed <= mailbox._bound;
                }
            }
        }

        public override string Description => "room in front of the stage after it";
    }
}

/// <summary>A segment waits for whichever of its mailboxes has something first, or for something to be told or asked of it.</summary>
internal sealed class MailboxWait(IReadOnlyList<Mailbox> mailboxes, Func<bool> isAsked, bool isExternal, string description) : Wait
{
    public override bool IsExternal => isExternal;

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
