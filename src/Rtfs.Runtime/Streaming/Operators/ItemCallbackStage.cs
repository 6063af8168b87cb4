// The `:on-item` of `stream-callbacks`: a stage beside the stream, whose readers get every item whatever becomes of it here.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming.Operators;

/// <summary>An item on which it fails falls under the strategy.</summary>
/// <param name="watched">The stream.</param>
internal sealed class ItemCallbackStage(StageIdentity identity, ErrorPolicy policy, Function callback, StreamHandle watched) : Stage(identity, policy)
{
    private volatile Function _callback = callback;

    /// <summary>Registering again replaces it.</summary>
    public Function Callback
    {
        get => _callback;
        set => _callback = value;
    }

    public override Observers? Watchers => watched.Observers;

    public override bool IsAsynchronous => _callback.MayBlock;

    protected override ItemDirection Direction => watched is SinkHandle ? ItemDirection.Outbound : ItemDirection.Inbound;

    /// <summary>Calls it with each item; the batch stays as it is.</summary>
    public async ValueTask WatchAsync(Batch batch, SegmentContext context)
    {
        var own = context.Run.Pool.CopyOf(batch);
        await context.WorkOnAsync(this, own);
        context.Run.Pool.Return(own);
    }

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
