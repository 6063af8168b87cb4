// One at a time, in the order of asking: a lock that is awaited, whose hand-over goes straight to the waiter's scheduler.

namespace Rtfs.Runtime.Streaming.Scheduling;

/// <summary>
/// <see cref="SemaphoreSlim"/> passes through the thread pool on its way to a waiter, which a seeded scheduler could not replay.
/// </summary>
internal sealed class Turn
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _taken;

    public Task TakeAsync()
    {
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    public void Release()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _taken = false;
            }
        }

        next?.SetResult();
    }
}
