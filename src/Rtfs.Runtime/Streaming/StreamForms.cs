// The forms that make handles and stages: sources, sinks, operators, pipelines.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>Wires the graph of one run. Everything here is cold; <see cref="FlowForms"/> starts flows.</summary>
internal sealed class StreamForms(StreamRun run, CapabilityTable capabilities)
{
    private readonly Lock _gate = new();
    private readonly Openings _openings = new(run, capabilities);
    private readonly HashSet<StreamHandle> _gathered = [];

    public Openings Openings => _openings;

    public Value Source(OperationCall call)
    {
        var wish = OpeningWish.Take(ref call);
        if (call.Arguments[0].As<StreamHandle>() is { } handle)
        {
            wish.RefuseSchema($"{handle.Label} is open already");
            return Value.OfObject(handle);
        }

        return Value.OfObject(_openings.Source(RegistrationForm.IdOf(call.Arguments[0], call.Place), wish, fresh: true));
    }

    public Value Sink(OperationCall call)
    {
        var wish = OpeningWish.Take(ref call);
        if (call.Arguments[0].As<SinkHandle>() is { } handle)
        {
            wish.RefuseSchema($"{handle.Label} is open already");
            return Value.OfObject(handle);
        }

        return Value.OfObject(_openings.Sink(RegistrationForm.IdOf(call.Arguments[0], call.Place), wish));
    }

    /// <summary>A stage, or with a stream in front a handle.</summary>
    public Value Stage(OperationCall call, PlanErrors plan)
    {
        var stream = call.Arguments.Length > 1 ? call.Arguments[0] : (Value?)null;
        var options = new OptionReader(call.Options, call.Name, call.Place);
        var errors = ErrorsOf(options, call);
        var step = call.Name == "stream-aggregate"
            ? AggregateOperator.Read(call.Arguments[^1], errors, call.Place)
            : Make(call.Name, OptionReader.FunctionOf(call.Arguments[^1], $"the function of {call.Name}", call.Place), errors, call.Place);
        options.Finish();
        return stream is { } input ? Value.OfObject(Derive(Stream(input, plan, call.Place), step)) : Value.OfObject(step);
    }

    public Value Window(OperationCall call, PlanErrors plan)
    {
        var stream = call.Arguments.Length > 0 && call.Arguments[0].As<MapValue>() is null ? call.Arguments[0] : (Value?)null;
        var window = WindowOperator.Read(Merge(ref call, stream is null ? 0 : 1), call.Place);
        return stream is { } input ? Value.OfObject(Derive(Stream(input, plan, call.Place), window)) : Value.OfObject(window);
    }

    /// <summary>Positional as a stage or a derived handle, or wired by <c>:input-stream</c> and <c>:output-stream</c>.</summary>
    public Value Transform(OperationCall call, PlanErrors plan)
    {
        var options = new OptionReader(call.Options, call.Name, call.Place);
        var input = options.Take("input-stream");
        var output = options.Take("output-stream");
        var written = options.Take("fn") is { IsNil: false } named ? named : options.Take("transform-fn");
        options.Take("transform-fn");
        var errors = ErrorsOf(options, call);
        options.Finish();
        var positional = call.Arguments;
        if (positional.Length == 1 && written.IsNil && input.IsNil && IsCapabilityId(positional[0]))
        {
            return Value.OfObject(new CapabilityStage(RegistrationForm.IdOf(positional[0], call.Place), errors, call.Place));
        }

        if (positional.Length == 2)
        {
            input = positional[0];
            written = positional[1];
        }
        else if (positional.Length == 1)
        {
            (input, written) = written.IsNil ? (input, positional[0]) : (positional[0], written);
        }

        if (written.IsNil && output.IsNil)
        {
            throw Problem("stream-transform needs a function: (stream-transform f), or :transform-fn f", call.Place);
        }

        // A wired transform without a function passes items on as they are.
        var step = written.IsNil ? null : Make("stream-transform", OptionReader.FunctionOf(written, "the function of stream-transform", call.Place), errors, call.Place);
        if (input.IsNil)
        {
            return output.IsNil
                ? Value.OfObject(step!)
                : throw Problem("stream-transform with :output-stream needs :input-stream", call.Place);
        }

        var handle = Stream(input, plan, call.Place);
        var result = step is null ? handle : Derive(handle, step);
        if (!output.IsNil)
        {
            var sink = SinkOf(output, call.Place);
            // Without a function it is the writing that what the form says of errors is for.
            var said = step is null ? new FlowOptions { Errors = errors } : FlowOptions.None;
            run.Wire(new Flow(result, new SinkEnd(sink), said, new Observers(sink.Identity), plan) { Answers = output.As<PairHandle>()?.Answers });
        }

        return Value.OfObject(result);
    }

