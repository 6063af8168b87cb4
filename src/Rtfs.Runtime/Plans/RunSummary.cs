// What a run did, counted.

namespace Rtfs.Runtime.Plans;

public enum RunOutcome
{
    Completed,
    Failed,
    Cancelled,
}

/// <summary>
/// The counts of one stage. At every moment
/// <c>Received = Processed + Skipped + DeadLettered + Dropped + Failed + InFlight</c>.
/// </summary>
public sealed record StageSummary
{
    /// <summary>Unique in the run: the stage's kind and a number, as in the topology.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Label { get; init; }

    public long Received { get; init; }

    public long Processed { get; init; }

    /// <summary>Items that this stage sent on.</summary>
    public long Emitted { get; init; }

    public long Skipped { get; init; }

    public long DeadLettered { get; init; }

    public long Dropped { get; init; }

    public long Failed { get; init; }

    public long InFlight { get; init; }

    public long Retries { get; init; }

    /// <summary>This, with the counts of another stage of the same identity added.</summary>
    internal StageSummary Plus(StageSummary other) => this with
    {
        Received = Received + other.Received,
        Processed = Processed + other.Processed,
        Emitted = Emitted + other.Emitted,
        Skipped = Skipped + other.Skipped,
        DeadLettered = DeadLettered + other.DeadLettered,
        Dropped = Dropped + other.Dropped,
        Failed = Failed + other.Failed,
        InFlight = InFlight + other.InFlight,
        Retries = Retries + other.Retries,
    };

    /// <summary>What is still in flight counts as dropped: nobody waits for the stage any more.</summary>
    internal StageSummary GivenUp() => this with { Dropped = Dropped + InFlight, InFlight = 0 };

    public bool IsConserved => Received == Processed + Skipped + DeadLettered + Dropped + Failed + InFlight;
}

public sealed record RunSummary
{
    public required RunOutcome Outcome { get; init; }

    /// <summary>Items read from capabilities, bad rows included; not those that a local channel of the plan carries from flow to flow.</summary>
    public required long ItemsIn { get; init; }

    /// <summary>Items that sinks accepted.</summary>
    public required long ItemsOut { get; init; }

    public required long Skipped { get; init; }

    public required long DeadLettered { get; init; }

    public required long Dropped { get; init; }

    public required long Failed { get; init; }

    public required long Retries { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required IReadOnlyList<StageSummary> Stages { get; init; }

    /// <summary>Letters of <see cref="RunOptions.ReplayDeadLetters"/> that no stage was given: they are dead letters still, as they were.</summary>
    public long NotReplayed { get; init; }

    /// <summary>What everything random in the run followed from: <see cref="RunOptions.Seed"/>.</summary>
    public int Seed { get; init; }

    /// <summary>The value of the plan's last form.</summary>
    public Values.Value Value { get; init; }

    /// <summary>Why the run failed; null unless <see cref="Outcome"/> is <see cref="RunOutcome.Failed"/>.</summary>
    public Evaluation.RtfsException? Error { get; init; }
}
