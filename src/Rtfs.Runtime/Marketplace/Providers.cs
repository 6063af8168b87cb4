// The contract between the engine and whatever gives or takes items. Connectors implement it and know nothing else of the engine.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace;

/// <summary>Something that streams can be opened on: it implements <see cref="IStreamSourceProvider"/>, <see cref="IStreamSinkProvider"/> or both.</summary>
public interface IStreamingProvider
{
    /// <summary>What opening needs a grant for; empty when nothing outside the process is touched.</summary>
    IReadOnlyList<Effect> Effects { get; }
}

public interface IStreamSourceProvider : IStreamingProvider
{
    /// <summary>Opens for reading. A fault (a missing file) is a <see cref="ProviderException"/>.</summary>
    ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation);

    /// <summary>
    /// Whether items can be had whenever they are asked for (a file, a collection), so that a read takes time but never waits for
    /// somebody to produce an item. A multiplexer then waits for a read in progress, which makes its order the same in every run.
    /// </summary>
    bool ItemsAreAtHand => false;
}

public interface IStreamSinkProvider : IStreamingProvider
{
    /// <summary>Whether opening it replaces what is there, so that no other sink of a run may write to the same place.</summary>
    bool Replaces => false;

    /// <summary>Opens for writing. A fault is a <see cref="ProviderException"/>.</summary>
    ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation);
}

/// <summary>A peer that is written to and read from at the same time, as one conversation.</summary>
public interface IConversationProvider : IStreamingProvider
{
    /// <summary>Opens a conversation. A fault is a <see cref="ProviderException"/>.</summary>
    ValueTask<IConversation> OpenConversationAsync(OpenRequest request, CancellationToken cancellation);
}

/// <summary>An open conversation: one task sends, another receives. Disposing ends both ways.</summary>
public interface IConversation : IAsyncDisposable
{
    /// <param name="correlationId">What the answers to this item are to carry; null where none is expected.</param>
    ValueTask SendAsync(Value item, string? correlationId, CancellationToken cancellation);

    /// <summary>Nothing more will be sent; what the peer still says is received.</summary>
    ValueTask CompleteAsync(CancellationToken cancellation);

    /// <summary>As <see cref="IStreamSource.ReadAsync"/>; an answer is added with the id of what it answers.</summary>
    ValueTask<bool> ReceiveAsync(SourceBatch batch, CancellationToken cancellation);
}

/// <summary>Answers one <c>call</c>.</summary>
public interface ICapabilityProvider
{
    ValueTask<Value> CallAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation);
}

/// <summary>What an opening is told.</summary>
public sealed record OpenRequest(CapabilityManifest Manifest, MapValue Options, TimeProvider Time);

/// <summary>An open reading end. Used by one reader at a time.</summary>
public interface IStreamSource : IAsyncDisposable
{
    /// <summary>
    /// Adds what is there to <paramref name="batch"/>, at least one item unless the stream has ended; waits only for the first.
    /// False: the stream has ended and no item was added by this call. A fault of the stream as a whole is a <see cref="ProviderException"/>.
    /// </summary>
    ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation);
}

/// <summary>An open writing end. Used by one writer at a time.</summary>
public interface IStreamSink : IAsyncDisposable
{
    /// <summary>
    /// Writes the items in order. When it returns, all are accepted. When it throws a <see cref="ProviderException"/>,
    /// the first <see cref="ProviderException.Accepted"/> are accepted, the next one failed, and the rest were not tried.
    /// </summary>
    ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation);

    /// <summary>The same, where items carry what joins them to their answers; a sink without answers has no use for it.</summary>
    /// <param name="correlationIds">One per item.</param>
    ValueTask WriteAsync(ReadOnlyMemory<Value> items, IReadOnlyList<string?> correlationIds, CancellationToken cancellation) =>
        WriteAsync(items, cancellation);

    /// <summary>Confirms all that was accepted: after this it survives the process.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}

/// <summary>A provider's fault, in words for the person who runs the plan: what was expected, what was found, how to fix it.</summary>
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>For a sink: how many items of the write were accepted before the one that failed.</summary>
    public int Accepted { get; init; }

    /// <summary>Whether the stream can go on after this one item (a value that the format cannot hold), or is lost as a whole (the disk is full).</summary>
    public bool ItemOnly { get; init; }
}

/// <summary>Makes providers from the specification of a registration (<c>{:kind :file …}</c>). Hosts compose them.</summary>
public interface IProviderFactory
{
    /// <summary>The name behind <c>:kind</c>, without colon.</summary>
    string Kind { get; }

    /// <summary>A bad specification is a <see cref="ProviderException"/> that names the key.</summary>
    IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory);
}

/// <summary>An outside effect that a grant must allow: <c>read</c> or <c>write</c> with a full path, <c>net</c> with host and port, <c>env</c> with a name, <c>capability</c> with an id.</summary>
public sealed record Effect(string Kind, string Target)
{
    public override string ToString() => $"{Kind} {Target}";
}
