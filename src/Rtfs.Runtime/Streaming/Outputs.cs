// Where the items of a handle go beyond the segment that makes them: one mailbox per reader, some wired while it runs.

using System.Collections.Immutable;

namespace Rtfs.Runtime.Streaming;

/// <summary>A broadcast: every reader sees every item in order; only the values are shared. Without readers it costs a null check per batch.</summary>
internal class Outputs
{
    private readonly Lock _gate = new();
    private ImmutableArray<Mailbox> _mailboxes = [];
    private bool _ended;

    /// <summary>Whether nobody has been wired, or all have been seen to leave.</summary>
    public virtual bool IsEmpty => _mailboxes.IsEmpty;

    /// <summary>Whether somebody still takes what is given; what is given to those who have left is counted as dropped.</summary>
    public bool HasReaders => Mailboxes.Any(static mailbox => !mailbox.IsAbandoned);

    /// <summary>Whether nothing comes any more.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>False when the stream has ended.</summary>
    public bool TryAdd(Mailbox mailbox)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _mailboxes = _mailboxes.Add(mailbox);
            return true;
        }
    }

    public virtual ImmutableArray<Mailbox> Mailboxes => _mailboxes;

    /// <summary>
    /// Gives each reader the batch; the last gets <paramref name="batch"/> itself when <paramref name="handOver"/>. A cancelled run counts it as
    /// dropped there, and so do readers of which the last has just left.
    /// </summary>
    public virtual async ValueTask WriteAsync(Batch batch, bool handOver, SegmentContext context)
    {
        var mailboxes = Present();
        var left = false;
        for (var i = 0; i < mailboxes.Length; i++)
        {
            var own = handOver && i == mailboxes.Length - 1 ? batch : context.Run.Pool.CopyOf(batch);
            left |= !await mailboxes[i].WriteAsync(own, context);
        }

        if (handOver && mailboxes.IsEmpty)
        {
            context.Run.Pool.Return(batch);
        }

        if (left)
        {
            lock (_gate)
            {
                _mailboxes = _mailboxes.RemoveAll(static mailbox => mailbox.IsAbandoned);
            }
        }
    }

    /// <summary>Those that have left are forgotten while others stay.</summary>
    private ImmutableArray<Mailbox> Present()
    {
        var mailboxes = _mailboxes;
        var gone = 0;
        foreach (var mailbox in mailboxes)
        {
            gone += mailbox.IsAbandoned ? 1 : 0;
        }

        if (gone == 0 || gone == mailboxes.Length)
        {
            return mailboxes;
        }

        lock (_gate)
        {
            // Others may have left meanwhile; the last are told of what they miss.
            var staying = _mailboxes.RemoveAll(static mailbox => mailbox.IsAbandoned);
            return staying.IsEmpty ? mailboxes : _mailboxes = staying;
        }
    }

    public virtual void End(Ending ending)
    {
        ImmutableArray<Mailbox> mailboxes;
        lock (_gate)
        {
            _ended = true;
            mailboxes = _mailboxes;
        }

        foreach (var mailbox in mailboxes)
        {
            mailbox.End(ending);
        }
    }
}
