// Channels, and sinks that are read, which are written by nothing but what reads them: without its sources the run would go on for ever.

using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class StreamRun
{
    /// <summary>
    /// Once the sources have stopped, such a channel takes nothing more in; what it has received is worked through. What is written to it
    /// then is dropped and counted. Under the graph lock.
    /// </summary>
    private void CloseCircles()
    {
        if (!Stopping.IsCancellationRequested)
        {
            return;
        }

        foreach (var sink in _writers.Sinks.Where(static sink => sink.Accepted is not null || sink.Provider is LocalChannel { IsHeldByHost: false } or ConversationEnds { IsInside: true }))
        {
            var writers = _writers.Of(sink).ToArray();
            if (writers.Length > 0 && Array.TrueForAll(writers, FedBy(sink).Contains))
            {
                CloseReading(sink);
            }
        }
    }

    /// <summary>The flows that what is written to a sink comes to, through other channels too.</summary>
    private HashSet<Flow> FedBy(SharedSink sink)
    {
        var fed = new HashSet<Flow>();
        var open = new Queue<SharedSink>([sink]);
        var seen = new HashSet<SharedSink> { sink };
        while (open.TryDequeue(out var next))
        {
            foreach (var flow in ReadersOf(next))
            {
                fed.Add(flow);
                foreach (var written in _writers.WrittenBy(flow).Where(seen.Add))
                {
                    open.Enqueue(written);
                }
            }
        }

        return fed;
    }

    private void CloseReading(SharedSink sink) =>
        Close(_flows.SelectMany(static flow => SourcesOf(flow.Input)).Where(source => Writers.IsReadBy(sink, source)));
}
