// A segment that reads from another segment.

using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming.Heads;

/// <param name="idle">How long the next item may take; null for ever.</param>
internal sealed class MailboxHead(Mailbox mailbox, TimeSpan? idle) : Head
{
    // Below this, batches that have piled up are joined.
    private const int WorthJoining = Batch.DefaultCapacity / 2;

    public override bool IsQuiet => !mailbox.HasMessage && mailbox.Writer is not { IsQuiet: false };

    public override IReadOnlyList<Mailbox> Inputs => [mailbox];

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context)
    {
        Message message;
        while (!mailbox.TryRead(out message))
        {
            await WaitAsync(context);
        }

        if (message.Batch is not { } batch)
        {
            UpstreamFailure = message.Failure;
            return null;
        }

        while (batch.Count < WorthJoining && mailbox.NextFits(batch.Items.Length - batch.Count) && mailbox.TryRead(out var next))
        {
            batch.Append(next.Batch!, 0, next.Batch!.Count);
            context.Run.Pool.Return(next.Batch);
        }

        return batch;
    }

    public override ValueTask CloseAsync(SegmentContext context)
    {
        mailbox.Abandon();
        return ValueTask.CompletedTask;
    }

    private async ValueTask WaitAsync(SegmentContext context)
    {
        if (idle is not { } limit)
        {
            await mailbox.WaitToReadAsync(context.Task, context.Run.Cancellation);
            return;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(context.Run.Cancellation);
        using var clock = context.Run.Time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), timer, limit, Timeout.InfiniteTimeSpan);
        try
        {
            await mailbox.WaitToReadAsync(context.Task, timer.Token, external: true);
        }
        catch (OperationCanceledException) when (!context.Run.Cancellation.IsCancellationRequested)
        {
            throw new RtfsException("RTFS9024", "Timeout", $"no item came within {limit.TotalMilliseconds:0} ms", context.Task.Place);
        }
    }
}
