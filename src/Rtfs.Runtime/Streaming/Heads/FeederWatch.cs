// Multiplexers are told when what feeds them, however far up, begins to wait.

using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming.Heads;

internal static class FeederWatch
{
    public static void Begin(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
        {
            if (segment.Head is MultiplexHead)
            {
                foreach (var mailbox in segment.Head.Inputs)
                {
                    Watch(mailbox.Writer, mailbox.Arrived, []);
                }
            }
        }
    }

    private static void Watch(Segment? feeder, Signal watcher, HashSet<Segment> seen)
    {
        if (feeder is null || !seen.Add(feeder))
        {
            return;
        }

        feeder.Task.AddWatcher(watcher);
        foreach (var mailbox in feeder.Head.Inputs)
        {
            Watch(mailbox.Writer, watcher, seen);
        }
    }
}
