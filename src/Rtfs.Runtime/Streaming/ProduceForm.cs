// stream-produce: items that a plan writes by itself, from its body or from the body of a stream.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class ProduceForm(StreamRun run, StreamForms forms, PlanErrors plan)
{
    /// <summary>
    /// Writes an item, or the items of a vector, and gives how many were accepted. Waits while there is no room. With <c>:on-error</c> an
    /// item that fails is told there and skipped, unless a strategy says otherwise; without, it raises.
    /// </summary>
    public async ValueTask<Value> ProduceAsync(OperationCall call, EvaluationContext evaluation, EngineTask task)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 2), call.Name, call.Place);
        var enabled = options.Flag("enable-callbacks") ?? true;
        var onSuccess = options.Function("on-success");
        var onError = options.Function("on-error");
        var errors = options.ErrorHandling();
        options.Finish();
        var handle = forms.WriterOf(call.Arguments[0], call.Place);
        Value[] items = call.Arguments[1].As<VectorValue>() is { } several ? [.. several.Items] : [call.Arguments[1]];
        run.Produces(handle.Sink, task.Segment);
        await StartReadersAsync(handle.Sink, items.Length, task);

        var disposed = onError is null ? ErrorOptions.None : new ErrorOptions { General = ErrorStrategy.Skip };
        var stage = new SinkStage(handle.Identity, new ErrorPolicy(errors, handle.Errors.Own, handle.Errors.Capability, plan.Options, disposed), handle);
        run.Add(stage);
        var context = new SegmentContext(run, evaluation, task, evaluation.Cancellation) { Failures = [], Requests = null };
        var current = task.Current;
        try
        {
            await stage.StartAsync(context);
            await WriteAsync(stage, items, context);
        }
        finally
        {
            task.Current = current;
            run.Merge(stage);
        }

        if (enabled)
        {
            await TellAsync(items, context.Failures, onSuccess, onError, stage, evaluation);
        }

        return context.Failure is { } failure ? throw failure : Value.Int(stage.Counters.Processed);
    }

    private static async ValueTask WriteAsync(SinkStage stage, Value[] items, SegmentContext context)
    {
        for (var next = 0; next < items.Length && context.Failure is null;)
        {
            var batch = context.Run.Pool.Rent();
            batch.Count = Math.Min(items.Length - next, batch.Items.Length);
            batch.Timestamp = context.Run.Time.GetUtcNow();
            items.AsSpan(next, batch.Count).CopyTo(batch.Items);
            next += batch.Count;
            await context.WorkOnAsync(stage, batch);
            context.Run.Pool.Return(batch);
        }
    }

    /// <summary>A channel without room waits for its readers, which a blocking form starts.</summary>
    private async ValueTask StartReadersAsync(SharedSink sink, int items, EngineTask task)
    {
        if (sink.Provider is LocalChannel { IsHeldByHost: false } channel && channel.Free < items)
        {
            var cold = run.ColdReadersOf(sink);
            if (cold.Count > 0)
            {
                await task.StartAsync(run, cold);
                task.Among?.GoOn();
            }
        }
    }

    private static async ValueTask TellAsync(
        Value[] items, IReadOnlyList<(RtfsException Error, ItemFailure Failure)> failures, Function? onSuccess, Function? onError, SinkStage stage, EvaluationContext evaluation)
    {
        var failed = failures.ToDictionary(static one => one.Failure.Sequence, static one => one.Error);
        for (var i = 0; i < stage.Counters.Received; i++)
        {
            if (failed.TryGetValue(i, out var error))
            {
                if (onError is not null)
                {
                    await onError.InvokeAsync(evaluation, [items[i], FailureHandler.Describe(error, stage.Identity.Id, i)]);
                }
            }
            else if (onSuccess is not null && i < stage.Counters.Received - stage.Counters.Dropped)
            {
                await onSuccess.InvokeAsync(evaluation, [items[i]]);
            }
        }
    }
}
