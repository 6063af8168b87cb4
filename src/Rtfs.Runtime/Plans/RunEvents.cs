// The events of a run: a bounded past that readers follow at their own pace.

using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Rtfs.Runtime.Plans;

/// <summary>Keeps the last 4096. A reader who falls behind misses the oldest and is told how many.</summary>
internal sealed class RunEvents(TimeProvider time, ILogger logger, Action<string, string>? lines = null)
{
    private const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<RunEvent> _kept = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _first;
    private bool _ended;

    public void Add(RunEventKind kind, string stage, string message) => Add(new RunEvent(kind, stage, message, time.GetUtcNow()));

    public void Log(string level, string stage, string message)
    {
        if (lines is not null)
        {
            lines(level, message);
        }
        else
        {
            Add(new RunEvent(RunEventKind.Log, stage, message, time.GetUtcNow()) { Level = level });
        }

        logger.Log(
            level switch
            {
                "debug" => LogLevel.Debug,
                "warn" => LogLevel.Warning,
                "error" => LogLevel.Error,
                _ => LogLevel.Information,
            },
            "{Message}",
            message);
    }

    public void End()
    {
        TaskCompletionSource arrived;
        lock (_gate)
        {
            _ended = true;
            arrived = _arrived;
        }

        arrived.TrySetResult();
    }

    public async IAsyncEnumerable<RunEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var next = 0L;
        var taken = new List<RunEvent>();
        while (true)
        {
            Task wait;
            bool ended;
            lock (_gate)
            {
                if (_first > next)
                {
                    taken.Add(new RunEvent(RunEventKind.Log, "", $"{_first - next} older events were dropped because nobody read them in time", time.GetUtcNow()) { Level = "warn" });
                    next = _first;
                }

                taken.AddRange(_kept.Skip((int)(next - _first)));
                next = _first + _kept.Count;
                wait = _arrived.Task;
                ended = _ended;
            }

            foreach (var happened in taken)
            {
                yield return happened;
            }

            if (taken.Count == 0)
            {
                if (ended)
                {
                    yield break;
                }

                await wait.WaitAsync(cancellation);
            }

            taken.Clear();
        }
    }

    private void Add(RunEvent happened)
    {
        TaskCompletionSource arrived;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _kept.Enqueue(happened);
            if (_kept.Count > Capacity)
            {
                _kept.Dequeue();
                _first++;
            }

            arrived = _arrived;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        arrived.TrySetResult();
    }
}
