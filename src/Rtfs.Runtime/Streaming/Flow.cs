// A chain of stages with an end: a consume, or a sink. What the forms that block wait for.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>The callbacks of a flow that watch it; an exception in one is an event of the run and nothing else.</summary>
internal sealed record Observers(Function? OnStart, Function? OnError, Function? OnComplete, Function? OnCancel)
{
    public static Observers None { get; } = new(null, null, null, null);

    /// <summary>Given the stage's id and the error; for pipelines.</summary>
    public Function? OnStageError { get; init; }
}

/// <param name="plan">The plan that wired it: a plan executed inside another waits for its own flows alone.</param>
internal sealed class Flow(StreamHandle input, FlowEnd end, FlowOptions options, Observers observers, PlanErrors plan) : IReader
{
    private readonly TaskCompletionSource<RtfsException?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Turn _observing = new();
    private bool _over;

    public StreamHandle Input => input;

    public FlowEnd End => end;

    public FlowOptions Options => options;

    public PlanErrors Plan => plan;

    /// <summary>Null when it ended well. Cancelled when the run was.</summary>
    public Task<RtfsException?> Completion => _completion.Task;

    public bool IsStarted { get; set; }

    public bool ObservesErrors => observers.OnError is not null || observers.OnStageError is not null;

    /// <summary>Whether a form waits for it, so that its failure is raised there.</summary>
    public bool HasWaiter { get; set; }

    /// <summary>The stages that its items go through, its own end last; known once it has started.</summary>
    public List<Stage> Stages { get; } = [];

    public long StartedAt { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public async ValueTask StartedAsync(SegmentContext context)
    {
        StartedAt = context.Run.Time.GetTimestamp();
        context.Run.Events.Add(RunEventKind.Started, end.Identity.Id, $"{end.Identity.Label} started");
        await ObserveAsync(observers.OnStart, [], context);
    }

    /// <summary>The one terminal event, and the end of every wait.</summary>
    public async ValueTask EndedAsync(RtfsException? failure, bool cancelled, SegmentContext context)
    {
        try
        {
            await end.CloseAsync(context);
        }
        catch (Exception error)
        {
            failure ??= FailureHandler.AsRtfs(error, end.Identity.Place);
        }

        Elapsed = context.Run.Time.GetElapsedTime(StartedAt);
        cancelled |= failure is null && context.Run.Cancellation.IsCancellationRequested;
        await context.Task.InsideAsync(_observing.TakeAsync(), "a callback of its stream");
        _over = true;
        _observing.Release();
        if (cancelled)
        {
            await InvokeAsync(observers.OnCancel, [], context);
            context.Run.Events.Add(RunEventKind.Cancelled, end.Identity.Id, $"{end.Identity.Label} cancelled");
        }
        else if (failure is not null)
        {
            if (observers.OnError is { } observer)
            {
                await InvokeAsync(observer, ErrorArguments(observer, failure, Value.Nil, end.Identity.Id, null), context);
            }

            context.Run.Events.Add(RunEventKind.Failed, end.Identity.Id, failure.Message);
        }
        else
        {
            await InvokeAsync(observers.OnComplete, [], context);
            context.Run.Events.Add(RunEventKind.Completed, end.Identity.Id, $"{end.Identity.Label} completed");
        }

        context.Run.FlowEnded(this, failure);
        if (cancelled)
        {
            _completion.TrySetCanceled(CancellationToken.None);
        }
        else
        {
            _completion.TrySetResult(failure);
        }
    }

    public async ValueTask TellErrorAsync(RtfsException error, ItemFailure failure, SegmentContext context)
    {
        var stage = failure.Stage.Identity.Id;
        await ObserveAsync(observers.OnStageError, [Value.String(stage), FailureHandler.Describe(error, stage, failure.Sequence)], context);

        // What ends the flow is told once, as its terminal event.
        if (observers.OnError is { } observer && context.Failure is null)
        {
            await ObserveAsync(observer, ErrorArguments(observer, error, failure.Item, stage, failure.Sequence), context);
        }
    }

    private static Value[] ErrorArguments(Function observer, RtfsException error, Value item, string stage, long? sequence)
    {
        var told = FailureHandler.Describe(error, stage, sequence);
        return observer.Accepts(1) ? [told] : [told, item];
    }

    /// <summary>Callbacks never overlap, and none comes after the terminal event.</summary>
    private async ValueTask ObserveAsync(Function? observer, Value[] arguments, SegmentContext context)
    {
        if (observer is null)
        {
            return;
        }

        await context.Task.InsideAsync(_observing.TakeAsync(), "a callback of its stream");
        try
        {
            if (!_over)
            {
                await InvokeAsync(observer, arguments, context);
            }
        }
        finally
        {
            _observing.Release();
        }
    }

    private async ValueTask InvokeAsync(Function? observer, Value[] arguments, SegmentContext context)
    {
        if (observer is null)
        {
            return;
        }

        try
        {
            await observer.InvokeAsync(context.Evaluation, arguments);
        }
        catch (Exception error) when (!context.IsCancelled(error))
        {
            context.Run.Events.Add(RunEventKind.ObserverFailed, end.Identity.Id, $"{observer.Name}: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            // The run was cancelled while the observer waited; the flow's own end says so.
        }
    }
}
