// A segment that reads from several segments in turn.

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
    private readonly Signal _arrived;
    private readonly Batch?[] _current;
    private readonly int[] _position;
    private readonly bool[] _left;
    private readonly int[] _ready;
    private readonly MultiplexWait _wait;
    private int _next;

    public MultiplexHead(SourceStage stage, Mailbox[] inputs, Signal arrived)
    {
        _stage = stage;
        _inputs = inputs;
        _arrived = arrived;
        _current = new Batch?[inputs.Length];
        _position = new int[inputs.Length];
        _left = new bool[inputs.Length];
        _ready = new int[inputs.Length];
        _wait = new MultiplexWait(this);
        foreach (var input in inputs)
        {
            input.Arrived = arrived;
        }
    }

    public override IReadOnlyList<Mailbox> Inputs => _inputs;

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

    public override async ValueTask<Batch?> ReadAsync(SegmentContext context)
    {
        var batch = context.Run.Pool.Rent();
        while (true)
        {
            context.Run.Cancellation.ThrowIfCancellationRequested();
            var (ready, undecided, open) = Look();
            if (UpstreamFailure is not null || (ready == 0 && open == 0))
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

            var arrived = _arrived.WaitAsync();
            if (arrived.IsCompleted)
            {
                await arrived;
                continue;
            }

            context.Task.Enter(_wait);
            await arrived;
            context.Task.Leave();
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
                        UpstreamFailure ??= message.Failure;
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

    private sealed class MultiplexWait(MultiplexHead head) : Wait
    {
        public override bool CanProceed
        {
            get
            {
                for (var i = 0; i < head._inputs.Length; i++)
                {
                    if (Volatile.Read(ref head._current[i]) is not null || head._inputs[i].HasMessage)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        public override string Description => "items of the streams that it joins";
    }
}
