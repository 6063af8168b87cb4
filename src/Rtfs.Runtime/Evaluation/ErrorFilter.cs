// Which errors a catch clause takes, from the kind that it names.

using System.Text;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// A kind of the language takes errors of that kind; a keyword takes its category (<c>:type-error</c> is <c>TypeError</c>), or what a
/// program threw as that category; every other name takes all.
/// </summary>
internal sealed class ErrorFilter(string? written)
{
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "TypeError", "UndefinedSymbol", "ArityMismatch", "DivisionByZero", "IndexOutOfBounds", "KeyNotFound", "MatchError",
        "TypeValidationError", "InvalidArgument", "ArithmeticError", "JsonError", "ParseError", "Generic", "UnknownCapability",
        "SecurityViolation", "ResourceError", "IoError", "NetworkError", "ModuleError", "NotImplemented", "StackOverflow", "Timeout",
        "StreamError", "StreamEnded", "Stalled",
    };

    private static readonly Value[] CategoryKeys =
        [Value.Of(Keyword.Of("kind")), Value.Of(Keyword.Of("type")), Value.Of(Keyword.Of("category"))];

    private readonly string? _kind = written is not null && Kinds.Contains(written) ? written : null;
    private readonly string? _category = written is [':', .. var name] ? name : null;

    public bool Takes(RtfsException error) =>
        _category is not null ? CategoryOf(error.Kind) == _category || HasCategory(error.Payload, _category)
        : _kind is null || error.Kind == _kind;

    private static bool HasCategory(Value data, string category) => data.Reference switch
    {
        Keyword keyword => keyword.Name == category,
        MapValue map => Array.Exists(CategoryKeys, key => map.TryGet(key, out var found) && found.As<Keyword>()?.Name == category),
        _ => false,
    };

    /// <summary><c>NetworkError</c> is <c>network-error</c>.</summary>
    private static string CategoryOf(string kind)
    {
        var text = new StringBuilder(kind.Length + 4);
        foreach (var unit in kind)
        {
            if (char.IsAsciiLetterUpper(unit) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(unit));
        }

        return text.ToString();
    }
}
