// What is asked of a running segment, and what its callbacks are still to be told: looked at between items.

using System.Threading.Channels;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>An item failed upstream, and the callbacks of the flow are still to be told.</summary>
internal readonly record struct Notice(Flow Flow, RtfsException Error, ItemFailure Failure);

/// <summary>
/// <see cref="Look"/>, <see cref="Close"/> and <see cref="Cancel"/> may come from any task; the rest belongs to the segment's own.
/// </summary>
internal sealed class SegmentRequests : IDisposable
{
    // A segment whose callback hangs holds back those that have more to tell.
    private const int MostNotices = 1024;

    private readonly StreamRun _run;
    private readonly Segment _segment;
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenSource _close;
    private readonly Channel<Notice> _notices = Channel.CreateBounded<Notice>(MostNotices);
    private readonly HeldWait _heldWait;
    private readonly CancellationTokenRegistration _waking;
    private volatile bool _isPaused;
    private volatile bool _isCancelled;
    private volatile bool _isHolding;
    private bool _pauseIsTold;

    public SegmentRequests(StreamRun run, Segment segment)
    {
        _run = run;
        _segment = segment;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        _close = CancellationTokenSource.CreateLinkedTokenSource(segment.Head.OutlivesStop ? run.Cancellation : run.Stopping, _cancel.Token);
        Cancellation = _cancel.Token;
        Closing = _close.Token;
        _heldWait = new HeldWait(this);
        _waking = Cancellation.UnsafeRegister(static state => ((Signal)state!).Set(), segment.Head.Arrived);
    }

    /// <summary>Everything of the segment stops where it is.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Nothing more is taken in.</summary>
    public CancellationToken Closing { get; }

    public bool IsHolding => _isHolding;

    public bool IsCancelled => _isCancelled;

    /// <summary>Whether <see cref="SettleAsync"/> has something to do: a wait for items is left for it.</summary>
    public bool IsAsked =>
        _isCancelled || _isPaused != _pauseIsTold || _notices.Reader.Count > 0 || Cancellation.IsCancellationRequested;

    /// <summary>Sums up what is asked of the segment's handles. Under the run's graph lock.</summary>
    public void Look(SegmentContext context)
    {
        _isPaused = !_run.Stopping.IsCancellationRequested
            && (_run.IsHeld || Any(static state => state.IsPaused) || _segment.Upstream.Any(static handle => handle.State.IsPaused));
        if (Any(static state => state.IsCancelled))
        {
            _isCancelled = true;
        }

        context.IsInterrupted = _isPaused || _isCancelled;
        if (Any(static state => state.IsClosing))
        {
            Close();
        }

        _segment.Head.Arrived.Set();
    }

    /// <summary>What has been received is still worked through.</summary>
    public void Close()
    {
        if (!_close.IsCancellationRequested)
        {
            Signal(_close);
            _segment.Head.Close();
            _segment.Head.Arrived.Set();
        }
    }

    /// <param name="now">False when the asking is done in the segment itself: the item in hand is finished first.</param>
    public void Cancel(SegmentContext context, bool now)
    {
        _isCancelled = true;
        context.IsInterrupted = true;
        if (now)
        {
            Signal(_cancel);
        }

        _segment.Head.Arrived.Set();
    }

    public async ValueTask PostAsync(Notice notice, EngineTask poster)
    {
        if (!_notices.Writer.TryWrite(notice))
        {
            try
            {
                await poster.InsideAsync(_notices.Writer.WriteAsync(notice).AsTask(), "a callback of the stream");
            }
            catch (ChannelClosedException)
            {
                // Nothing is told after the terminal event.
                return;
            }
        }

        _segment.Head.Arrived.Set();
    }

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void ThrowIfCancelled()
    {
        if (_isCancelled)
        {
            // Not CancelAsync: it passes through the pool, and the seed would not decide what runs next.
            Signal(_cancel);
        }

        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Tells what is to be told, holds while the stream is paused, and ends a stream that was cancelled.</summary>
    /// <returns>Whether it held.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ValueTask<bool> SettleAsync(SegmentContext context) => IsAsked || _isPaused ? SettleSlowlyAsync(context) : new(false);

    private async ValueTask<bool> SettleSlowlyAsync(SegmentContext context)
    {
        var held = false;
        while (true)
        {
            ThrowIfCancelled();
            if (_notices.Reader.TryRead(out var notice))
            {
                await notice.Flow.Observers.TellErrorAsync(notice.Error, notice.Failure, context);
                continue;
            }

            if (_isPaused != _pauseIsTold)
            {
                await TellPauseAsync(_isPaused);
                continue;
            }

            if (!_isPaused)
            {
                return held;
            }

            held = true;
            await HoldAsync(context);
        }
    }

    /// <summary>Nothing is told any more.</summary>
    public void End() => _notices.Writer.TryComplete();

    public void Dispose()
    {
        _waking.Dispose();
        _close.Dispose();
        _cancel.Dispose();
    }

    private async ValueTask HoldAsync(SegmentContext context)
    {
        _isHolding = true;
        try
        {
            var arrived = _segment.Head.Arrived.WaitAsync();
            if (arrived.IsCompleted)
            {
                await arrived;
                return;
            }

            context.Task.Enter(_heldWait);
            await arrived;
            context.Task.Leave();
        }
        finally
        {
            _isHolding = false;
        }
    }

    private async ValueTask TellPauseAsync(bool isPaused)
    {
        _pauseIsTold = isPaused;
        _run.Events.Add(
            isPaused ? RunEventKind.Paused : RunEventKind.Resumed,
            _segment.Id,
            isPaused ? "holds until it is resumed" : "goes on");
        await _segment.TellAsync(isPaused ? StreamEvent.Pause : StreamEvent.Resume);
    }

    private bool Any(Func<StreamState, bool> asks) =>
        _segment.Handles.Any(handle => asks(handle.State)) || (_segment.Flow?.End.Handle is { } sink && asks(sink.State));

    private static void Signal(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The segment has ended meanwhile.
        }
    }

    private sealed class HeldWait(SegmentRequests requests) : Wait
    {
        public override bool IsExternal => requests._run.IsHeld;

        public override bool CanProceed => !requests._isPaused || requests.IsAsked;

        public override string Description => "somebody to resume it";

        public override string Remedy => "Resume it by stream-resume, in a callback of another stream or in the body of the plan.";
    }
}
