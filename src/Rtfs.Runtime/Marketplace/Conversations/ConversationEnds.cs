// The two halves of one conversation as the engine sees them: a source and a sink.

using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Conversations;

/// <summary>One per opening: whichever half opens first opens the conversation, and the last that closes ends it.</summary>
internal sealed class ConversationEnds(IConversationProvider provider) : IStreamSourceProvider, IStreamSinkProvider
{
    private readonly Turn _turn = new();
    private IConversation? _conversation;
    private int _open;
    private bool _isRead;
    private bool _isComplete;

    public IReadOnlyList<Effect> Effects => provider.Effects;

    /// <summary>Whether it is what the capability's id denotes in the run, and not an opening by itself.</summary>
    public bool StandsForItsId { get; init; }

    /// <summary>The stage that its answers come in at; null where that is the one source of its id.</summary>
    public Streaming.StageIdentity? Inbound { get; set; }

    /// <summary>Whether the peer is inside of the run, so that waiting for it is waiting for other flows.</summary>
    public bool IsInside => provider is FunctionConversations;

    public async ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation)
    {
        _isRead = true;
        var conversation = await OpenAsync(request, cancellation);
        return conversation is FunctionConversation inside ? inside.Reader : new Reader(this, conversation);
    }

    public async ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) =>
        new Writer(this, await OpenAsync(request, cancellation));

    /// <summary>Takes the count of answers that were given inside of the run and that nobody was there to read.</summary>
    public long TakeUnread()
    {
        if (_conversation is not FunctionConversation inside)
        {
            return 0;
        }

        var late = inside.TakeUnread();
        if (_isRead)
        {
            return late;
        }

        var unread = inside.Reader.Buffer.Count;
        inside.Reader.Buffer.Clear();
        return unread + late;
    }

    /// <summary>All who could write have ended. A conversation that is not open yet hears it when it opens.</summary>
    public async ValueTask CompleteAsync()
    {
        await _turn.TakeAsync();
        try
        {
            _isComplete = true;
            if (_conversation is { } conversation)
            {
                await conversation.CompleteAsync(CancellationToken.None);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<IConversation> OpenAsync(OpenRequest request, CancellationToken cancellation)
    {
        await _turn.TakeAsync();
        try
        {
            _open++;
            if (_conversation is null)
            {
                _conversation = await provider.OpenConversationAsync(request, cancellation);
                if (_isComplete)
                {
                    await _conversation.CompleteAsync(cancellation);
                }
            }

            return _conversation;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Decrement(ref _open) == 0 && _conversation is { } conversation)
        {
            await conversation.DisposeAsync();
        }
    }

    private sealed class Reader(ConversationEnds ends, IConversation conversation) : IStreamSource
    {
        public ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation) => conversation.ReceiveAsync(batch, cancellation);

        public ValueTask DisposeAsync() => ends.CloseAsync();
    }

    private sealed class Writer(ConversationEnds ends, IConversation conversation) : IStreamSink, IInsideSink
    {
        public bool IsInside => conversation is FunctionConversation;

        public ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation) => SendAsync(items, null, cancellation);

        public ValueTask WriteAsync(ReadOnlyMemory<Value> items, IReadOnlyList<string?> correlationIds, CancellationToken cancellation) =>
            SendAsync(items, correlationIds, cancellation);

        // What was sent is with the peer.
        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await conversation.CompleteAsync(CancellationToken.None);
            await ends.CloseAsync();
        }

        public ValueTask AwaitAsync(ValueTask pending, EngineTask task) => ((FunctionConversation)conversation).AwaitAsync(pending, task);

        private async ValueTask SendAsync(ReadOnlyMemory<Value> items, IReadOnlyList<string?>? correlationIds, CancellationToken cancellation)
        {
            for (var i = 0; i < items.Length; i++)
            {
                try
                {
                    await conversation.SendAsync(items.Span[i], correlationIds?[i], cancellation);
                }
                catch (Exception fault) when (fault is ProviderException or Evaluation.RtfsException)
                {
                    throw new ProviderException(fault.Message, fault) { Accepted = i, ItemOnly = fault is not ProviderException { ItemOnly: false } };
                }
                catch (OperationCanceledException) when (i > 0)
                {
                    throw new ProviderException("the writer was cancelled") { Accepted = i };
                }
            }
        }
    }
}
