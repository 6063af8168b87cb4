// How a run comes to its end: its flows, what it finds at rest, its sinks.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class StreamRun
{
    /// <summary>The end of a plan's body: every flow of it that is still open runs to its end. Null for the plan that the run is of.</summary>
    public async ValueTask FinishAsync(PlanErrors? plan, EngineTask body)
    {
        if (plan is null && Replay is { } replay)
        {
            await WriteLettersAsync(replay, body);
        }

        while (true)
        {
            List<Flow> open;
            lock (_graph)
            {
                open = [.. _flows.Where(flow => !flow.Completion.IsCompleted && (plan is null || ReferenceEquals(flow.Plan, plan)))];
            }

            if (open.Count == 0)
            {
                return;
            }

            await body.StartAsync(this, open);
            if (plan is null)
            {
                BodyIsDone();
            }

            foreach (var flow in open)
            {
                await body.InsideAsync(flow.Completion, $"the end of {flow.End.Identity.Id}");
            }
        }
    }

    /// <summary>Waits for the segments and closes the sinks. Gives what went wrong in closing; what does not end in time after a cancellation is left behind.</summary>
    public async Task<RtfsException?> CloseAsync(EngineTask body)
    {
        RtfsException? fault = null;

        EndCold();

        // What nobody reads any more would go on for ever.
        foreach (var segment in Segments)
        {
            segment.Requests.Close();
        }

        while (Running() is { Length: > 0 } running)
        {
            if (!await Shutdown.AwaitAsync(Task.WhenAll(running)))
            {
                fault = Abandon();
                break;
            }
        }

        var ending = (Failure ?? fault) is { } failure ? Ending.Failed(failure) : Cancellation.IsCancellationRequested ? Ending.Cancelled : Ending.Complete;
        foreach (var sink in _writers.Sinks)
        {
            // Each is closed, whatever became of the others.
            var closing = await CloseAsync(sink, ending, body);
            fault ??= closing;
            DropUnread(sink);
        }

        Replay?.Finish(DeadLetters, Events);
        DeadLetters.Close();
        Shutdown.Dispose();
        _host.Dispose();
        _goingOn.Dispose();
        return fault;
    }

    /// <summary>Flows that a run which was cancelled never came to: they end as those do that were cancelled before their start.</summary>
    private void EndCold()
    {
        if (!Cancellation.IsCancellationRequested)
        {
            return;
        }

        foreach (var flow in Locked(() => _flows.Where(static flow => !flow.IsStarted).ToArray()))
        {
            try
            {
                Start([flow]);
            }
            catch (RtfsException)
            {
                // It could not have run beside the others, which is no matter now.
            }
        }
    }

    /// <summary>What does not end is left where it is: what waits in front of it, and what it holds, is given up.</summary>
    private RtfsException Abandon()
    {
        IsAbandoned = true;
        var left = Segments;
        foreach (var mailbox in left.SelectMany(static segment => segment.Head.Inputs))
        {
            mailbox.Abandon();
        }

        return Shutdown.Late(left.Select(static segment => segment.Id));
    }

    private Task[] Running()
    {
        lock (_graph)
        {
            return [.. _tasks.Where(static task => !task.IsCompleted)];
        }
    }

    private async ValueTask<RtfsException?> CloseAsync(SharedSink sink, Ending ending, EngineTask body)
    {
        try
        {
            if (!await Shutdown.AwaitAsync(sink.CloseAsync(body).AsTask()))
            {
                IsAbandoned = true;
                return Shutdown.Late([sink.Capability]);
            }

            if (sink.Observers is { } observers)
            {
                await observers.EndAsync(ending, new SegmentContext(this, Evaluation.Fork(body), body, Cancellation));
            }

            return null;
        }
        catch (Exception error)
        {
            return FailureHandler.AsRtfs(error);
        }
    }

    /// <summary>What came to a channel or a conversation inside of the run and nobody read: dropped by its reader, or in place of one.</summary>
    private void DropUnread(SharedSink sink)
    {
        var unread = sink.Provider switch
        {
            LocalChannel { IsHeldByHost: false } channel => channel.TakeUnread(),
            ConversationEnds conversation => conversation.TakeUnread(),
            _ => 0,
        };
        if (unread == 0)
        {
            return;
        }

        var inbound = (sink.Provider as ConversationEnds)?.Inbound;
        Stage reader;
        bool isMade;
        lock (_graph)
        {
            reader = inbound is null ? _list.ReaderOf(sink.Capability, out isMade) : _list.ReaderOf(inbound, out isMade);
        }

        reader.Counters.DropUnreceived(unread);
        var items = unread == 1 ? "item" : "items";
        Events.Add(RunEventKind.ItemDropped, reader.Identity.Id, $"{unread} {items} had no reader");
        if (Stopping.IsCancellationRequested)
        {
            // Its readers were stopped: that is what there is to say, and it is said.
            return;
        }

        var what = inbound is null ? "written to" : "answered by";
        var remedy = !isMade ? "what reads it had ended before"
            : inbound is null ? "read the channel with stream-source, or register a provider for it"
            : "read its handle with stream-consume, or give stream-interact a :receive";
        Events.Log("warn", reader.Identity.Id, $"dropped {unread} {items} {what} {sink.Capability}, which nobody read: {remedy}");
    }

    /// <summary>What came to an output of a demultiplexer that nobody reads.</summary>
    public void DropUnread(StageIdentity output, int unread)
    {
        if (unread == 0)
        {
            return;
        }

        Stage reader;
        lock (_graph)
        {
            reader = _list.ReaderOf(output, out _);
        }

        if (reader.Counters.Received == 0)
        {
            Events.Log("warn", output.Id, $"items of the output {output.Label} are dropped, as nobody reads it: give it a sink, or read its handle");
        }

        reader.Counters.DropUnreceived(unread);
        Events.Add(RunEventKind.ItemDropped, output.Id, $"{unread} {(unread == 1 ? "item" : "items")} had no reader");
    }

    private void BodyIsDone()
    {
        lock (_graph)
        {
            _bodyIsDone = true;
        }

        EndFinished();
    }

    /// <summary>Ends what is read of channels and sinks that have had writers and have none left. False when there was none to end.</summary>
    private bool EndFinished()
    {
        SharedSink[] ending;
        lock (_graph)
        {
            ending = _writers.TakeFinished(Replay is not null);
        }

        End(ending);
        return ending.Length > 0;
    }

    private void End(SharedSink[] sinks)
    {
        foreach (var sink in sinks)
        {
            (sink.Provider as LocalChannel)?.End();
            sink.Accepted?.Outputs.End(Ending.Complete);
            if (sink.Provider is ConversationEnds conversation)
            {
                Complete(conversation, sink.Capability);
            }
        }
    }

    /// <summary>Nothing more is sent; how long the peer takes to hear of it is a task of the run.</summary>
    private void Complete(ConversationEnds conversation, string capability)
    {
        var task = new EngineTask(Monitor, capability, null) { Limit = Shutdown };
        task.Begin();
        var completing = Task.Factory.StartNew(CompleteAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
        lock (_graph)
        {
            _tasks.Add(completing);
        }

        async Task CompleteAsync()
        {
            try
            {
                await task.OutsideAsync(conversation.CompleteAsync(), $"{capability} to hear the end");
            }
            catch (Exception fault)
            {
                Fail(FailureHandler.AsRtfs(fault));
            }

            task.End();
        }
    }

    /// <summary>
    /// Nothing can move. In turn: channels without a writer end; flows that nobody has started do; channels that the plan opened for
    /// writing and has not written end, with a warning. Else the run fails.
    /// </summary>
    private Action? AtRest(IReadOnlyList<EngineTask> waiting)
    {
        if (EndFinished())
        {
            return RestMonitor.LookAgain;
        }

        List<Flow> cold;
        SharedSink[] unwritten;
        lock (_graph)
        {
            cold = [.. _flows.Where(static flow => !flow.IsStarted)];
            unwritten = cold.Count > 0 ? [] : _writers.TakeUnwritten(Replay is not null);
        }

        if (cold.Count > 0)
        {
            return () => StartAtRest(cold);
        }

        if (unwritten.Length > 0)
        {
            // Where dead letters are replayed, it is no surprise that a channel is not written.
            foreach (var sink in unwritten.Where(_ => Replay is null))
            {
                Events.Log("warn", "", $"{sink.Capability} is written by this plan alone, and nothing that can still move writes to it: it ends");
            }

            End(unwritten);
            return RestMonitor.LookAgain;
        }

        if (waiting.Any(static task => task.CurrentWait is { IsTimed: true }))
        {
            return null;
        }

        if (Cancellation.IsCancellationRequested)
        {
            // What cleans up has its time, and is cut off then.
            return null;
        }

        var told = waiting.Select(static task => $"{task.Form}{(task.Place is { } place ? $" at {place}" : "")} waits for {task.CurrentWait?.Description}");
        var stalled = new RtfsException(
            "RTFS9031",
            "Stalled",
            $"nothing in this run can move any more: {string.Join("; ", told)}. {Remedy(waiting)}",
            waiting.Select(static task => task.Place).FirstOrDefault(static place => place is not null));
        return () => Fail(stalled);
    }

    private static string Remedy(IReadOnlyList<EngineTask> waiting) =>
        string.Join(' ', waiting.Select(static task => task.CurrentWait).OfType<Wait>().Where(static wait => wait is not CompletionWait).Select(static wait => wait.Remedy).Distinct());

    private void StartAtRest(IReadOnlyList<Flow> flows)
    {
        try
        {
            Start(flows);
        }
        catch (RtfsException mistake)
        {
            Fail(mistake);
        }
    }
}
