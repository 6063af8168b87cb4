// The forms that watch and steer streams: callbacks, pause, resume, close, cancel, await, meta.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class LifecycleForms(StreamRun run, StreamForms forms, PlanErrors plan)
{
    private readonly Lifecycle _lifecycle = new(run);

    /// <summary>Registers callbacks on a stream, or replaces them; gives the stream.</summary>
    public Value Callbacks(OperationCall call)
    {
        var callbacks = new OptionReader(StreamForms.Merge(ref call, 1), "the callbacks of stream-callbacks", call.Place);
        var named = callbacks.Take("stream-handle");
        var events = callbacks.Take("events");
        var reference = call.Arguments.Length > 0 ? call.Arguments[0] : named;
        if (reference.IsNil)
        {
            throw callbacks.Problem("stream-callbacks needs a stream: (stream-callbacks stream {:on-item f …})");
        }

        var enabled = callbacks.Flag("enable-callbacks");
        if (!events.IsNil)
        {
            callbacks.Finish();
            callbacks = new OptionReader(events, ":events of stream-callbacks", call.Place);
        }

        var handle = HandleOf(reference, call.Place);

        // What a conversation is watched for is what comes of it.
        var watched = (handle as PairHandle)?.Inbound ?? handle;
        var within = callbacks.Flag("enable-callbacks");
        if (enabled is { } beside && within is { } other && beside != other)
        {
            throw callbacks.Problem($":enable-callbacks {Word(beside)} beside :events and :enable-callbacks {Word(other)} in it are one option; give one of them");
        }

        var item = Observers.Either(callbacks, "on-item", "on-data");
        var watching = new Observers(handle.Identity);
        watching.Register(callbacks);
        callbacks.Finish();
        if (enabled ?? within ?? true)
        {
            run.Locked(() =>
            {
                (watched.Observers ??= new Observers(watched.Identity)).Register(watching);
                Watch(watched, item, call.Place);
                return true;
            });
            run.Mention(watched);
        }

        return Value.OfObject(handle);
    }

    public Value Pause(OperationCall call)
    {
        _lifecycle.Pause(HandleOf(call.Arguments[0], call.Place), call.Name == "stream-pause");
        return Value.Nil;
    }

    public async ValueTask<Value> CloseAsync(OperationCall call, EngineTask task)
    {
        await _lifecycle.CloseAsync(HandleOf(call.Arguments[0], call.Place), task);
        return Value.Nil;
    }

    public async ValueTask<Value> CancelAsync(OperationCall call, EngineTask task)
    {
        await _lifecycle.CancelAsync(HandleOf(call.Arguments[0], call.Place), task);
        return Value.Nil;
    }

    /// <summary>Gives the summary of all that read the stream, added up.</summary>
    public async ValueTask<Value> AwaitAsync(OperationCall call, EvaluationContext context, EngineTask task)
    {
        var flows = await _lifecycle.AwaitAsync(HandleOf(call.Arguments[0], call.Place), task, call.Place, context.Cancellation);
        return Flow.Summary(flows);
    }

    public ValueTask ReleaseAsync(Value resource, bool failed, EvaluationContext context, EngineTask task) =>
        StreamOf(resource, task) is { } handle ? _lifecycle.ReleaseAsync(handle, failed, task, context.Cancellation) : ValueTask.CompletedTask;

    /// <summary>The stream of a scope, which a bare id may name; null for a resource that is none.</summary>
    private StreamHandle? StreamOf(Value resource, EngineTask task) =>
        resource.As<StreamHandle>()
        ?? (resource.As<string>() is { } id && Syntax.Language.CapabilityId(id) is not null ? HandleOf(resource, task.Place!) : null);

    /// <summary>The envelope of the item in hand.</summary>
    public static Value Meta(OperationCall call, EvaluationContext context) => context.Task?.Current?.Current?.ToValue()
        ?? throw new RtfsException("RTFS9030", "StreamError", "(stream-meta) gives the envelope of the item in hand, and there is none here; use it in the body or the :on-item of a stream", call.Place);

    private static string Word(bool flag) => flag ? "true" : "false";

    private StreamHandle HandleOf(Value reference, SourcePlace place) => reference.As<SinkHandle>() ?? forms.StreamOrSink(reference, plan, place);

    private void Watch(StreamHandle handle, Function? item, SourcePlace place)
    {
        if (item is null)
        {
            return;
        }

        var sink = (handle as SinkHandle)?.Sink;
        if ((sink?.ItemCallback ?? handle.ItemCallback) is { } known)
        {
            known.Callback = item;
            return;
        }

        var own = handle switch
        {
            SinkHandle written => written.Errors,
            SourceHandle read => read.Errors,
            DerivedHandle derived => new OpeningErrors(derived.Operator.Errors, ErrorOptions.None),
            _ => OpeningErrors.None,
        };
        var stage = new ItemCallbackStage(
            run.Name("callbacks", handle.Identity.Label, null, place), new ErrorPolicy(own.Own, own.Capability, plan.Options), item, handle);
        run.Add(stage);
        if (sink is not null)
        {
            sink.ItemCallback = stage;
        }
        else
        {
            handle.ItemCallback = stage;
        }
    }
}
