// `{:kind :function :fn f}`: a peer inside of the run that answers each item with what the function gives.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Conversations;

/// <summary>Also what a bidirectional <c>{:kind :local}</c> is that a plan registers: the items come back as they are.</summary>
/// <param name="function">Null: each item is its own answer.</param>
/// <param name="bound">Answers that wait for a reader; then the writer waits.</param>
internal sealed class FunctionConversations(Function? function, int bound) : IConversationProvider
{
    public IReadOnlyList<Effect> Effects => [];

    /// <summary>What the function is evaluated in; given by the run that opens it.</summary>
    public Func<EvaluationContext>? Evaluation { get; set; }

    public ValueTask<IConversation> OpenConversationAsync(OpenRequest request, CancellationToken cancellation) =>
        new(new FunctionConversation(function, Evaluation?.Invoke(), bound));
}

internal sealed class FunctionConversation : IConversation
{
    private readonly LocalChannel _answers;
    private readonly PutMark _mark = new();
    private readonly Function? _function;
    private EvaluationContext? _evaluation;
    private CancellationToken _writer;

    public FunctionConversation(Function? function, EvaluationContext? evaluation, int bound)
    {
        _function = function;
        _evaluation = evaluation;
        _answers = new LocalChannel(bound, isHeldByHost: false);
        Reader = _answers.OpenReader();
    }

    public LocalReader Reader { get; }

    /// <summary>Takes the count of answers that came when their reader had left.</summary>
    public long TakeUnread() => _answers.TakeUnread();

    public async ValueTask SendAsync(Value item, string? correlationId, CancellationToken cancellation)
    {
        var answer = _function is { } function ? await function.InvokeAsync(EvaluationOf(cancellation), [item]) : item;
        _mark.Begin();
        if (await _answers.PutAsync(new[] { answer }, [correlationId], cancellation, _mark) == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ProviderException("The conversation has ended; nothing can be sent any more.");
        }
    }

    /// <summary>What the function waits for ends with the stream that sends; writers take turns, so one of them evaluates at a time.</summary>
    private EvaluationContext EvaluationOf(CancellationToken writer)
    {
        if (_writer != writer)
        {
            _evaluation = _evaluation!.Fork(writer);
            _writer = writer;
        }

        return _evaluation!;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        _answers.End();
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ReceiveAsync(SourceBatch batch, CancellationToken cancellation) => Reader.ReadAsync(batch, cancellation);

    public ValueTask DisposeAsync()
    {
        _answers.End();
        return ValueTask.CompletedTask;
    }

    /// <summary>A writer waits for those who read the answers.</summary>
    public async ValueTask AwaitAsync(ValueTask pending, EngineTask task)
    {
        if (!pending.IsCompleted)
        {
            task.Enter(new RoomWait(_answers, _mark));
            try
            {
                await pending;
            }
            finally
            {
                task.Leave();
            }
        }
        else
        {
            await pending;
        }
    }
}
