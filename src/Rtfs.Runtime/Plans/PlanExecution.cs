// A plan that runs: its body, then every flow that it left open, then the closing of what it opened.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Plan;

namespace Rtfs.Runtime.Plans;

internal sealed class PlanExecution : PlanRun
{
    private readonly StreamRun _run;
    private readonly long _startedAt;
    private readonly TaskCompletionSource<RunSummary> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PlanExecution(StreamRun run)
    {
        _run = run;
        _startedAt = run.Time.GetTimestamp();
    }

    public override Task<RunSummary> Completion => _completion.Task;

    public override IAsyncEnumerable<RunEvent> Events => _run.Events.ReadAsync();

    public override Topology Topology => _run.Topology();

    public override IReadOnlyList<Value> DeadLetters => _run.DeadLetters.Kept;

    internal string Waits => _run.Waits();

    /// <summary>Starts the body on the scheduler.</summary>
    public void Begin(Func<EngineTask, ValueTask<Value>> body, TaskScheduler scheduler)
    {
        var task = new EngineTask(_run.Monitor, "the plan", null) { Limit = _run.Shutdown };
        task.Begin();

        // Its end is the run's completion, which holds whatever it throws.
        _ = Task.Factory.StartNew(() => RunAsync(body, task), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    public override RunSummary Snapshot() => Summarize(RunOutcome.Completed, null, Value.Nil);

    public override async Task<RunSummary> StopAsync(bool drain, CancellationToken cancellation = default)
    {
        if (drain)
        {
            _run.Stop();
        }
        else
        {
            _run.Cancel();
        }

        return await Completion.WaitAsync(cancellation);
    }

    public override void Pause() => _run.Hold(true);

    public override void Resume() => _run.Hold(false);

    public override async Task<RunSummary> StopAsync(TimeSpan deadline, CancellationToken cancellation = default)
    {
        _run.Stop(deadline);
        return await Completion.WaitAsync(cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        _run.Cancel();
        await Completion;
    }

    private async Task RunAsync(Func<EngineTask, ValueTask<Value>> body, EngineTask task)
    {
        var value = Value.Nil;
        RtfsException? failure = null;
        try
        {
            if (!await _run.Shutdown.AwaitAsync(WorkAsync()))
            {
                _run.IsAbandoned = true;
                failure = _run.Shutdown.Late(["the body of the plan"]);
            }
        }
        catch (OperationCanceledException) when (_run.Cancellation.IsCancellationRequested)
        {
            // The cause is either a failure that the run knows, or the host's wish.
        }
        catch (Exception error)
        {
            failure = FailureHandler.AsRtfs(error);
        }

        async Task WorkAsync()
        {
            value = await body(task);
            await _run.FinishAsync(null, task);
        }

        var cancelled = _run.Cancellation.IsCancellationRequested;
        if (failure is not null)
        {
            _run.Fail(failure);
        }

        var closing = await _run.CloseAsync(task);
        task.End();
        failure = _run.Failure ?? failure ?? closing;
        var outcome = failure is not null ? RunOutcome.Failed : cancelled ? RunOutcome.Cancelled : RunOutcome.Completed;
        var summary = Summarize(outcome, failure, value);
        _run.Events.Add(
            outcome switch
            {
                RunOutcome.Completed => RunEventKind.Completed,
                RunOutcome.Cancelled => RunEventKind.Cancelled,
                _ => RunEventKind.Failed,
            },
            "",
            failure?.Message ?? outcome.ToString());
        _run.Events.End();
        try
        {
            Conservation.Check(summary);
            _completion.TrySetResult(summary);
        }
        catch (InvalidOperationException bug)
        {
            _completion.TrySetException(bug);
        }
    }

    private RunSummary Summarize(RunOutcome outcome, RtfsException? error, Value value)
    {
        long into = 0, outOf = 0, skipped = 0, deadLettered = 0, dropped = 0, failed = 0, retries = 0;
        var stages = new List<StageSummary>();
        foreach (var (identity, counted) in _run.Summaries())
        {
            var stage = _run.IsAbandoned ? counted.GivenUp() : counted;
            stages.Add(stage);
            into += identity is { Kind: "source" or "bidirectional", IsInside: false } ? stage.Received : 0;
            outOf += identity is { Kind: "sink", IsInside: false } ? stage.Processed : 0;
            skipped += stage.Skipped;
            deadLettered += stage.DeadLettered;
            dropped += stage.Dropped;
            failed += stage.Failed;
            retries += stage.Retries;
        }

        return new RunSummary
        {
            Outcome = outcome,
            ItemsIn = into,
            ItemsOut = outOf,
            Skipped = skipped,
            DeadLettered = deadLettered,
            Dropped = dropped,
            Failed = failed,
            Retries = retries,
            Elapsed = _run.Time.GetElapsedTime(_startedAt),
            Stages = stages,
            NotReplayed = _run.Replay?.Kept ?? 0,
            Seed = _run.Seed,
            Value = value,
            Error = error,
        };
    }
}
