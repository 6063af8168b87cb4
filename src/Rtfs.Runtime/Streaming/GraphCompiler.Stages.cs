// What each stage and buffer of a compiled graph is made with: its flow, its policies, its bounds.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Heads;
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
        var head = new MailboxHead(bound, policy, run.Pool, stage, (reader as Flow)?.Options.Idle, flow?.Observers);
        _pending.Enqueue((head, reader));
        return head.Mailbox;
    }

    private static bool BeginsAt(StreamHandle handle) => handle is SourceHandle or MultiplexHandle || handle.Readers.Count > 1;

    private static SourcePlace? PlaceOf(IReader reader) => reader switch
    {
        Flow flow => flow.End.Identity.Place,
        MultiplexInput input => input.Multiplexer.Identity.Place,
        _ => ((StreamHandle)reader).Identity.Place,
    };

    private Stage StageOf(IReader reader)
    {
        if (_stages.TryGetValue(reader, out var known))
        {
            return known;
        }

        Stage stage;
        if (reader is Flow flow)
        {
            stage = flow.End.CreateStage(new ErrorPolicy([flow.End.Errors.Own, flow.Options.Errors, .. flow.Answers is { } answers ? WordsOf(answers) : [], flow.End.Errors.Capability, flow.Plan.Options]));
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
        // A handle of several flows falls under the plan of those that start it together.
        var plan = (FlowOf(handle) ?? _flows[0]).Plan.Options;
        var words = WordsOf(handle);
        return handle switch
        {
            DerivedHandle derived => new ErrorPolicy([derived.Operator.Errors, .. words, plan]),
            SourceHandle source => new ErrorPolicy([source.Errors.Own, .. words, source.Errors.Capability, plan]),
            MultiplexHandle join => new ErrorPolicy([join.Errors, .. words, plan]),
            _ => new ErrorPolicy([.. words, plan]),
        };
    }

    /// <summary>What is said about the errors of a handle's stage by the consume that its items go to, and by the pipelines that they are in, the innermost first.</summary>
    private static ErrorOptions[] WordsOf(StreamHandle handle)
    {
        var way = WayOf(handle);
        var pipelines = way.Select(static passed => passed.Pipeline).OfType<ErrorOptions>();
        return way[^1].Readers is [Flow flow] ? [flow.Options.Errors, .. pipelines] : [.. pipelines];
    }

    /// <summary>The flow that the answers go to, and those of the parts of its pipeline behind it; null where several read them.</summary>
    private static Flow? RestOf(Flow flow) => flow.Answers is { } answers && WayOf(answers)[^1].Readers is [Flow last] ? last : null;

    /// <summary>A handle and those behind it, as far as there is one reader; each once, as a pipeline may read what it writes.</summary>
    private static List<StreamHandle> WayOf(StreamHandle handle)
    {
        var way = new List<StreamHandle>();
        for (var at = handle; at is not null && !way.Contains(at); at = NextOf(at))
        {
            way.Add(at);
        }

        return way;
    }

    private static StreamHandle? NextOf(StreamHandle handle) => handle.Readers is not [var reader] ? null : reader switch
    {
        DerivedHandle derived => derived,
        MultiplexInput input => input.Multiplexer,
        Flow { IsPart: true } part => part.Answers,
        _ => null,
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
