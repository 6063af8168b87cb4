// The live table of a run on a terminal: what each stage has done, and how fast.

using System.Globalization;
using Rtfs.Runtime.Plans;
using Spectre.Console;

namespace Rtfs.Cli.Output;

internal static class RunProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Shows the run until <paramref name="ended"/>, and what the plan says above the table.</summary>
    public static async Task ShowAsync(PlanRun run, Terminal terminal, CancellationToken ended)
    {
        var console = terminal.ErrorConsole();
        await console.Live(Draw(run.Snapshot(), null, TimeSpan.Zero)).AutoClear(true).StartAsync(async live =>
        {
            var said = SayAsync(run, console, terminal);
            RunSummary? before = null;
            while (!ended.IsCancellationRequested)
            {
                var now = run.Snapshot();
                live.UpdateTarget(Draw(now, before, Interval));
                live.Refresh();
                before = now;
                await Task.Delay(Interval, terminal.Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await said;
        });
    }

    private static async Task SayAsync(PlanRun run, IAnsiConsole console, Terminal terminal)
    {
        var items = 0;
        await foreach (var happened in run.Events)
        {
            if (PlanOutput.Line(happened, ref items) is not { } line)
            {
                continue;
            }

            // Lines meant for a pipe go there; on a terminal everything goes above the table.
            if (PlanOutput.IsPrinted(happened) && !terminal.OutputIsTerminal)
            {
                terminal.Out.WriteLine(line);
            }
            else
            {
                console.WriteLine(line);
            }
        }
    }

    private static Table Draw(RunSummary now, RunSummary? before, TimeSpan interval)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("stage"),
            new TableColumn("received").RightAligned(),
            new TableColumn("emitted").RightAligned(),
            new TableColumn("items/s").RightAligned(),
            new TableColumn("set aside").RightAligned());
        foreach (var stage in now.Stages)
        {
            var earlier = before?.Stages.FirstOrDefault(candidate => candidate.Id == stage.Id);
            var rate = earlier is null ? 0 : (stage.Received - earlier.Received) / interval.TotalSeconds;
            table.AddRow(
                new Text(stage.Label.Length > 0 ? $"{stage.Id} {stage.Label}" : stage.Id),
                new Text(SummaryText.Number(stage.Received)),
                new Text(SummaryText.Number(stage.Emitted)),
                new Text(rate.ToString("N0", CultureInfo.InvariantCulture)),
                new Text(SummaryText.Number(stage.Skipped + stage.DeadLettered + stage.Dropped + stage.Failed)));
        }

        return table;
    }
}
