// What the stages of one segment share while it runs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <param name="cancellation">Everything of this segment stops where it is: the run's end, or its stream's.</param>
internal sealed class SegmentContext(StreamRun run, EvaluationContext evaluation, EngineTask task, CancellationToken cancellation)
{
    private volatile bool _isInterrupted;

    public StreamRun Run => run;

    public EvaluationContext Evaluation => evaluation;

    public EngineTask Task => task;

    public FailureHandler Failures => run.Failures;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What ended the flow, here.</summary>
    public RtfsException? Failure { get; set; }

    /// <summary>How long a retry waits.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether stages are to stop after the item in hand: the stream was paused or cancelled.</summary>
    public bool IsInterrupted
    {
        get => _isInterrupted;
        set => _isInterrupted = value;
    }

    /// <summary>Errors of items that the observers of their flow are still to be told of.</summary>
    public Queue<(Flow Flow, RtfsException Error, ItemFailure Failure)> Unobserved { get; } = [];

    /// <summary>Whether an exception is the cancellation of the run or the stream, and no fault of an item.</summary>
    public bool IsCancelled(Exception error) => error is OperationCanceledException && cancellation.IsCancellationRequested;

    public async ValueTask DelayAsync()
    {
        var delay = Delay;
        Delay = TimeSpan.Zero;
        await task.OutsideAsync(new ValueTask(System.Threading.Tasks.Task.Delay(delay, run.Time, cancellation)), "the time of the next attempt");
    }

    public void Observe(RtfsException error, in ItemFailure failure)
    {
        // What ends the flow is told once, as its terminal event.
        if (Failure is null && failure.Stage.Flow is { } flow && flow.Observers.ObservesErrors)
        {
            Unobserved.Enqueue((flow, error, failure));
        }
    }

    /// <summary>Hands them over, in order; observers may wait, stages that failed may not.</summary>
    public async ValueTask TellObserversAsync()
    {
        while (Unobserved.TryDequeue(out var next))
        {
            await next.Flow.TellErrorAsync(next.Error, next.Failure, this);
        }
    }
}
