// The `:on-item` of `stream-callbacks`: a stage beside the stream, whose items go on as they are.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming.Operators;

/// <summary>An item on which it fails falls under the strategy; what is skipped there does not go on.</summary>
internal sealed class ItemCallbackStage(StageIdentity identity, ErrorPolicy policy, Function callback, bool isSent) : Stage(identity, policy)
{
    private volatile Function _callback = callback;

    /// <summary>Registering again replaces it.</summary>
    public Function Callback
    {
        get => _callback;
        set => _callback = value;
    }

    public override bool IsAsynchronous => _callback.MayBlock;

    protected override ItemDirection Direction => isSent ? ItemDirection.Outbound : ItemDirection.Inbound;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        var callback = _callback;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            callback.Invoke(context.Evaluation, batch.Items[cursor.Read]);
            batch.Move(cursor.Read, cursor.Kept++);
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        await _callback.InvokeAsync(context.Evaluation, [batch.Items[index]]);
        batch.Move(index, kept);
        return kept + 1;
    }
}
