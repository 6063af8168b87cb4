// How a stream ends: complete, failed or cancelled. Exactly one of them, and nothing after it.

using Rtfs.Runtime.Evaluation;

namespace Rtfs.Runtime.Streaming;

/// <param name="Failure">What failed it; null when it is complete or was cancelled.</param>
internal readonly record struct Ending(RtfsException? Failure, bool IsCancelled)
{
    public static Ending Complete => default;

    public static Ending Cancelled => new(null, true);

    public static Ending Failed(RtfsException failure) => new(failure, false);
}
