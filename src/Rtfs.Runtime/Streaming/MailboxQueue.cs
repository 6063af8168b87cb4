// What waits in a mailbox: bounded in items, and what happens at the bound.

using System.Threading.Channels;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming;

/// <summary>Used under the gate of its mailbox, but for what says otherwise.</summary>
/// <param name="receiver">Counts what is dropped here.</param>
internal sealed class MailboxQueue(int bound, Backpressure policy, BatchPool pool, Stage receiver)
{
    // A message holds at least one item, so the channel itself never fills before the bound; one more slot for the end.
    private readonly Channel<Message> _channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(Math.Max(bound, policy.MaxSize) + 1)
    {
        FullMode = BoundedChannelFullMode.Wait,
    });

    private int _bound = bound;
    private int _queued;
    private int _needed;

    // The oldest batch, taken out of the channel by a writer that had to drop a part of it.
    private Batch? _front;
    private int _frontStart;
    private bool _isPressed;
    private (int Buffered, int Bound) _full;
    private bool _hasNotice;
    private long _untold;

    /// <summary>From any thread.</summary>
    public bool HasMessage => Volatile.Read(ref _front) is not null || _channel.Reader.Count > 0;

    /// <summary>From any thread.</summary>
    public bool HasNotice => Volatile.Read(ref _hasNotice);

    /// <summary>Whether the writer that waits can go on.</summary>
    public bool HasRoom => _queued == 0 || _queued + _needed <= _bound;

    /// <summary>Puts in what the policy takes; gives the rest, for which its writer has to wait.</summary>
    public Batch? Put(Batch batch, SegmentContext writer)
    {
        if (_queued + batch.Count <= _bound)
        {
            Enqueue(batch);
            return null;
        }

        switch (policy.Strategy)
        {
            case BackpressureStrategy.DropNewest:
                Press(_bound, writer);
                DropTail(batch, batch.Count - (_bound - _queued), writer);
                return null;
            case BackpressureStrategy.DropOldest:
                Press(_bound, writer);
                DropOldest(batch, writer);
                return null;
            case BackpressureStrategy.Resize when _bound < policy.MaxSize:
                Press(_bound, writer);
                _bound = (int)Math.Min(policy.MaxSize, Math.Max(_bound * 2L, (long)_queued + batch.Count));
                return Put(batch, writer);
            default:
                // A batch that is larger than an empty buffer fills it; another one waits as a whole.
                Press(_queued == 0 ? _bound : _queued, writer);
                return PutPart(batch);
        }
    }

    /// <summary>A batch that is larger than the bound goes in by parts.</summary>
    private Batch? PutPart(Batch batch)
    {
        if (batch.Count <= _bound || _queued > 0)
        {
            _needed = Math.Min(batch.Count, _bound);
            return batch;
        }

        var part = pool.Rent();
        part.Append(batch, 0, _bound);
        part.Timestamp = batch.Timestamp;
        batch.RemoveFirst(_bound);
        Enqueue(part);
        _needed = Math.Min(batch.Count, _bound);
        return batch;
    }

    private void Enqueue(Batch batch)
    {
        if (batch.Count == 0)
        {
            pool.Return(batch);
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
                pool.Return(_front);
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
        receiver.Counters.DropUnreceived(count);
        writer.Run.Events.Add(
            Plans.RunEventKind.ItemDropped, receiver.Identity.Id, $"{count} {(count == 1 ? "item" : "items")} dropped in front of it ({policy.Name}, {_bound} items)");
    }

    /// <summary>The beginning of a time in which the buffer is full: told once, when its reader comes, with the figures of now.</summary>
    /// <param name="buffered">Items that are in it with those that still fit.</param>
    private void Press(int buffered, SegmentContext writer)
    {
        if (_isPressed)
        {
            return;
        }

        _isPressed = true;
        _hasNotice = true;
        _full = (buffered, _bound);

        // Waiting is what every buffer does; a strategy that was asked for is worth telling.
        if (ReferenceEquals(policy, Backpressure.Block))
        {
            return;
        }

        writer.Run.Events.Add(Plans.RunEventKind.Backpressure, receiver.Identity.Id, $"the buffer in front of it is full ({policy.Name}, {_bound} items)");
    }

    public void PutEnd(Ending ending) => _channel.Writer.TryWrite(new Message(null, ending));

    public bool TryTake(out Message message)
    {
        if (_front is { } front)
        {
            front.RemoveFirst(_frontStart);
            _front = null;
            _frontStart = 0;
            message = new Message(front, default);
        }
        else if (!_channel.Reader.TryRead(out message))
        {
            return false;
        }

        _queued -= message.Batch?.Count ?? 0;
        if (_queued <= _bound / 2)
        {
            _isPressed = false;
        }

        return true;
    }

    /// <summary>Whether the next message is a batch of at most <paramref name="most"/> items.</summary>
    public bool NextFits(int most) => _front is null && _channel.Reader.TryPeek(out var next) && next.Batch is { } batch && batch.Count <= most;

    public PressureNotice TakeNotice()
    {
        var notice = new PressureNotice(_full.Buffered, _full.Bound, _untold);
        _untold = 0;
        _hasNotice = false;
        return notice;
    }
}
