// A running stage: works on a batch at a time, and turns each failure into what the strategy says.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming;

/// <summary>How far a stage has come in its batch: items before <see cref="Kept"/> go on, items before <see cref="Read"/> are done with.</summary>
internal struct BatchCursor
{
    public int Read;
    public int Kept;
}

/// <summary>How a stage has left a batch.</summary>
internal enum Passage
{
    Done,

    /// <summary>Wait <see cref="SegmentContext.Delay"/>, then give it the same batch again.</summary>
    Wait,

    /// <summary>The stream was paused or cancelled after an item; the same batch again goes on behind it.</summary>
    Interrupted,
}

/// <summary>
/// <see cref="Run"/> goes over the batch in place and may throw at <see cref="BatchCursor.Read"/>: the loop is outside of any handler, so
/// that the good path costs nothing. After a failure it is called again at the item (a retry) or behind it.
/// </summary>
internal abstract class Stage(StageIdentity identity, ErrorPolicy policy)
{
    private BatchCursor _cursor;
    private Batch? _batch;
    private int _attempts;
    private long _tried = -1;

    // Not the count of what was received: that holds also what was dropped in front of the stage.
    private long _taken;
    private int _lost;
    private bool _within;
    private bool _isKeyed;

    public StageIdentity Identity => identity;

    public StageCounters Counters { get; } = new();

    public ErrorPolicy Policy => policy;

    /// <summary>The one flow that the stage works for; null when several read what it gives.</summary>
    public Flow? Flow { get; set; }

    /// <summary>The handle whose items it makes; null for the end of a flow.</summary>
    public StreamHandle? Handle { get; set; }

    /// <summary>The callbacks of the stream itself that are told what fails here; null without any.</summary>
    public virtual Observers? Watchers => Handle?.Observers;

    /// <summary>The number of its first item: others with its identity have had those before.</summary>
    public void BeginAt(long number) => _taken = number;

    /// <summary>The dead letter that is in hand, while one is.</summary>
    public ReplayedLetter? Replayed { get; set; }

    /// <summary>Whether an item of an earlier run is of any use to it.</summary>
    public virtual bool TakesLetters => true;

    /// <summary>Whether <see cref="ProcessAsync"/> must be used.</summary>
    public virtual bool IsAsynchronous => false;

    /// <summary>Once, before the first batch.</summary>
    public virtual ValueTask StartAsync(SegmentContext context) => ValueTask.CompletedTask;

    /// <summary>
    /// Works through the batch; what is left in it goes on.
    /// After a failure that ends the flow, <see cref="SegmentContext.Failure"/> is set and the batch holds what came before it.
    /// </summary>
    public Passage Process(Batch batch, SegmentContext context)
    {
        Receive(batch, context);
        while (true)
        {
            try
            {
                Run(batch, context, ref _cursor);
                return Leave(batch);
            }
            catch (Exception error) when (!context.IsCancelled(error))
            {
                switch (Decide(batch, context, error))
                {
                    case Next.Wait:
                        return Passage.Wait;
                    case Next.Stop:
                        return Finish(batch);
                }
            }
        }
    }

    /// <summary>The same for stages that wait.</summary>
    public async ValueTask<Passage> ProcessAsync(Batch batch, SegmentContext context)
    {
        Receive(batch, context);
        while (true)
        {
            try
            {
                _cursor = await RunManyAsync(batch, context, _cursor);
                return Leave(batch);
            }
            catch (Exception error) when (!context.IsCancelled(error))
            {
                switch (Decide(batch, context, error))
                {
                    case Next.Wait:
                        return Passage.Wait;
                    case Next.Stop:
                        return Finish(batch);
                }
            }
        }
    }

    /// <summary>Takes the items that a stage which waits is done with out of its batch, so that they need not wait; null without any.</summary>
    public Batch? TakeDone(Batch batch, BatchPool pool)
    {
        if (_cursor.Read == 0)
        {
            return null;
        }

        var done = pool.Rent();
        done.Append(batch, 0, _cursor.Kept);
        done.Timestamp = batch.Timestamp;
        Counters.Process(_cursor.Read - _lost);
        Counters.Emit(_cursor.Kept);
        batch.RemoveFirst(_cursor.Read);
        _cursor = default;
        _lost = 0;
        return done;
    }

    /// <summary>What the end of the stream releases, a batch at a time; false when there is nothing more.</summary>
    public virtual bool Drain(Batch batch, SegmentContext context) => false;

