// What a host can follow while a plan runs.

namespace Rtfs.Runtime.Plans;

public enum RunEventKind
{
    /// <summary>A stream has started.</summary>
    Started,

    /// <summary>A stream has ended: complete, cancelled, or failed (with <see cref="RunEvent.Message"/>).</summary>
    Completed,
    Cancelled,
    Failed,

    /// <summary>An item was skipped, dead-lettered or retried; <see cref="RunEvent.Message"/> says why.</summary>
    ItemSkipped,
    ItemDeadLettered,
    ItemRetried,

    /// <summary>A full buffer gave up items; <see cref="RunEvent.Message"/> says how many, and under which strategy.</summary>
    ItemDropped,

    /// <summary>A buffer with a strategy of its own has become full.</summary>
    Backpressure,

    /// <summary>A stream was told to hold, or to go on.</summary>
    Paused,
    Resumed,

    /// <summary>An observer (a callback other than <c>:on-item</c>) threw.</summary>
    ObserverFailed,

    /// <summary>Something a person should know, such as a log line of the plan.</summary>
    Log,
}

/// <param name="Stage">The id of the stage, or empty for the run as a whole.</param>
public sealed record RunEvent(RunEventKind Kind, string Stage, string Message, DateTimeOffset At)
{
    /// <summary>For <see cref="RunEventKind.Log"/>: <c>print</c> for what the plan prints, otherwise <c>debug info warn error</c>.</summary>
    public string Level { get; init; } = "";
}
