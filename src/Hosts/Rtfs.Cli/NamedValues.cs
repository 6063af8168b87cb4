// `name=value` options: parameters and bindings.

using Rtfs.Runtime.Values;

namespace Rtfs.Cli;

internal static class NamedValues
{
    public const string ParameterHelp =
        "A parameter of the plan, read by @:name. The value is an RTFS literal where it reads as a number, true, false, nil, a keyword or a "
            + "quoted string, and a string as it stands otherwise.";

    public static Dictionary<string, Value> Parameters(IReadOnlyList<string> entries)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, text) in Split(entries, "--param", "--param limit=5"))
        {
            values[name] = Literal(text);
        }

        return values;
    }

    public static Dictionary<string, string> Bindings(IReadOnlyList<string> entries)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in Split(entries, "--bind", "--bind upstream=com.example:v1.0:feed"))
        {
            values[name] = text;
        }

        return values;
    }

    private static Value Literal(string text)
    {
        var read = ValueReader.Read(text);
        return read is { Problem: null, Values: [var value] }
            && value.Kind is ValueKind.Int or ValueKind.Float or ValueKind.Bool or ValueKind.Nil or ValueKind.Keyword or ValueKind.String
            ? value
            : Value.String(text);
    }

    private static IEnumerable<(string Name, string Text)> Split(IReadOnlyList<string> entries, string option, string example)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var at = entry.IndexOf('=');
            if (at <= 0)
            {
                throw new UsageException($"{option} {entry}: expected name=value, such as {example}");
            }

            if (!seen.Add(entry[..at]))
            {
                throw new UsageException($"{option} {entry}: {entry[..at]} is given twice.");
            }

            yield return (entry[..at].TrimStart(':'), entry[(at + 1)..]);
        }
    }
}
