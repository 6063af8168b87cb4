// The outputs of a demultiplexer: each batch is taken apart by the routes of its items.

using System.Collections.Immutable;

namespace Rtfs.Runtime.Streaming;

/// <summary>Where the items of one output go, and the stage that counts them.</summary>
internal readonly record struct Route(StageIdentity Identity, Outputs Outputs);

/// <summary>Items of a route that nobody reads are dropped there, and counted.</summary>
/// <param name="routes">By their numbers.</param>
internal sealed class RoutedOutputs(Route[] routes) : Outputs
{
    public override bool IsEmpty
    {
        get
        {
            foreach (var (_, outputs) in routes)
            {
                if (!outputs.IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public override ImmutableArray<Mailbox> Mailboxes => [.. routes.SelectMany(static route => route.Outputs.Mailboxes)];

    /// <summary>In the order of the routes; within each, the order of the items is kept.</summary>
    public override async ValueTask WriteAsync(Batch batch, bool handOver, SegmentContext context)
    {
        for (var route = 0; route < routes.Length; route++)
        {
            var (identity, outputs) = routes[route];
            if (outputs.IsEmpty)
            {
                context.Run.DropUnread(identity, batch.Routes.AsSpan(0, batch.Count).Count(route));
            }
            else if (Part(batch, route, context.Run.Pool) is { } part)
            {
                await outputs.WriteAsync(part, handOver: true, context);
            }
        }

        if (handOver)
        {
            context.Run.Pool.Return(batch);
        }
    }

    public override void End(Ending ending)
    {
        foreach (var (_, outputs) in routes)
        {
            outputs.End(ending);
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
