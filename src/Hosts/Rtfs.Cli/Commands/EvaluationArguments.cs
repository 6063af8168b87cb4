// The limits of an evaluation as options: steps, depth, memory.

using System.CommandLine;
using System.Globalization;
using Rtfs.Runtime.Evaluation;

namespace Rtfs.Cli.Commands;

internal static class EvaluationArguments
{
    private static readonly (string Unit, long Bytes)[] Sizes = [("kb", 1L << 10), ("mb", 1L << 20), ("gb", 1L << 30), ("b", 1)];

    public static Option<long> MaximumSteps() => new("--max-steps")
    {
        Description = "The most steps that one program may take: calls, rounds of loops, items that library functions work on. "
            + $"Standard: {EvaluationLimits.StandardSteps.ToString("N0", CultureInfo.InvariantCulture)}.",
        DefaultValueFactory = static _ => EvaluationLimits.StandardSteps,
        Validators = { static result => RequirePositive(result, "--max-steps") },
    };

    public static Option<int> MaximumDepth() => new("--max-depth")
    {
        Description = "How many calls may be open at once. "
            + $"Standard: {EvaluationLimits.StandardDepth.ToString("N0", CultureInfo.InvariantCulture)}.",
        DefaultValueFactory = static _ => EvaluationLimits.StandardDepth,
        Validators = { static result => RequirePositive(result, "--max-depth") },
    };

    /// <summary>A size: <c>500mb</c>, <c>2gb</c>; a bare number is bytes.</summary>
    public static Option<long> MaximumMemory() => new("--max-memory")
    {
        Description = "The most that one program may build of strings and collections: 64mb, 1gb. Standard: 2gb.",
        DefaultValueFactory = static _ => EvaluationLimits.StandardMemory,
        CustomParser = static result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TryParseSize(text, out var bytes))
            {
                return bytes;
            }

            result.AddError($"--max-memory: expected a size above zero such as 64mb or 1gb, found {text}");
            return default;
        },
    };

    private static bool TryParseSize(string text, out long bytes)
    {
        var (unit, factor) = Array.Find(Sizes, size => text.EndsWith(size.Unit, StringComparison.OrdinalIgnoreCase));
        var digits = unit is null ? text : text[..^unit.Length];
        bytes = 0;
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var size = number * (unit is null ? 1 : factor);
        bytes = size is >= 1 and < long.MaxValue ? (long)size : 0;
        return bytes > 0;
    }

    private static void RequirePositive(System.CommandLine.Parsing.OptionResult result, string name)
    {
        if (result.Tokens.Count > 0 && (!long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) || number < 1))
        {
            result.AddError($"{name}: expected a number above zero, found {result.Tokens[0].Value}");
        }
    }
}
