// A task of a run (its body, one segment) as others see it: moving, or waiting for something.

using System.Collections.Immutable;
using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming.Scheduling;

internal sealed class EngineTask(RestMonitor monitor, string form, SourcePlace? place)
{
    private volatile Wait? _wait;
    private bool _isCounted;
    private ImmutableArray<Signal> _watchers = [];

    /// <summary>The form that a person would name when this task waits for ever.</summary>
    public string Form { get; } = form;

    public SourcePlace? Place { get; } = place;

    public Wait? CurrentWait => _wait;

    /// <summary>The stage that works, or worked last, in this task: what knows the item in hand.</summary>
    public Stage? Current { get; set; }

    /// <summary>The segment that this task runs, or stands in; null for the body of a plan and the branches of it.</summary>
    public Segment? Segment { get; set; }

    /// <summary>Whether the body of a plan tells its callbacks of a dead letter: what they do comes of the letter.</summary>
    public bool TellsOfLetter { get; set; }

    /// <summary>What cuts off its waits for other tasks when the run should be over; null where nothing does.</summary>
    public Shutdown? Limit { get; init; }

    /// <summary>The branches that this task is one of; null where it stands alone.</summary>
    public Branches? Among { get; private init; }

    public bool IsBlocked => _wait is { CanProceed: false };

    /// <summary>From now on <paramref name="watcher"/> is told whenever this task begins to wait, or ends.</summary>
    public void AddWatcher(Signal watcher) =>
        ImmutableInterlocked.Update(ref _watchers, static (watchers, added) => watchers.Contains(added) ? watchers : watchers.Add(added), watcher);

    public void Begin() => monitor.Begin(this);

    public void End()
    {
        monitor.End(this);
        Tell();
    }

    /// <summary>Called before an await that will not complete at once; <see cref="Leave"/> after it.</summary>
    public void Enter(Wait wait)
    {
        // Asked once: what a stream that is held waits for changes with the host.
        _isCounted = !wait.IsExternal;
        _wait = wait;
        Tell();
        if (_isCounted)
        {
            monitor.Blocked();
        }
    }

    public void Leave()
    {
        if (_isCounted)
        {
            monitor.Unblocked();
        }

        _wait = null;
    }

    /// <summary>Tasks that go on side by side in place of this one.</summary>
    public EngineTask[] Branch(int count)
    {
        var among = new Branches(this, count);
        return [.. Enumerable.Range(0, count).Select(_ => new EngineTask(monitor, Form, Place) { Segment = Segment, Current = Current, Limit = Limit, Among = among })];
    }

    /// <summary>A branch is done and the others are not: <see cref="EndBranch"/> follows when all are.</summary>
    public void Rest() => Enter(new BranchWait(Among!));

    public void EndBranch()
    {
        Leave();
        End();
    }

    /// <summary>Starts flows: at once, or together with those of the other branches.</summary>
    public ValueTask StartAsync(StreamRun run, IReadOnlyList<Flow> flows)
    {
        if (Among is { } branches)
        {
            return branches.StartAsync(run, flows, this);
        }

        run.Start(flows);
        return ValueTask.CompletedTask;
    }

    /// <summary>Awaits something of the outside world.</summary>
    public async ValueTask<T> OutsideAsync<T>(ValueTask<T> pending, string description)
    {
        if (pending.IsCompleted)
        {
            return pending.Result;
        }

        var task = pending.AsTask();
        Enter(new ExternalWait(task, description));
        try
        {
            return await task;
        }
        finally
        {
            Leave();
        }
    }

    public async ValueTask OutsideAsync(ValueTask pending, string description)
    {
        if (pending.IsCompleted)
        {
            pending.GetAwaiter().GetResult();
            return;
        }

        var task = pending.AsTask();
        Enter(new ExternalWait(task, description));
        try
        {
            await task;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Awaits something that other tasks of the run bring about.</summary>
    /// <param name="isCut">Whether it ends when the run should be over: not where those others are cut themselves.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled, and should be over by now.</exception>
    public async ValueTask InsideAsync(Task task, string description, bool isCut = true)
    {
        if (!task.IsCompleted)
        {
            Enter(new CompletionWait(task, description));
            try
            {
                await (isCut && Limit is { } limit ? limit.CutAsync(task) : task);
            }
            finally
            {
                Leave();
            }
        }
        else
        {
            await task;
        }
    }

    /// <summary>Awaits what other tasks bring about, and no longer when that is not wanted any more.</summary>
    public async ValueTask UntilAsync(Task task, string description, CancellationToken unwanted)
    {
        Enter(new CompletionWait(task, description));
        try
        {
            if (!await Shutdown.EndsBeforeAsync(task, unwanted))
            {
                throw new OperationCanceledException(unwanted);
            }
        }
        finally
        {
            Leave();
        }

        await task;
    }

    private void Tell()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Set();
        }
    }

    private sealed class BranchWait(Branches among) : Wait
    {
        public override bool CanProceed => among.IsOver;

        public override string Description => "the other branches";
    }
}
