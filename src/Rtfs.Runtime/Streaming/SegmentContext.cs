// What the stages of one segment share while it runs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <param name="cancellation">Everything of this segment stops where it is: the run's end, or its stream's.</param>
internal sealed class SegmentContext(StreamRun run, EvaluationContext evaluation, EngineTask task, CancellationToken cancellation)
{
    // Not yet written to the sink that they are for.
    private readonly Queue<(SinkHandle Sink, Value Letter, Stage Stage)> _letters = [];
    private volatile bool _isInterrupted;

    private static ErrorPolicy LetterPolicy { get; } = new(new ErrorOptions { General = ErrorStrategy.Skip });

    public StreamRun Run => run;

    public EvaluationContext Evaluation => evaluation;

    public EngineTask Task => task;

    public FailureHandler FailureHandler => run.Failures;

    /// <summary>Items that were given up, where somebody asks for each; null where nobody does.</summary>
    public List<(RtfsException Error, ItemFailure Failure)>? Failures { get; init; }

    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether dead letters are what is written: those that fail stay in the run's own list.</summary>
    public bool WritesLetters { get; init; }

    /// <summary>What is asked of the segment; null where a plan's body writes by itself.</summary>
    public SegmentRequests? Requests { get; init; }

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
    public Queue<(Flow? Flow, Observers? Observers, RtfsException Error, ItemFailure Failure)> Unobserved { get; } = [];

    /// <summary>Whether an exception is the cancellation of the run or the stream, and no fault of an item.</summary>
    public bool IsCancelled(Exception error) => error is OperationCanceledException && cancellation.IsCancellationRequested;

    /// <summary>Lets a stage work through a batch, with the waits of its retries and of a stream that is held.</summary>
    /// <param name="flush">Takes the items in front of the one that is waited for; null where they may wait with it.</param>
    public async ValueTask WorkOnAsync(Stage stage, Batch batch, Func<Batch, ValueTask>? flush = null)
    {
        try
        {
            while (true)
            {
                var passage = stage.IsAsynchronous ? await stage.ProcessAsync(batch, this) : stage.Process(batch, this);
                if (passage == Passage.Done)
                {
                    break;
                }

                if (flush is not null && Requests is not { IsCancelled: true } && stage.TakeDone(batch, run.Pool) is { } done)
                {
                    await flush(done);
                    if (Failure is not null)
                    {
                        // A stage behind this one has ended the flow: nothing more is worked on.
                        stage.DropRest(batch);
                        batch.Count = 0;
                        break;
                    }
                }

                if (passage == Passage.Wait)
                {
                    await DelayAsync();
                }
                else
                {
                    await Requests!.SettleAsync(this);
                }
            }
        }
        catch (Exception error) when (IsCancelled(error))
        {
            stage.DropRest(batch);
            KeepLetters();
            throw;
        }

        if (Unobserved.Count > 0 || _letters.Count > 0)
        {
            await TellFailuresAsync();
        }

        if (run.Audits)
        {
            Plans.Conservation.Check(stage.Identity, stage.Counters);
        }
    }

    public async ValueTask DelayAsync()
    {
        var delay = Delay;
        Delay = TimeSpan.Zero;
        await task.OutsideAsync(new ValueTask(System.Threading.Tasks.Task.Delay(delay, run.Time, cancellation)), "the time of the next attempt");
    }

    public void Observe(RtfsException error, in ItemFailure failure)
    {
        Failures?.Add((error, failure));
        if (failure.Stage.Flow?.ToldOf(failure.Stage) is { Observers.ObservesErrors: true } flow)
        {
            Unobserved.Enqueue((flow, null, error, failure));
        }

        if (failure.Stage.Watchers is { ObservesErrors: true } observers)
        {
            Unobserved.Enqueue((null, observers, error, failure));
        }
    }

    /// <summary>A dead letter: to the run's own list, or soon to the sink that the policy of its stage names.</summary>
    public void AddLetter(Value letter, Stage stage)
    {
        if (stage.Policy.Letters is { } target && !WritesLetters && run.LettersTo(target) is var sink && !IsFedBy(stage, sink.Sink))
        {
            _letters.Enqueue((sink, letter, stage));
        }
        else
        {
            run.DeadLetters.Add(letter, stage.Identity.Id);
        }
    }

    /// <summary>A run that is over writes no more of them.</summary>
    public void KeepLetters()
    {
        while (_letters.TryDequeue(out var next))
        {
            run.DeadLetters.Add(next.Letter, next.Stage.Identity.Id);
        }
    }

    /// <summary>Hands over what failed, in order: dead letters to their sink, errors to observers; those may wait, stages that failed may not.</summary>
    public async ValueTask TellFailuresAsync()
    {
        try
        {
            while (_letters.TryPeek(out var letter))
            {
                await WriteAsync(letter.Sink, letter.Letter, letter.Stage);
                _letters.Dequeue();
            }
        }
        catch (OperationCanceledException)
        {
            KeepLetters();
            throw;
        }

        while (Unobserved.TryDequeue(out var next))
        {
            await (next.Flow?.TellErrorAsync(next.Error, next.Failure, this) ?? next.Observers!.TellErrorAsync(next.Error, next.Failure, this));
        }
    }

    /// <summary>What fails on the letters that it reads would never end.</summary>
    private static bool IsFedBy(Stage stage, SharedSink sink) =>
        (stage.Flow?.Input ?? stage.Handle) is { } stream && Writers.IsReadBy(sink, stream);

    private async ValueTask WriteAsync(SinkHandle sink, Value letter, Stage stage)
    {
        var reason = "";
        try
        {
            var written = await DirectWrite.WriteAsync(run, sink, LetterPolicy, [letter], null, evaluation, task, areLetters: true);
            if (written.Failures.Count == 0)
            {
                return;
            }

            reason = written.Failures.Values.First().Message;
        }
        catch (RtfsException fault)
        {
            reason = fault.Message;
        }

        run.DeadLetters.Add(letter, stage.Identity.Id);
        run.Events.Log("error", stage.Identity.Id, $"a dead letter cannot be written to {sink.Sink.Capability}: {reason} It is kept in the run.");
    }
}
