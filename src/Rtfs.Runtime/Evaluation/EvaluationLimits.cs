// What one evaluation may use, and the error of one that wants more.

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// A step is a call of a function of the program, a round of a loop, or an item that a library function works on: the same program takes the
/// same number of steps on every run. Going beyond a limit is a <see cref="LimitException"/>, which no <c>try</c> catches.
/// </summary>
public sealed record EvaluationLimits
{
    public const long StandardSteps = 100_000_000;

    public const int StandardDepth = 20_000;

    public const long StandardMemory = 2L * 1024 * 1024 * 1024;

    public static readonly TimeSpan StandardTime = TimeSpan.FromSeconds(10);

    /// <summary>For a text that is evaluated.</summary>
    public static EvaluationLimits Standard { get; } = new();

    /// <summary>Bounded in depth alone: for plans, which run for as long as their streams do.</summary>
    public static EvaluationLimits Unlimited { get; } = new()
    {
        MaxSteps = long.MaxValue,
        MaxMemory = long.MaxValue,
        MaxTime = Timeout.InfiniteTimeSpan,
    };

    public long MaxSteps { get; init; } = StandardSteps;

    /// <summary>How many calls of the program's functions may be open at once.</summary>
    public int MaxDepth { get; init; } = StandardDepth;

    /// <summary>
    /// Bytes of strings and collections that may be built, whether they are still in use or not: an estimate that depends on the program alone.
    /// </summary>
    public long MaxMemory { get; init; } = StandardMemory;

    /// <summary><see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public TimeSpan MaxTime { get; init; } = StandardTime;
}

/// <summary>An evaluation went beyond one of its <see cref="EvaluationLimits"/>.</summary>
public sealed class LimitException(string code, string kind, string message) : RtfsException(code, kind, message);
