// The law that no item is lost: checked at the end of every run, in every build.

using Rtfs.Runtime.Streaming;

namespace Rtfs.Runtime.Plans;

internal static class Conservation
{
    /// <summary>A stage that has finished a batch holds nothing back: for tests, on one thread.</summary>
    /// <exception cref="InvalidOperationException">A stage has lost or invented items: a fault of the engine.</exception>
    public static void Check(StageIdentity identity, StageCounters counters) => Check(counters.Summary(identity));

    /// <exception cref="InvalidOperationException">A stage has lost or invented items: a fault of the engine.</exception>
    public static void Check(RunSummary summary)
    {
        foreach (var stage in summary.Stages)
        {
            Check(stage);
        }
    }

    private static void Check(StageSummary stage)
    {
        if (!stage.IsConserved || stage.InFlight != 0)
        {
            throw new InvalidOperationException(
                $"{stage.Id} received {stage.Received} items, but processed {stage.Processed}, skipped {stage.Skipped}, dead-lettered {stage.DeadLettered}, "
                + $"dropped {stage.Dropped}, failed on {stage.Failed}; {stage.InFlight} are unaccounted for. This is a fault of the engine.");
        }
    }
}
