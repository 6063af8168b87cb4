// A segment that reads from a provider.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>
/// Opens the source and reads batches. A row that could not be read and an item that departs from the schema are items on which the
/// source's stage failed.
/// </summary>
internal sealed class SourceHead(SourceStage stage, IStreamSourceProvider provider, OpenRequest request, ItemValidator? schema, int batchSize) : Head
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

    private ValueTask TakeAsync(Batch batch, SegmentContext context)
    {
        batch.Timestamp = context.Run.Time.GetUtcNow();
        batch.Take(_incoming);
        var received = batch.Count + _incoming.Faults.Count;
        stage.Counters.Receive(received);
        var conforming = schema?.Conform(context.Evaluation, batch.Items.AsSpan(0, batch.Count)) ?? batch.Count;
        if (conforming < received)
        {
            return SiftAsync(batch, conforming, context);
        }

        stage.Counters.Process(received);
        stage.Counters.Emit(received);
        return ValueTask.CompletedTask;
    }

    /// <summary>Leaves in the batch what goes on: all but what the strategy disposes of, up to a failure that ends the flow.</summary>
    /// <param name="conforming">How many of the items are known to conform, from the first on.</param>
    private async ValueTask SiftAsync(Batch batch, int conforming, SegmentContext context)
    {
        var (items, faults) = (batch.Count, _incoming.Faults);
        var first = stage.Counters.Received - items - faults.Count;
        var (read, kept, told) = (0, 0, 0);
        try
        {
            while (context.Failure is null && (read < items || told < faults.Count))
            {
                if (told < faults.Count && faults[told].Before == read)
                {
                    await FailAsync(faults[told].Fault, first + read + told, batch.Timestamp, context);
                    told++;
                }
                else if (read < conforming || schema is null || schema.Conform(context.Evaluation, ref batch.Items[read]))
                {
                    batch.Items[kept++] = batch.Items[read++];
                }
                else
                {
                    await FailAsync(schema, batch.Items[read], first + read + told, batch.Timestamp, context);
                    read++;
                }
            }
        }
        catch (Exception error) when (context.IsCancelled(error))
        {
            // The one that was to be tried again goes with the rest, and so do those that would have gone on.
            stage.Counters.Drop(items - read + faults.Count - told + kept);
            throw;
        }

        stage.Counters.Drop(items - read + faults.Count - told);
        batch.Count = kept;
        stage.Counters.Process(kept);
        stage.Counters.Emit(kept);
        await context.TellObserversAsync();
    }

    private ValueTask FailAsync(ItemFault fault, long sequence, DateTimeOffset at, SegmentContext context) => FailAsync(
        Value.String(fault.Text),
        ErrorCause.Parse,
        new RtfsException("RTFS9023", "ParseError", $"{fault.Place}: {fault.Message}", stage.Identity.Place),
        sequence,
        at,
        context);

    private ValueTask FailAsync(ItemValidator type, Value item, long sequence, DateTimeOffset at, SegmentContext context) => FailAsync(
        item,
        ErrorCause.Schema,
        type.Departure(context.Evaluation, item, $"an item of {stage.Identity.Capability}", stage.Identity.Place),
        sequence,
        at,
        context);

    private async ValueTask FailAsync(Value item, ErrorCause cause, RtfsException error, long sequence, DateTimeOffset at, SegmentContext context)
    {
        for (var tries = 1; ; tries++)
        {
            var failure = new ItemFailure(stage, item, sequence, at, cause, error, tries);
            if (context.Failures.Decide(failure, context) != FailureOutcome.Again)
            {
                return;
            }

            // Neither a row nor an item changes by waiting, but the plan asked for it and what it then wants counts from there.
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
