// The end of a run that was cancelled takes a bounded time, whatever its providers and its `finally` blocks do.

using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming;

/// <summary>
/// From the cancellation on, what cleans up has its time; then it is cut off. What obeys ends at once; what does not is left behind a
/// little later, so that the two can be told apart.
/// </summary>
/// <param name="tell">Told when something is cut off.</param>
internal sealed class Shutdown(TimeProvider time, Action<string> tell) : IDisposable
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long what is cut off may take to notice it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _overdue = new();
    private readonly CancellationTokenSource _passed = new();
    private readonly Lock _gate = new();
    private readonly List<ITimer> _clocks = [];
    private CancellationTokenRegistration _following;
    private bool _begun;
    private bool _disposed;

    /// <summary>From the cancellation on.</summary>
    public TimeSpan Limit { get; set; } = DefaultLimit;

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Overdue => _overdue.Token;

    /// <summary>The clock begins to run with the cancellation.</summary>
    public void Follow(CancellationToken cancellation) =>
        _following = cancellation.UnsafeRegister(static state => ((Shutdown)state!).Begin(), this);

    /// <summary>The time of what cleans up now, be it after a cancellation of the run or of one of its streams.</summary>
    public CleanupTime Allow()
    {
        var allowed = new CleanupTime(_overdue.Token);
        lock (_gate)
        {
            if (!_begun && !_disposed)
            {
                allowed.Clock = time.CreateTimer(static state => ((Action)state!)(), () => Cut(allowed), Limit, Timeout.InfiniteTimeSpan);
            }
        }

        return allowed;
    }

    /// <summary>Does something when the time is over, unless the run has ended by then.</summary>
    public void After(TimeSpan delay, Action act)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _clocks.Add(time.CreateTimer(static state => ((Action)state!)(), act, delay, Timeout.InfiniteTimeSpan));
            }
        }
    }

    /// <summary>Awaits what should have ended when the time is over.</summary>
    /// <exception cref="OperationCanceledException">The time was over first.</exception>
    public async Task CutAsync(Task pending)
    {
        if (!await EndsBeforeAsync(pending, _overdue.Token))
        {
            throw new OperationCanceledException(_overdue.Token);
        }

        await pending;
    }

    /// <summary>False when it did not even obey being cut off.</summary>
    public async ValueTask<bool> AwaitAsync(Task pending)
    {
        if (!await EndsBeforeAsync(pending, _passed.Token))
        {
            return false;
        }

        await pending;
        return true;
    }

    public RtfsException Late(IEnumerable<string> stages) => new(
        "RTFS9024",
        "Timeout",
        $"{string.Join(", ", stages)} did not end within {Limit.TotalMilliseconds:0} ms of the cancellation and was left behind; what it held counts as dropped. "
            + "Let the provider obey its cancellation token, or give it longer with :limits {:shutdown-ms n}.");

    public void Dispose()
    {
        _following.Dispose();
        lock (_gate)
        {
            _disposed = true;
            foreach (var clock in _clocks)
            {
                clock.Dispose();
            }
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (_begun)
            {
                return;
            }

            _begun = true;
        }

        After(Limit, Cut);
    }

    private void Cut()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }
        }

        Tell();
        After(Grace, _passed.Cancel);
        _overdue.Cancel();
    }

    private void Cut(CleanupTime allowed)
    {
        Tell();
        allowed.Cancel();
    }

    private void Tell() => tell($"what cleans up after a cancellation is cut off after {Limit.TotalMilliseconds:0} ms; :limits {{:shutdown-ms n}} gives it longer");

    /// <summary><see cref="Task.WhenAny(Task, Task)"/> passes through the pool, and the seed would not decide what runs next.</summary>
    public static async ValueTask<bool> EndsBeforeAsync(Task pending, CancellationToken over)
    {
        if (pending.IsCompleted || over.IsCancellationRequested)
        {
            return pending.IsCompleted;
        }

        var first = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = over.UnsafeRegister(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), first);
        _ = TellAsync(pending, first);
        return await first.Task;
    }

    private static async Task TellAsync(Task pending, TaskCompletionSource<bool> first)
    {
        try
        {
            await pending;
        }
        catch (Exception)
        {
            // Of whoever awaits it too.
        }

        first.TrySetResult(true);
    }
}

/// <summary>Until when one cleanup may wait.</summary>
internal sealed class CleanupTime(CancellationToken overdue) : IDisposable
{
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(overdue);

    /// <summary>Null where the run's own clock is running.</summary>
    public ITimer? Clock { get; set; }

    public CancellationToken Token => _over.Token;

    public void Cancel()
    {
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cleanup is over.
        }
    }

    public void Dispose()
    {
        Clock?.Dispose();
        _over.Dispose();
    }
}
