// The branches of a `parallel`: what they start, they start together.

namespace Rtfs.Runtime.Streaming.Scheduling;

/// <summary>
/// A start waits until every branch is blocked on a stream or done, so that all readers which branches wire to one stream are there
/// before its first item. Where the branches stand in another branch, that one is blocked when all of these are.
/// </summary>
internal sealed class Branches(EngineTask parent, int count)
{
    private readonly Lock _gate = new();
    private readonly List<Flow> _wanted = [];
    private TaskCompletionSource _started = New();
    private int _moving = count;
    private int _left = count;
    private bool _parentIsBlocked;

    public bool IsOver => Volatile.Read(ref _left) == 0;

    /// <summary>A branch blocks on flows: they are started when no branch moves any more.</summary>
    public async ValueTask StartAsync(StreamRun run, IReadOnlyList<Flow> flows, EngineTask branch)
    {
        Task started;
        bool isLast;
        lock (_gate)
        {
            _wanted.AddRange(flows);
            started = _started.Task;
            isLast = --_moving == 0;
        }

        if (isLast)
        {
            await FireAsync(run);
        }

        await branch.InsideAsync(started, "the other branches to block or to end");
    }

    /// <summary>What a branch was blocked on is over.</summary>
    public void GoOn()
    {
        bool parentGoesOn;
        lock (_gate)
        {
            _moving++;
            parentGoesOn = _parentIsBlocked;
            _parentIsBlocked = false;
        }

        if (parentGoesOn)
        {
            parent.Among?.GoOn();
        }
    }

    public async ValueTask EndAsync(StreamRun run)
    {
        bool isLast;
        lock (_gate)
        {
            _left--;
            isLast = --_moving == 0 && _left > 0;
        }

        if (isLast)
        {
            await FireAsync(run);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask FireAsync(StreamRun run)
    {
        Flow[] wanted;
        TaskCompletionSource started;
        lock (_gate)
        {
            wanted = [.. _wanted];
            _wanted.Clear();
            _parentIsBlocked = true;
            started = _started;
            _started = New();
        }

        try
        {
            await parent.StartAsync(run, wanted);
            started.SetResult();
        }
        catch (Exception mistake)
        {
            // Whoever wanted to start is told; a branch that is done has nobody to tell.
            started.SetException(mistake);
        }
    }
}
