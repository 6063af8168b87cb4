// A segment that reads from another segment.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Heads;

/// <param name="idle">How long the next item may take; null for ever.</param>
/// <param name="clock">What comes of that time.</param>
/// <param name="observers">Of the one flow that the items go to, or null.</param>
internal sealed class MailboxHead(int bound, Backpressure policy, BatchPool pool, Stage receiver, TimeSpan? idle, IdleClock clock, Observers? observers) : Head
{
    // Below this, batches that have piled up are joined.
    private const int WorthJoining = Batch.DefaultCapacity / 2;

    private Mailbox? _mailbox;
    private MailboxWait? _wait;

    /// <summary>What feeds this. Its receiver is the first stage of the segment.</summary>
    public Mailbox Mailbox => _mailbox ??= new Mailbox(bound, policy, pool, receiver) { Arrived = Arrived };

    public override bool IsQuiet => !Mailbox.HasMessage && Mailbox.Writer is not { IsQuiet: false };

    public override IReadOnlyList<Mailbox> Inputs => [Mailbox];

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context, SegmentRequests requests)
    {
        var mailbox = Mailbox;
        if (mailbox.TryTakeNotice(out var notice))
        {
            await TellAsync(notice, context);
        }

        Message message;
        if (!mailbox.TryRead(out message))
        {
            using var limit = idle is { } most ? new IdleLimit(most, context.Run.Time, Arrived) : null;
            while (!mailbox.TryRead(out message))
            {
                if (await requests.SettleAsync(context))
                {
                    // What came while it was held has been announced already.
                    limit?.Restart();
                    continue;
                }

                if (limit is { HasPassed: true })
                {
                    throw new RtfsException("RTFS9024", "Timeout", $"no item came within {idle!.Value.TotalMilliseconds:0} ms", context.Task.Place);
                }

                await WaitAsync(context, requests);
            }
        }

        if (message.Batch is not { } batch)
        {
            Upstream = message.Ending;
            return null;
        }

        while (batch.Count < WorthJoining && mailbox.NextFits(batch.Items.Length - batch.Count) && mailbox.TryRead(out var next))
        {
            batch.Append(next.Batch!, 0, next.Batch!.Count);
            context.Run.Pool.Return(next.Batch);
        }

        return batch;
    }

    public override void Close() => Mailbox.Close();

    public override ValueTask CloseAsync(SegmentContext context)
    {
        Mailbox.Abandon();
        return ValueTask.CompletedTask;
    }

    private async ValueTask WaitAsync(SegmentContext context, SegmentRequests requests)
    {
        var arrived = Arrived.WaitAsync();
        if (arrived.IsCompleted)
        {
            await arrived;
            return;
        }

        context.Task.Enter(_wait ??= new MailboxWait(Inputs, () => requests.IsAsked, clock, "items of the stage before it"));
        await arrived;
        context.Task.Leave();
    }

    /// <summary>What a full buffer does is told to the reader, whose callbacks must not overlap with its items.</summary>
    private async ValueTask TellAsync(PressureNotice notice, SegmentContext context)
    {
        var detail = Value.Of(MapValue.Empty
            .Assoc(Value.Of(Keyword.Of("strategy")), Value.Of(Keyword.Of(policy.Name)))
            .Assoc(Value.Of(Keyword.Of("buffered")), Value.Int(notice.Buffered))
            .Assoc(Value.Of(Keyword.Of("buffer-size")), Value.Int(notice.Bound))
            .Assoc(Value.Of(Keyword.Of("dropped")), Value.Int(notice.Dropped)));
        var told = observers ?? new Observers(receiver.Identity);
        if (policy.OnBackpressure is { } callback)
        {
            await told.TellAsync(callback, StreamEvent.Backpressure, context, detail);
        }

        await told.TellAsync(StreamEvent.Backpressure, context, detail);
    }

    private sealed class IdleLimit : IDisposable
    {
        private readonly ITimer _clock;
        private readonly TimeSpan _limit;
        private readonly Signal _arrived;
        private volatile bool _hasPassed;

        public IdleLimit(TimeSpan limit, TimeProvider time, Signal arrived)
        {
            _limit = limit;
            _arrived = arrived;
            _clock = time.CreateTimer(static state => ((IdleLimit)state!).Pass(), this, limit, Timeout.InfiniteTimeSpan);
        }

        public bool HasPassed => _hasPassed;

        /// <summary>The time in which the stream was held does not count.</summary>
        public void Restart()
        {
            _hasPassed = false;
            _clock.Change(_limit, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _clock.Dispose();

        private void Pass()
        {
            _hasPassed = true;
            _arrived.Set();
        }
    }
}
