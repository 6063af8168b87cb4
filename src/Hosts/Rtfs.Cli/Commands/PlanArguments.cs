// Arguments that several commands take, described once.

using System.CommandLine;
using System.Globalization;

namespace Rtfs.Cli.Commands;

internal static class PlanArguments
{
    public static Argument<string> File() => new("FILE") { Description = "The plan; - reads standard input." };

    /// <summary>A span of time: <c>500ms</c>, <c>2s</c>, <c>1.5s</c>, <c>1m</c>; a bare number is seconds.</summary>
    public static Option<TimeSpan> MaximumTime(TimeSpan standard) => new("--max-time")
    {
        Description = $"The longest that one program may take: 500ms, 2s, 1m. Standard: {standard.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s.",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TryParse(text, out var time))
            {
                return time;
            }

            result.AddError($"--max-time: expected a time above zero such as 500ms, 2s or 1m, found {text}");
            return default;
        },
    };

    private static bool TryParse(string text, out TimeSpan time)
    {
        var (digits, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1.0),
            _ when text.EndsWith('s') => (text[..^1], 1000.0),
            _ when text.EndsWith('m') => (text[..^1], 60_000.0),
            _ => (text, 1000.0),
        };
        var parsed = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var milliseconds = number * unit;
        parsed = parsed && milliseconds is >= 1 and <= int.MaxValue;
        time = parsed ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return parsed;
    }
}
