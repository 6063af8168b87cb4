// Items that a form writes by itself, and not a flow: the stage of the sink for as long as the form takes.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>What a form that wrote is told.</summary>
/// <param name="Failures">The items that were given up, by their place.</param>
internal sealed record DirectWrite(StageCounters Counters, IReadOnlyDictionary<long, RtfsException> Failures)
{
    /// <summary>Writes in order, and waits while there is no room.</summary>
    /// <param name="correlationId">What answers to the items are to carry; null where none are expected.</param>
    /// <param name="letter">The dead letter that the one item is; null of another.</param>
    /// <exception cref="RtfsException">What an item failed on, where the policy says so.</exception>
    public static async ValueTask<DirectWrite> WriteAsync(
        StreamRun run,
        SinkHandle sink,
        ErrorPolicy policy,
        Value[] items,
        string? correlationId,
        EvaluationContext evaluation,
        EngineTask task,
        bool areLetters = false,
        ReplayedLetter? letter = null)
    {
        run.Produces(sink.Sink, task.Segment);
        var stage = new SinkStage(sink.Identity, policy, sink) { Replayed = letter };
        var first = run.AddAsLast(stage);
        var context = new SegmentContext(run, evaluation, task, evaluation.Cancellation) { Failures = [], WritesLetters = areLetters };
        var current = task.Current;
        try
        {
            await stage.StartAsync(context);
            for (var next = 0; next < items.Length && context.Failure is null;)
            {
                await run.Holds.WaitAsync(sink, context);

                // What a callback asks of the sink is looked at after the item.
                var given = sink.Sink.ItemCallback is null ? items.Length - next : 1;
                var batch = BatchOf(items.AsSpan(next, given), correlationId, run);
                next += batch.Count;
                await context.WorkOnAsync(stage, batch);
                run.Pool.Return(batch);
            }
        }
        finally
        {
            task.Current = current;
            if (letter is not null && stage.Counters is { Processed: 0, Skipped: 0, DeadLettered: 0 })
            {
                run.Replay!.Keep(letter);
            }

            run.Merge(stage);
        }

        // What callbacks fail on has been written all the same.
        var failures = context.Failures.Where(one => ReferenceEquals(one.Failure.Stage, stage)).ToArray();
        if (context.Failure is not null && failures.Length > 0 && stage.Watchers is { ObservesErrors: true } watchers)
        {
            // It is raised, and the sink goes on: so it is told as an item's failure.
            var (error, item) = failures[^1];
            await watchers.TellErrorAsync(error, item with { IsLast = false }, context);
        }

        return context.Failure is { } failure
            ? throw failure
            : new DirectWrite(stage.Counters, failures.ToDictionary(one => one.Failure.Sequence - first, static one => one.Error));
    }

    private static Batch BatchOf(ReadOnlySpan<Value> items, string? correlationId, StreamRun run)
    {
        var batch = run.Pool.Rent();
        batch.Count = Math.Min(items.Length, batch.Items.Length);
        batch.Timestamp = run.Time.GetUtcNow();
        items[..batch.Count].CopyTo(batch.Items);
        if (correlationId is not null)
        {
            batch.BeginCorrelation();
            Array.Fill(batch.CorrelationIds!, correlationId, 0, batch.Count);
        }

        return batch;
    }
}
