// The outputs of a demultiplexer: each batch is taken apart by the routes of its items.

using System.Collections.Immutable;

namespace Rtfs.Runtime.Streaming;

/// <summary>Items of a route that nobody reads go nowhere.</summary>
/// <param name="routes">Where the items of each route go, by its number.</param>
internal sealed class RoutedOutputs(Outputs[] routes) : Outputs
{
    public override bool IsEmpty
    {
        get
        {
            foreach (var route in routes)
            {
                if (!route.IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public override ImmutableArray<Mailbox> Mailboxes => [.. routes.SelectMany(static route => route.Mailboxes)];

    /// <summary>In the order of the routes; within each, the order of the items is kept.</summary>
    public override async ValueTask WriteAsync(Batch batch, bool handOver, SegmentContext context)
    {
        for (var route = 0; route < routes.Length; route++)
        {
            if (!routes[route].IsEmpty && Part(batch, route, context.Run.Pool) is { } part)
            {
                await routes[route].WriteAsync(part, handOver: true, context);
            }
        }

        if (handOver)
        {
            context.Run.Pool.Return(batch);
        }
    }

    public override void End(Ending ending)
    {
        foreach (var route in routes)
        {
            route.End(ending);
        }
    }

    private static Batch? Part(Batch batch, int route, BatchPool pool)
    {
        Batch? part = null;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Routes![i] == route)
            {
                part ??= pool.Rent();
                part.Append(batch, i);
            }
        }

        if (part is not null)
        {
            part.Timestamp = batch.Timestamp;
        }

        return part;
    }
}
