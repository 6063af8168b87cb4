// A chain of stages with an end: a consume, or a sink. What the forms that block wait for.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <param name="plan">The plan that wired it: a plan executed inside another waits for its own flows alone.</param>
internal sealed class Flow(StreamHandle input, FlowEnd end, FlowOptions options, Observers observers, PlanErrors plan) : IReader
{
    private readonly TaskCompletionSource<Ending> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamHandle Input => input;

    public FlowEnd End => end;

    public FlowOptions Options => options;

    public Observers Observers => observers;

    public PlanErrors Plan => plan;

    /// <summary>Cancelled when the run was; a stream that was cancelled by itself is an ending like others.</summary>
    public Task<Ending> Completion => _completion.Task;

    /// <summary>What is read as answers to what it writes; null of a flow whose end answers nothing.</summary>
    public StreamHandle? Answers { get; init; }

    /// <summary>Whether it is the beginning of a pipeline that goes on with the answers.</summary>
    public bool IsPart { get; init; }

    /// <summary>What the pipelines say about errors that it is a part of, the innermost first.</summary>
    public IReadOnlyList<ErrorOptions> Pipelines { get; init; } = [];

    /// <summary>Whether nothing else in the run can write to its sink, which then ends with it.</summary>
    public bool IsOnlyWriter { get; init; }

    /// <summary>The one flow that reads the answers, through other parts of its pipeline; null as long as there is none.</summary>
    public Flow? Rest { get; set; }

    /// <summary>Whether it leaves nothing but its counts when it has ended: one of many that a form makes again and again.</summary>
    public bool IsPassing { get; init; }

    public bool IsStarted { get; set; }

    /// <summary>Where its end runs; null until it is started.</summary>
    public Segment? Segment { get; set; }

    /// <summary>Whether a form waits for it, so that its failure is raised there.</summary>
    public bool HasWaiter { get; set; }

    /// <summary>The stages that its items go through, its own end last; known once it has started.</summary>
    public List<Stage> Stages { get; } = [];

    /// <summary>Null as long as it has not, and for ever where it was cancelled before.</summary>
    public long? StartedAt { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    /// <summary>The flow whose callbacks are told what fails in a stage of this one.</summary>
    public Flow ToldOf(Stage stage) => IsPart || stage.Handle is null ? Rest ?? this : this;

    /// <summary>What a part of a pipeline has failed with is raised where the pipeline is consumed, behind what it had been answered.</summary>
    public bool PassesOn(RtfsException failure)
    {
        if (!IsPart || Answers is not SourceHandle { Segment: { HasEnded: false } rest } answers || !answers.TryFail(failure))
        {
            return false;
        }

        rest.Requests.Close();
        return true;
    }
    public async ValueTask StartedAsync(SegmentContext context)
    {
        StartedAt = context.Run.Time.GetTimestamp();
        context.Run.Events.Add(RunEventKind.Started, end.Identity.Id, $"{end.Identity.Label} started");
        await observers.TellAsync(StreamEvent.Start, context);
    }

    /// <summary>The one terminal event, and the end of every wait.</summary>
    public async ValueTask EndedAsync(Ending ending, SegmentContext context)
    {
        try
        {
            await end.CloseAsync(context);
        }
        catch (Exception error)
        {
            ending = ending.Failure is null ? Ending.Failed(FailureHandler.AsRtfs(error, end.Identity.Place)) : ending;
        }

        Elapsed = StartedAt is { } start ? context.Run.Time.GetElapsedTime(start) : TimeSpan.Zero;
        if (ending.Failure is null && context.Cancellation.IsCancellationRequested)
        {
            ending = Ending.Cancelled;
        }

        await observers.EndAsync(ending, context);
        context.Run.Events.Add(
            ending.IsCancelled ? RunEventKind.Cancelled : ending.Failure is null ? RunEventKind.Completed : RunEventKind.Failed,
            end.Identity.Id,
            ending.Failure?.Message ?? $"{end.Identity.Label} {(ending.IsCancelled ? "cancelled" : "completed")}");
        context.Run.FlowEnded(this, ending.Failure);
        if (ending.IsCancelled && context.Run.Cancellation.IsCancellationRequested)
        {
            _completion.TrySetCanceled(CancellationToken.None);
        }
        else
        {
            _completion.TrySetResult(ending);
        }
    }

    /// <summary>An item failed upstream of its end, or there: told in the segment of its end, between items.</summary>
    public ValueTask TellErrorAsync(RtfsException error, ItemFailure failure, SegmentContext context) =>
        Segment is { } own && !ReferenceEquals(own.Task, context.Task)
            ? own.PostAsync(new Notice(this, error, failure), context.Task)
            : observers.TellErrorAsync(error, failure, context);

    /// <summary>What the stages of flows have counted, each once: the value of the form that ran them.</summary>
    public static Value Summary(IReadOnlyList<Flow> flows)
    {
        long items = 0, skipped = 0, deadLettered = 0, dropped = 0, failed = 0;
        foreach (var stage in flows.SelectMany(static flow => flow.Stages).Distinct())
        {
            skipped += stage.Counters.Skipped;
            deadLettered += stage.Counters.DeadLettered;
            dropped += stage.Counters.Dropped;
            failed += stage.Counters.Failed;
        }

        var elapsed = TimeSpan.Zero;
        foreach (var flow in flows)
        {
            items += flow.Stages.Count > 0 ? flow.Stages[^1].Counters.Processed : 0;
            elapsed = flow.Elapsed > elapsed ? flow.Elapsed : elapsed;
        }

        var summary = MapValue.Empty;
        Add("items", items);
        Add("errors", skipped + deadLettered + failed);
        Add("skipped", skipped);
        Add("dead-lettered", deadLettered);
        Add("dropped", dropped);
        Add("failed", failed);
        Add("elapsed-ms", (long)elapsed.TotalMilliseconds);
        return Value.Of(summary);

        void Add(string key, long count) => summary = summary.Assoc(Value.Of(Keyword.Of(key)), Value.Int(count));
    }
}
