// stream-key-by: gives each item a key, by which a window behind it groups.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class KeyByOperator(Function function, ErrorOptions errors, SourcePlace? place)
    : Operator("key-by", function.Name, errors, place)
{
    public override IEnumerable<Function> Functions => [function];

    public override bool MayBlock => function.MayBlock;

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new KeyByStage(identity, policy, function);
}

/// <summary>Keys travel beside the items of a batch, so that stages between here and the window need not know of them.</summary>
internal sealed class KeyByStage(StageIdentity identity, ErrorPolicy policy, Function function) : Stage(identity, policy)
{
    private readonly KeyFunction? _key = function as KeyFunction;

    public override bool IsAsynchronous => function.MayBlock;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        batch.BeginKeys();
        var items = batch.Items;
        var keys = batch.Keys!;
        var evaluation = context.Evaluation;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            var item = items[cursor.Read];
            var key = _key is not null ? _key.Read(item) : function.Invoke(evaluation, item);
            batch.Move(cursor.Read, cursor.Kept);
            keys[cursor.Kept++] = key;
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        var key = await function.InvokeAsync(context.Evaluation, [batch.Items[index]]);
        batch.BeginKeys();
        batch.Move(index, kept);
        batch.Keys![kept] = key;
        return kept + 1;
    }
}
