// The checker's promise: a program that a strict check passes never fails with an error of types.

using System.Globalization;
using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Xunit;
using Xunit.Abstractions;

namespace Rtfs.Corpus.Tests;

public sealed class SoundnessTests(ITestOutputHelper output)
{
    /// <summary>How many programs are tried; 2,000 where it is not set. For a long run: 100000.</summary>
    private const string CountVariable = "RTFS_TYPED_PROGRAMS";

    private static readonly string[] TypeErrors = ["TypeError", "TypeValidationError", "ArityMismatch", "UndefinedSymbol", "MatchError"];

    private static readonly EvaluationLimits Limits = new() { MaxSteps = 2_000_000, MaxTime = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task A_program_that_passes_has_no_type_errors()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "2000", CultureInfo.InvariantCulture);
        var programs = new TypedPrograms(20_261);
        await using var engine = new RtfsEngine();
        var passed = 0;
        for (var i = 0; i < count; i++)
        {
            var program = programs.Next();
            var analysis = engine.Load(program, "program", strict: true).Analysis;
            if (analysis.HasErrors)
            {
                continue;
            }

            passed++;
            var result = await engine.EvaluateAsync(program, "program", Limits);
            if (result.Error is { } error && TypeErrors.Contains(error.Kind))
            {
                Assert.Fail($"A strict check passes this program, and it fails with {error.Kind}: {error.Message}\n\n{program}");
            }
        }

        output.WriteLine($"{passed} of {count} programs pass the strict check");
        Assert.True(passed > count / 3, $"only {passed} of {count} programs pass");
        Assert.True(passed < count, "no program was found wrong");
    }
}
