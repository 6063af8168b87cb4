// A segment that reads from a provider.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>Opens the source, reads batches, and treats rows that could not be read as items on which the source's stage failed.</summary>
internal sealed class SourceHead(SourceStage stage, IStreamSourceProvider provider, OpenRequest request, int batchSize) : Head
{
    private readonly SourceBatch _incoming = new(Batch.DefaultCapacity, batchSize);
    private IStreamSource? _source;

    // A pending read of a source whose items are at hand is work in progress, not a wait.
    public override bool IsQuiet => !provider.ItemsAreAtHand;

    public override async ValueTask OpenAsync(SegmentContext context)
    {
        if (context.Run.Stopping.IsCancellationRequested)
        {
            return;
        }

        try
        {
            _source = await context.Task.OutsideAsync(provider.OpenSourceAsync(request, context.Run.Cancellation), $"{stage.Identity.Capability} to open");
        }
        catch (Exception error) when (!context.IsCancelled(error))
        {
            context.Failure = FailureHandler.AsRtfs(error, stage.Identity.Place);
        }
    }

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context)
    {
        while (_source is { } source)
        {
            var stopping = source is LocalReader { IsHeldByHost: false } ? context.Run.Cancellation : context.Run.Stopping;
            _incoming.Clear();
            bool more;
            try
            {
                more = !stopping.IsCancellationRequested && await ReadAsync(source, stopping, context);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // A stop drains: what the source had already handed over is still processed.
                more = false;
            }
            catch (Exception error) when (!context.IsCancelled(error))
            {
                context.Failure = FailureHandler.AsRtfs(error, stage.Identity.Place);
                more = false;
            }

            if (!more)
            {
                await CloseAsync(context);
            }

            if (_incoming.IsEmpty)
            {
                continue;
            }

            var batch = context.Run.Pool.Rent();
            await TakeAsync(batch, context);
            if (context.Failure is not null)
            {
                await CloseAsync(context);
            }

            if (batch.Count > 0 || context.Failure is not null)
            {
                return batch;
            }

            context.Run.Pool.Return(batch);
        }

        return null;
    }

    public override async ValueTask CloseAsync(SegmentContext context)
    {
        if (Interlocked.Exchange(ref _source, null) is { } source)
        {
            await source.DisposeAsync();
        }
    }

    private static ValueTask<bool> ReadAsync(IStreamSource source, CancellationToken stopping, SegmentContext context, SourceBatch batch)
    {
        var pending = source.ReadAsync(batch, stopping);
        return source is LocalReader { IsHeldByHost: false } local
            ? local.AwaitAsync(pending, context.Task)
            : context.Task.OutsideAsync(pending, "items of its source");
    }

    private ValueTask<bool> ReadAsync(IStreamSource source, CancellationToken stopping, SegmentContext context) =>
        ReadAsync(source, stopping, context, _incoming);

    private async ValueTask TakeAsync(Batch batch, SegmentContext context)
    {
        batch.Timestamp = context.Run.Time.GetUtcNow();
        if (_incoming.Faults.Count == 0)
        {
            batch.Take(_incoming);
            stage.Counters.Receive(batch.Count);
            stage.Counters.Process(batch.Count);
            stage.Counters.Emit(batch.Count);
            return;
        }

        var items = _incoming.Items.ToArray();
        var next = 0;
        stage.Counters.Receive(items.Length + _incoming.Faults.Count);
        var sequence = stage.Counters.Received - items.Length - _incoming.Faults.Count;
        for (var i = 0; i < _incoming.Faults.Count && context.Failure is null; i++)
        {
            var (before, fault) = _incoming.Faults[i];
            while (next < before)
            {
                batch.Items[batch.Count++] = items[next++];
            }

            await FailAsync(fault, sequence + next + i, batch.Timestamp, context);
            if (context.Failure is not null)
            {
                stage.Counters.Drop(items.Length - next + _incoming.Faults.Count - i - 1);
            }
        }

        while (context.Failure is null && next < items.Length)
        {
            batch.Items[batch.Count++] = items[next++];
        }

        stage.Counters.Process(batch.Count);
        stage.Counters.Emit(batch.Count);
        await context.TellObserversAsync();
    }

    private async ValueTask FailAsync(ItemFault fault, long sequence, DateTimeOffset at, SegmentContext context)
    {
        var error = new RtfsException("RTFS9023", "ParseError", $"{fault.Place}: {fault.Message}", stage.Identity.Place);
        for (var tries = 1; ; tries++)
        {
            var failure = new ItemFailure(stage, Value.String(fault.Text), sequence, at, ErrorCause.Parse, error, tries);
            if (context.Failures.Decide(failure, context) != FailureOutcome.Again)
            {
                return;
            }

            // The row does not change by waiting, but the plan asked for it and what it then wants counts from there.
            await context.DelayAsync();
        }
    }
}

/// <summary>The stage of a source: it counts what is read, and bad rows fall under its strategy.</summary>
internal sealed class SourceStage(StageIdentity identity, ErrorPolicy policy) : Stage(identity, policy)
{
    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) =>
        throw new NotSupportedException("A source's head does the work of its stage.");
}
