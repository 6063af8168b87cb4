// Regular expressions: matched in linear time where the expression allows it, always within a time limit.

using System.Text.RegularExpressions;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Patterns
{
    private const int MaximumLength = 10_000;
    private const int MaximumCached = 256;

    // For an expression with lookarounds or back references, which may take time that doubles with each character.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, Regex> Cached = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of2("re-find", "[:fn [:string :string] :any]", "The first match of a pattern in a string, or nil; with groups, a vector of the match and of each group.", static (_, pattern, text) => Find(pattern, text),
            ("(re-find \"[0-9]+\" \"a12b3\")", "\"12\""), ("(re-find \"([a-z])([0-9])\" \"a1\")", "[\"a1\" \"a\" \"1\"]"), ("(re-find \"x\" \"a\")", "nil"), ("(re-find \"(\" \"a\")", "!! InvalidArgument: re-find expects a regular expression")),
        LibraryFunction.Of2("re-seq", "[:fn [:string :string] [:vector :any]]", "Every match of a pattern in a string, each as `re-find` gives it.", Seq,
            ("(re-seq \"[0-9]+\" \"a12b3\")", "[\"12\" \"3\"]"), ("(re-seq \"x\" \"a\")", "[]"), ("(re-seq \"x\" 1)", "!! TypeError")),
        LibraryFunction.Of2("re-matches", "[:fn [:string :string] :bool]", "Whether a pattern matches somewhere in a string; anchor it with ^ and $ to match the whole.", static (_, pattern, text) => Value.Bool(Run("re-matches", pattern, text, static (regex, input) => regex.IsMatch(input))),
            ("(re-matches \"[0-9]+\" \"a12\")", "true"), ("(re-matches \"^[0-9]+$\" \"a12\")", "false"), ("(re-matches 1 \"a\")", "!! TypeError")),
        LibraryFunction.OfMany("re-replace", "[:fn [:string :string :string] :string]", "The string with every match of a pattern replaced; $1 stands for a group, $$ for a dollar sign.", (3, 3), Replace,
            ("(re-replace \"[0-9]+\" \"a12b3\" \"#\")", "\"a#b#\""), ("(re-replace \"([a-z])([0-9])\" \"a1\" \"$2$1\")", "\"1a\""), ("(re-replace \"[\" \"a\" \"b\")", "!! InvalidArgument")),
        LibraryFunction.Of2("re-split", "[:fn [:string :string] [:vector :string]]", "The parts of a string between the matches of a pattern.", static (_, pattern, text) => Split(pattern, text),
            ("(re-split \", *\" \"a,b, c\")", "[\"a\" \"b\" \"c\"]"), ("(re-split \"*\" \"a\")", "!! InvalidArgument")),
    ];

    private static Value Find(Value pattern, Value text) =>
        Run("re-find", pattern, text, static (regex, input) => regex.Match(input) is { Success: true } match ? Groups(match) : Value.Nil);

    private static Value Seq(EvaluationContext context, Value pattern, Value text) => Run("re-seq", pattern, text, (regex, input) =>
    {
        var found = new VectorBuilder();
        for (var match = regex.Match(input); match.Success; match = match.NextMatch())
        {
            context.Tick();
            found.Add(Groups(match));
        }

        return Value.Of(found.ToVector());
    });

    private static Value Replace(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var replacement = Arguments.Text("re-replace", 3, arguments[2]);
        return Run("re-replace", arguments[0], arguments[1], (regex, input) =>
        {
            var text = new TextBuilder("re-replace", context);
            var start = 0;
            for (var match = regex.Match(input); match.Success; match = match.NextMatch())
            {
                text.Append(input.AsSpan(start, match.Index - start)).Append(match.Result(replacement));
                start = match.Index + match.Length;
            }

            return text.Append(input.AsSpan(start)).ToValue();
        });
    }

    private static Value Split(Value pattern, Value text) => Run("re-split", pattern, text, static (regex, input) =>
    {
        var parts = new VectorBuilder();
        var start = 0;
        for (var match = regex.Match(input); match.Success; match = match.NextMatch())
        {
            if (match.Length > 0)
            {
                parts.Add(Value.String(input[start..match.Index]));
                start = match.Index + match.Length;
            }
        }

        parts.Add(Value.String(input[start..]));
        return Value.Of(parts.ToVector());
    });

    private static Value Groups(Match match)
    {
        if (match.Groups.Count == 1)
        {
            return Value.String(match.Value);
        }

        var groups = new Value[match.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = match.Groups[i].Success ? Value.String(match.Groups[i].Value) : Value.Nil;
        }

        return Value.Of(VectorValue.Own(groups));
    }

    private static T Run<T>(string operation, Value pattern, Value text, Func<Regex, string, T> body)
    {
        var expression = Arguments.Text(operation, 1, pattern);
        var input = Arguments.Text(operation, 2, text);
        var regex = Compiled(operation, expression);
        try
        {
            return body(regex, input);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Errors.Timeout(
                $"{operation}: the pattern {Errors.Describe(pattern)} takes more than {Limit.TotalSeconds} s on this text; leave out nested repetitions, lookarounds or back references");
        }
    }

    private static Regex Compiled(string operation, string expression)
    {
        lock (Gate)
        {
            if (Cached.TryGetValue(expression, out var known))
            {
                return known;
            }
        }

        var regex = expression.Length <= MaximumLength
            ? Compile(operation, expression)
            : throw Errors.Invalid($"{operation} expects a regular expression of at most {MaximumLength} characters, but got {expression.Length}");
        lock (Gate)
        {
            // A program that makes patterns as it runs starts over now and then; one with a fixed number of them never does.
            if (Cached.Count >= MaximumCached)
            {
                Cached.Clear();
            }

            Cached[expression] = regex;
        }

        return regex;
    }

    private static Regex Compile(string operation, string expression)
    {
        const RegexOptions Plain = RegexOptions.CultureInvariant;
        try
        {
            return new Regex(expression, Plain | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            return new Regex(expression, Plain, Limit);
        }
        catch (RegexParseException error)
        {
            throw Errors.Invalid($"{operation} expects a regular expression, but got {Errors.Describe(Value.String(expression))}: {error.Message}");
        }
    }
}
