// The end of a run that was cancelled takes a bounded time, whatever its providers and its `finally` blocks do.

using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming;

internal sealed class Shutdown(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _overdue = new();
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _following;
    private ITimer? _clock;
    private bool _disposed;

    /// <summary>From the cancellation on.</summary>
    public TimeSpan Limit { get; set; } = DefaultLimit;

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Overdue => _overdue.Token;

    /// <summary>The clock begins to run with the cancellation.</summary>
    public void Follow(CancellationToken cancellation) =>
        _following = cancellation.UnsafeRegister(static state => ((Shutdown)state!).Begin(), this);

    /// <summary>False when the time was over first.</summary>
    public async ValueTask<bool> AwaitAsync(Task pending)
    {
        var first = await Task.WhenAny(pending, _passed.Task);
        if (!ReferenceEquals(first, pending))
        {
            return false;
        }

        await pending;
        return true;
    }

    public RtfsException Late(IEnumerable<string> stages) => new(
        "RTFS9024",
        "Timeout",
        $"{string.Join(", ", stages)} did not end within {Limit.TotalMilliseconds:0} ms of the cancellation and was left behind; what it held is in flight. "
            + "Let the provider obey its cancellation token, or give it longer with :limits {:shutdown-ms n}.");

    public void Dispose()
    {
        _following.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _clock?.Dispose();
        }

        _overdue.Dispose();
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _clock ??= time.CreateTimer(static state => ((Shutdown)state!).Pass(), this, Limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Pass()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }
        }

        _passed.TrySetResult();
        try
        {
            _overdue.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }
}
