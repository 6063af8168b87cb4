// What each stage and buffer of a compiled graph is made with: its flow, its policies, its bounds.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class GraphCompiler
{
    /// <summary>The buffer of a reader. Its strategy stands where it begins to read; within its own chain a full stage holds the one before it.</summary>
    private Mailbox MailboxOf(StreamHandle handle, IReader reader, Stage stage)
    {
        var flow = reader as Flow ?? FlowOf((StreamHandle)reader);
        var options = (flow?.Options ?? FlowOptions.None).Or((handle as SourceHandle)?.Options ?? FlowOptions.None);
        var sink = (reader as Flow)?.End.Handle?.Options;
        var policy = sink?.Backpressure ?? (BeginsAt(handle) ? options.Backpressure : null) ?? Backpressure.Block;
        var bound = sink?.BufferSize ?? options.BufferSize ?? FlowOptions.DefaultBufferSize;
        var idle = (reader as Flow)?.Options.Idle;
        var clock = idle is null ? IdleClock.None : ((Flow)reader).End is InteractEnd ? IdleClock.Decides : IdleClock.Last;
        var head = new MailboxHead(bound, policy, run.Pool, stage, idle, clock, flow?.Observers);
        _pending.Enqueue((head, reader));
        return head.Mailbox;
    }

    private static bool BeginsAt(StreamHandle handle) => handle is SourceHandle or MultiplexHandle || handle.Readers.Count > 1;

    private Stage StageOf(IReader reader)
    {
        if (_stages.TryGetValue(reader, out var known))
        {
            return known;
        }

        Stage stage;
        if (reader is Flow flow)
        {
            var read = flow.Answers is { } answers ? WordOf(FlowsOf(answers)) : ErrorOptions.None;
            stage = flow.End.CreateStage(new ErrorPolicy([flow.End.Errors.Own, .. flow.Pipelines, flow.Options.Errors, read, flow.End.Errors.Capability, flow.Plan.Options]));
            stage.Flow = flow;
        }
        else
        {
            var derived = (DerivedHandle)reader;
            stage = derived.Operator.CreateStage(derived.Identity, PolicyOf(derived));
            stage.Flow = FlowOf(derived);
            stage.Handle = derived;
            derived.Stage = stage;
        }

        _stages[reader] = stage;
        run.Add(stage);
        return stage;
    }

    private ErrorPolicy PolicyOf(StreamHandle handle)
    {
        var flows = FlowsOf(handle);
        var errors = WordOf(flows);

        // A handle of several flows falls under the plan of those that start it together.
        var plan = (flows.Count == 1 ? flows[0] : _flows[0]).Plan.Options;
        return handle switch
        {
            DerivedHandle derived => new ErrorPolicy([derived.Operator.Errors, .. derived.Pipelines, errors, plan]),
            SourceHandle source => new ErrorPolicy([source.Errors.Own, .. PipelinesOf(source), errors, source.Errors.Capability, plan]),
            MultiplexHandle join => new ErrorPolicy(join.Errors, errors, plan),
            _ => new ErrorPolicy(errors, plan),
        };
    }

    /// <summary>What the pipelines say that go on with the source, or begin with it, where it is read by nothing else.</summary>
    private static IReadOnlyList<ErrorOptions> PipelinesOf(SourceHandle source) => source.Pipelines.Count > 0 ? source.Pipelines : source.Readers switch
    {
        [DerivedHandle only] => only.Pipelines,
        [Flow only] => only.Pipelines,
        _ => [],
    };

    private static ErrorOptions WordOf(IEnumerable<Flow> flows) => ErrorOptions.Agreed(flows.Select(static flow => flow.Options.Errors));

    /// <summary>The flow that the answers go to, through other parts of its pipeline; null where several read them.</summary>
    private static Flow? RestOf(Flow flow) => flow.Answers is { } answers && FlowsOf(answers) is [var only] ? only : null;

    /// <summary>The flows that a handle's items go to, each once: of a pipeline with parts, what its last part goes to.</summary>
    private static List<Flow> FlowsOf(StreamHandle handle)
    {
        var flows = new List<Flow>();
        var seen = new HashSet<StreamHandle> { handle };
        var open = new Queue<StreamHandle>([handle]);
        while (open.TryDequeue(out var next))
        {
            foreach (var reader in next.Readers)
            {
                if (reader is Flow { IsPart: false } flow)
                {
                    flows.Add(flow);
                }
                else if (Behind(reader) is { } derived && seen.Add(derived))
                {
                    open.Enqueue(derived);
                }
            }
        }

        return flows;
    }

    private static StreamHandle? Behind(IReader reader) => reader switch
    {
        MultiplexInput input => input.Multiplexer,
        Flow part => part.Answers,
        _ => (StreamHandle)reader,
    };

    /// <summary>The one flow that a handle's items go to, or null.</summary>
    private static Flow? FlowOf(StreamHandle handle)
    {
        var at = handle;
        while (at.Readers.Count == 1)
        {
            switch (at.Readers[0])
            {
                case Flow flow:
                    return flow;
                case DerivedHandle derived:
                    at = derived;
                    break;
                case MultiplexInput input:
                    at = input.Multiplexer;
                    break;
            }
        }

        return null;
    }
}
