// Turns the cold part of the graph that some flows need into segments.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// A handle with one reader that neither waits nor does input and output shares the reader's segment; every other edge is a mailbox.
/// All readers that were wired to a handle start with it; a handle that runs already gets its new readers attached. Used under the
/// run's graph lock, once per start.
/// </summary>
internal sealed partial class GraphCompiler(StreamRun run)
{
    private readonly HashSet<StreamHandle> _handles = [];
    private readonly List<StreamHandle> _heads = [];
    private readonly List<(StreamHandle Handle, IReader Reader)> _late = [];
    private readonly List<Flow> _flows = [];
    private readonly Dictionary<IReader, Stage> _stages = [];
    private readonly Dictionary<MultiplexHandle, MultiplexHead> _joins = [];
    private readonly Queue<(MailboxHead Head, IReader Reader)> _pending = [];
    private readonly List<Segment> _segments = [];

    // Whether what writes to what is read starts too.
    private bool _withWriters = true;

    /// <summary>The segments, none of them begun.</summary>
    public IReadOnlyList<Segment> Compile(IEnumerable<Flow> wanted)
    {
        foreach (var flow in wanted)
        {
            if (flow.IsStarted)
            {
                // A tap reads from its wiring on; what writes to its sink starts with a form that waits for it.
                foreach (var tap in flow.Input.WithInputs().OfType<AcceptedHandle>())
                {
                    CollectWriters(tap);
                }
            }

            Collect(flow);
        }

        return Compile();
    }

    /// <summary>A flow of what runs already, and nothing besides: the same as <see cref="Compile(IEnumerable{Flow})"/> otherwise.</summary>
    public IReadOnlyList<Segment> CompileAlone(Flow flow)
    {
        _withWriters = false;
        Collect(flow);
        return Compile();
    }

    private IReadOnlyList<Segment> Compile()
    {
        if (Replaced() is { } refusal)
        {
            Forget();
            throw refusal;
        }

        foreach (var join in _heads.OfType<MultiplexHandle>())
        {
            Prepare(join);
        }

        foreach (var handle in _heads)
        {
            Build(HeadOf(handle), handle, null);
        }

        foreach (var (handle, reader) in _late)
        {
            Attach(handle, reader);
        }

        while (_pending.TryDequeue(out var next))
        {
            Build(next.Head, null, next.Reader);
        }

        foreach (var flow in _flows)
        {
            flow.Rest = RestOf(flow);
            CollectStages(flow.Input, flow, []);
            flow.Stages.Add(_stages[flow]);
        }

        FeederWatch.Begin(_segments);
        return _segments;
    }

    /// <summary>A sink replaces its file when it opens, so a source of the same start would find nothing in it.</summary>
    private RtfsException? Replaced()
    {
        foreach (var flow in _flows)
        {
            if (flow.End is SinkEnd { Handle.Sink: var sink } && _handles.OfType<SourceHandle>().FirstOrDefault(source => sink.WritesWhere(source.Provider)) is { } read)
            {
                return new RtfsException(
                    "RTFS9021",
                    "ResourceError",
                    $"{sink.Capability} writes the file that {read.Identity.Capability} reads at the same time. Write to another file.",
                    flow.End.Identity.Place);
            }
        }

        return null;
    }

    /// <summary>Nothing of what was collected starts.</summary>
    private void Forget()
    {
        foreach (var flow in _flows)
        {
            flow.IsStarted = false;
        }

        foreach (var handle in _handles)
        {
            handle.IsRunning = false;
        }
    }

    /// <summary>A flow, what it reads from, and all that reads from that: whatever a started source would give must find its readers.</summary>
    private void Collect(Flow flow)
    {
        if (flow.IsStarted)
        {
            return;
        }

        flow.IsStarted = true;
        _flows.Add(flow);
        CollectUp(flow.Input, flow);
        foreach (var other in run.FlowsJoinedByChannel(flow))
        {
            Collect(other);
        }
    }

    private void CollectUp(StreamHandle handle, IReader reader)
    {
        if (handle.IsRunning && !_handles.Contains(handle))
        {
            _late.Add((handle, reader));
            if (handle is AcceptedHandle && _withWriters)
            {
                CollectWriters(handle);
            }

            return;
        }

        if (!_handles.Add(handle))
        {
            return;
        }

        handle.IsRunning = true;
        for (var i = 0; i < handle.Inputs.Count; i++)
        {
            CollectUp(handle.Inputs[i], handle is MultiplexHandle join ? new MultiplexInput(join, i) : (IReader)handle);
        }

        if (handle.Inputs.Count == 0 || handle is MultiplexHandle)
        {
            _heads.Add(handle);
        }

        foreach (var other in handle.Readers)
        {
            CollectDown(other);
        }

        CollectWriters(handle);
    }

    private void CollectWriters(StreamHandle handle)
    {
        foreach (var writer in run.FlowsWritingTo(handle))
        {
            Collect(writer);
        }
    }

    private void CollectDown(IReader reader)
    {
        switch (reader)
        {
            case Flow flow:
                Collect(flow);
                break;
            case DerivedHandle derived:
                CollectUp(derived, derived);
                break;
            case MultiplexInput { Multiplexer: var join }:
                CollectUp(join, reader);
                break;
        }
    }