    /// <summary>What is left of a batch that a cancellation interrupted was received and is dropped.</summary>
    public void DropRest(Batch batch)
    {
        if (_within)
        {
            Counters.Process(_cursor.Read - _lost);
            Counters.Emit(_cursor.Kept);
            Counters.Drop(batch.Count - _cursor.Read);
            _within = false;
        }
        else
        {
            Counters.DropUnreceived(batch.Count);
        }
    }

    /// <summary>The envelope of the item in hand; null between batches.</summary>
    public ItemEnvelope? Current => _batch is { } batch && _cursor.Read < batch.Count
        ? new ItemEnvelope(
            _taken - batch.Count + _cursor.Read,
            batch.Timestamp,
            Identity,
            batch.CorrelationIds is null ? Direction : ItemDirection.Bidirectional,
            batch.CorrelationIds?[_cursor.Read])
        : null;

    /// <summary>Which way its items go, seen from the program.</summary>
    protected virtual ItemDirection Direction => ItemDirection.Inbound;

    /// <summary>Goes over the batch from the cursor on, and leaves after an item when <see cref="SegmentContext.IsInterrupted"/>.</summary>
    protected abstract void Run(Batch batch, SegmentContext context, ref BatchCursor cursor);

    /// <summary>Works on one item and gives the new count of kept items.</summary>
    protected virtual ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept) =>
        throw new NotSupportedException($"{GetType().Name} does not wait.");

    /// <summary>Works on all items from the cursor on; <see cref="Advance"/> says how far it has come before it throws.</summary>
    protected virtual async ValueTask<BatchCursor> RunManyAsync(Batch batch, SegmentContext context, BatchCursor cursor)
    {
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            _cursor = cursor;
            cursor.Kept = await RunOneAsync(batch, context, cursor.Read, cursor.Kept);
        }

        return cursor;
    }

    /// <summary>Whether the stage is still of use after this error; where it is not, skipping the item would lose all that follow.</summary>
    protected virtual bool CanGoOnAfter(Exception error) => true;

    /// <summary>Items that are done with although the batch as a whole threw.</summary>
    protected void Advance(int items) => _cursor.Read += items;

    /// <summary>The item in hand is given up: it counts as dropped, and not as processed.</summary>
    protected void DropItem()
    {
        Counters.Drop(1);
        _lost++;
    }

    private void Receive(Batch batch, SegmentContext context)
    {
        context.Task.Current = this;
        _batch = batch;
        if (!_within)
        {
            _within = true;
            _cursor = default;
            _attempts = 0;
            _lost = 0;
            _taken += batch.Count;
            _isKeyed = batch.IsKeyed;
            Counters.Receive(batch.Count);
        }
    }

    /// <summary>A batch that is not at its end was left because of an interruption.</summary>
    private Passage Leave(Batch batch) => _cursor.Read < batch.Count ? Passage.Interrupted : Finish(batch);

    private Passage Finish(Batch batch)
    {
        Counters.Process(_cursor.Read - _lost);
        Counters.Emit(_cursor.Kept);
        batch.Count = _cursor.Kept;
        _within = false;
        _batch = null;
        return Passage.Done;
    }

    private Next Decide(Batch batch, SegmentContext context, Exception thrown)
    {
        var index = _cursor.Read;
        var sequence = _taken - batch.Count + index;
        if (sequence != _tried)
        {
            // The item that was tried before has come through.
            _tried = sequence;
            _attempts = 0;
        }

        var failure = new ItemFailure(this, batch.Items[index], sequence, batch.Timestamp, CauseOf(thrown), thrown, _attempts + 1)
        {
            Key = _isKeyed ? batch.Keys![index] : null,
        };
        switch (context.FailureHandler.Decide(failure, context, CanGoOnAfter(thrown)))
        {
            case FailureOutcome.Again:
                _attempts++;
                return context.Delay > TimeSpan.Zero ? Next.Wait : Next.Again;
            case FailureOutcome.Continue:
                _attempts = 0;
                _lost++;
                _cursor.Read++;
                return Next.Again;
            default:
                // The failing item is counted as failed; those behind it were received and will not be looked at.
                Counters.Drop(batch.Count - index - 1);
                return Next.Stop;
        }
    }

    private static ErrorCause CauseOf(Exception error) => error switch
    {
        SchemaException => ErrorCause.Schema,
        UnroutedException => ErrorCause.Unrouted,
        _ => ErrorCause.Processing,
    };

    private enum Next
    {
        Again,
        Wait,
        Stop,
    }
}
