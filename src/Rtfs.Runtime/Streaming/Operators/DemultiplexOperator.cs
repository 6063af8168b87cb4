// stream-demultiplex: gives each item the number of the output that takes its key.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

/// <param name="routes">The number of the output by key.</param>
/// <param name="fallback">The number of the output of all other keys; null where there is none.</param>
internal sealed class DemultiplexOperator(Function criteria, IReadOnlyDictionary<Value, int> routes, int? fallback, ErrorOptions errors, SourcePlace place)
    : Operator("demultiplex", criteria.Name, errors, place)
{
    public override IEnumerable<Function> Functions => [criteria];

    public override bool MayBlock => criteria.MayBlock;

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new DemultiplexStage(identity, policy, criteria, routes, fallback);
}

/// <summary>An item that no output takes.</summary>
internal sealed class UnroutedException(Value key, SourcePlace? place)
    : RtfsException("RTFS9030", "StreamError", $"no output of this stream-demultiplex takes the key {key}, and it has no :default", place);

/// <summary>The items stay in one batch, with their routes beside them; the outputs take them apart.</summary>
internal sealed class DemultiplexStage(StageIdentity identity, ErrorPolicy policy, Function criteria, IReadOnlyDictionary<Value, int> routes, int? fallback)
    : Stage(identity, policy)
{
    private readonly KeyFunction? _key = criteria as KeyFunction;

    public override bool IsAsynchronous => criteria.MayBlock;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        var items = batch.Items;
        var evaluation = context.Evaluation;
        for (; cursor.Read < batch.Count && !context.IsInterrupted; cursor.Read++)
        {
            var item = items[cursor.Read];
            Route(batch, cursor.Read, cursor.Kept, _key is not null ? _key.Read(item) : criteria.Invoke(evaluation, item));
            cursor.Kept++;
        }
    }

    protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
    {
        Route(batch, index, kept, await criteria.InvokeAsync(context.Evaluation, [batch.Items[index]]));
        return kept + 1;
    }

    private void Route(Batch batch, int index, int kept, Value key)
    {
        var route = routes.TryGetValue(key, out var found) ? found : fallback ?? throw new UnroutedException(key, Identity.Place);
        batch.Route(kept, route);
        batch.Move(index, kept);
    }
}

/// <summary>An output of a demultiplexer: counts what comes by its key.</summary>
internal sealed class RouteOperator(Value key, SourcePlace place) : Operator("output", key.ToString(), ErrorOptions.None, place)
{
    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new RouteStage(identity, policy);
}

internal sealed class RouteStage(StageIdentity identity, ErrorPolicy policy) : Stage(identity, policy)
{
    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) => cursor.Read = cursor.Kept = batch.Count;
}
