// The end of a flow that writes to a sink.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class SinkEnd(SinkHandle handle) : FlowEnd(handle.Identity)
{
    public override SinkHandle Handle => handle;

    public override bool IsOutside => handle.Sink.Provider.Effects.Count > 0;

    public override OpeningErrors Errors => handle.Errors;

    public override Stage CreateStage(ErrorPolicy policy) => new SinkStage(Identity, policy, handle);

    public override ValueTask CloseAsync(SegmentContext context) => handle.Sink.FlushAsync(context.Task);
}

/// <summary>
/// Writes a batch at once. Where the provider failed on one item, what it accepted before is processed, the item falls under the
/// strategy, and the rest is tried again; where it failed as a whole, only a retry helps, and without one the flow fails.
/// </summary>
internal sealed class SinkStage(StageIdentity identity, ErrorPolicy policy, SinkHandle handle) : Stage(identity, policy)
{
    public override bool IsAsynchronous => true;

    public override Observers? Watchers => handle.Observers;

    protected override bool CanGoOnAfter(Exception error) => error is ProviderException { ItemOnly: true } or RtfsException;

    public override ValueTask StartAsync(SegmentContext context) => handle.Sink.OpenAsync(context);

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) =>
        throw new NotSupportedException("A sink is written to asynchronously.");

    /// <summary>Items in front of one that departs from the schema are written first, so that a failure leaves what came before it.</summary>
    protected override async ValueTask<BatchCursor> RunManyAsync(Batch batch, SegmentContext context, BatchCursor cursor)
    {
        var given = batch.Count - cursor.Read;
        var fitting = handle.Sink.Schema?.Conform(context.Evaluation, batch.Items.AsSpan(cursor.Read, given)) ?? given;
        if (fitting > 0)
        {
            await WriteAsync(batch, cursor.Read, fitting, context);
        }

        if (fitting < given)
        {
            Advance(fitting);
            throw handle.Sink.Schema!.Departure(context.Evaluation, batch.Items[cursor.Read + fitting], $"an item for {handle.Sink.Capability}", Identity.Place);
        }

        cursor.Read = batch.Count;
        return cursor;
    }

    private async ValueTask WriteAsync(Batch batch, int from, int count, SegmentContext context)
    {
        try
        {
            var ids = batch.CorrelationIds is { } all ? new ArraySegment<string?>(all, from, count) : (ArraySegment<string?>?)null;
            await handle.Sink.WriteAsync(batch.Items.AsMemory(from, count), ids, context);
        }
        catch (ProviderException fault) when (fault.Accepted > 0 && fault.Accepted < count)
        {
            Advance(fault.Accepted);
            context.Cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }
}
