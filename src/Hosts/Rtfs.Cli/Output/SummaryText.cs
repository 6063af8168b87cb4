// The summary of a run for people: the totals in a line each, then a table of the stages.

using System.Globalization;
using Rtfs.Runtime.Plans;

namespace Rtfs.Cli.Output;

internal static class SummaryText
{
    private static readonly string[] Columns =
        ["stage", "what", "received", "processed", "emitted", "skipped", "dead-lettered", "dropped", "failed", "retries"];

    public static string Name(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Completed => "completed",
        RunOutcome.Failed => "failed",
        _ => "cancelled",
    };

    public static double Rate(long items, TimeSpan elapsed) => elapsed > TimeSpan.Zero ? items / elapsed.TotalSeconds : 0;

    public static void Write(RunSummary summary, bool interrupted, TextWriter text, bool colour)
    {
        var outcome = interrupted ? "Interrupted" : Capital(Name(summary.Outcome));
        text.WriteLine(Bold(
            $"{outcome} in {Seconds(summary.Elapsed)}: {Number(summary.ItemsIn)} in, {Number(summary.ItemsOut)} out, "
                + $"{Number((long)Rate(summary.ItemsIn, summary.Elapsed))} items/s",
            colour));
        text.WriteLine(
            $"skipped {Number(summary.Skipped)}, dead-lettered {Number(summary.DeadLettered)}, dropped {Number(summary.Dropped)}, "
                + $"failed {Number(summary.Failed)}, retries {Number(summary.Retries)}");
        if (summary.Stages.Count > 0)
        {
            WriteTable([Columns, .. summary.Stages.Select(Row)], text, colour);
        }
    }

    private static string[] Row(StageSummary stage) =>
    [
        stage.Id, stage.Label, Number(stage.Received), Number(stage.Processed), Number(stage.Emitted), Number(stage.Skipped),
        Number(stage.DeadLettered), Number(stage.Dropped), Number(stage.Failed), Number(stage.Retries),
    ];

    /// <summary>The first two columns are words and stand left, the others are counts and stand right.</summary>
    private static void WriteTable(IReadOnlyList<string[]> rows, TextWriter text, bool colour)
    {
        var widths = new int[Columns.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        for (var r = 0; r < rows.Count; r++)
        {
            var cells = rows[r].Select((cell, i) => i < 2 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            var line = "  " + string.Join("  ", cells).TrimEnd();
            text.WriteLine(r == 0 ? Bold(line, colour) : line);
        }
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Bold(string text, bool colour) => colour ? $"\u001b[1m{text}\u001b[0m" : text;
}
