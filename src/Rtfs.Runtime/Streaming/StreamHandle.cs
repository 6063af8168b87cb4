// Streams as values of the language: nodes of a cold graph. Nothing flows until a flow that ends in one is started.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>What reads a handle: a derived handle, an input of a multiplexer, or the end of a flow.</summary>
internal interface IReader;

/// <summary>Every reader of a handle sees every item. Changed under the run's graph lock alone.</summary>
public abstract class StreamHandle : IOpaqueObject
{
    private readonly List<IReader> _readers = [];

    internal StreamHandle(StageIdentity identity) => Identity = identity;

    public string Id => Identity.Id;

    public string Label => $"stream {Id}";

    internal StageIdentity Identity { get; }

    internal virtual Outputs Outputs { get; } = new();

    /// <summary>What is asked of the stream: to hold, to close, to be cancelled.</summary>
    internal StreamState State { get; } = new();

    /// <summary>The callbacks that watch the stream itself; null without any.</summary>
    internal virtual Observers? Observers { get; set; }

    /// <summary>The stage of its <c>:on-item</c>; null without one.</summary>
    internal Operators.ItemCallbackStage? ItemCallback { get; set; }

    /// <summary>The segment that makes its items; null while it is cold.</summary>
    internal Segment? Segment { get; set; }

    /// <summary>The stage that makes its items; null while it is cold.</summary>
    internal Stage? Stage { get; set; }

    /// <summary>Whether its segment has been made; readers that come later see what comes from then on.</summary>
    internal bool IsRunning { get; set; }

    /// <summary>Whether a new reader comes too late.</summary>
    internal virtual bool HasEnded => State.HasEndedCold || Outputs.HasEnded;

    /// <summary>Those whose chain ends in a flow, in the order of wiring.</summary>
    internal IReadOnlyList<IReader> Readers => _readers;

    internal abstract IReadOnlyList<StreamHandle> Inputs { get; }

    /// <summary>Whether it goes on when its last reader has left.</summary>
    internal virtual bool OutlivesReaders => false;

    /// <summary>What is called for its items: by the stage that makes them, and by the callbacks that watch it.</summary>
    internal virtual IEnumerable<Function> Functions =>
        (ItemCallback is { } callback ? new[] { callback.Callback } : []).Concat(Observers?.Functions ?? []);

    /// <summary>The handle and all that feeds it, each once: streams that part and meet again have more ways than handles.</summary>
    internal IEnumerable<StreamHandle> WithInputs()
    {
        var seen = new HashSet<StreamHandle>();
        var open = new Stack<StreamHandle>([this]);
        while (open.TryPop(out var handle))
        {
            if (!seen.Add(handle))
            {
                continue;
            }

            yield return handle;
            for (var i = handle.Inputs.Count - 1; i >= 0; i--)
            {
                open.Push(handle.Inputs[i]);
            }
        }
    }

    /// <summary>The handle, and what feeds it up to a source or a multiplexer.</summary>
    internal static IEnumerable<StreamHandle> ChainOf(StreamHandle handle) =>
        handle is MultiplexHandle ? [handle] : handle.Inputs.SelectMany(ChainOf).Prepend(handle);

    /// <summary>A reader's chain has got its end; what this reads from becomes needed too.</summary>
    internal void AddReader(IReader reader)
    {
        _readers.Add(reader);
        if (_readers.Count == 1 && !IsRunning)
        {
            Connect();
        }
    }

    /// <summary>A reader that came for a while has gone.</summary>
    internal void RemoveReader(IReader reader)
    {
        _readers.Remove(reader);
        if (_readers.Count == 0 && !IsRunning)
        {
            Disconnect();
        }
    }

    private protected abstract void Connect();

    private protected virtual void Disconnect()
    {
    }

    public override string ToString() => $"#<{Label}>";
}

