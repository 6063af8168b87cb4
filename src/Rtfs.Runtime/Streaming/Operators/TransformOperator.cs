// stream-transform and stream-map: one output for one input, nil included.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class TransformOperator(string kind, Function function, ErrorOptions errors, SourcePlace? place)
    : Operator(kind, function.Name, errors, place)
{
    public override IEnumerable<Function> Functions => [function];

    public override bool MayBlock => function.MayBlock;

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new TransformStage(identity, policy, function);
}

internal sealed class TransformStage(StageIdentity identity, ErrorPolicy policy, Function function) : Stage(identity, policy)
{
    public override bool IsAsynchronous => function.MayBlock;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        var items = batch.Items;
        var evaluation = context.Evaluation;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            items[cursor.Kept] = function.Invoke(evaluation, items[cursor.Read]);
            batch.MoveBeside(cursor.Read, cursor.Kept);
            cursor.Kept++;
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        batch.Items[kept] = await function.InvokeAsync(context.Evaluation, [batch.Items[index]]);
        batch.MoveBeside(index, kept);
        return kept + 1;
    }
}
