// Where a segment gets its batches.

using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming.Heads;

internal abstract class Head
{
    /// <summary>Why the stream before this ended, when it did not end well.</summary>
    public RtfsException? UpstreamFailure { get; protected set; }

    /// <summary>Whether what feeds this is blocked or has ended, so that nothing more can come for now.</summary>
    public abstract bool IsQuiet { get; }

    /// <summary>The mailboxes that feed this.</summary>
    public virtual IReadOnlyList<Mailbox> Inputs => [];

    public virtual ValueTask OpenAsync(SegmentContext context) => ValueTask.CompletedTask;

    /// <summary>The next batch, which the segment owns from then on; null at the end. Sets the context's failure when reading itself failed.</summary>
    public abstract ValueTask<Batch?> ReadAsync(SegmentContext context);

    /// <summary>The segment is done: nothing more will be read.</summary>
    public abstract ValueTask CloseAsync(SegmentContext context);
}
