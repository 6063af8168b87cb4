// Every example of docs/language.md, evaluated.

using System.Runtime.CompilerServices;
using Rtfs.Runtime;
using Xunit;

namespace Rtfs.Corpus.Tests;

/// <summary>
/// In a block marked <c>rtfs</c>, an expectation line speaks of the text above it in its block. A block without one must evaluate.
/// What fails is left out of the text of the expectations that follow.
/// </summary>
public sealed class LanguageReferenceTests
{
    private const string Opening = "```rtfs";

    private const string Closing = "```";

    private static readonly string Reference = Path.GetFullPath(Path.Combine(Here(), "..", "..", "docs", "language.md"));

    public static TheoryData<int> Blocks
    {
        get
        {
            var data = new TheoryData<int>();
            var lines = File.ReadAllLines(Reference);
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i] == Opening)
                {
                    data.Add(i + 1);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task An_example_gives_what_it_says(int line)
    {
        var lines = File.ReadAllLines(Reference);
        var before = new List<string>();
        var since = new List<string>();
        var stated = false;
        for (var i = line; lines[i] != Closing; i++)
        {
            if (Expectation.Read(lines[i]) is not { } expectation)
            {
                since.Add(lines[i]);
                continue;
            }

            stated = true;
            await Check(expectation, string.Join('\n', before.Concat(since)), i + 1);
            if (expectation.IsValue)
            {
                before.AddRange(since);
            }

            since.Clear();
        }

        if (!stated)
        {
            var result = await Evaluate(string.Join('\n', since));
            Assert.True(result.Error is null, $"{Reference}:{line}: {result.Error?.Kind}: {result.Error?.Message}");
        }
    }

    private static async Task Check(Expectation expectation, string source, int line)
    {
        var result = await Evaluate(source);
        Assert.True(
            expectation.IsMetBy(result),
            $"""
            {Reference}:{line}
            {source}

            expected {expectation}
            actual   {Expectation.Of(result)}{(result.Error is { } error ? $"  ({error.Code}: {error.Message})" : "")}
            """);
    }

    private static async Task<EvaluationResult> Evaluate(string source)
    {
        await using var engine = new RtfsEngine();
        return await engine.EvaluateAsync(source, "language.md");
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
