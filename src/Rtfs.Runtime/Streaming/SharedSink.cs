// The one writer behind all openings of a sink in a run.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// Flows take turns by whole writes. It opens at the first flow's start, is flushed at each flow's end and closed at the end of the run:
/// a plan may write to it again until then, and opening it twice would replace what the first flow wrote.
/// </summary>
/// <param name="schema">What items must conform to; null where nothing is asked of them.</param>
internal sealed class SharedSink(string capability, IStreamSinkProvider provider, OpenRequest request, ItemValidator? schema)
{
    private readonly Turn _turn = new();
    private IStreamSink? _sink;

    public string Capability => capability;

    public IStreamSinkProvider Provider => provider;

    public CapabilityManifest Manifest => request.Manifest;

    public ItemValidator? Schema => schema;

    /// <summary>Whether it writes a file that the source reads, by whatever path.</summary>
    public bool WritesWhere(IStreamSourceProvider source) => provider.Effects.Any(
        written => written.Kind == "write" && source.Effects.Any(read => read.Kind == "read" && RealPath.Contains(written.Target, read.Target)));

    public async ValueTask OpenAsync(EngineTask task, CancellationToken cancellation)
    {
        await TakeTurnAsync(task);
        try
        {
            _sink ??= await task.OutsideAsync(provider.OpenSinkAsync(request, cancellation), $"{capability} to open");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, EngineTask task, CancellationToken cancellation)
    {
        await TakeTurnAsync(task);
        try
        {
            var written = _sink!.WriteAsync(items, cancellation);
            await (_sink is LocalWriter { IsHeldByHost: false } local
                ? local.AwaitAsync(written, task)
                : task.OutsideAsync(written, $"{capability} to write"));
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

    /// <summary>At the end of the run, when no flow writes any more.</summary>
    public async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _sink, null) is { } sink)
        {
            await sink.DisposeAsync();
        }
    }

    private ValueTask TakeTurnAsync(EngineTask task) => task.InsideAsync(_turn.TakeAsync(), $"its turn to write to {capability}");
}