    public Value Pipeline(OperationCall call)
    {
        var options = new OptionReader(Merge(ref call, 1), call.Name, call.Place);
        var config = options.Take("config");
        var errors = options.ErrorHandling();
        options.Finish();
        var stages = Items(call.Arguments[0], "stream-pipeline expects a vector of stages", call.Place);
        return Value.OfObject(new PipelineValue(stages, new FlowOptions { Errors = errors }.Or(FlowOptions.Read(config, call.Name, call.Place))));
    }

    /// <summary>The stream that a pipeline's stages make, and its sink when it ends in one.</summary>
    /// <param name="outer">What the pipelines say about errors that it is a stage of.</param>
    public (StreamHandle Stream, SinkHandle? Sink) Assemble(PipelineValue pipeline, PlanErrors plan, SourcePlace place, ErrorOptions[]? outer = null)
    {
        ErrorOptions[] pipelines = [pipeline.Options.Errors, .. outer ?? []];
        if (pipeline.Stages.Count == 0)
        {
            throw Problem("a pipeline needs at least a source: (stream-pipeline [(stream-source \"…\") … (stream-sink \"…\")])", place);
        }

        var stream = Stream(pipeline.Stages[0], plan, place, pipelines);
        for (var i = 1; i < pipeline.Stages.Count; i++)
        {
            var stage = pipeline.Stages[i];
            if (stage.As<SinkHandle>() is { } sink)
            {
                return i == pipeline.Stages.Count - 1 ? (stream, sink) : throw Problem("a sink can only be the last stage of a pipeline", place);
            }

            if (i == pipeline.Stages.Count - 1 && IsCapabilityId(stage))
            {
                return (stream, SinkOf(stage, place));
            }

            if (stage.As<Operator>() is { } step)
            {
                stream = Derive(stream, step, pipelines);
            }
            else if (stage.As<CapabilityStage>() is { } capability)
            {
                stream = Through(stream, _openings.Conversation(capability.Id, new OpeningWish(capability.Place) { Errors = capability.Errors }), plan, pipelines, isOwn: true);
            }
            else if (stage.As<PairHandle>() is { } pair)
            {
                // What comes so far is written, and what is read goes on; at the end there is only the writing.
                if (i == pipeline.Stages.Count - 1)
                {
                    return (stream, pair.Outbound);
                }

                stream = Through(stream, pair, plan, pipelines, isOwn: false);
            }
            else if (stage.As<Function>() is { } function)
            {
                stream = Derive(stream, new TransformOperator("transform", function, ErrorOptions.None, place), pipelines);
            }
            else
            {
                throw Problem($"stage {i + 1} of the pipeline is {Errors.Describe(stage)}; expected a stage such as (stream-filter f), or a sink at the end", place);
            }
        }

        return (stream, null);
    }

