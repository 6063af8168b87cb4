// What is to happen to an item that a stage failed on.

namespace Rtfs.Runtime.Streaming.Resilience;

internal enum ErrorAction
{
    Fail,
    Skip,
    DeadLetter,
    Retry,
}

internal enum ErrorCause
{
    /// <summary>A row or message that is no item.</summary>
    Parse,

    /// <summary>A value that departs from the schema of the capability whose boundary it crosses.</summary>
    Schema,
    Processing,

    /// <summary>An item that no output of a demultiplexer takes: a dead letter, whatever the strategy.</summary>
    Unrouted,
}

internal enum Backoff
{
    Constant,
    Linear,
    Exponential,
}

/// <param name="Attempts">How often after the first try.</param>
/// <param name="Jitter">How far the delay may be from what the backoff says, as a fraction of it.</param>
/// <param name="Then">What decides when the attempts are used up; never a retry.</param>
internal sealed record ErrorStrategy(ErrorAction Action, int Attempts = 0, TimeSpan Delay = default, Backoff Backoff = Backoff.Constant, ErrorAction Then = ErrorAction.DeadLetter, double Jitter = 0)
{
    // A delay beyond this is a mistake of the arithmetic, not a wish.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    public static ErrorStrategy Fail { get; } = new(ErrorAction.Fail);

    public static ErrorStrategy Skip { get; } = new(ErrorAction.Skip);

    public static ErrorStrategy DeadLetter { get; } = new(ErrorAction.DeadLetter);

    /// <summary>How long to wait before attempt <paramref name="attempt"/>, from 1. The same seed gives the same jitter.</summary>
    public TimeSpan DelayBefore(int attempt, int seed)
    {
        var factor = Backoff switch
        {
            Backoff.Linear => attempt,
            Backoff.Exponential => Math.Pow(2, attempt - 1),
            _ => 1.0,
        };
        if (Jitter > 0)
        {
            factor *= 1 + Jitter * (2 * new Random(seed).NextDouble() - 1);
        }

        return Delay.TotalMilliseconds * factor >= LongestDelay.TotalMilliseconds ? LongestDelay : Delay * factor;
    }
}

/// <summary>What one level (a stage, a consume, a capability, the plan) says about errors; null where it says nothing.</summary>
internal sealed record ErrorOptions
{
    public static ErrorOptions None { get; } = new();

    public ErrorStrategy? General { get; init; }

    public ErrorStrategy? OnParse { get; init; }

    public ErrorStrategy? OnSchema { get; init; }

    public ErrorStrategy? OnProcessing { get; init; }

    /// <summary>Where dead letters go; null for the run's own.</summary>
    public DeadLetterTarget? Letters { get; init; }

    /// <summary>What all of them say; where one says something else than another, nothing.</summary>
    public static ErrorOptions Agreed(IEnumerable<ErrorOptions> several)
    {
        var all = several.ToArray();
        return all.Length == 1 ? all[0] : new ErrorOptions
        {
            General = Common(static one => one.General),
            OnParse = Common(static one => one.OnParse),
            OnSchema = Common(static one => one.OnSchema),
            OnProcessing = Common(static one => one.OnProcessing),
            Letters = Common(static one => one.Letters?.Reference) is null ? null : all[0].Letters,
        };

        T? Common<T>(Func<ErrorOptions, T?> part) => all.Select(part).Distinct().ToArray() is [var only] ? only : default;
    }

    public ErrorStrategy? For(ErrorCause cause) => cause switch
    {
        ErrorCause.Parse => OnParse,
        ErrorCause.Schema => OnSchema,
        _ => OnProcessing,
    };
}

/// <param name="Reference">A sink, or the id of one.</param>
internal sealed record DeadLetterTarget(Values.Value Reference, Evaluation.SourcePlace? Place);

/// <summary>Where a capability is opened: what the opening says about errors, and what the capability says.</summary>
internal sealed record OpeningErrors(ErrorOptions Own, ErrorOptions Capability)
{
    public static OpeningErrors None { get; } = new(ErrorOptions.None, ErrorOptions.None);
}

/// <summary>
/// The strategies of one stage. A strategy by cause comes before a general one; within each, the nearest level first: the stage, the
/// consume or pipeline, the capability, the plan. Nothing said is <c>:fail</c>.
/// </summary>
internal sealed class ErrorPolicy(params ErrorOptions[] levels)
{
    /// <summary>Of the nearest level that names one.</summary>
    public DeadLetterTarget? Letters { get; } = Array.Find(levels, static level => level.Letters is not null)?.Letters;

    public ErrorStrategy For(ErrorCause cause)
    {
        if (cause == ErrorCause.Unrouted)
        {
            return ErrorStrategy.DeadLetter;
        }

        foreach (var level in levels)
        {
            if (level.For(cause) is { } strategy)
            {
                return strategy;
            }
        }

        foreach (var level in levels)
        {
            if (level.General is { } strategy)
            {
                return strategy;
            }
        }

        return ErrorStrategy.Fail;
    }
}
