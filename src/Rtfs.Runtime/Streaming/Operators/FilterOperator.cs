// stream-filter: keeps the items for which the predicate is true.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class FilterOperator(Function predicate, ErrorOptions errors, SourcePlace? place)
    : Operator("filter", predicate.Name, errors, place)
{
    public override IEnumerable<Function> Functions => [predicate];

    public override bool MayBlock => predicate.MayBlock;

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new FilterStage(identity, policy, predicate);
}

internal sealed class FilterStage(StageIdentity identity, ErrorPolicy policy, Function predicate) : Stage(identity, policy)
{
    public override bool IsAsynchronous => predicate.MayBlock;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        var items = batch.Items;
        var evaluation = context.Evaluation;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            if (predicate.Test(evaluation, items[cursor.Read]))
            {
                batch.Move(cursor.Read, cursor.Kept);
                cursor.Kept++;
            }
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        var answer = await predicate.InvokeAsync(context.Evaluation, [batch.Items[index]]);
        if (!answer.IsTruthy)
        {
            return kept;
        }

        batch.Move(index, kept);
        return kept + 1;
    }
}
