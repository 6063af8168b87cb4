// A segment that reads from several segments, one item at a time.

using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>
/// The strategy chooses among the inputs that are ready. Who is ready is judged when everything that feeds the inputs is blocked or has
/// items waiting here, so that inputs which are all at hand interleave the same way in every run; an input whose source has nothing is
/// passed over, and one that has ended leaves.
/// </summary>
internal sealed class MultiplexHead : Head
{
    private readonly SourceStage _stage;
    private readonly InputCursor[] _inputs;
    private readonly MultiplexStrategy _strategy;
    private readonly InputCursor[] _ready;
    private MailboxWait? _wait;
    private Batch? _taken;
    private int _counted;
    private int _tries;

    public MultiplexHead(SourceStage stage, int inputs, int bound, Backpressure policy, MultiplexStrategy strategy, BatchPool pool)
    {
        _stage = stage;
        _inputs = [.. Enumerable.Range(0, inputs).Select(index => new InputCursor(index, new Mailbox(bound, policy, pool, stage) { Arrived = Arrived }))];
        _strategy = strategy;
        _ready = new InputCursor[inputs];
        Inputs = [.. _inputs.Select(static input => input.Mailbox)];
    }

    public override IReadOnlyList<Mailbox> Inputs { get; }

    public override bool EndsWithInput => false;

    public override bool IsQuiet => QuietLook.Ask(this, _inputs);

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context, SegmentRequests requests)
    {
        _taken = context.Run.Pool.Rent();
        _counted = 0;
        while (true)
        {
            if (_taken.Count == 0)
            {
                await requests.SettleAsync(context);
            }

            var (ready, undecided, open) = Look();
            if (Upstream.Failure is not null || context.Failure is not null || (ready.Count == 0 && open == 0))
            {
                return Give(context);
            }

            if (ready.Count > 0 && !undecided)
            {
                await TakeAsync(_taken, ready, context);
                if (_taken.Count < _taken.Items.Length && !(_strategy.MayBlock && _taken.Count > 0))
                {
                    continue;
                }
            }

            if (_taken.Count > 0)
            {
                return Give(context);
            }

            var arrived = Arrived.WaitAsync();
            if (arrived.IsCompleted)
            {
                await arrived;
                continue;
            }

            context.Task.Enter(_wait ??= new MailboxWait(Inputs, () => requests.IsAsked || HoldsItems(), IdleClock.None, "items of the streams that it joins"));
            await arrived;
            context.Task.Leave();
        }
    }

    /// <summary>What could not be chosen is chosen now.</summary>
    public override ValueTask AdmitAsync(Batch batch, SegmentContext context)
    {
        _stage.Counters.Receive(batch.Count);
        _stage.Counters.Process(batch.Count);
        _stage.Counters.Emit(batch.Count);
        return ValueTask.CompletedTask;
    }

    public override void Close()
    {
        foreach (var input in _inputs)
        {
            input.Mailbox.Close();
        }
    }

    public override ValueTask CloseAsync(SegmentContext context)
    {
        var left = _taken is { } taken ? taken.Count - _counted : 0;
        _taken = null;
        foreach (var input in _inputs)
        {
            left += input.Abandon();
        }

        if (_tries > 0)
        {
            // One of these was received, and was to be chosen again.
            _stage.Counters.Drop(1);
            left--;
        }

        _stage.Counters.DropUnreceived(left);
        return ValueTask.CompletedTask;
    }

    /// <summary>The inputs that are ready, whether one may still become so, and how many have not ended.</summary>
    private (ArraySegment<InputCursor> Ready, bool Undecided, int Open) Look()
    {
        var ready = 0;
        var open = 0;
        var undecided = false;
        foreach (var input in _inputs)
        {
            if (!input.IsReady && !input.HasEnded)
            {
                // Quiet is judged before looking: what feeds the input may write and then block in between.
                var quiet = input.FeederIsQuiet;
                if (!input.Mailbox.TryRead(out var message))
                {
                    undecided |= !quiet;
                }
                else if (message.Batch is { } batch)
                {
                    input.Begin(batch);
                }
                else
                {
                    input.End();
                    Upstream = Upstream.Failure is null && message.Ending.Failure is { } failure ? Ending.Failed(failure) : Upstream;
                }
            }

            open += input.HasEnded ? 0 : 1;
            if (input.IsReady)
            {
                _ready[ready++] = input;
            }
        }

        return (new ArraySegment<InputCursor>(_ready, 0, ready), undecided, open);
    }

    /// <summary>Takes until the batch is full or one of the ready inputs has given all that it had; a strategy that waits takes one.</summary>
    private async ValueTask TakeAsync(Batch batch, ArraySegment<InputCursor> ready, SegmentContext context)
    {
        while (batch.Count < batch.Items.Length)
        {
            InputCursor chosen;
            try
            {
                chosen = _strategy.MayBlock ? await _strategy.ChooseAsync(ready, context.Evaluation) : _strategy.Choose(ready, context.Evaluation);
            }
            catch (Exception error) when (!context.IsCancelled(error))
            {
                await FailAsync(batch, ready[0], error, context);
                return;
            }

            batch.Append(chosen.Batch, chosen.Position);
            batch.Timestamp = chosen.Batch.Timestamp;
            if (chosen.Advance(context.Run.Pool) || _strategy.MayBlock)
            {
                return;
            }
        }
    }

    /// <summary>The strategy gave no choice: the item that the first ready input offered is what the stage failed on.</summary>
    private async ValueTask FailAsync(Batch batch, InputCursor first, Exception error, SegmentContext context)
    {
        Count(batch);
        if (_tries++ == 0)
        {
            _stage.Counters.Receive(1);
        }

        var failure = new ItemFailure(
            _stage, first.Next, _stage.Counters.Received - 1, first.Batch.Timestamp, ErrorCause.Processing, error, _tries);
        if (context.FailureHandler.Decide(failure, context) == FailureOutcome.Again)
        {
            await context.DelayAsync();
            return;
        }

        _tries = 0;
        first.Advance(context.Run.Pool);
        await context.TellFailuresAsync();
    }

    /// <summary>Of the items that were chosen, one may have been received when its choice failed.</summary>
    private void Count(Batch batch)
    {
        var chosen = batch.Count - _counted;
        if (chosen > 0)
        {
            _stage.Counters.Receive(chosen - (_tries > 0 ? 1 : 0));
            _stage.Counters.Process(chosen);
            _stage.Counters.Emit(chosen);
            _counted = batch.Count;
            _tries = 0;
        }
    }

    private Batch? Give(SegmentContext context)
    {
        var batch = _taken!;
        _taken = null;
        if (batch.Count == 0)
        {
            context.Run.Pool.Return(batch);
            return null;
        }

        Count(batch);
        return batch;
    }

    private bool HoldsItems() => Array.Exists(_inputs, static input => input.IsReady);
}
