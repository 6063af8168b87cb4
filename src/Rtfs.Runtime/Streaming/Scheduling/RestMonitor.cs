// Notices that a run is at rest: every task waits, and for nothing that could still come.

namespace Rtfs.Runtime.Streaming.Scheduling;

/// <summary>
/// Counts the tasks that move. At zero it looks at each wait: one that is over (its task was woken and has not resumed yet) is
/// movement to come. Waits for the outside world never count as rest. A count per wait, a scan only at zero.
/// A scan is not one moment: a woken task may hand its item on between two looks and wait again, so that each wait looks final.
/// Therefore a scan during which any task began to move, or a channel changed, says nothing; whoever moves looks again when it waits.
/// </summary>
internal sealed class RestMonitor
{
    private readonly Lock _gate = new();
    private readonly Lock _looking = new();
    private readonly List<EngineTask> _tasks = [];
    private int _moving;
    private long _moves;

    /// <summary>Something was done at once that may let nobody go on: what else there is to do shows in another look.</summary>
    public static Action LookAgain { get; } = static () => { };

    /// <summary>Given the tasks that wait. What it does at once is seen by the next look; what it gives is done after the look.</summary>
    public Func<IReadOnlyList<EngineTask>, Action?>? AtRest { get; set; }

    public string Describe()
    {
        lock (_gate)
        {
            return string.Join("; ", _tasks.Select(static task => $"{task.Form} {(task.CurrentWait is { } wait ? $"waits for {wait.Description}{(wait.CanProceed ? " (there)" : "")}" : "moves")}"));
        }
    }

    public void Begin(EngineTask task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }

        Unblocked();
    }

    public void End(EngineTask task)
    {
        lock (_gate)
        {
            _tasks.Remove(task);
        }

        Blocked();
    }

    public void Unblocked()
    {
        Interlocked.Increment(ref _moving);
        Interlocked.Increment(ref _moves);
    }

    public void Blocked()
    {
        if (Interlocked.Decrement(ref _moving) == 0)
        {
            Look();
        }
    }

    private void Look()
    {
        // One look at a time, with its remedy: a second one would otherwise judge by what the first has already mended.
        Action? after;
        lock (_looking)
        {
            do
            {
                after = IsAtRest() is { } waiting ? AtRest?.Invoke(waiting) : null;
            }
            while (ReferenceEquals(after, LookAgain));
        }

        after?.Invoke();
    }

    private EngineTask[]? IsAtRest()
    {
        lock (_gate)
        {
            var moves = Interlocked.Read(ref _moves);
            if (Volatile.Read(ref _moving) > 0)
            {
                return null;
            }

            var versions = Versions();
            foreach (var task in _tasks)
            {
                if (task.CurrentWait is not { IsExternal: false, CanProceed: false })
                {
                    return null;
                }
            }

            return _tasks.Count > 0 && Interlocked.Read(ref _moves) == moves && Versions() == versions ? [.. _tasks] : null;
        }
    }

    private long Versions()
    {
        var sum = 0L;
        foreach (var task in _tasks)
        {
            sum += task.CurrentWait?.Version ?? 0;
        }

        return sum;
    }
}
