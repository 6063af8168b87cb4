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
    public async ValueTask<Value> ConsumeAsync(OperationCall call, EngineTask task, CancellationToken cancellation)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 2), call.Name, call.Place);
        var config = options.Take("config");
        var read = FlowOptions.Take(options).Or(FlowOptions.Read(config, call.Name, call.Place));
        options.Finish();
        if (call.Arguments[0].As<PipelineValue>() is { } pipeline)
        {
            // Its strategies are those of its own stages; where it has none but the source, the flow stands for it.
            read = read.Or(pipeline.Stages.Count == 1 ? pipeline.Options : pipeline.Options with { Errors = ErrorOptions.None });
        }

        var stream = forms.Stream(call.Arguments[0], plan, call.Place);
        var logic = call.Arguments[1];
        if (logic.As<Consumer>() is { } consumer)
        {
            var identity = run.Name("consume", null, null, call.Place);
            var flow = new Flow(stream, new ConsumeEnd(identity, consumer.Body), read, new Observers(identity), plan) { HasWaiter = true };
            run.Wire(flow);
            await run.RunAsync([flow], task, cancellation);
            return Flow.Summary([flow]);
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
    public async ValueTask<Value> ExecuteAsync(OperationCall call, EngineTask task, CancellationToken cancellation)
    {
        var given = new OptionReader(StreamForms.Merge(ref call, 1), call.Name, call.Place);
        var config = new OptionReader(given.Take("config"), $":config of {call.Name}", call.Place);
        var onStart = config.Function("on-pipeline-start");
        var onComplete = config.Function("on-pipeline-complete");
        var onStageError = config.Function("on-stage-error");
        var own = new FlowOptions { Errors = given.ErrorHandling() }.Or(FlowOptions.Take(config));
        config.Finish();
        given.Finish();
        if (call.Arguments[0].As<PipelineValue>() is not { } pipeline)
        {
            throw new RtfsException("RTFS9001", "TypeError", $"stream-execute expects a pipeline, found {Errors.Describe(call.Arguments[0])}", call.Place);
        }

        var options = own.Or(pipeline.Options);
        var (stream, sink) = forms.Assemble(new PipelineValue(pipeline.Stages, options), plan, call.Place);
        if (sink is null)
        {
            throw new RtfsException("RTFS9030", "StreamError", "the pipeline does not end in a sink, so its items would go nowhere; add a sink, or consume the pipeline", call.Place);
        }

        var observers = new Observers(sink.Identity);
        observers.Register(StreamEvent.Start, onStart);
        observers.Register(StreamEvent.Complete, onComplete);
        observers.RegisterStageError(onStageError);
        var flow = new Flow(stream, new SinkEnd(sink), options, observers, plan) { HasWaiter = true };
        run.Wire(flow);
        await run.RunAsync([flow], task, cancellation);
        return Flow.Summary([flow]);
    }

    private Flow Callbacks(StreamHandle stream, MapValue callbacks, FlowOptions options, SourcePlace place)
    {
        var reader = new OptionReader(callbacks, "the callbacks of stream-consume", place);
        var identity = run.Name("consume", null, null, place);
        var item = Observers.Either(reader, "on-item", "on-data");
        var observers = new Observers(identity);
        observers.Register(reader);
        var enabled = reader.Flag("enable-callbacks") ?? options.CallbacksEnabled ?? true;
        reader.Finish();
        return enabled
            ? new Flow(stream, new ConsumeEnd(identity, item), options, observers, plan)
            : new Flow(stream, new ConsumeEnd(identity, null), options, new Observers(identity), plan);
    }
}
