// A conversation of the host that goes on until it is told that nothing more comes.

using System.Threading.Channels;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Tests.Streaming;

/// <summary>Answers with ten times what it is sent.</summary>
internal sealed class PatientPeer : IConversationProvider, IConversation
{
    private readonly Channel<Value> _answers = Channel.CreateUnbounded<Value>();

    public int? Refuses { get; init; }

    /// <summary>Whether it ends by itself.</summary>
    public bool Ends { get; init; }

    public int Opened { get; private set; }

    public IReadOnlyList<Effect> Effects => [];

    public ValueTask<IConversation> OpenConversationAsync(OpenRequest request, CancellationToken cancellation)
    {
        Opened++;
        if (Ends)
        {
            _answers.Writer.TryComplete();
        }

        return new(this);
    }

    public ValueTask SendAsync(Value item, string? correlationId, CancellationToken cancellation)
    {
        if (item.AsInt == Refuses)
        {
            throw new ProviderException("refused") { ItemOnly = true };
        }

        _answers.Writer.TryWrite(Value.Int(10 * item.AsInt));
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        _answers.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> ReceiveAsync(SourceBatch batch, CancellationToken cancellation)
    {
        if (!await _answers.Reader.WaitToReadAsync(cancellation))
        {
            return false;
        }

        while (!batch.IsFull && _answers.Reader.TryRead(out var next))
        {
            batch.Add(next);
        }

        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
