// The end of a flow that writes to a sink.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class SinkEnd(SinkHandle handle, ErrorOptions errors) : FlowEnd(handle.Identity)
{
    public SinkHandle Handle => handle;

    public override bool IsOutside => handle.Sink.Provider.Effects.Count > 0;

    public override ErrorOptions Errors => errors;

    public override Stage CreateStage(ErrorPolicy policy) => new SinkStage(Identity, policy, handle);

    public override async ValueTask CloseAsync(SegmentContext context)
    {
        try
        {
            await handle.Sink.FlushAsync(context.Task);
        }
        finally
        {
            context.Run.WriterEnded(handle.Sink);
        }
    }
}

/// <summary>
/// Writes a batch at once. Where the provider failed on one item, what it accepted before is processed, the item falls under the
/// strategy, and the rest is tried again; where it failed as a whole, only a retry helps, and without one the flow fails.
/// </summary>
internal sealed class SinkStage(StageIdentity identity, ErrorPolicy policy, SinkHandle handle) : Stage(identity, policy)
{
    public override bool IsAsynchronous => true;

    protected override bool CanGoOnAfter(Exception error) => error is ProviderException { ItemOnly: true } or RtfsException;

    public override ValueTask StartAsync(SegmentContext context) => handle.Sink.OpenAsync(context.Task, context.Run.Cancellation);

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) =>
        throw new NotSupportedException("A sink is written to asynchronously.");

    protected override async ValueTask<BatchCursor> RunManyAsync(Batch batch, SegmentContext context, BatchCursor cursor)
    {
        try
        {
            await handle.Sink.WriteAsync(batch.Items.AsMemory(cursor.Read, batch.Count - cursor.Read), context.Task, context.Run.Cancellation);
        }
        catch (ProviderException fault) when (fault.Accepted > 0 && fault.Accepted < batch.Count - cursor.Read)
        {
            Advance(fault.Accepted);
            throw;
        }

        cursor.Read = batch.Count;
        return cursor;
    }
}
