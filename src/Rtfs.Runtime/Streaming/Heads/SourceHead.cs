// A segment that reads from a provider.

using System.Runtime.ExceptionServices;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Conversations;
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

    public override bool OutlivesStop => provider is LocalChannel { IsHeldByHost: false } or ConversationEnds { IsInside: true };

    public override async ValueTask OpenAsync(SegmentContext context, SegmentRequests requests)
    {
        // Where dead letters are replayed nothing comes from outside but answers to what is sent. A channel that is closed before it starts has received what waits in it.
        if ((requests.Closing.IsCancellationRequested && provider is not (LocalChannel or ConversationEnds { IsInside: true })) || (context.Run.Replay is not null && !stage.Identity.IsInside && !context.Run.IsAnswered((SourceHandle)stage.Handle!)))
        {
            return;
        }

        try
        {
            _source = await context.Task.OutsideAsync(provider.OpenSourceAsync(request, context.Cancellation), $"{stage.Identity.Capability} to open");
        }
        catch (Exception error) when (!context.IsCancelled(error))
        {
            context.Failure = FailureHandler.AsRtfs(error, stage.Identity.Place);
        }
    }

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context, SegmentRequests requests)
    {
        while (_source is { } source)
        {
            if (!await TryReadAsync(source, context, requests))
            {
                await CloseAsync(source);
            }

            if (_incoming.IsEmpty)
            {
                continue;
            }

            var batch = context.Run.Pool.Rent();
            await TakeAsync(batch, context);
            _incoming.Clear();
            if (context.Failure is not null)
            {
                await CloseAsync(source);
            }

            if (batch.Count > 0 || context.Failure is not null)
            {
                return batch;
            }

            context.Run.Pool.Return(batch);
        }

        return null;
    }

    // The token of a read says it.
    public override void Close()
    {
    }

    public override ValueTask CloseAsync(SegmentContext context) => _source is { } source ? CloseAsync(source) : ValueTask.CompletedTask;

    /// <summary>Closes the source. What it had handed over, and nobody has looked at, is dropped.</summary>
    private async ValueTask CloseAsync(IStreamSource source)
    {
        if (Interlocked.Exchange(ref _source, null) is null)
        {
            return;
        }

        // A source that ends may give its last items with it; those are taken by the caller.
        await source.DisposeAsync();
        if (source is LocalReader { Buffer.Count: > 0 and var left })
        {
            stage.Counters.DropUnreceived(left);
        }
    }

    /// <summary>False: nothing more comes.</summary>
    private async ValueTask<bool> TryReadAsync(IStreamSource source, SegmentContext context, SegmentRequests requests)
    {
        try
        {
            // Close means that what was received is worked through: a local channel has received what waits in it.
            return requests.Closing.IsCancellationRequested
                ? !context.Cancellation.IsCancellationRequested && source is LocalReader rest && rest.TakeRest(_incoming)
                : await ReadAsync(source, context, requests);
        }
        catch (OperationCanceledException) when (requests.Closing.IsCancellationRequested)
        {
            return source is LocalReader && !context.Cancellation.IsCancellationRequested;
        }
        catch (Exception error)
        {
            context.Failure = FailureHandler.AsRtfs(error, stage.Identity.Place);
            return false;
        }
    }

    private async ValueTask<bool> ReadAsync(IStreamSource source, SegmentContext context, SegmentRequests requests)
    {
        var pending = source.ReadAsync(_incoming, requests.Closing);
        if (pending.IsCompleted)
        {
            return await pending;
        }

        // While it is under way the stream can be told to hold; what it brings is then kept.
        var reading = new PendingRead();
        var announcing = AnnounceAsync(pending, reading);
        var wait = new ReadWait(reading, source as LocalReader, requests);
        while (!reading.IsDone && !context.Cancellation.IsCancellationRequested)
        {
            try
            {
                if (await requests.SettleAsync(context))
                {
                    // What came while it was held has been announced already.
                    continue;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }

            var arrived = Arrived.WaitAsync();
            if (arrived.IsCompleted)
            {
                await arrived;
                continue;
            }

            context.Task.Enter(wait);
            await arrived;
            context.Task.Leave();
        }

        await announcing;
        return reading.Give();
    }

    /// <summary>A continuation on the engine's scheduler: one on the pool would come when no seed says.</summary>
    private async Task AnnounceAsync(ValueTask<bool> pending, PendingRead reading)
    {
        try
        {
            reading.Complete(await pending, null);
        }
        catch (Exception error)
        {
            reading.Complete(false, ExceptionDispatchInfo.Capture(error));
        }

        Arrived.Set();
    }

    private ValueTask TakeAsync(Batch batch, SegmentContext context)
    {
        batch.Timestamp = context.Run.Time.GetUtcNow();
        batch.Take(_incoming);
        return AdmitAsync(batch, context);
    }

    public override ValueTask AdmitAsync(Batch batch, SegmentContext context)
    {
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
                    batch.Move(read++, kept++);
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
            context.KeepLetters();
            throw;
        }

        stage.Counters.Drop(items - read + faults.Count - told);
        batch.Count = kept;
        stage.Counters.Process(kept);
        stage.Counters.Emit(kept);
        await context.TellFailuresAsync();
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
            if (context.FailureHandler.Decide(failure, context) != FailureOutcome.Again)
            {
                return;
            }

            // Neither a row nor an item changes by waiting, but the plan asked for it and what it then wants counts from there.
            await context.DelayAsync();
        }
    }
}

/// <summary>A read that has not come back.</summary>
internal sealed class PendingRead
{
    private ExceptionDispatchInfo? _error;
    private bool _more;
    private volatile bool _isDone;

    public bool IsDone => _isDone;

    public void Complete(bool more, ExceptionDispatchInfo? error)
    {
        (_more, _error) = (more, error);
        _isDone = true;
    }

    public bool Give()
    {
        _error?.Throw();
        return _more;
    }
}

/// <summary>Awaits the source: other flows of the run, where it is a channel of theirs, or else the world outside.</summary>
internal sealed class ReadWait(PendingRead reading, LocalReader? local, SegmentRequests requests) : Wait
{
    public override bool IsExternal => local is not { IsHeldByHost: false };

    // A read that was told to close comes back, though nothing has arrived.
    public override bool CanProceed => reading.IsDone || requests.IsAsked || requests.Closing.IsCancellationRequested || local is { CanTake: true };

    public override long Version => local?.Version ?? 0;

    public override string Description => IsExternal ? "items of its source" : "a local channel that nothing writes to";
}

/// <summary>The stage of a source: it counts what is read, and bad rows fall under its strategy.</summary>
internal sealed class SourceStage(StageIdentity identity, ErrorPolicy policy) : Stage(identity, policy)
{
    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) =>
        throw new NotSupportedException("A source's head does the work of its stage.");
}
