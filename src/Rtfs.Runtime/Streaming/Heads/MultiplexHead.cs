// A segment that reads from several segments in turn.

using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>
/// Round robin: one item from each input that is ready, in turn. Who is ready is judged when everything that feeds the inputs is blocked
/// or has items waiting here, so that inputs which are all at hand interleave the same way in every run; an input whose source has
/// nothing is passed over, and one that has ended leaves.
/// </summary>
internal sealed class MultiplexHead : Head
{
    private readonly SourceStage _stage;
    private readonly Mailbox[] _inputs;
    private readonly Batch?[] _current;
    private readonly int[] _position;
    private readonly bool[] _left;
    private readonly int[] _ready;
    private MailboxWait? _wait;
    private int _next;

    public MultiplexHead(SourceStage stage, int inputs, int bound, Backpressure policy, BatchPool pool)
    {
        _stage = stage;
        _inputs = new Mailbox[inputs];
        _current = new Batch?[inputs];
        _position = new int[inputs];
        _left = new bool[inputs];
        _ready = new int[inputs];
        for (var i = 0; i < inputs; i++)
        {
            _inputs[i] = new Mailbox(bound, policy, pool, stage) { Arrived = Arrived };
        }
    }

    public override IReadOnlyList<Mailbox> Inputs => _inputs;

    public override bool EndsWithInput => false;

    public override bool IsQuiet
    {
        get
        {
            for (var i = 0; i < _inputs.Length; i++)
            {
                if (Volatile.Read(ref _current[i]) is not null || (!Volatile.Read(ref _left[i]) && !InputIsQuiet(i)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context, SegmentRequests requests)
    {
        var batch = context.Run.Pool.Rent();
        while (true)
        {
            if (batch.Count == 0)
            {
                await requests.SettleAsync(context);
            }

            var (ready, undecided, open) = Look();
            if (Upstream.Failure is not null || (ready == 0 && open == 0))
            {
                return Give(batch, context);
            }

            if (ready > 0 && !undecided)
            {
                Interleave(batch, ready, context);
                if (batch.Count < batch.Items.Length)
                {
                    continue;
                }
            }

            if (batch.Count > 0)
            {
                return Give(batch, context);
            }

            var arrived = Arrived.WaitAsync();
            if (arrived.IsCompleted)
            {
                await arrived;
                continue;
            }

            context.Task.Enter(_wait ??= new MailboxWait(_inputs, () => requests.IsAsked || HoldsItems(), isExternal: false, "items of the streams that it joins"));
            await arrived;
            context.Task.Leave();
        }
    }

    public override void Close()
    {
        foreach (var input in _inputs)
        {
            input.Close();
        }
    }

    public override ValueTask CloseAsync(SegmentContext context)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            if (_current[i] is { } rest)
            {
                _stage.Counters.DropUnreceived(rest.Count - _position[i]);
                _current[i] = null;
            }

            _inputs[i].Abandon();
        }

        return ValueTask.CompletedTask;
    }

    private bool InputIsQuiet(int index) => !_inputs[index].HasMessage && _inputs[index].Writer is not { IsQuiet: false };

    /// <summary>How many inputs are ready (their places in <see cref="_ready"/>, from the one whose turn it is), whether one may still become so, and how many are open.</summary>
    private (int Ready, bool Undecided, int Open) Look()
    {
        var ready = 0;
        var open = 0;
        var undecided = false;
        for (var k = 0; k < _inputs.Length; k++)
        {
            var i = (_next + k) % _inputs.Length;
            if (_left[i])
            {
                continue;
            }

            if (_current[i] is null)
            {
                // Quiet is judged before looking: what feeds the input may write and then block in between.
                var quiet = _inputs[i].Writer is not { IsQuiet: false };
                if (_inputs[i].TryRead(out var message))
                {
                    if (message.IsEnd)
                    {
                        _left[i] = true;
                        Upstream = Upstream.Failure is null && message.Ending.Failure is { } failure ? Ending.Failed(failure) : Upstream;
                        continue;
                    }

                    _position[i] = 0;
                    _current[i] = message.Batch;
                }
                else
                {
                    undecided |= !quiet;
                }
            }

            open++;
            if (_current[i] is not null)
            {
                _ready[ready++] = i;
            }
        }

        return (ready, undecided, open);
    }

    /// <summary>Takes in turn until the batch is full or one of the ready inputs has given all that it had.</summary>
    private void Interleave(Batch batch, int ready, SegmentContext context)
    {
        var exhausted = false;
        while (!exhausted)
        {
            for (var k = 0; k < ready; k++)
            {
                if (batch.Count == batch.Items.Length)
                {
                    return;
                }

                var i = _ready[k];
                var from = _current[i]!;
                batch.Append(from, _position[i]++);
                batch.Timestamp = from.Timestamp;
                _next = i + 1 == _inputs.Length ? 0 : i + 1;
                if (_position[i] == from.Count)
                {
                    context.Run.Pool.Return(from);
                    _current[i] = null;
                    exhausted = true;
                    if (k + 1 < ready)
                    {
                        // The others of this round still have their turn before this input comes again.
                        continue;
                    }
                }
            }
        }
    }

    private Batch? Give(Batch batch, SegmentContext context)
    {
        if (batch.Count == 0)
        {
            context.Run.Pool.Return(batch);
            return null;
        }

        _stage.Counters.Receive(batch.Count);
        _stage.Counters.Process(batch.Count);
        _stage.Counters.Emit(batch.Count);
        return batch;
    }

    private bool HoldsItems() => Array.Exists(_current, static batch => batch is not null);
}
