// The callbacks that watch a stream: told in order, one at a time, and never after its terminal event.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// What can happen to a stream that a callback is told of. <c>:on-item</c> stands apart: it is a stage. It covers two of the nine events
/// of a stream, an item received and an item sent.
/// </summary>
internal enum StreamEvent
{
    Start,
    Error,
    Pause,
    Resume,
    Backpressure,
    Complete,
    Cancel,
}

/// <summary>Of one reader of a stream, or of the stream itself. An exception in a callback is an event of the run and nothing else.</summary>
internal sealed class Observers(StageIdentity identity)
{
    private readonly Function?[] _functions = new Function?[Enum.GetValues<StreamEvent>().Length];
    private readonly Turn _turn = new();
    private Function? _onStageError;
    private bool _over;

    public bool ObservesErrors => Of(StreamEvent.Error) is not null || _onStageError is not null;

    public IEnumerable<Function> Functions => _functions.Append(_onStageError).OfType<Function>();

    /// <summary>Whether the terminal event has been told, or is being told.</summary>
    public bool IsOver => Volatile.Read(ref _over);

    public Function? Of(StreamEvent happening) => Volatile.Read(ref _functions[(int)happening]);

    /// <summary>Takes the place of an earlier one; null leaves it.</summary>
    public void Register(StreamEvent happening, Function? callback)
    {
        if (callback is not null)
        {
            Volatile.Write(ref _functions[(int)happening], callback);
        }
    }

    /// <summary>Those of another take the place of these, as far as it has them.</summary>
    public void Register(Observers others)
    {
        foreach (var happening in Enum.GetValues<StreamEvent>())
        {
            Register(happening, others.Of(happening));
        }
    }

    /// <summary>Given the stage's id and the error; for pipelines.</summary>
    public void RegisterStageError(Function? callback) => _onStageError = callback ?? _onStageError;

    /// <summary>The callbacks of a map: eight names, and the aliases.</summary>
    public void Register(OptionReader callbacks)
    {
        Register(StreamEvent.Start, Either(callbacks, "on-start", "on-connected"));
        Register(StreamEvent.Complete, Either(callbacks, "on-complete", "on-disconnected"));
        Register(StreamEvent.Error, callbacks.Function("on-error"));
        Register(StreamEvent.Cancel, callbacks.Function("on-cancel"));
        Register(StreamEvent.Pause, callbacks.Function("on-pause"));
        Register(StreamEvent.Resume, callbacks.Function("on-resume"));
        Register(StreamEvent.Backpressure, callbacks.Function("on-backpressure"));
    }

    public static Function? Either(OptionReader callbacks, string name, string alias)
    {
        var named = callbacks.Function(name);
        var aliased = callbacks.Function(alias);
        return named is not null && aliased is not null
            ? throw callbacks.Problem($":{name} and :{alias} are one callback; give one of them")
            : named ?? aliased;
    }

    public ValueTask TellAsync(StreamEvent happening, SegmentContext context, Value detail = default) =>
        Of(happening) is { } callback ? TellAsync(callback, happening, context, detail) : ValueTask.CompletedTask;

    /// <summary>Tells a function that is not registered here, in turn with those that are.</summary>
    public ValueTask TellAsync(Function callback, StreamEvent happening, SegmentContext context, Value detail) =>
        TellAsync(callback, callback.Accepts(0) ? [] : [Describe(happening, detail)], context);

    private async ValueTask TellAsync(Function callback, Value[] arguments, SegmentContext context)
    {
        await context.Task.InsideAsync(_turn.TakeAsync(), "a callback of its stream");
        try
        {
            if (!_over)
            {
                await InvokeAsync(callback, arguments, context);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask TellErrorAsync(RtfsException error, ItemFailure failure, SegmentContext context)
    {
        var stage = failure.Stage.Identity.Id;
        if (_onStageError is { } staged)
        {
            await TellAsync(staged, [Value.String(stage), FailureHandler.Describe(error, stage, failure.Sequence)], context);
        }

        // What ends the stream is told once, as its terminal event.
        if (Of(StreamEvent.Error) is { } observer && !failure.IsLast)
        {
            await TellAsync(observer, ErrorArguments(observer, error, failure.Item, stage, failure.Sequence), context);
        }
    }

    /// <summary>The one terminal event; false when there was one.</summary>
    public async ValueTask<bool> EndAsync(Ending ending, SegmentContext context)
    {
        await context.Task.InsideAsync(_turn.TakeAsync(), "a callback of its stream");
        try
        {
            if (_over)
            {
                return false;
            }

            _over = true;
            var happening = ending.IsCancelled ? StreamEvent.Cancel : ending.Failure is null ? StreamEvent.Complete : StreamEvent.Error;
            if (Of(happening) is { } callback)
            {
                var arguments = ending.Failure is { } failure ? ErrorArguments(callback, failure, Value.Nil, identity.Id, null)
                    : callback.Accepts(0) ? [] : [Describe(happening, Value.Nil)];
                await InvokeLastAsync(callback, arguments, context, ending.IsCancelled || context.Evaluation.Cancellation.IsCancellationRequested);
            }

            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Value[] ErrorArguments(Function observer, RtfsException error, Value item, string stage, long? sequence)
    {
        var told = FailureHandler.Describe(error, stage, sequence);
        return observer.Accepts(1) ? [told] : [told, item];
    }

    private Value Describe(StreamEvent happening, Value detail)
    {
        var map = MapValue.Empty
            .Assoc(Value.Of(Keyword.Of("event")), Value.Of(Keyword.Of(Enum.GetName(happening)!.ToLowerInvariant())))
            .Assoc(Value.Of(Keyword.Of("stream")), Value.String(identity.Id));
        foreach (var (key, value) in detail.As<MapValue>()?.Entries ?? [])
        {
            map = map.Assoc(key, value);
        }

        return Value.Of(map);
    }

    /// <summary>Once its run is cancelled, be it that it failed, a callback has a small budget of its own.</summary>
    private async ValueTask InvokeLastAsync(Function observer, Value[] arguments, SegmentContext context, bool isCancelled)
    {
        var bounded = isCancelled && context.Evaluation.BeginCleanup();
        try
        {
            await InvokeAsync(observer, arguments, context);
        }
        finally
        {
            if (bounded)
            {
                context.Evaluation.EndCleanup();
            }
        }
    }

    private async ValueTask InvokeAsync(Function observer, Value[] arguments, SegmentContext context)
    {
        try
        {
            await observer.InvokeAsync(context.Evaluation, arguments);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            // The stream was cancelled while the observer waited; its own end says so.
        }
        catch (Exception error)
        {
            context.Run.Events.Add(RunEventKind.ObserverFailed, identity.Id, $"{observer.Name}: {error.Message}");
        }
    }
}
