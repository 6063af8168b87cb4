// What one plan of a run says about errors; by identity also which plan it is.

namespace Rtfs.Runtime.Streaming.Resilience;

internal sealed class PlanErrors(ErrorOptions options)
{
    public ErrorOptions Options => options;
}