    /// <summary>A handle, a pipeline, or a capability id, which denotes one handle in the run.</summary>
    public StreamHandle Stream(Value reference, PlanErrors plan, SourcePlace place, ErrorOptions[]? pipelines = null)
    {
        if (reference.As<SinkHandle>() is { } sink)
        {
            return _openings.ReadingOf(sink, place);
        }

        if (reference.As<PairHandle>() is { } pair)
        {
            return pair.Inbound;
        }

        if (reference.As<StreamHandle>() is { } handle)
        {
            return handle;
        }

        if (reference.As<PipelineValue>() is { } pipeline)
        {
            return Assemble(pipeline, plan, place, pipelines) is (var stream, null) ? stream : throw Problem("a pipeline that ends in a sink gives no stream; execute it with stream-execute", place);
        }

        return IsCapabilityId(reference)
            ? ConversationOf(reference, place)?.Inbound ?? _openings.TapOf(RegistrationForm.IdOf(reference, place), place) ?? _openings.Source(RegistrationForm.IdOf(reference, place), new OpeningWish(place), fresh: false)
            : throw new RtfsException("RTFS9001", "TypeError", $"expected a stream (a handle or a capability id), found {Errors.Describe(reference)}", place);
    }

    public static MapValue Merge(ref OperationCall call, int positional)
    {
        var options = call.Options;
        for (var i = positional; i < call.Arguments.Length; i++)
        {
            if (call.Arguments[i].As<MapValue>() is not { } more)
            {
                throw Problem($"{call.Name} expects its options as a map, found {Errors.Describe(call.Arguments[i])}", call.Place);
            }

            foreach (var (key, value) in more.Entries)
            {
                options = options.Assoc(key, value);
            }
        }

        return options;
    }

    private static Operator Make(string form, Function function, ErrorOptions errors, SourcePlace place) => form switch
    {
        "stream-filter" => new FilterOperator(function, errors, place),
        "stream-key-by" => new KeyByOperator(function, errors, place),
        "stream-map" => new TransformOperator("map", function, errors, place),
        _ => new TransformOperator("transform", function, errors, place),
    };

    public static ErrorOptions ErrorsOf(OptionReader options, in OperationCall call)
    {
        var config = options.Take("config");
        var own = new FlowOptions { Errors = options.ErrorHandling() };
        if (config.IsNil)
        {
            return own.Errors;
        }

        var read = FlowOptions.Read(config, call.Name, call.Place);
        return read is { BufferSize: null, BatchSize: null, Idle: null, Backpressure: null }
            ? own.Or(read).Errors
            : throw Problem($":config of {call.Name} takes :error-handling in this version; give :buffer-size, :batch-size and :timeout-ms where the stream is consumed", call.Place);
    }

    /// <summary>A pipeline goes on with what comes back of what it writes so far.</summary>
    /// <param name="isOwn">Whether nothing else has the handle of the conversation.</param>
    private StreamHandle Through(StreamHandle input, PairHandle pair, PlanErrors plan, ErrorOptions[] pipelines, bool isOwn)
    {
        run.Wire(new Flow(input, new SinkEnd(pair.Outbound), FlowOptions.None, new Observers(pair.Outbound.Identity), plan)
        {
            Answers = pair.Inbound,
            IsPart = true,
            Pipelines = pipelines,
            IsOnlyWriter = isOwn && pair.Outbound.Sink.Provider is ConversationEnds { StandsForItsId: false },
        });
        pair.Inbound.Pipelines = pipelines;
        return pair.Inbound;
    }

    private StreamHandle Derive(StreamHandle input, Operator step, ErrorOptions[]? pipelines = null)
    {
        if (step is AggregateOperator aggregate)
        {
            if (input is not DerivedHandle { Operator: WindowOperator window } windowed)
            {
                throw new RtfsException("RTFS9030", "StreamError", "stream-aggregate needs a stream-window directly before it", step.Place);
            }

            bool first;
            lock (_gate)
            {
                first = _gathered.Add(windowed);
            }

            // The aggregate gathers by itself, from what the window reads.
            var identity = first ? windowed.Identity : run.Name("window", window.Name, null, window.Place);
            input = new DerivedHandle(identity, windowed.Input, new WindowPassage(window)) { Pipelines = windowed.Pipelines };
            step = aggregate.Over(window.Count);
        }

        return new DerivedHandle(run.Name(step.Kind, step.Name is "fn" ? null : step.Name, null, step.Place), input, step) { Pipelines = pipelines ?? [] };
    }

