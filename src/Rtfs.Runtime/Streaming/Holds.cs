// Forms that write to a sink by themselves, while the sink is held.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>Flows are held between their items by their segments; a form waits here before it writes.</summary>
internal sealed class Holds(StreamRun run)
{
    private TaskCompletionSource _changed = New();

    /// <summary>Something has been asked of streams: those that wait look again.</summary>
    public void Changed() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    /// <summary>Comes back when the sink goes on, or when nothing is held any more.</summary>
    public async ValueTask WaitAsync(SinkHandle sink, SegmentContext context)
    {
        var told = false;
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (!IsHeld(sink))
            {
                break;
            }

            if (!told)
            {
                told = true;
                await TellAsync(sink, isPaused: true, context);
                continue;
            }

            await WaitAsync(sink, changed, context.Task);
        }

        if (told)
        {
            await TellAsync(sink, isPaused: false, context);
        }
    }

    private async ValueTask WaitAsync(SinkHandle sink, Task changed, EngineTask task)
    {
        Interlocked.Increment(ref sink.Sink.HeldWriters);
        try
        {
            // A branch that waits here is blocked as others are.
            await task.StartAsync(run, []);
            if (IsHeld(sink))
            {
                task.Enter(new HeldSinkWait(this, sink));
                await changed;
                task.Leave();
            }
        }
        finally
        {
            task.Among?.GoOn();
            Interlocked.Decrement(ref sink.Sink.HeldWriters);
        }
    }

    private async ValueTask TellAsync(SinkHandle sink, bool isPaused, SegmentContext context)
    {
        run.Events.Add(isPaused ? RunEventKind.Paused : RunEventKind.Resumed, sink.Identity.Id, isPaused ? "holds until it is resumed" : "goes on");
        if (sink.Observers is { } observers)
        {
            await observers.TellAsync(isPaused ? StreamEvent.Pause : StreamEvent.Resume, context);
        }
    }

    private bool IsHeld(SinkHandle sink) => (sink.State.IsPaused || run.IsHeld) && !run.Stopping.IsCancellationRequested;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class HeldSinkWait(Holds holds, SinkHandle sink) : Wait
    {
        public override bool IsExternal => holds.IsHeldByHost;

        public override bool CanProceed => !holds.IsHeld(sink);

        public override string Description => $"somebody to resume {sink.Label}";

        public override string Remedy => "Resume it by stream-resume, in a callback of another stream or in the body of the plan.";
    }

    private bool IsHeldByHost => run.IsHeld;
}
