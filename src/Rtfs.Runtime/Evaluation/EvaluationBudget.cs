// What is left of a run's limits, shared by the flows of the run.

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// Flows take steps and memory in blocks and keep count of a block by themselves. A flow that ends gives back what it did not use, so
/// that the sum does not depend on how the work was spread. Safe for threads.
/// </summary>
internal sealed class EvaluationBudget
{
    private const int StepBlock = 512;
    private const int MemoryBlock = 64 * 1024;

    // A block is at most this part of what is left, so that no flow starves while another holds much.
    private const int SmallestShare = 64;

    // What a `finally` may still use once a limit is passed.
    private const long CleanupSteps = 10_000;
    private const long CleanupMemory = 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly long _started;
    private long _steps;
    private long _memory;
    private long _cleanupSteps = CleanupSteps;
    private long _cleanupMemory = CleanupMemory;

    public EvaluationBudget(EvaluationLimits limits, TimeProvider time)
    {
        Limits = limits;
        _time = time;
        _steps = limits.MaxSteps;
        _memory = limits.MaxMemory;
        _started = time.GetTimestamp();
    }

    public EvaluationLimits Limits { get; }

    /// <summary>Steps that flows have taken so far.</summary>
    public long StepsTaken => Limits.MaxSteps - Interlocked.Read(ref _steps);

    /// <exception cref="LimitException">None is left, or the time is over.</exception>
    public int TakeSteps(bool cleanup)
    {
        if (cleanup)
        {
            return (int)Take(ref _cleanupSteps, StepBlock) is > 0 and var granted ? granted : throw Errors.StepLimit(Limits.MaxSteps);
        }

        CheckTime();
        return (int)Take(ref _steps, StepBlock) is > 0 and var taken ? taken : throw Errors.StepLimit(Limits.MaxSteps);
    }

    public void ReturnSteps(int unused) => Interlocked.Add(ref _steps, unused);

    /// <summary>At least <paramref name="wanted"/> bytes.</summary>
    /// <exception cref="LimitException">So many are not left, or the time is over.</exception>
    public long TakeMemory(long wanted, bool cleanup)
    {
        if (!cleanup)
        {
            CheckTime();
        }

        ref var left = ref cleanup ? ref _cleanupMemory : ref _memory;
        var taken = Take(ref left, MemoryBlock);
        while (taken < wanted)
        {
            var more = TakeUpTo(ref left, wanted - taken);
            if (more == 0)
            {
                Interlocked.Add(ref left, taken);
                throw Errors.MemoryLimit(Limits.MaxMemory);
            }

            taken += more;
        }

        return taken;
    }

    public void ReturnMemory(long unused) => Interlocked.Add(ref _memory, unused);

    private static long Take(ref long left, long block) =>
        TakeUpTo(ref left, Math.Clamp(Interlocked.Read(ref left) / SmallestShare, 1, block));

    private static long TakeUpTo(ref long left, long wanted)
    {
        while (true)
        {
            var present = Interlocked.Read(ref left);
            var taken = Math.Min(present, wanted);
            if (taken <= 0)
            {
                return 0;
            }

            if (Interlocked.CompareExchange(ref left, present - taken, present) == present)
            {
                return taken;
            }
        }
    }

    private void CheckTime()
    {
        if (Limits.MaxTime != Timeout.InfiniteTimeSpan && _time.GetElapsedTime(_started) > Limits.MaxTime)
        {
            throw Errors.TimeLimit(Limits.MaxTime);
        }
    }
}
