// Virtual time that knows how many timers are left; the simulation uses it too.

using Microsoft.Extensions.Time.Testing;

namespace Rtfs.Runtime.Tests.Streaming;

internal sealed class CountingTime : TimeProvider
{
    private readonly FakeTimeProvider _inner = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public int Timers { get; private set; }

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public void Advance(TimeSpan time) => _inner.Advance(time);

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timers++;
        return new Timer(this, _inner.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class Timer(CountingTime owner, ITimer inner) : ITimer
    {
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

        public void Dispose()
        {
            if (!_disposed)
            {
                _disposed = true;
                owner.Timers--;
                inner.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
