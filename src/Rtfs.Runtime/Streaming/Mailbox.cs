// The bounded way from one segment to another: batches in order, then one end.

using System.Threading.Channels;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>What a mailbox carries: a batch, or the end of the stream, with the failure that ended it.</summary>
internal readonly record struct Message(Batch? Batch, RtfsException? Failure)
{
    public bool IsEnd => Batch is null;
}

/// <summary>
/// One writer, one reader. The bound is in items, whatever their distribution over batches; a writer over the bound waits. Partial
/// batches go in as they are, so that nothing waits for company; the reader joins them when it has fallen behind.
/// When the reader leaves, what is here and what comes is dropped at the stage that would have received it.
/// </summary>
internal sealed class Mailbox
{
    private readonly Channel<Message> _channel;
    private readonly BatchPool _pool;
    private readonly int _bound;
    private readonly Signal _room = new();
    private readonly Lock _gate = new();
    private readonly ReadWait _readWait;
    private readonly ReadWait _timedWait;
    private readonly WriteWait _writeWait;
    private int _queued;
    private bool _abandoned;
    private bool _ended;

    public Mailbox(int bound, BatchPool pool, StageCounters receiver)
    {
        // A message holds at least one item, so the channel itself never fills before the bound; one more slot for the end.
        _channel = Channel.CreateBounded<Message>(new BoundedChannelOptions(bound + 1)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        });
        _bound = bound;
        _pool = pool;
        Receiver = receiver;
        _readWait = new ReadWait(this, isExternal: false);
        _timedWait = new ReadWait(this, isExternal: true);
        _writeWait = new WriteWait(this);
    }

    /// <summary>Counts what is dropped here.</summary>
    public StageCounters Receiver { get; }

    /// <summary>Told of every message: a multiplexer waits for the first of several mailboxes.</summary>
    public Signal? Arrived { get; set; }

    /// <summary>The segment that fills this; null until it is wired.</summary>
    public Segment? Writer { get; set; }

    public bool HasMessage => _channel.Reader.Count > 0;

    public bool IsAbandoned => Volatile.Read(ref _abandoned);

    /// <summary>Waits for room; false when the reader has left (the batch is then counted as dropped).</summary>
    public async ValueTask<bool> WriteAsync(Batch batch, EngineTask writer, CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_abandoned || cancellation.IsCancellationRequested)
                {
                    Receiver.DropUnreceived(batch.Count);
                    _pool.Return(batch);
                    return false;
                }

                // A batch that is larger than the bound goes in alone.
                if (_queued == 0 || _queued + batch.Count <= _bound)
                {
                    _queued += batch.Count;
                    if (!_channel.Writer.TryWrite(new Message(batch, null)))
                    {
                        throw new InvalidOperationException("A mailbox within its bound refused a batch.");
                    }

                    break;
                }

                _writeWait.Needed = batch.Count;
            }

            var room = _room.WaitAsync();
            if (room.IsCompleted)
            {
                await room;
                continue;
            }

            writer.Enter(_writeWait);
            await room;
            writer.Leave();
        }

        Arrived?.Set();
        return true;
    }

    /// <summary>The end, once; later ends are ignored.</summary>
    public void End(RtfsException? failure)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _channel.Writer.TryWrite(new Message(null, failure));
        }

        Arrived?.Set();
    }

    public bool TryRead(out Message message)
    {
        if (!_channel.Reader.TryRead(out message))
        {
            return false;
        }

        if (message.Batch is { } batch)
        {
            lock (_gate)
            {
                _queued -= batch.Count;
            }

            _room.Set();
        }

        return true;
    }

    /// <summary>Whether the next message is a batch of at most <paramref name="most"/> items.</summary>
    public bool NextFits(int most) => _channel.Reader.TryPeek(out var next) && next.Batch is { } batch && batch.Count <= most;

    /// <summary>Waits for a message. Wakes also when the run is cancelled.</summary>
    public async ValueTask WaitToReadAsync(EngineTask reader, CancellationToken cancellation, bool external = false)
    {
        var ready = _channel.Reader.WaitToReadAsync(cancellation);
        if (ready.IsCompletedSuccessfully)
        {
            return;
        }

        // With a time limit the clock ends the wait, so the run is not at rest meanwhile.
        reader.Enter(external ? _timedWait : _readWait);
        try
        {
            await ready;
        }
        finally
        {
            reader.Leave();
        }
    }

    /// <summary>The reader leaves.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            while (_channel.Reader.TryRead(out var message))
            {
                if (message.Batch is { } batch)
                {
                    Receiver.DropUnreceived(batch.Count);
                    _pool.Return(batch);
                }
            }

            _queued = 0;
        }

        _room.Set();
    }

    private sealed class ReadWait(Mailbox mailbox, bool isExternal) : Wait
    {
        public override bool IsExternal => isExternal;

        public override bool CanProceed => mailbox.HasMessage;

        public override string Description => "items of the stage before it";
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
                    return mailbox._abandoned || mailbox._queued == 0 || mailbox._queued + Needed <= mailbox._bound;
                }
            }
        }

        public override string Description => "room in front of the stage after it";
    }
}
