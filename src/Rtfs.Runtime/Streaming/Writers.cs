// Who may still write to a sink of the run: when nobody can, what is read from it ends.

using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Operators;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// The writers of a channel of the plan's own, and of a sink whose accepted items are read, are its wired outputs, the flows that
/// produced to it, and the plan's body. Used under the run's graph lock.
/// </summary>
internal sealed class Writers
{
    private readonly Dictionary<string, SharedSink> _sinks = [];
    private readonly Dictionary<SharedSink, HashSet<Flow>> _open = [];
    private readonly HashSet<SharedSink> _written = [];
    private readonly HashSet<SharedSink> _ended = [];

    public IReadOnlyCollection<SharedSink> Sinks => _sinks.Values;

    public SharedSink Sink(string id, Func<SharedSink> make) => _sinks.TryGetValue(id, out var sink) ? sink : _sinks[id] = make();

    /// <summary>A flow that is wired to the sink, or has produced to it; null for the plan's body.</summary>
    public void Add(SharedSink sink, Flow? writer)
    {
        _written.Add(sink);
        if (writer is null || writer.Completion.IsCompleted)
        {
            return;
        }

        if (!_open.TryGetValue(sink, out var writers))
        {
            _open[sink] = writers = [];
        }

        writers.Add(writer);
    }

    public void Remove(Flow writer)
    {
        foreach (var writers in _open.Values)
        {
            writers.Remove(writer);
        }
    }

    /// <summary>Flows that write to what a stream reads.</summary>
    public IEnumerable<Flow> FlowsInto(StreamHandle stream) =>
        _open.Where(entry => IsReadBy(entry.Key, stream)).SelectMany(static entry => entry.Value).ToArray();

    /// <summary>Whether the stream gives what is written to the sink.</summary>
    public static bool IsReadBy(SharedSink sink, StreamHandle stream) => stream switch
    {
        SourceHandle source => IsTwoEnded(sink) && ReferenceEquals(source.Provider, sink.Provider),
        AcceptedHandle accepted => ReferenceEquals(accepted.Sink, sink),
        _ => stream.Inputs.Any(input => IsReadBy(sink, input)),
    };

    public static SharedSink? SinkOf(Flow flow) => (flow.End as SinkEnd)?.Handle.Sink;

    /// <summary>Takes those that have been written and have no writer left: each once.</summary>
    public SharedSink[] TakeFinished() =>
        [.. _written.Where(sink => CanEnd(sink) && !(_open.TryGetValue(sink, out var writers) && writers.Count > 0)).Where(_ended.Add)];

    /// <summary>Takes those that the plan has opened and nobody has written: each once.</summary>
    public SharedSink[] TakeUnwritten() => [.. _sinks.Values.Where(sink => CanEnd(sink) && !_written.Contains(sink)).Where(_ended.Add)];

    private static bool CanEnd(SharedSink sink) => IsTwoEnded(sink) || sink.Accepted is not null;

    private static bool IsTwoEnded(SharedSink sink) => sink.Provider is LocalChannel { IsHeldByHost: false } or ConversationEnds;
}
