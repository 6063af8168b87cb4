// What a plan, or its host, asks of streams that may be running: to hold, to go on, to close, to be cancelled, to be awaited.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// In the body of a plan a form that ends a stream comes back when it has ended; in the body or a callback of a stream it is a request,
/// which is looked at after the item in hand. A sink that no flow is wired to has nothing to wait for: it is closed at once.
/// </summary>
internal sealed class Lifecycle(StreamRun run)
{
    public void Pause(StreamHandle handle, bool paused)
    {
        foreach (var half in HalvesOf(handle))
        {
            Ask(half, state => state.IsPaused = paused);
        }

        run.Holds.Changed();
    }

    /// <summary>What the stream has received is worked through, then it is complete.</summary>
    public async ValueTask CloseAsync(StreamHandle handle, EngineTask task)
    {
        if (handle is PairHandle pair)
        {
            // Its own body works through what was received, and may still write: the outbound half then ends with its writers.
            if (task.Segment is not { } own || !FlowsOn(pair.Inbound).Any(flow => IsFedBy(flow, own)))
            {
                await CloseAsync(pair.Outbound, task);
            }

            await CloseAsync(pair.Inbound, task);
            return;
        }

        Ask(handle, static state =>
        {
            state.IsClosing = true;
            state.IsPaused = false;
        });
        run.Holds.Changed();
        if (handle is SinkHandle)
        {
            await EndColdAsync(flow => ReferenceEquals(flow.End.Handle, handle), Ending.Complete, task);
        }
        else
        {
            EndBeforeStart(handle);
        }

        if (task.Segment is null || IsWrittenByFormsAlone(handle))
        {
            await AwaitEndAsync(handle, task);
            await CloseSinkAsync(handle, Ending.Complete, task);
        }
    }

    /// <summary>What it has received, and what those behind it have, is dropped; a sink writes what it has accepted, and takes no more.</summary>
    public async ValueTask CancelAsync(StreamHandle handle, EngineTask task)
    {
        if (handle is PairHandle pair)
        {
            await CancelAsync(pair.Outbound, task);
            await CancelAsync(pair.Inbound, task);
            return;
        }

        var cancelled = run.Locked(() =>
        {
            handle.State.IsCancelled = true;
            EndBeforeStart(handle);
            var segments = new HashSet<Segment>();
            foreach (var segment in SegmentsOf(handle))
            {
                AddWithReaders(segment, segments);
            }

            return segments;
        });
        foreach (var segment in cancelled)
        {
            // The item in hand is finished in the segment that asks.
            segment.Cancel(now: !ReferenceEquals(segment, task.Segment));
        }

        await EndColdAsync(flow => ReferenceEquals(flow.End.Handle, handle) || EndsWith(flow.Input, handle), Ending.Cancelled, task);
        if (handle is { Segment: null, Observers: { } observers } and not SinkHandle)
        {
            await observers.EndAsync(Ending.Cancelled, ContextOf(task));
        }

        if (task.Segment is null || IsWrittenByFormsAlone(handle))
        {
            await AwaitEndAsync(handle, task);
            await CloseSinkAsync(handle, Ending.Cancelled, task);
        }
    }

    /// <summary>Starts what the stream needs, waits until all that reads it has ended, and raises the first failure.</summary>
    /// <exception cref="RtfsException">StreamError: it is awaited in its own body.</exception>
    public async ValueTask<IReadOnlyList<Flow>> AwaitAsync(StreamHandle handle, EngineTask task, SourcePlace place, CancellationToken cancellation)
    {
        var flows = FlowsOn(handle);
        if (task.Segment is { } own && flows.Any(flow => IsFedBy(flow, own)))
        {
            throw new RtfsException(
                "RTFS9030", "StreamError", $"{handle.Label} is awaited in its own body, so it could never end; await it in the body of the plan", place);
        }

        await run.RunAsync(flows, task, cancellation);
        return flows;
    }

    /// <summary>The end of a scope: what reads the stream is worked through, or given up; then it is closed.</summary>
    public async ValueTask ReleaseAsync(StreamHandle handle, bool failed, EngineTask task, CancellationToken cancellation)
    {
        if (failed)
        {
            await CancelAsync(handle, task);
            return;
        }

        if (handle is SinkHandle written)
        {
            await RunAsync(run.FlowsOn(handle).Union(run.WritersOf(written.Sink)));
            await CloseAsync(handle, task);
            if (written.Sink.Provider is not LocalChannel { IsHeldByHost: true })
            {
                await RunAsync(run.ReadersOf(written.Sink));
            }
        }
        else
        {
            await RunAsync(FlowsOn(handle));
            await CloseAsync(handle, task);
        }

        // What the scope's own stream feeds goes on behind it.
        ValueTask RunAsync(IEnumerable<Flow> flows) =>
            run.RunAsync([.. task.Segment is { } own ? flows.Where(flow => !IsFedBy(flow, own)) : flows], task, cancellation);
    }

