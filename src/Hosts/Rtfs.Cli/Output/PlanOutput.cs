// What a plan says while it runs: its own lines to standard output, its log and what happened to items to standard error.

using Rtfs.Runtime.Plans;

namespace Rtfs.Cli.Output;

internal static class PlanOutput
{
    /// <summary>How many skipped, dead-lettered and retried items are told one by one; the summary counts them all.</summary>
    private const int ItemsTold = 20;

    /// <summary>Writes each line at once: none is lost, and a slow pipe holds the plan back.</summary>
    public static Action<string, string> Lines(TextWriter printed, TextWriter logged)
    {
        // Two writers may stand for one file; flows of a plan log side by side.
        var gate = new Lock();
        return (level, line) =>
        {
            lock (gate)
            {
                (level == "print" ? printed : logged).WriteLine(level == "print" ? line : $"[{level}] {line}");
            }
        };
    }

    public static async Task CopyAsync(IAsyncEnumerable<RunEvent> events, TextWriter printed, TextWriter logged)
    {
        var items = 0;
        await foreach (var happened in events)
        {
            if (Line(happened, ref items) is { } line)
            {
                (IsPrinted(happened) ? printed : logged).WriteLine(line);
            }
        }
    }

    public static bool IsPrinted(RunEvent happened) => happened is { Kind: RunEventKind.Log, Level: "print" };

    /// <summary>The line for an event, or null where there is nothing to say.</summary>
    public static string? Line(RunEvent happened, ref int items)
    {
        switch (happened.Kind)
        {
            case RunEventKind.Log:
                return happened.Level is "print" or "" ? happened.Message : $"[{happened.Level}] {happened.Message}";
            case RunEventKind.ObserverFailed:
                return $"{happened.Stage}: a callback failed: {happened.Message}";
            case RunEventKind.ItemSkipped or RunEventKind.ItemDeadLettered or RunEventKind.ItemRetried:
                items++;
                return items switch
                {
                    <= ItemsTold => $"{happened.Stage}: {Verb(happened.Kind)}: {happened.Message}",
                    ItemsTold + 1 => "More items were skipped, dead-lettered or retried; the summary counts them all.",
                    _ => null,
                };
            default:
                return null;
        }
    }

    private static string Verb(RunEventKind kind) => kind switch
    {
        RunEventKind.ItemSkipped => "skipped an item",
        RunEventKind.ItemDeadLettered => "dead-lettered an item",
        _ => "tries an item again",
    };
}
