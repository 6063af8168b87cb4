// What is asked of a stream from outside of its segment: to hold, to close, to be cancelled.

namespace Rtfs.Runtime.Streaming;

/// <summary>Of one handle. Changed under the run's graph lock; a request before the start counts from the start on.</summary>
internal sealed class StreamState
{
    private volatile bool _isPaused;
    private volatile bool _isClosing;
    private volatile bool _isCancelled;
    private volatile bool _hasEndedCold;

    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>What has been received is still worked through.</summary>
    public bool IsClosing
    {
        get => _isClosing;
        set => _isClosing = value;
    }

    public bool IsCancelled
    {
        get => _isCancelled;
        set => _isCancelled = value;
    }

    /// <summary>It was closed or cancelled before it ran, and never will.</summary>
    public bool HasEndedCold
    {
        get => _hasEndedCold;
        set => _hasEndedCold = value;
    }
}