    /// <summary>What comes to read a cold stream later comes too late; a channel may still give what it has received.</summary>
    private static void EndBeforeStart(StreamHandle handle)
    {
        if (!handle.IsRunning && handle is not (SinkHandle or SourceHandle { Provider: LocalChannel }))
        {
            handle.State.HasEndedCold = true;
        }
    }

    private bool IsWrittenByFormsAlone(StreamHandle handle) => handle is SinkHandle && run.FlowsOn(handle).All(static flow => flow.Completion.IsCompleted);

    private async ValueTask CloseSinkAsync(StreamHandle handle, Ending ending, EngineTask task)
    {
        if (handle is SinkHandle sink)
        {
            await sink.Sink.CloseAsync(task);
            sink.Sink.Accepted?.Outputs.End(ending);
            if (sink.Observers is { } observers)
            {
                await observers.EndAsync(ending, ContextOf(task));
            }
        }
    }

    /// <summary>Flows that have not started have nothing to drop: they end here, and never start.</summary>
    private async ValueTask EndColdAsync(Func<Flow, bool> isMeant, Ending ending, EngineTask task)
    {
        foreach (var flow in run.TakeCold(isMeant))
        {
            await flow.EndedAsync(ending, ContextOf(task));
        }
    }

    private SegmentContext ContextOf(EngineTask task) => new(run, run.Evaluation.Fork(task), task, run.Cancellation);

    private static StreamHandle[] HalvesOf(StreamHandle handle) => handle is PairHandle pair ? [pair.Outbound, pair.Inbound] : [handle];

    /// <summary>Those of a sink are also the flows that read what it takes.</summary>
    private IReadOnlyList<Flow> FlowsOn(StreamHandle handle) =>
        [.. HalvesOf(handle).SelectMany(run.FlowsOn).Concat(handle is SinkHandle { Sink: var sink } ? run.ReadersOf(sink) : []).Distinct()];

    private static bool IsFedBy(Flow flow, Segment segment) =>
        ReferenceEquals(flow.Segment, segment) || segment.Handles.Any(handle => StreamRun.ComesFrom(flow.Input, handle));

    private static void AddWithReaders(Segment segment, HashSet<Segment> found)
    {
        if (!found.Add(segment))
        {
            return;
        }

        foreach (var mailbox in segment.Handles.SelectMany(static handle => handle.Outputs.Mailboxes))
        {
            if (mailbox.Reader is { } reader)
            {
                AddWithReaders(reader, found);
            }
        }
    }

    private void Ask(StreamHandle handle, Action<StreamState> change) => run.Locked(() =>
    {
        change(handle.State);
        var segments = new HashSet<Segment>();
        foreach (var segment in SegmentsOf(handle))
        {
            AddWithReaders(segment, segments);
        }

        foreach (var segment in segments)
        {
            segment.Ask();
        }

        return true;
    });

    /// <summary>Where the stream's items are made; for a sink, where they are written.</summary>
    private IEnumerable<Segment> SegmentsOf(StreamHandle handle) => handle is SinkHandle
        ? run.FlowsOn(handle).Select(static flow => flow.Segment).OfType<Segment>()
        : handle.Segment is { } segment ? [segment] : [];

    private async ValueTask AwaitEndAsync(StreamHandle handle, EngineTask task)
    {
        foreach (var segment in run.Locked(() => SegmentsOf(handle).ToArray()))
        {
            await task.InsideAsync(segment.Ended, $"the end of {segment.Id}");
        }

        foreach (var flow in run.FlowsOn(handle).Where(flow => flow.IsStarted && EndsWith(flow.Input, handle)))
        {
            await task.InsideAsync(AnywayAsync(flow.Completion), $"the end of {flow.End.Identity.Id}");
        }
    }

    /// <summary>Whether the stream cannot outlive the handle: no multiplexer stands between them.</summary>
    private static bool EndsWith(StreamHandle stream, StreamHandle handle) =>
        ReferenceEquals(stream, handle) || (stream is not MultiplexHandle && stream.Inputs.Any(input => EndsWith(input, handle)));

    /// <summary>A failure is raised where somebody waits for the flow.</summary>
    private static async Task AnywayAsync(Task ending)
    {
        try
        {
            await ending;
        }
        catch (OperationCanceledException)
        {
        }
    }
}
