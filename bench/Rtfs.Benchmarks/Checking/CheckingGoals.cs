// What a check costs: lines a second, against the length of the text, and after edits of one character.

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
        var inOnePiece = LongPlan.InOnePiece(Long);
        var contest = new Contest(rounds, warmUps: 2);
        contest.Add("check-10k-lines", () => Task.FromResult(Check(engine, shorter)));
        contest.Add("check-100k-lines", () => Task.FromResult(Check(engine, longer)));
        contest.Add("check-100k-lines-in-one-piece", () => Task.FromResult(Check(engine, inOnePiece)));
        await contest.RunAsync(progress);
        Console.WriteLine(new Goal("check-lines-a-second", Long / contest.Seconds("check-100k-lines"), 100_000, 100_000, "lines a second"));
        Console.WriteLine(new Goal("check-lines-a-second-in-one-piece", Long / contest.Seconds("check-100k-lines-in-one-piece"), 50_000, 100_000, "lines a second"));
        Console.WriteLine(new Goal("check-100k-against-10k", contest.Seconds("check-100k-lines") / contest.Seconds("check-10k-lines"), 13, 11, "times", LowerIsBetter: true));
        var edits = Edits(engine, shorter, rounds);
        Console.WriteLine(new Goal("check-after-an-edit", edits[edits.Count / 2] * 1000, 5, 5, "ms", LowerIsBetter: true));
        Console.WriteLine(new Goal("check-after-an-edit-95-of-100", edits[edits.Count * 95 / 100] * 1000, 10, 5, "ms", LowerIsBetter: true));
        Console.WriteLine(new Goal("check-after-an-edit-at-worst", edits[^1] * 1000, 10, 5, "ms", LowerIsBetter: true));
    }

    /// <summary>The number of diagnostics: none, as the plan is right.</summary>
    private static double Check(RtfsEngine engine, string text) => engine.Load(text, "long.rtfs").Analysis.Diagnostics.Count;

    /// <summary>What is typed over the character behind a piece of the text: the same length, or a blank more.</summary>
    private static readonly (string Place, string Before, Func<int, string> Now)[] Kinds =
    [
        ("in a function that others call", "(* 1.", round => (1 + (round % 9)).ToString(CultureInfo.InvariantCulture)),
        ("in a form that nothing rests on", "(not= (:severity alert) :lo", round => round % 2 == 0 ? "w" : "x"),
        ("in a value that a function reads", "{:high ", round => (1 + (round % 9)).ToString(CultureInfo.InvariantCulture)),
        ("in a comment", "; Block", _ => "  "),
        ("between forms", ":else :low))", _ => "\n "),
    ];

    /// <summary>Seconds from an edit to its diagnostics, the shortest first: edits of every kind, at places all over the text.</summary>
    private static List<double> Edits(RtfsEngine engine, string text, int rounds)
    {
        const int warmUps = 40;
        var document = Language.Read(text, "long.rtfs");
        _ = Language.Analyze(document, engine.Catalogue).Diagnostics.Count;
        var random = new Random(1);
        var seconds = new List<double>();
        for (var round = 0; round < warmUps + (10 * rounds); round++)
        {
            foreach (var (_, before, now) in Kinds)
            {
                var source = document.Source.Text;
                var place = source.IndexOf(before, random.Next(source.Length * 9 / 10), StringComparison.Ordinal) + before.Length;
                var clock = Stopwatch.GetTimestamp();
                document = Language.Update(document, Span.Of(place, 1), now(round));
                _ = Language.Analyze(document, engine.Catalogue).Diagnostics.Count;
                if (round >= warmUps)
                {
                    seconds.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
                }
            }
        }

        seconds.Sort();
        return seconds;
    }
}
