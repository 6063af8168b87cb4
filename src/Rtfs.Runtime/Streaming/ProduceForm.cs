// stream-produce: items that a plan writes by itself, from its body or from the body of a stream.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Replay;
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
        var disposed = onError is null ? ErrorOptions.None : new ErrorOptions { General = ErrorStrategy.Skip };
        var policy = new ErrorPolicy(errors, handle.Errors.Own, handle.Errors.Capability, plan.Options, disposed);
        if (run.Replay is not { } replay || task.Segment is not null || task.TellsOfLetter)
        {
            return Value.Int(await WriteAsync(items, null));
        }

        // The body has nothing of its own to write where dead letters are replayed: those of the sink come in place of it.
        run.Produces(handle.Sink, null);
        replay.LeaveOut(items.Length);
        var accepted = 0L;
        while (replay.TryTake(handle.Identity) is { } letter)
        {
            accepted += await WriteAsync([letter.Item!.Value], letter);
        }

        return Value.Int(accepted);

        async ValueTask<long> WriteAsync(Value[] given, ReplayedLetter? letter)
        {
            await StartReadersAsync(handle.Sink, given.Length, task);
            var written = await DirectWrite.WriteAsync(run, handle, policy, given, null, evaluation, task, letter: letter);
            if (enabled)
            {
                task.TellsOfLetter |= letter is not null;
                try
                {
                    await TellAsync(given, written, onSuccess, onError, handle.Identity.Id, evaluation);
                }
                finally
                {
                    task.TellsOfLetter &= letter is null;
                }
            }

            return written.Counters.Processed;
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
        Value[] items, DirectWrite written, Function? onSuccess, Function? onError, string stage, EvaluationContext evaluation)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (!written.Failures.TryGetValue(i, out var error))
            {
                await (onSuccess?.InvokeAsync(evaluation, [items[i]]) ?? default);
            }
            else if (onError is not null)
            {
                await onError.InvokeAsync(evaluation, [items[i], FailureHandler.Describe(error, stage, i)]);
            }
        }
    }
}
