// One run of a plan, seen from the host.

using Rtfs.Runtime.Values;
using Rtfs.Syntax.Plan;

namespace Rtfs.Runtime.Plans;

/// <summary>Disposing cancels what still runs and waits for it.</summary>
public abstract class PlanRun : IAsyncDisposable
{
    /// <summary>Ends with the summary whatever the outcome; never faults for a reason inside the plan.</summary>
    public abstract Task<RunSummary> Completion { get; }

    /// <summary>What has happened and happens, bounded: a reader who falls behind misses the oldest, and is told how many by a <see cref="RunEventKind.Log"/>.</summary>
    public abstract IAsyncEnumerable<RunEvent> Events { get; }

    /// <summary>The stages wired so far.</summary>
    public abstract Topology Topology { get; }

    /// <summary>The counts as they are now.</summary>
    public abstract RunSummary Snapshot();

    /// <summary>Dead letters that were not written to a file.</summary>
    public abstract IReadOnlyList<Value> DeadLetters { get; }

    /// <summary><paramref name="drain"/>: sources stop, what was received is processed. Otherwise what is in flight is dropped, and counted.</summary>
    public abstract Task<RunSummary> StopAsync(bool drain, CancellationToken cancellation = default);

    /// <summary>Drains, and cancels what has not ended by the deadline. A run that does not obey its cancellation is left behind after its shutdown limit.</summary>
    public abstract Task<RunSummary> StopAsync(TimeSpan deadline, CancellationToken cancellation = default);

    /// <summary>Holds every stream of the run after the item in hand; sources are not read meanwhile.</summary>
    public abstract void Pause();

    public abstract void Resume();

    public abstract ValueTask DisposeAsync();
}
