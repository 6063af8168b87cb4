// The end of a consume: a body or an :on-item callback per item.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

/// <param name="body">Null: nothing is called (callbacks without :on-item, or switched off), the items are counted.</param>
internal sealed class ConsumeEnd(StageIdentity identity, Function? body) : FlowEnd(identity)
{
    public override IEnumerable<Function> Functions => body is null ? [] : [body];

    public override bool MayBlock => body is { MayBlock: true };

    public override Stage CreateStage(ErrorPolicy policy) => new ConsumeStage(Identity, policy, body);
}

internal sealed class ConsumeStage(StageIdentity identity, ErrorPolicy policy, Function? body) : Stage(identity, policy)
{
    public override bool IsAsynchronous => body is { MayBlock: true };

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        if (body is null)
        {
            cursor.Read = batch.Count;
            return;
        }

        var items = batch.Items;
        var evaluation = context.Evaluation;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            body.Invoke(evaluation, items[cursor.Read]);
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        await body!.InvokeAsync(context.Evaluation, [batch.Items[index]]);
        return kept;
    }
}
