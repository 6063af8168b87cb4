// The sources and sinks that a run has opened: one handle for an id where the language says so.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class Openings(StreamRun run, CapabilityTable capabilities)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SourceHandle> _shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SinkHandle> _sinks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConversationEnds> _transforms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PairHandle> _conversations = new(StringComparer.Ordinal);
    private readonly Dictionary<SharedSink, SinkHandle> _letters = [];
    private readonly List<SinkHandle> _outbound = [];

    /// <param name="fresh">Whether it reads independently; what has two ends never does.</param>
    public SourceHandle Source(string id, OpeningWish wish, bool fresh)
    {
        var found = capabilities.Find(id, wish.Place);
        if ((TransformOf(found, id) ?? found.Provider) is not IStreamSourceProvider provider || (found.Manifest.Kind == CapabilityKind.Sink && provider is not LocalChannel))
        {
            throw new RtfsException("RTFS9030", "StreamError", $"{id} is no source: it is a {found.Manifest.Kind.ToString().ToLowerInvariant()} and cannot be read", wish.Place);
        }

        var schema = wish.SchemaOr(found.Output, id);
        var own = wish.Flow();
        var registered = FlowOptions.Read(Value.Of(found.Manifest.Config), id, wish.Place);
        var isShared = !fresh || provider is LocalChannel or ConversationEnds;
        lock (_gate)
        {
            if (isShared && _shared.TryGetValue(id, out var shared))
            {
                RefuseAnother(shared.Schema, schema, wish, id);
                return shared;
            }

            var manifest = schema is null ? found.Manifest : found.Manifest with { OutputSchema = schema.Data };
            var handle = new SourceHandle(
                run.Name("source", null, id, wish.Place, IsInside(provider)),
                provider,
                new OpenRequest(manifest, wish.Parameters, run.Time),
                schema?.Validator(wish.Strict),
                own.Or(registered),
                new OpeningErrors(own.Errors, registered.Errors));
            if (isShared)
            {
                _shared[id] = handle;
            }

            return handle;
        }
    }

    /// <summary>All openings of an id share one writer.</summary>
    public SinkHandle Sink(string id, OpeningWish wish)
    {
        var (found, provider, schema) = SinkOf(id, wish);
        var own = wish.Flow();
        var registered = FlowOptions.Read(Value.Of(found.Manifest.Config), id, wish.Place);
        lock (_gate)
        {
            if (_sinks.TryGetValue(id, out var known))
            {
                RefuseAnother(known.Sink.Schema, schema, wish, id);
                return known;
            }

            return _sinks[id] = new SinkHandle(
                run.Name("sink", null, id, wish.Place, IsInside(provider)),
                WriterOf(id, wish, found, provider, schema),
                own.Or(registered),
                new OpeningErrors(own.Errors, registered.Errors));
        }
    }

    /// <summary>Where dead letters go: a stage by itself, so that the sinks of the plan keep their numbers.</summary>
    public SinkHandle Letters(string id, OpeningWish wish)
    {
        var (found, provider, schema) = SinkOf(id, wish);
        lock (_gate)
        {
            return Letters(WriterOf(id, wish, found, provider, schema), wish.Place);
        }
    }

    public SinkHandle Letters(SharedSink sink, SourcePlace place)
    {
        lock (_gate)
        {
            return _letters.TryGetValue(sink, out var known)
                ? known
                : _letters[sink] = new SinkHandle(
                    run.Name("dead-letters", null, sink.Capability, place, IsInside(sink.Provider)), sink, FlowOptions.None, OpeningErrors.None);
        }
    }

    private (Marketplace.Marketplace.Registration Found, IStreamSinkProvider Provider, ItemSchema? Schema) SinkOf(string id, OpeningWish wish)
    {
        var found = capabilities.Find(id, wish.Place);
        return (TransformOf(found, id) ?? found.Provider) is not IStreamSinkProvider provider || (found.Manifest.Kind == CapabilityKind.Source && provider is not LocalChannel)
            ? throw new RtfsException("RTFS9030", "StreamError", $"{id} is no sink: it is a {found.Manifest.Kind.ToString().ToLowerInvariant()} and cannot be written to", wish.Place)
            : (found, provider, wish.SchemaOr(found.Input, id));
    }

    private SharedSink WriterOf(string id, OpeningWish wish, Marketplace.Marketplace.Registration found, IStreamSinkProvider provider, ItemSchema? schema)
    {
        RefuseToReplaceWhatIsWritten(id, provider, wish.Place);
        var manifest = schema is null ? found.Manifest : found.Manifest with { InputSchema = schema.Data };
        if (wish.Config.As<MapValue>() is { } config)
        {
            manifest = manifest with { Config = MapValue.From(manifest.Config.Entries.Concat(config.Entries)) };
        }

        var validator = schema?.Validator(wish.Strict);
        return run.Sink(id, () => new SharedSink(id, provider, new OpenRequest(manifest, wish.Parameters, run.Time), validator));
    }

    private static bool IsInside(IStreamingProvider provider) => provider is LocalChannel { IsHeldByHost: false } or ConversationEnds { IsInside: true };

    /// <summary>
    /// The one conversation that the id of a transform capability stands for in the run: what is written to the id is read of it as results.
    /// Null for what is none.
    /// </summary>
    private ConversationEnds? TransformOf(Marketplace.Marketplace.Registration found, string id)
    {
        if (found is not { Manifest.Kind: CapabilityKind.Transform, Provider: IConversationProvider peer })
        {
            return null;
        }

        lock (_gate)
        {
            return _transforms.TryGetValue(id, out var known) ? known : _transforms[id] = EndsOf(peer, standsForItsId: true);
        }
    }

    private ConversationEnds EndsOf(IConversationProvider peer, bool standsForItsId)
    {
        if (peer is FunctionConversations inside)
        {
            inside.Evaluation ??= () => run.Evaluation.Fork();
        }

        return new ConversationEnds(peer) { StandsForItsId = standsForItsId };
    }

    /// <summary>All openings of one id share a writer; another id's would wipe out what that one has written.</summary>
    private void RefuseToReplaceWhatIsWritten(string id, IStreamSinkProvider provider, SourcePlace? place)
    {
        foreach (var (other, known) in _sinks.Values.Concat(_letters.Values).Select(static handle => (handle.Sink.Capability, handle.Sink)))
        {
            if (other != id && known.Collides(provider))
            {
                throw new RtfsException(
                    "RTFS9021",
                    "ResourceError",
                    $"{id} writes the file that {other} writes in the same run, and would replace what is in it. Write to another file, open {other} in both places, or register both with :append true.",
                    place);
            }
        }
    }

    /// <summary>The one conversation that the id of a bidirectional capability stands for in the run; null for what is none.</summary>
    public PairHandle? ConversationOf(string id, SourcePlace place)
    {
        if (capabilities.Find(id, place) is not { Manifest.Kind: CapabilityKind.Bidirectional, Provider: IConversationProvider })
        {
            return null;
        }

        lock (_gate)
        {
            return _conversations.TryGetValue(id, out var known) ? known : _conversations[id] = Conversation(id, new OpeningWish(place));
        }
    }

    /// <summary>Both halves of a new conversation with a peer.</summary>
    public PairHandle Conversation(string id, OpeningWish wish)
    {
        var found = capabilities.Find(id, wish.Place);
        if (found.Provider is IStreamSourceProvider and IStreamSinkProvider)
        {
            // Two ends of one capability: what is written comes back as its results.
            return new PairHandle(run.Name("transform", null, id, wish.Place), Sink(id, wish), Source(id, wish, fresh: false));
        }

        if (found.Provider is not IConversationProvider peer)
        {
            throw new RtfsException("RTFS9030", "StreamError", $"{id} is no conversation: it is a {found.Manifest.Kind.ToString().ToLowerInvariant()}; open it with stream-source or stream-sink", wish.Place);
        }

        var ends = EndsOf(peer, standsForItsId: false);
        var own = wish.Flow();
        var registered = FlowOptions.Read(Value.Of(found.Manifest.Config), id, wish.Place);
        var request = new OpenRequest(found.Manifest, wish.Parameters, run.Time);
        var errors = new OpeningErrors(own.Errors, registered.Errors);
        var identity = run.Name(found.Manifest.Kind == CapabilityKind.Transform ? "transform" : "bidirectional", null, id, wish.Place, ends.IsInside);
        ends.Inbound = identity;
        var sent = identity with { Id = identity.Id + "-out", Kind = "sink" };
        var sink = run.Sink($"{id} {identity.Id}", () => new SharedSink(id, ends, request, found.Input?.Validator(wish.Strict)));
        run.AddEdge(sent.Id, identity.Id);
        var outbound = new SinkHandle(sent, sink, own.Or(registered), errors);
        lock (_gate)
        {
            _outbound.Add(outbound);
        }

        return new PairHandle(
            identity,
            outbound,
            new SourceHandle(identity, ends, request, found.Output?.Validator(wish.Strict), own.Or(registered), errors));
    }

    /// <summary>The sink that a replayed letter is for, opened where nothing has; null where that cannot be known.</summary>
    public SinkHandle? SinkOf(ReplayedLetter letter)
    {
        lock (_gate)
        {
            if (_outbound.Concat(_sinks.Values).FirstOrDefault(sink => LetterReplay.IsFor(letter, sink.Identity)) is { } open)
            {
                return open;
            }
        }

        try
        {
            return letter is { IsOfSink: true, Capability: { } capability, Place: { } place } ? Sink(capability, new OpeningWish(place)) : null;
        }
        catch (RtfsException)
        {
            // The plan has not registered it, or the run is not granted it.
            return null;
        }
    }

    /// <summary>A sink read: the channel itself, where it is one; else the items that it accepts.</summary>
    public StreamHandle ReadingOf(SinkHandle sink, SourcePlace place)
    {
        if (sink.Sink.Provider is LocalChannel)
        {
            return Source(sink.Sink.Capability, new OpeningWish(place), fresh: false);
        }

        lock (_gate)
        {
            return sink.Sink.Accepted ??= new AcceptedHandle(sink.Identity, sink.Sink);
        }
    }

    /// <summary>The sink of an id that is registered as one; null for another.</summary>
    public SinkHandle? SinkNamed(string id, SourcePlace place) =>
        capabilities.Find(id, place).Manifest.Kind == CapabilityKind.Sink ? Sink(id, new OpeningWish(place)) : null;

    /// <summary>What the sink of such an id accepts, as a stream; null where the id is read by itself, as a channel is.</summary>
    public StreamHandle? TapOf(string id, SourcePlace place) =>
        capabilities.Find(id, place).Provider is not LocalChannel && SinkNamed(id, place) is { } sink ? ReadingOf(sink, place) : null;

    /// <summary>Two openings that share a handle cannot ask for two schemas; one that says nothing takes what is there.</summary>
    private static void RefuseAnother(ItemValidator? open, ItemSchema? schema, OpeningWish wish, string id)
    {
        if (!(open is not null && schema is not null && schema.Validator(wish.Strict).IsSameAs(open)))
        {
            wish.RefuseSchema($"{id} has one stream in a run, which is open already with another schema");
        }
    }
}
