// A stream that is written to and read from: a conversation, or two channels under one handle.

namespace Rtfs.Runtime.Streaming;

/// <param name="outbound">What the program writes.</param>
/// <param name="inbound">What it reads.</param>
internal sealed class PairHandle(StageIdentity identity, SinkHandle outbound, SourceHandle inbound) : StreamHandle(identity)
{
    private int _asked;

    public SinkHandle Outbound => outbound;

    public SourceHandle Inbound => inbound;

    /// <summary>Where what is written comes back; null of two channels that know nothing of each other.</summary>
    public SourceHandle? Answers => Writers.IsReadBy(outbound.Sink, inbound) ? inbound : null;

    internal override IReadOnlyList<StreamHandle> Inputs => [];

    /// <summary>An id that joins an item to its answers, unique in the run.</summary>
    public string NextCorrelationId() => $"{Id}/{Interlocked.Increment(ref _asked)}";

    private protected override void Connect() => throw new InvalidOperationException("Its halves are read and written, not the pair.");
}
