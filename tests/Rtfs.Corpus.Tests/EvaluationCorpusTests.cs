// Every case of the evaluation corpus, as a test of its own.

using System.Runtime.CompilerServices;
using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Xunit;

namespace Rtfs.Corpus.Tests;

public sealed class EvaluationCorpusTests
{
    /// <summary>With this set to 1, a case that differs gets what happened as its expectation.</summary>
    private const string UpdateVariable = "RTFS_UPDATE";

    private static readonly Dictionary<(string Area, string Name), CorpusCase> Known = ReadAll();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (area, name) in Known.Keys)
            {
                data.Add(area, name);
            }

            return data;
        }
    }

    /// <summary>Few enough steps that an endless loop ends soon, and time enough on any machine.</summary>
    private static readonly EvaluationLimits Limits = new() { MaxSteps = 20_000_000, MaxTime = TimeSpan.FromMinutes(5) };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_gives_what_it_says(string area, string name)
    {
        var one = Known[(area, name)];
        await using var engine = new RtfsEngine();
        var result = await engine.EvaluateAsync(one.Source, area, Limits);
        if (one.Expectation.IsMetBy(result))
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            one.File.Rewrite(one, Expectation.Of(result));
            return;
        }

        Assert.Fail(
            $"""
            {one.File}:{one.Line}
            {one.Name}

            {one.Source}

            expected {one.Expectation}
            actual   {Expectation.Of(result)}{(result.Error is { } error ? $"  ({error.Code}: {error.Message})" : "")}
            """);
    }

    private static Dictionary<(string Area, string Name), CorpusCase> ReadAll()
    {
        var known = new Dictionary<(string Area, string Name), CorpusCase>();
        foreach (var one in CorpusFile.All(Folder()).SelectMany(file => file.Cases))
        {
            if (!known.TryAdd((one.File.Area, one.Name), one))
            {
                throw new FormatException($"{one.File}:{one.Line}: a case before it in this file is also called `{one.Name}`.");
            }
        }

        return known;
    }

    internal static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "corpus", "evaluation"));
}
