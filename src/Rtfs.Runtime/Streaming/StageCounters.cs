// The counts of one stage, added to per batch.

using Rtfs.Runtime.Plans;

namespace Rtfs.Runtime.Streaming;

/// <summary>What a stage is called: its id in the topology, its kind, what a person would call it, and where it is written.</summary>
/// <param name="IsInside">Whether it reads or writes a channel of the plan's own: its items neither come into the run nor leave it.</param>
/// <param name="Order">The place among the stages of the run, in the order of writing.</param>
internal sealed record StageIdentity(string Id, string Kind, string Label, string? Capability, Evaluation.SourcePlace? Place, int Order, bool IsInside);

/// <summary>
/// Written by the segment that runs the stage; read by anyone. Items that arrive for a stage that is gone (its flow failed or was
/// cancelled) are added by whoever had them: each is received and dropped, so that the law holds for them too.
/// </summary>
internal sealed class StageCounters
{
    private readonly Lock _merging = new();
    private StageCounters? _target;
    private long _received;
    private long _processed;
    private long _emitted;
    private long _skipped;
    private long _deadLettered;
    private long _dropped;
    private long _failed;
    private long _retries;

    public long Received => Volatile.Read(ref _received);

    public long Processed => Volatile.Read(ref _processed);

    public long Skipped => Volatile.Read(ref _skipped);

    public long DeadLettered => Volatile.Read(ref _deadLettered);

    public long Dropped => Volatile.Read(ref _dropped);

    public long Failed => Volatile.Read(ref _failed);

    public long Emitted => Volatile.Read(ref _emitted);

    public void Receive(long count) => Interlocked.Add(ref _received, count);

    public void Process(long count) => Interlocked.Add(ref _processed, count);

    public void Emit(long count) => Interlocked.Add(ref _emitted, count);

    public void Skip() => Interlocked.Increment(ref _skipped);

    public void DeadLetter() => Interlocked.Increment(ref _deadLettered);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void Retry() => Interlocked.Increment(ref _retries);

    /// <summary>Items that the stage received and will not look at.</summary>
    public void Drop(long count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Items that the stage had emitted, when nobody was there to be given them.</summary>
    public void DropUnread(long count)
    {
        Emit(-count);
        Process(-count);
        Drop(count);
    }

    /// <summary>Items that would have been received, and were not because the stage is gone.</summary>
    public void DropUnreceived(long count)
    {
        lock (_merging)
        {
            if (_target is { } target)
            {
                target.DropUnreceived(count);
                return;
            }

            Drop(count);
            Receive(count);
        }
    }

    /// <summary>From now on these stand with those of another; what is still dropped in front of the stage goes there.</summary>
    public void MergeInto(StageCounters target)
    {
        lock (_merging)
        {
            target.Add(this);
            _target = target;
        }
    }

    private void Add(StageCounters other)
    {
        Interlocked.Add(ref _received, other._received);
        Interlocked.Add(ref _processed, other._processed);
        Interlocked.Add(ref _emitted, other._emitted);
        Interlocked.Add(ref _skipped, other._skipped);
        Interlocked.Add(ref _deadLettered, other._deadLettered);
        Interlocked.Add(ref _dropped, other._dropped);
        Interlocked.Add(ref _failed, other._failed);
        Interlocked.Add(ref _retries, other._retries);
    }

    public StageSummary Summary(StageIdentity identity)
    {
        // Outcomes before receipts: an item that moves meanwhile then shows as in flight, never as missing.
        var processed = Processed;
        var skipped = Skipped;
        var deadLettered = DeadLettered;
        var dropped = Dropped;
        var failed = Failed;
        var received = Received;
        return new StageSummary
        {
            Id = identity.Id,
            Kind = identity.Kind,
            Label = identity.Label,
            Received = received,
            Processed = processed,
            Emitted = Emitted,
            Skipped = skipped,
            DeadLettered = deadLettered,
            Dropped = dropped,
            Failed = failed,
            InFlight = received - processed - skipped - deadLettered - dropped - failed,
            Retries = Volatile.Read(ref _retries),
        };
    }
}
