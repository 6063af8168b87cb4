// What the stages of one segment share while it runs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

internal sealed class SegmentContext(StreamRun run, EvaluationContext evaluation, EngineTask task)
{
    public StreamRun Run => run;

    public EvaluationContext Evaluation => evaluation;

    public EngineTask Task => task;

    public FailureHandler Failures => run.Failures;

    /// <summary>What ended the flow, here.</summary>
    public RtfsException? Failure { get; set; }

    /// <summary>How long a retry waits.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether an exception is the run's cancellation and no fault of an item.</summary>
    public bool IsCancelled(Exception error) => error is OperationCanceledException && run.Cancellation.IsCancellationRequested;

    public async ValueTask DelayAsync()
    {
        var delay = Delay;
        Delay = TimeSpan.Zero;
        await task.OutsideAsync(new ValueTask(System.Threading.Tasks.Task.Delay(delay, run.Time, run.Cancellation)), "the time of the next attempt");
    }

    /// <summary>Errors of items that the observers of their flow are still to be told of.</summary>
    public Queue<(Flow Flow, RtfsException Error, ItemFailure Failure)> Unobserved { get; } = [];

    public void Observe(RtfsException error, in ItemFailure failure)
    {
        if (failure.Stage.Flow is { ObservesErrors: true } flow)
        {
            Unobserved.Enqueue((flow, error, failure));
        }
    }

    /// <summary>Tells them, in order; observers may wait, stages that failed may not.</summary>
    public async ValueTask TellObserversAsync()
    {
        while (Unobserved.TryDequeue(out var next))
        {
            await next.Flow.TellErrorAsync(next.Error, next.Failure, this);
        }
    }
}