    public SinkHandle SinkOf(Value reference, SourcePlace place) => reference.As<SinkHandle>() ?? reference.As<PairHandle>()?.Outbound
        ?? OtherEndOf(reference, place)
        ?? ConversationOf(reference, place)?.Outbound
        ?? (IsCapabilityId(reference)
            ? _openings.Sink(RegistrationForm.IdOf(reference, place), new OpeningWish(place))
            : throw new RtfsException("RTFS9001", "TypeError", $"expected a sink (a handle or a capability id), found {Errors.Describe(reference)}", place));

    /// <summary>What a stream form writes to: a sink, or the other end of what has two.</summary>
    public SinkHandle WriterOf(Value reference, SourcePlace place) =>
        reference.As<StreamHandle>() is { } handle and not SinkHandle and not PairHandle && OtherEndOf(reference, place) is null
            ? throw new RtfsException("RTFS9030", "StreamError", $"{handle.Label} is read, and cannot be written to; open the sink with stream-sink", place)
            : SinkOf(reference, place);

    public SinkHandle Letters(DeadLetterTarget target)
    {
        var place = target.Place!;
        return (target.Reference.As<SinkHandle>() ?? target.Reference.As<PairHandle>()?.Outbound ?? OtherEndOf(target.Reference, place)) is { } open
            ? _openings.Letters(open.Sink, place)
            : IsCapabilityId(target.Reference)
                ? _openings.Letters(RegistrationForm.IdOf(target.Reference, place), new OpeningWish(place))
                : throw Problem($":dead-letter of :error-handling names a sink (a handle or a capability id), found {Errors.Describe(target.Reference)}", place);
    }

    /// <summary>Where to write what a local channel, or a transform capability opened as a source, then gives; null for another handle.</summary>
    private SinkHandle? OtherEndOf(Value reference, SourcePlace place) =>
        reference.As<SourceHandle>() is { Provider: LocalChannel or ConversationEnds { StandsForItsId: true } } both
            ? _openings.Sink(both.Identity.Capability!, new OpeningWish(place))
            : null;

    /// <summary>The handle that a reference denotes, whichever end it is.</summary>
    public StreamHandle StreamOrSink(Value reference, PlanErrors plan, SourcePlace place) =>
        reference.As<StreamHandle>() ?? ConversationOf(reference, place) ?? SinkMeant(reference, place) ?? Stream(reference, plan, place);

    /// <summary>The conversation that a bare id denotes; null for another reference.</summary>
    public PairHandle? ConversationOf(Value reference, SourcePlace place) =>
        IsCapabilityId(reference) ? _openings.ConversationOf(RegistrationForm.IdOf(reference, place), place) : null;

    /// <summary>The sink that a bare id stands for; null where it stands for what is read.</summary>
    private SinkHandle? SinkMeant(Value reference, SourcePlace place) =>
        IsCapabilityId(reference) ? _openings.SinkNamed(RegistrationForm.IdOf(reference, place), place) : null;

    private static bool IsCapabilityId(Value value) => value.Kind is ValueKind.String or ValueKind.Symbol
        || (value.As<Keyword>() is { } keyword && Syntax.Language.CapabilityId(keyword.Name) is not null);

    public static IReadOnlyList<Value> Items(Value value, string expected, SourcePlace place) =>
        value.As<VectorValue>() is { } vector ? [.. vector.Items]
        : value.As<ListValue>() is { } list ? [.. list.Items]
        : throw Problem($"{expected}, found {Errors.Describe(value)}", place);

    private static RtfsException Problem(string message, SourcePlace? place) => new("RTFS9009", "InvalidArgument", message, place);
}
