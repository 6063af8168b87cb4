// Where a segment gets its batches.

using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming.Heads;

internal abstract class Head
{
    /// <summary>How the stream before this ended; complete as long as it has not.</summary>
    public Ending Upstream { get; protected set; }

    /// <summary>Set whenever there may be something to read, to tell or to be asked.</summary>
    public Signal Arrived { get; } = new();

    /// <summary>Whether what feeds this is blocked or has ended, so that nothing more can come for now.</summary>
    public abstract bool IsQuiet { get; }

    /// <summary>The mailboxes that feed this.</summary>
    public virtual IReadOnlyList<Mailbox> Inputs => [];

    /// <summary>Whether the stream is over when one input was cancelled: a multiplexer goes on with the others.</summary>
    public virtual bool EndsWithInput => true;

    /// <summary>Whether a stop of the run is no reason to stop reading: what is written inside of the plan still comes.</summary>
    public virtual bool OutlivesStop => false;

    public virtual ValueTask OpenAsync(SegmentContext context, SegmentRequests requests) => ValueTask.CompletedTask;

    /// <summary>The next batch, which the segment owns from then on; null at the end. Sets the context's failure when reading itself failed.</summary>
    public abstract ValueTask<Batch?> ReadAsync(SegmentContext context, SegmentRequests requests);

    /// <summary>Takes an item as if it had been read; what is left in the batch goes on. Of heads that have a stage.</summary>
    public virtual ValueTask AdmitAsync(Batch batch, SegmentContext context) =>
        throw new NotSupportedException($"{GetType().Name} has no stage of its own.");

    /// <summary>Nothing more is taken in; what is here is still read. From any task.</summary>
    public abstract void Close();

    /// <summary>The segment is done: nothing more will be read.</summary>
    public abstract ValueTask CloseAsync(SegmentContext context);
}
