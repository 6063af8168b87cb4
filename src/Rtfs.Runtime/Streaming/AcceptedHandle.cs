// The items that a sink accepted, as a stream.

namespace Rtfs.Runtime.Streaming;

/// <summary>Filled by whoever writes to the sink, one at a time; it has no segment of its own and ends when the sink's writers have.</summary>
internal sealed class AcceptedHandle : StreamHandle
{
    public AcceptedHandle(StageIdentity identity, SharedSink sink)
        : base(identity)
    {
        Sink = sink;
        IsRunning = true;
    }

    public SharedSink Sink { get; }

    internal override IReadOnlyList<StreamHandle> Inputs => [];

    private protected override void Connect()
    {
    }
}
