// What the graph of a run is asked: who reads, who writes, what is called on the way.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class StreamRun
{
    /// <summary>Flows that read what a sink takes and have not been started.</summary>
    public IReadOnlyList<Flow> ColdReadersOf(SharedSink sink) => [.. ReadersOf(sink).Where(static flow => !flow.IsStarted)];

    /// <summary>Flows that write to what a source, or the handle of accepted items, gives.</summary>
    public IEnumerable<Flow> FlowsWritingTo(StreamHandle stream) => _writers.FlowsInto(stream);

    /// <summary>Flows that read what a sink takes.</summary>
    public IReadOnlyList<Flow> ReadersOf(SharedSink sink)
    {
        lock (_graph)
        {
            return [.. _flows.Where(flow => Writers.IsReadBy(sink, flow.Input))];
        }
    }

    /// <summary>Flows that may still write to a sink.</summary>
    public IReadOnlyList<Flow> WritersOf(SharedSink sink)
    {
        lock (_graph)
        {
            return [.. _writers.Of(sink)];
        }
    }

    /// <summary>Flows that read what a flow writes to.</summary>
    public IEnumerable<Flow> FlowsJoinedByChannel(Flow writer) =>
        Writers.SinkOf(writer) is { } sink ? ReadersOf(sink) : [];

    /// <summary>Flows that write what a stream gives the answers to.</summary>
    public IEnumerable<Flow> FlowsAnsweredBy(StreamHandle stream) => _flows.Where(flow => ReferenceEquals(flow.Answers, stream)).ToArray();

    /// <summary>Flows whose items come from a stream, or go to a sink.</summary>
    public IReadOnlyList<Flow> FlowsOn(StreamHandle handle)
    {
        lock (_graph)
        {
            return [.. _flows.Where(flow => ReferenceEquals(flow.End.Handle, handle) || ComesFrom(flow.Input, handle))];
        }
    }

    /// <summary>Takes flows out of the graph that have not started, and will not: the caller ends them.</summary>
    public IReadOnlyList<Flow> TakeCold(Func<Flow, bool> which)
    {
        lock (_graph)
        {
            var cold = _flows.Where(flow => !flow.IsStarted && which(flow)).ToArray();
            foreach (var flow in cold)
            {
                flow.IsStarted = true;
                flow.Input.RemoveReader(flow);
            }

            return cold;
        }
    }

    /// <summary>What is called for the items of a flow: its end, its callbacks, and the stages before it.</summary>
    private static IEnumerable<Function> FunctionsOf(Flow flow) =>
        flow.End.Functions.Concat(flow.Observers.Functions).Concat(flow.Input.WithInputs().SelectMany(static handle => handle.Functions));

    /// <summary>Where the dead letters of a flow may go; not where it reads.</summary>
    private SharedSink[] LettersOf(Flow flow) =>
        [.. new[] { flow.Options.Errors, flow.End.Errors.Own, flow.End.Errors.Capability, flow.Plan.Options }
            .Concat(flow.Pipelines)
            .Concat(ErrorsOf(flow.Input))
            .Select(static errors => errors.Letters).OfType<DeadLetterTarget>().Distinct()
            .Select(target => LettersTo(target).Sink).Distinct()
            .Where(sink => !Writers.IsReadBy(sink, flow.Input))];

    private static IEnumerable<ErrorOptions> ErrorsOf(StreamHandle stream) => stream.WithInputs().SelectMany(static handle => handle switch
    {
        DerivedHandle derived => [derived.Operator.Errors, .. derived.Pipelines],
        SourceHandle source => [source.Errors.Own, .. source.Pipelines, source.Errors.Capability],
        MultiplexHandle join => [join.Errors],
        _ => Array.Empty<ErrorOptions>(),
    });

    /// <summary>Callbacks that came to a stream after its flows were wired.</summary>
    public void Mention(StreamHandle handle)
    {
        lock (_graph)
        {
            var capabilities = CapabilityMentions.Of(handle.Functions);
            foreach (var flow in FlowsOn(handle))
            {
                _writers.Mention(capabilities, flow);
            }
        }
    }

    private static IEnumerable<StreamHandle> SourcesOf(StreamHandle stream) =>
        stream.WithInputs().Where(static handle => handle.Inputs.Count == 0);

    public static bool ComesFrom(StreamHandle stream, StreamHandle origin) =>
        stream.WithInputs().Contains(origin);
}
