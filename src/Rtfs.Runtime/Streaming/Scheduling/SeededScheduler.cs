// A scheduler on one thread that picks the next ready work item by a seed: the same seed replays the same interleaving.

namespace Rtfs.Runtime.Streaming.Scheduling;

/// <summary>
/// Runs nothing by itself: <see cref="RunUntilIdle"/> executes ready work items, one at a time, until none is left. With virtual time
/// a run is then deterministic. Outside of tests the engine runs on <see cref="TaskScheduler.Default"/>, whose work-stealing queues
/// nothing of ours would beat; engine code awaits without <c>ConfigureAwait(false)</c>, so that continuations come back here.
/// </summary>
internal sealed class SeededScheduler(int seed) : TaskScheduler
{
    private readonly Lock _gate = new();
    private readonly List<Task> _ready = [];
    private readonly Random _random = new(seed);
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>Runs what is ready, and what becomes ready meanwhile; gives the number of work items run.</summary>
    public int RunUntilIdle()
    {
        // A host's synchronisation context would capture the continuations of engine code.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var count = 0;
            while (TakeNext() is { } task)
            {
                TryExecuteTask(task);
                count++;
            }

            return count;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Runs until <paramref name="task"/> is done, waiting for work that other threads (real input and output) bring.</summary>
    public T RunUntil<T>(Task<T> task, TimeSpan limit)
    {
        task.ContinueWith(static (_, state) => ((SemaphoreSlim)state!).Release(), _arrived, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, Default);
        while (true)
        {
            RunUntilIdle();
            if (task.IsCompleted)
            {
                return task.GetAwaiter().GetResult();
            }

            if (!_arrived.Wait(limit))
            {
                throw new TimeoutException($"Nothing became ready within {limit}.");
            }
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _ready.Add(task);
        }

        _arrived.Release();
    }

    // Inlining would take the choice away from the seed.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _ready];
        }
    }

    private Task? TakeNext()
    {
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                return null;
            }

            var index = _random.Next(_ready.Count);
            var task = _ready[index];
            _ready.RemoveAt(index);
            return task;
        }
    }
}
