// One stream that a multiplexer joins: its mailbox, and the batch of it that is being read.

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>Moved by the multiplexer's own segment alone; others ask whether it has something.</summary>
internal sealed class InputCursor(int index, Mailbox mailbox)
{
    private Batch? _batch;
    private bool _hasEnded;

    /// <summary>The place among the inputs, from 0.</summary>
    public int Index => index;

    public Mailbox Mailbox => mailbox;

    /// <summary>Whether an item is here; it is the next one.</summary>
    public bool IsReady => Volatile.Read(ref _batch) is not null;

    public bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <summary>What is left of the batch; only while it is ready.</summary>
    public Batch Batch => _batch!;

    public int Position { get; private set; }

    public Values.Value Next => _batch!.Items[Position];

    /// <summary>Whether nothing is here and nothing can come for now.</summary>
    public bool IsQuiet => !IsReady && (HasEnded || (!mailbox.HasMessage && FeederIsQuiet));

    public bool FeederIsQuiet => mailbox.Writer is not { IsQuiet: false };

    public void Begin(Batch batch)
    {
        Position = 0;
        Volatile.Write(ref _batch, batch);
    }

    public void End() => Volatile.Write(ref _hasEnded, true);

    /// <summary>Goes behind the next item; true when that was the last of its batch.</summary>
    public bool Advance(BatchPool pool)
    {
        if (++Position < _batch!.Count)
        {
            return false;
        }

        pool.Return(_batch);
        Volatile.Write(ref _batch, null);
        return true;
    }

    /// <summary>Gives up what is here: how many items that was.</summary>
    public int Abandon()
    {
        var left = _batch is { } batch ? batch.Count - Position : 0;
        Volatile.Write(ref _batch, null);
        mailbox.Abandon();
        return left;
    }
}
