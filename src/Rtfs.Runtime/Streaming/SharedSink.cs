// The one writer behind all openings of a sink in a run.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// Flows take turns by whole writes. It opens at the first write or flow's start, is flushed at each flow's end and closed by the plan or
/// at the end of the run: a plan may write to it again until then, and opening it twice would replace what the first flow wrote.
/// </summary>
/// <param name="schema">What items must conform to; null where nothing is asked of them.</param>
internal sealed class SharedSink(string capability, IStreamSinkProvider provider, OpenRequest request, ItemValidator? schema)
{
    private readonly Turn _turn = new();
    private IStreamSink? _sink;
    private bool _closed;

    public string Capability => capability;

    public IStreamSinkProvider Provider => provider;

    public CapabilityManifest Manifest => request.Manifest;

    public ItemValidator? Schema => schema;

    /// <summary>What it accepted, as a stream; null when nobody reads that.</summary>
    public AcceptedHandle? Accepted { get; set; }

    /// <summary>Forms that wait to write to it because it is held: it has not ended for them.</summary>
    public int HeldWriters;

    /// <summary>The callbacks that watch it; null without any.</summary>
    public Observers? Observers { get; set; }

    /// <summary>The stage of its <c>:on-item</c>; null without one.</summary>
    public ItemCallbackStage? ItemCallback { get; set; }

    /// <summary>Whether it writes a file that the source reads, by whatever path.</summary>
    public bool WritesWhere(IStreamSourceProvider source) => provider.Effects.Any(
        written => written.Kind == "write" && source.Effects.Any(read => read.Kind == "read" && RealPath.Contains(written.Target, read.Target)));

    /// <summary>Whether one of the two would replace what the other writes.</summary>
    public bool Collides(IStreamSinkProvider other) => (provider.Replaces || other.Replaces) && provider.Effects.Any(
        mine => mine.Kind == "write" && other.Effects.Any(
            theirs => theirs.Kind == "write" && RealPath.Contains(mine.Target, theirs.Target) && RealPath.Contains(theirs.Target, mine.Target)));

    /// <exception cref="RtfsException">StreamEnded: it has been closed.</exception>
    public async ValueTask OpenAsync(SegmentContext context)
    {
        var opened = false;
        await TakeTurnAsync(context.Task);
        try
        {
            RefuseWhenClosed();
            if (_sink is null)
            {
                _sink = await context.Task.OutsideAsync(provider.OpenSinkAsync(request, context.Cancellation), $"{capability} to open");
                opened = true;
            }
        }
        finally
        {
            _turn.Release();
        }

        if (opened && Observers is { } observers)
        {
            await observers.TellAsync(StreamEvent.Start, context);
        }
    }

    /// <summary>What it accepts goes on to those who watch it.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, ArraySegment<string?>? correlationIds, SegmentContext context)
    {
        await TakeTurnAsync(context.Task);
        try
        {
            RefuseWhenClosed();
            var written = correlationIds is { } ids ? _sink!.WriteAsync(items, ids, context.Cancellation) : _sink!.WriteAsync(items, context.Cancellation);
            await (_sink is IInsideSink { IsInside: true } inside
                ? inside.AwaitAsync(written, context.Task)
                : context.Task.OutsideAsync(written, $"{capability} to write"));
            await ShowAsync(items, context);
        }
        catch (ProviderException fault) when (fault.Accepted > 0 && fault.Accepted < items.Length)
        {
            await ShowAsync(items[..fault.Accepted], context);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask FlushAsync(EngineTask task)
    {
        await TakeTurnAsync(task);
        try
        {
            if (_sink is { } sink)
            {
                await task.OutsideAsync(sink.FlushAsync(CancellationToken.None), $"{capability} to flush");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>For good: by the plan, with its task, or at the end of the run, when no flow writes any more.</summary>
    public async ValueTask CloseAsync(EngineTask task)
    {
        await TakeTurnAsync(task);
        try
        {
            _closed = true;
            if (Interlocked.Exchange(ref _sink, null) is { } sink)
            {
                await task.OutsideAsync(sink.DisposeAsync(), $"{capability} to close");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void RefuseWhenClosed()
    {
        if (_closed)
        {
            throw new RtfsException("RTFS9032", "StreamEnded", $"{capability} has been closed in this run, and cannot be written to any more");
        }
    }

    private ValueTask TakeTurnAsync(EngineTask task) => task.InsideAsync(_turn.TakeAsync(), $"its turn to write to {capability}");

    private async ValueTask ShowAsync(ReadOnlyMemory<Value> items, SegmentContext context)
    {
        if (ItemCallback is null && Accepted is null)
        {
            return;
        }

        while (items.Length > 0)
        {
            var batch = context.Run.Pool.Rent();
            var count = Math.Min(items.Length, batch.Items.Length);
            items.Span[..count].CopyTo(batch.Items);
            batch.Count = count;
            batch.Timestamp = context.Run.Time.GetUtcNow();
            items = items[count..];
            if (ItemCallback is { } callback)
            {
                await callback.WatchAsync(batch, context);
            }

            if (Accepted is { Outputs.HasEnded: false } accepted && batch.Count > 0)
            {
                await accepted.Outputs.WriteAsync(batch, handOver: true, context);
            }
            else
            {
                context.Run.Pool.Return(batch);
            }
        }
    }
}
