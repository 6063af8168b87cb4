// What one plan of a run says about errors; by identity also which plan it is.

namespace Rtfs.Runtime.Streaming.Resilience;

internal sealed class PlanErrors(ErrorOptions options)
{
    /// <summary>Of a stream that is wired outside of any plan's form.</summary>
    public static PlanErrors None { get; } = new(ErrorOptions.None);

    public ErrorOptions Options => options;
}
