// A started run until its end: what it says, Ctrl-C, the summary, and the exit code.

using Rtfs.Cli.Output;
using Rtfs.Runtime.Plans;

namespace Rtfs.Cli;

internal sealed class RunFollower(Terminal terminal, string planName, bool json)
{
    private TextWriter People => json ? terminal.Error : terminal.Out;

    /// <summary>Follows the run to its end and gives the exit code.</summary>
    public async Task<int> FollowAsync(PlanRun run, string? deadLetterPath)
    {
        terminal.Interrupts.Listen();
        using var ended = new CancellationTokenSource();
        var watch = terminal.ErrorIsTerminal && !json
            ? RunProgress.ShowAsync(run, terminal, ended.Token)
            : PlanOutput.CopyAsync(run.Events, json ? terminal.Error : terminal.Out, terminal.Error);
        var interrupted = await Task.WhenAny(run.Completion, terminal.Interrupts.First) != run.Completion;
        var summary = interrupted ? await StopAsync(run) : await run.Completion;
        await ended.CancelAsync();
        await watch;
        if (summary.Error is { } error)
        {
            RunError.Write(error, terminal.Error, terminal.ColourError);
        }

        SummaryText.Write(summary, interrupted, People, !json && terminal.ColourOut);
        TellDeadLetters(summary, run, deadLetterPath);
        if (json)
        {
            var outcome = interrupted ? "interrupted" : SummaryText.Name(summary.Outcome);
            terminal.Out.WriteLine(SummaryJson.Line(planName, outcome, writer => SummaryJson.Write(writer, summary, deadLetterPath)));
        }

        return interrupted ? ExitCodes.Interrupted : summary.Outcome == RunOutcome.Completed ? ExitCodes.Done : ExitCodes.RunFailed;
    }

    private async Task<RunSummary> StopAsync(PlanRun run)
    {
        terminal.Error.WriteLine("Interrupted: finishing what was read. Interrupt again to stop at once.");
        var drained = run.StopAsync(drain: true);
        return await Task.WhenAny(drained, terminal.Interrupts.Second) == drained
            ? await drained
            : await run.StopAsync(drain: false);
    }

    private void TellDeadLetters(RunSummary summary, PlanRun run, string? deadLetterPath)
    {
        if (summary.DeadLettered == 0)
        {
            return;
        }

        var kept = run.DeadLetters;
        if (deadLetterPath is { } path && kept.Count == 0)
        {
            People.WriteLine($"Dead letters: {path}");
            return;
        }

        const int shown = 3;
        People.WriteLine(deadLetterPath is null ? "Dead letters (keep them all with --dead-letters FILE):" : $"Dead letters that could not be written to {deadLetterPath}:");
        foreach (var letter in kept.Take(shown))
        {
            People.WriteLine("  " + letter);
        }

        var more = (deadLetterPath is null ? summary.DeadLettered : kept.Count) - shown;
        if (more > 0)
        {
            People.WriteLine($"  … and {more} more");
        }
    }
}
