// What a check costs: lines a second, against the length of the text, and after an edit of one character.

using System.Diagnostics;
using System.Globalization;
using Rtfs.Benchmarks.Goals;
using Rtfs.Runtime;
using Rtfs.Syntax;
using Rtfs.Syntax.Text;

namespace Rtfs.Benchmarks.Checking;

public static class CheckingGoals
{
    private const int Short = 10_000;
    private const int Long = 100_000;

    /// <summary>Prints a line for each goal; medians of <paramref name="rounds"/> after two to warm up.</summary>
    public static async Task MeasureAsync(int rounds, TextWriter progress)
    {
        await using var engine = new RtfsEngine();
        var shorter = LongPlan.OfLines(Short);
        var longer = LongPlan.OfLines(Long);
        var contest = new Contest(rounds, warmUps: 2);
        contest.Add("check-10k-lines", () => Task.FromResult(Check(engine, shorter)));
        contest.Add("check-100k-lines", () => Task.FromResult(Check(engine, longer)));
        await contest.RunAsync(progress);
        Console.WriteLine(new Goal("check-lines-a-second", Long / contest.Seconds("check-100k-lines"), 100_000, 100_000, "lines a second"));
        Console.WriteLine(new Goal("check-100k-against-10k", contest.Seconds("check-100k-lines") / contest.Seconds("check-10k-lines"), 13, 11, "times", LowerIsBetter: true));
        Console.WriteLine(new Goal("check-after-an-edit", Edit(engine, shorter, rounds) * 1000, 5, 5, "ms", LowerIsBetter: true));
    }

    /// <summary>The number of diagnostics: none, as the plan is right.</summary>
    private static double Check(RtfsEngine engine, string text) => engine.Load(text, "long.rtfs").Analysis.Diagnostics.Count;

    /// <summary>Median seconds from an edit in the middle of the text to its diagnostics.</summary>
    private static double Edit(RtfsEngine engine, string text, int rounds)
    {
        var document = Language.Read(text, "long.rtfs");
        var place = text.IndexOf("1.8", text.Length / 2, StringComparison.Ordinal) + 2;
        var seconds = new List<double>();
        for (var round = 0; round < rounds + 5; round++)
        {
            var clock = Stopwatch.GetTimestamp();
            document = Language.Update(document, Span.Of(place, 1), (round % 9).ToString(CultureInfo.InvariantCulture));
            _ = Language.Analyze(document, engine.Catalogue).Diagnostics.Count;
            seconds.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }

        seconds.RemoveRange(0, 5);
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