    private void Prepare(MultiplexHandle join)
    {
        var stage = new SourceStage(join.Identity, PolicyOf(join)) { Handle = join };
        join.Stage = stage;
        run.Add(stage);
        var options = FlowOf(join)?.Options ?? FlowOptions.None;
        _joins[join] = new MultiplexHead(
            stage, join.Inputs.Count, options.BufferSize ?? FlowOptions.DefaultBufferSize, options.Backpressure ?? Backpressure.Block, join.Strategy, run.Pool);
    }

    private Head HeadOf(StreamHandle handle)
    {
        if (handle is MultiplexHandle join)
        {
            return _joins[join];
        }

        var source = (SourceHandle)handle;
        var stage = new SourceStage(source.Identity, PolicyOf(source)) { Handle = source };
        source.Stage = stage;
        run.Add(stage);
        var size = source.Options.BatchSize ?? FlowOf(source)?.Options.BatchSize ?? Batch.DefaultCapacity;
        return new SourceHead(stage, source.Provider, source.Request, source.Schema, Math.Min(size, Batch.DefaultCapacity));
    }

    private void Build(Head head, StreamHandle? headHandle, IReader? first)
    {
        var steps = new List<Step>();
        var outward = new List<(StreamHandle Handle, IReader Reader)>();
        var reader = headHandle is null ? first : Next(headHandle, outward);
        Flow? flow = null;
        while (reader is not null)
        {
            if (reader is Flow end)
            {
                flow = end;
                steps.Add(new Step(StageOf(end), null));
                break;
            }

            var derived = (DerivedHandle)reader;
            steps.Add(new Step(StageOf(derived), derived));
            reader = Next(derived, outward);
        }

        var last = steps.Count > 0 ? steps[^1].Stage.Identity : headHandle!.Identity;
        var task = new EngineTask(run.Monitor, flow is null ? last.Id : $"{last.Id} ({last.Label})", last.Place) { Limit = run.Shutdown };
        var segment = new Segment(run, head, headHandle, [.. steps], flow, task);
        _segments.Add(segment);
        foreach (var (handle, target) in outward)
        {
            Attach(handle, target);
        }

        run.AddEdges(headHandle, steps);
    }

    /// <summary>The one reader that shares the segment, or null: then all go outward.</summary>
    private static IReader? Next(StreamHandle handle, List<(StreamHandle, IReader)> outward)
    {
        if (handle.Readers.Count == 1 && CanShare(handle, handle.Readers[0]))
        {
            return handle.Readers[0];
        }

        foreach (var reader in handle.Readers)
        {
            outward.Add((handle, reader));
        }

        return null;
    }

    private static bool CanShare(StreamHandle handle, IReader reader)
    {
        // Its items are taken apart on their way out.
        if (handle is DemultiplexHandle)
        {
            return false;
        }

        // Reading from outside overlaps with the work behind it.
        if (handle is SourceHandle source && (source.IsConversation || source.Provider.Effects.Count > 0 || source.Options is not { BufferSize: null, Backpressure: null }))
        {
            return false;
        }

        // What its flow says of a full buffer stands where the flow begins to read.
        if (BeginsAt(handle) && reader is DerivedHandle first && FlowOf(first)?.Options.Backpressure is not null)
        {
            return false;
        }

        return reader switch
        {
            DerivedHandle derived => !derived.Operator.MayBlock,
            Flow flow => !flow.End.MayBlock && !flow.End.IsOutside && flow.Options is { Idle: null, BufferSize: null, Backpressure: null }
                && flow.End.Handle?.Options is null or { BufferSize: null, Backpressure: null },
            _ => false,
        };
    }

    private void Attach(StreamHandle handle, IReader reader)
    {
        Mailbox mailbox;
        if (reader is MultiplexInput input)
        {
            mailbox = _joins[input.Multiplexer].Inputs[input.Index];
            run.AddEdge(handle.Identity.Id, input.Multiplexer.Id);
        }
        else
        {
            var stage = StageOf(reader);
            mailbox = MailboxOf(handle, reader, stage);
            run.AddEdge(handle.Identity.Id, stage.Identity.Id);
        }

        mailbox.Writer = handle.Segment;
        var outputs = reader is RouteHandle route ? route.Given : handle.Outputs;
        if (!outputs.TryAdd(mailbox))
        {
            // It has ended since its reader was wired: nothing comes any more.
            mailbox.End(Ending.Complete);
        }
    }

    private void CollectStages(StreamHandle handle, Flow flow, HashSet<StreamHandle> seen)
    {
        if (!seen.Add(handle))
        {
            return;
        }

        foreach (var input in handle.Inputs)
        {
            CollectStages(input, flow, seen);
        }

        foreach (var writer in run.FlowsAnsweredBy(handle))
        {
            CollectStages(writer, flow, seen);
        }

        if (handle.Stage is { } stage)
        {
            flow.Stages.Add(stage);
            if (ReferenceEquals(FlowOf(handle), flow))
            {
                stage.Flow = flow;
            }
        }
    }

    /// <summary>The items of a flow go through the end of one that it reads the answers to, and through the whole of a part of its pipeline.</summary>
    private void CollectStages(Flow writer, Flow flow, HashSet<StreamHandle> seen)
    {
        writer.Rest = RestOf(writer);
        if (writer.IsPart)
        {
            CollectStages(writer.Input, flow, seen);
        }

        if ((_stages.GetValueOrDefault(writer) ?? writer.Stages.LastOrDefault()) is { } end)
        {
            flow.Stages.Add(end);
        }
    }
}
