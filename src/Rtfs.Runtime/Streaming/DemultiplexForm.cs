// stream-demultiplex: one stream taken apart by a key, into a map of handles.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class DemultiplexForm(StreamRun run, StreamForms forms, PlanErrors plan)
{
    private static readonly Value Default = Value.Of(Keyword.Of("default"));

    public Value Apply(OperationCall call)
    {
        var merged = StreamForms.Merge(ref call, 1);
        var options = new OptionReader(merged, call.Name, call.Place);
        var criteria = options.Function("criteria") ?? throw options.Problem("stream-demultiplex needs :criteria, a function or a keyword that gives the key of an item");
        var outputs = options.Take("outputs").As<MapValue>()
            ?? throw options.Problem("stream-demultiplex needs :outputs, a map of keys and sinks: {:outputs {:high \"com.example:v1:high\" :low nil}}");
        var fallback = options.Take("default");
        var hasFallback = merged.TryGet(Default, out _);
        var errors = StreamForms.ErrorsOf(options, call);
        options.Finish();
        if (outputs.Count == 0 && !hasFallback)
        {
            throw options.Problem("stream-demultiplex has no outputs; give it :outputs {key sink}, or :default");
        }

        if (hasFallback && outputs.TryGet(Default, out _))
        {
            throw options.Problem("stream-demultiplex has a :default and an output of the key :default, and its handles could not be told apart");
        }

        var written = outputs.Entries.ToList();
        if (hasFallback)
        {
            written.Add(new(Default, fallback));
        }

        var routes = new Dictionary<Value, int>();
        for (var number = 0; number < outputs.Count; number++)
        {
            routes.Add(written[number].Key, number);
        }

        var input = forms.Stream(call.Arguments[0], plan, call.Place);
        var step = new DemultiplexOperator(criteria, routes, hasFallback ? outputs.Count : null, errors, call.Place);
        var identity = run.Name(step.Kind, step.Name is "fn" ? null : step.Name, null, call.Place);
        var operators = written.ConvertAll(output => new RouteOperator(output.Key, call.Place));
        var given = operators.ConvertAll(output => new Route(run.Name(output.Kind, output.Name, null, call.Place), new Outputs()));
        var demultiplexer = new DemultiplexHandle(identity, input, step, given);
        var handles = MapValue.Empty;
        for (var number = 0; number < written.Count; number++)
        {
            var (key, reference) = written[number];
            var route = new RouteHandle(given[number].Identity, demultiplexer, operators[number], given[number].Outputs);
            handles = handles.Assoc(key, Value.OfObject(route));
            Wire(route, reference, call.Place);
        }

        return Value.Of(handles);
    }

    /// <summary>A reference of nil leaves the handle to whoever reads it.</summary>
    private void Wire(RouteHandle route, Value reference, SourcePlace place)
    {
        if (!reference.IsNil)
        {
            var sink = forms.SinkOf(reference, place);
            run.Wire(new Flow(route, new SinkEnd(sink), FlowOptions.None, new Observers(sink.Identity), plan));
        }
    }
}