internal sealed class SourceHandle(
    StageIdentity identity, IStreamSourceProvider provider, OpenRequest request, ItemValidator? schema, FlowOptions options, OpeningErrors errors) : StreamHandle(identity)
{
    public IStreamSourceProvider Provider => provider;

    public OpenRequest Request => request;

    /// <summary>What its items must conform to; null where nothing is asked of them.</summary>
    public ItemValidator? Schema => schema;

    /// <summary>What the capability and the opening say of buffer and batch.</summary>
    public FlowOptions Options => options;

    public OpeningErrors Errors => errors;

    /// <summary>What the pipelines say about errors that go on with it as the answers of one of their stages, the innermost first.</summary>
    public IReadOnlyList<ErrorOptions> Pipelines { get; set; } = [];

    // Null, what a part has failed with, or this handle once its end is decided.
    private object? _failure;

    /// <summary>A part of the pipeline has failed that wrote what these are the answers to. False when the stream has ended before: then nobody is told here.</summary>
    public bool TryFail(RtfsException failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    /// <summary>By its segment, as it ends.</summary>
    public RtfsException? TakeFailure() => Interlocked.Exchange(ref _failure, this) as RtfsException;

    /// <summary>Whether it is the half of a conversation, which counts as open until the peer ends it, whoever reads it.</summary>
    public bool IsConversation => provider is ConversationEnds;

    internal override bool OutlivesReaders => IsConversation;

    internal override IReadOnlyList<StreamHandle> Inputs => [];

    private protected override void Connect()
    {
    }
}

internal class DerivedHandle(StageIdentity identity, StreamHandle input, Operator step) : StreamHandle(identity), IReader
{
    public StreamHandle Input => input;

    public Operator Operator => step;

    /// <summary>What the pipelines that it is a stage of say about errors, the innermost first.</summary>
    public IReadOnlyList<ErrorOptions> Pipelines { get; init; } = [];

    internal override IEnumerable<Function> Functions => base.Functions.Concat(step.Functions);

    internal override IReadOnlyList<StreamHandle> Inputs { get; } = [input];

    private protected override void Connect() => input.AddReader(this);

    private protected override void Disconnect() => input.RemoveReader(this);
}

/// <summary>What it gives goes to its routes alone.</summary>
internal sealed class DemultiplexHandle(StageIdentity identity, StreamHandle input, DemultiplexOperator step, IReadOnlyList<Route> routes)
    : DerivedHandle(identity, input, step)
{
    internal override Outputs Outputs { get; } = new RoutedOutputs([.. routes]);
}

/// <summary>One output of a demultiplexer.</summary>
/// <param name="given">Where the demultiplexer puts its items.</param>
internal sealed class RouteHandle(StageIdentity identity, DemultiplexHandle demultiplexer, RouteOperator step, Outputs given)
    : DerivedHandle(identity, demultiplexer, step)
{
    public Outputs Given => given;

    internal override bool HasEnded => base.HasEnded || given.HasEnded;
}

internal sealed record MultiplexInput(MultiplexHandle Multiplexer, int Index) : IReader;

internal sealed class MultiplexHandle(StageIdentity identity, IReadOnlyList<StreamHandle> inputs, MultiplexStrategy strategy, ErrorOptions errors) : StreamHandle(identity)
{
    public MultiplexStrategy Strategy => strategy;

    public ErrorOptions Errors => errors;

    internal override IEnumerable<Function> Functions => base.Functions.Concat(strategy.Functions);

    internal override IReadOnlyList<StreamHandle> Inputs => inputs;

    private protected override void Connect()
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            inputs[i].AddReader(new MultiplexInput(this, i));
        }
    }

    private protected override void Disconnect()
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            inputs[i].RemoveReader(new MultiplexInput(this, i));
        }
    }
}

/// <summary>A sink: all openings of one id share the writer.</summary>
internal sealed class SinkHandle(StageIdentity identity, SharedSink sink, FlowOptions options, OpeningErrors errors) : StreamHandle(identity)
{
    public SharedSink Sink => sink;

    internal override Observers? Observers
    {
        get => sink.Observers;
        set => sink.Observers = value;
    }

    /// <summary>What the capability and the opening say of buffer and batch.</summary>
    public FlowOptions Options => options;

    public OpeningErrors Errors => errors;

    internal override IReadOnlyList<StreamHandle> Inputs => [];

    private protected override void Connect()
    {
    }
}
