// Who may still write to a sink of the run: when nobody can, what is read from it ends.

using Rtfs.Runtime.Marketplace;
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
    private readonly Dictionary<string, HashSet<Flow>> _mentions = new(StringComparer.Ordinal);
    private readonly HashSet<SharedSink> _written = [];
    private readonly Dictionary<string, SourceHandle> _read = new(StringComparer.Ordinal);
    private readonly HashSet<SharedSink> _ended = [];

    public IReadOnlyCollection<SharedSink> Sinks => _sinks.Values;

    public SharedSink Sink(string id, Func<SharedSink> make) => _sinks.TryGetValue(id, out var sink) ? sink : _sinks[id] = make();

    /// <summary>Sources that flows read: what has two ends ends with those who might have written it, though none of them came to it.</summary>
    public void Read(IEnumerable<SourceHandle> sources)
    {
        foreach (var source in sources)
        {
            if (source is { Provider: LocalChannel { IsHeldByHost: false } or ConversationEnds { StandsForItsId: true }, Identity.Capability: { } capability })
            {
                _read.TryAdd(capability, source);
            }
        }
    }

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

    /// <summary>A flow whose body or callbacks may write to capabilities; one that it reads itself ends when it is closed, or at rest.</summary>
    public void Mention(IEnumerable<string> capabilities, Flow writer)
    {
        if (writer.Completion.IsCompleted)
        {
            return;
        }

        foreach (var capability in capabilities)
        {
            if (!_mentions.TryGetValue(capability, out var writers))
            {
                _mentions[capability] = writers = [];
            }

            writers.Add(writer);
        }
    }

    public void Remove(Flow writer)
    {
        foreach (var writers in _mentions.Values)
        {
            writers.Remove(writer);
        }

        foreach (var writers in _open.Values)
        {
            writers.Remove(writer);
        }
    }

    /// <summary>Flows that write, or may write, to what a stream reads.</summary>
    public IEnumerable<Flow> FlowsInto(StreamHandle stream) =>
        _open.Where(entry => IsReadBy(entry.Key, stream)).SelectMany(static entry => entry.Value)
            .Concat(_mentions.Where(entry => stream is SourceHandle { Provider: LocalChannel or ConversationEnds { StandsForItsId: true } } && Reads(stream, entry.Key)).SelectMany(static entry => entry.Value))
            .ToArray();

    /// <summary>The flows that may still write to the sink.</summary>
    public IEnumerable<Flow> Of(SharedSink sink) =>
        _open.GetValueOrDefault(sink, []).Concat(_mentions.GetValueOrDefault(sink.Capability, [])).Distinct();

    /// <summary>The sinks that a flow may still write to.</summary>
    public IEnumerable<SharedSink> WrittenBy(Flow flow) => _sinks.Values.Where(sink => Of(sink).Contains(flow));

    /// <summary>Whether the stream gives what is written to the sink.</summary>
    public static bool IsReadBy(SharedSink sink, StreamHandle stream) => stream.WithInputs().Any(handle => handle switch
    {
        SourceHandle source => IsTwoEnded(sink) && ReferenceEquals(source.Provider, sink.Provider),
        AcceptedHandle accepted => ReferenceEquals(accepted.Sink, sink),
        _ => false,
    });

    public static SharedSink? SinkOf(Flow flow) => (flow.End as SinkEnd)?.Handle.Sink;

    /// <summary>Takes those that have been written, or might have been, and have no writer left: each once.</summary>
    /// <param name="isReplay">Then a conversation that might have been written has nothing more to expect.</param>
    public SharedSink[] TakeFinished(bool isReplay)
    {
        OpenRead(_mentions.ContainsKey);
        return [.. _sinks.Values.Where(sink => CanEnd(sink) && !IsWired(sink) && !IsMentioned(sink) && (_written.Contains(sink) || MayHaveBeenWritten(sink, isReplay))).Where(_ended.Add)];
    }

    /// <summary>Takes those that the plan has opened, no wired output writes and nothing waits in: each once.</summary>
    /// <param name="isReplay">Then those that are read alone are taken too: what wrote them may have had nothing to do.</param>
    public SharedSink[] TakeUnwritten(bool isReplay)
    {
        OpenRead(_ => isReplay);
        return [.. _sinks.Values.Where(sink => CanEnd(sink) && !IsWired(sink) && sink.Provider is not LocalChannel { IsEmpty: false }).Where(_ended.Add)];
    }

    /// <summary>Takes one that nothing else can write to; false when it has been taken before.</summary>
    public bool Take(SharedSink sink) => _ended.Add(sink);

    /// <summary>Whether something is sent that the stream gives the answers to.</summary>
    public bool IsWritten(SourceHandle stream) =>
        _written.Any(sink => IsReadBy(sink, stream)) || FlowsInto(stream).Any() || (stream.Identity.Capability is { } capability && _mentions.ContainsKey(capability));

    /// <summary>Gives an end for writing to what is read and has none.</summary>
    private void OpenRead(Func<string, bool> which)
    {
        foreach (var (capability, source) in _read)
        {
            if (which(capability))
            {
                Sink(capability, () => new SharedSink(capability, (IStreamSinkProvider)source.Provider, source.Request, null));
            }
        }
    }

    private bool MayHaveBeenWritten(SharedSink sink, bool isReplay) => _mentions.ContainsKey(sink.Capability)
        && (isReplay || sink.Provider is LocalChannel or ConversationEnds { StandsForItsId: true });

    private bool IsWired(SharedSink sink) => _open.TryGetValue(sink, out var writers) && writers.Count > 0;

    private bool IsMentioned(SharedSink sink) => _mentions.TryGetValue(sink.Capability, out var writers) && writers.Count > 0;

    private static bool Reads(StreamHandle stream, string capability) =>
        stream.WithInputs().Any(handle => handle.Identity.Capability == capability);

    private static bool CanEnd(SharedSink sink) => Volatile.Read(ref sink.HeldWriters) == 0
        && ((IsTwoEnded(sink) && sink.Provider is not LocalChannel { HasWaitingWriter: true }) || sink.Accepted is not null);

    private static bool IsTwoEnded(SharedSink sink) => sink.Provider is LocalChannel { IsHeldByHost: false } or ConversationEnds;
}
