// The forms that end a chain: consume and execute.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class FlowForms(StreamRun run, StreamForms forms, PlanErrors plan)
{
    /// <summary>The channel form runs to the end and gives a summary; the callback form registers and gives the handle.</summary>
    public async ValueTask<Value> ConsumeAsync(OperationCall call, EngineTask task)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 2), call.Name, call.Place);
        var config = options.Take("config");
        var read = FlowOptions.Take(options).Or(FlowOptions.Read(config, call.Name, call.Place));
        options.Finish();
        var stream = forms.Stream(call.Arguments[0], call.Place);
        var logic = call.Arguments[1];
        if (logic.As<Consumer>() is { } consumer)
        {
            var flow = new Flow(stream, new ConsumeEnd(run.Name("consume", null, null, call.Place), consumer.Body), read, Observers.None, plan);
            run.Wire(flow);
            await run.RunAsync(flow, task);
            return Summary(flow);
        }

        if (logic.As<MapValue>() is not { } callbacks)
        {
            throw new RtfsException(
                "RTFS9001", "TypeError", $"stream-consume expects {{item => body…}} or a map of callbacks {{:on-item f …}}, found {Errors.Describe(logic)}", call.Place);
        }

        run.Wire(Callbacks(stream, callbacks, read, call.Place));
        return Value.OfObject(stream);
    }

    /// <summary>Runs a pipeline to its end and gives its summary.</summary>
    public async ValueTask<Value> ExecuteAsync(OperationCall call, EngineTask task)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 1), call.Name, call.Place);
        var config = new OptionReader(options.Take("config"), $":config of {call.Name}", call.Place);
        var observers = new Observers(config.Function("on-pipeline-start"), null, config.Function("on-pipeline-complete"), null)
        {
            OnStageError = config.Function("on-stage-error"),
        };
        var own = new FlowOptions { Errors = options.ErrorHandling() }.Or(FlowOptions.Take(config));
        config.Finish();
        options.Finish();
        if (call.Arguments[0].As<PipelineValue>() is not { } pipeline)
        {
            throw new RtfsException("RTFS9001", "TypeError", $"stream-execute expects a pipeline, found {Errors.Describe(call.Arguments[0])}", call.Place);
        }

        var (stream, sink) = forms.Assemble(pipeline, call.Place);
        if (sink is null)
        {
            throw new RtfsException("RTFS9030", "StreamError", "the pipeline does not end in a sink, so its items would go nowhere; add a sink, or consume the pipeline", call.Place);
        }

        var flow = new Flow(stream, new SinkEnd(sink), own.Or(pipeline.Options), observers, plan);
        run.Wire(flow);
        await run.RunAsync(flow, task);
        return Summary(flow);
    }

    private Flow Callbacks(StreamHandle stream, MapValue callbacks, FlowOptions options, SourcePlace place)
    {
        var reader = new OptionReader(callbacks, "the callbacks of stream-consume", place);
        var item = Either(reader, "on-item", "on-data");
        var start = Either(reader, "on-start", "on-connected");
        var complete = Either(reader, "on-complete", "on-disconnected");
        var error = reader.Function("on-error");
        var cancel = reader.Function("on-cancel");
        var enabled = reader.Flag("enable-callbacks") ?? options.CallbacksEnabled ?? true;
        reader.Finish();
        var identity = run.Name("consume", null, null, place);
        return enabled
            ? new Flow(stream, new ConsumeEnd(identity, item), options, new Observers(start, error, complete, cancel), plan)
            : new Flow(stream, new ConsumeEnd(identity, null), options, Observers.None, plan);
    }

    private static Function? Either(OptionReader reader, string name, string alias)
    {
        var named = reader.Function(name);
        var aliased = reader.Function(alias);
        return named is not null && aliased is not null
            ? throw reader.Problem($":{name} and :{alias} are one callback; give one of them")
            : named ?? aliased;
    }

    private static Value Summary(Flow flow)
    {
        long skipped = 0, deadLettered = 0, dropped = 0, failed = 0;
        foreach (var stage in flow.Stages)
        {
            skipped += stage.Counters.Skipped;
            deadLettered += stage.Counters.DeadLettered;
            dropped += stage.Counters.Dropped;
            failed += stage.Counters.Failed;
        }

        var summary = MapValue.Empty;
        Add("items", flow.Stages[^1].Counters.Processed);
        Add("errors", skipped + deadLettered + failed);
        Add("skipped", skipped);
        Add("dead-lettered", deadLettered);
        Add("dropped", dropped);
        Add("failed", failed);
        Add("elapsed-ms", (long)flow.Elapsed.TotalMilliseconds);
        return Value.Of(summary);

        void Add(string key, long count) => summary = summary.Assoc(Value.Of(Keyword.Of(key)), Value.Int(count));
    }
}
