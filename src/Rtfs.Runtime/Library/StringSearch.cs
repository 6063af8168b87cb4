// Looking for a string in a string, replacing it, and taking strings apart and together. Comparison is by code, never by a culture.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class StringSearch
{
    private static readonly LibraryFunction Contains = Test("string-contains", "has another in it", static (text, part) => text.Contains(part, StringComparison.Ordinal), "ell");

    private static readonly LibraryFunction Join = LibraryFunction.OfMany("join", "[:fn [:string? [:union [:vector :any] [:list :any] :string]] :string]", "The items of a collection as text, with a separator between them; without one, or with nil, nothing is between.", (1, 2), JoinItems,
        ("(join \", \" [1 2 3])", "\"1, 2, 3\""), ("(join [\"a\" \"b\"])", "\"ab\""), ("(join nil [1 2])", "\"12\""), ("(join 1 [2])", "!! TypeError: join expects a string, but argument 1 is the int 1"));

    public static LibraryFunction[] Functions { get; } =
    [
        Contains,
        Contains.As("string-contains?", ("(string-contains? \"hello\" \"ell\")", "true"), ("(string-contains? 1 \"a\")", "!! TypeError")),
        Contains.As("includes?", ("(includes? \"hello\" \"x\")", "false"), ("(includes? [1] \"a\")", "!! TypeError")),
        Test("starts-with?", "begins with another", static (text, part) => text.StartsWith(part, StringComparison.Ordinal), "he"),
        Test("ends-with?", "ends with another", static (text, part) => text.EndsWith(part, StringComparison.Ordinal), "lo"),
        LibraryFunction.OfMany("index-of", "[:fn [[:union [:vector :any] [:list :any] :string] :any :int?] :int?]", "The first position of a part of a string, or of an item of a sequence, from a position (0) on; nil when there is none.", (2, 3), IndexOf,
            ("(index-of \"hello\" \"l\")", "2"), ("(index-of \"hello\" \"l\" 3)", "3"), ("(index-of \"hello\" \"l\" nil)", "2"), ("(index-of [5 6] 6)", "1"), ("(index-of \"a\" \"b\")", "nil"), ("(index-of \"a\" 1)", "!! TypeError")),
        LibraryFunction.Of2("last-index-of", "[:fn [[:union [:vector :any] [:list :any] :string] :any] :int?]", "The last position of a part of a string, or of an item of a sequence; nil when there is none.", LastIndexOf,
            ("(last-index-of \"hello\" \"l\")", "3"), ("(last-index-of [5 6 5] 5)", "2"), ("(last-index-of nil 1)", "!! TypeError")),
        LibraryFunction.OfMany("replace", "[:fn [:string :string :string] :string]", "With every part that equals a string replaced by another.", (3, 3), static (context, all) => Replace("replace", context, all, everywhere: true),
            ("(replace \"banana\" \"an\" \"AN\")", "\"bANANa\""), ("(replace \"a\" \"\" \"b\")", "!! InvalidArgument: replace expects a text to look for"), ("(replace \"a\" :a \"b\")", "!! TypeError")),
        LibraryFunction.OfMany("replace-first", "[:fn [:string :string :string] :string]", "With the first part that equals a string replaced by another.", (3, 3), static (context, all) => Replace("replace-first", context, all, everywhere: false),
            ("(replace-first \"banana\" \"an\" \"AN\")", "\"bANana\""), ("(replace-first 1 \"a\" \"b\")", "!! TypeError")),
        LibraryFunction.OfMany("split", "[:fn [:string :string :int?] [:vector :string]]", "The parts between separators, at most so many; an empty separator gives the characters.", (2, 3), Split,
            ("(split \"a,b,,c\" \",\")", "[\"a\" \"b\" \"\" \"c\"]"), ("(split \"a,b,c\" \",\" 2)", "[\"a\" \"b,c\"]"), ("(split \"a,b\" \",\" nil)", "[\"a\" \"b\"]"), ("(split \"ab\" \"\")", "[\"a\" \"b\"]"), ("(split nil \",\")", "!! TypeError")),
        LibraryFunction.Of1("split-lines", "[:fn [:string] [:vector :string]]", "The lines, without their ends.", static (_, a) => Parts(Arguments.Text("split-lines", 1, a).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')),
            ("(split-lines \"a\\nb\\n\")", "[\"a\" \"b\"]"), ("(split-lines 1)", "!! TypeError")),
        Join,
        Join.As("string-join", ("(string-join \"-\" [1 2])", "\"1-2\""), ("(string-join \"-\" nil)", "!! TypeError")),
    ];

    private static LibraryFunction Test(string name, string what, Func<string, string, bool> test, string part) =>
        LibraryFunction.Of2(name, "[:fn [:string :string] :bool]", $"Whether a string {what}.",
            (_, a, b) => Value.Bool(test(Arguments.Text(name, 1, a), Arguments.Text(name, 2, b))),
            ($"({name} \"hello\" \"{part}\")", "true"), ($"({name} \"hello\" \"x\")", "false"), ($"({name} \"a\" :a)", $"!! TypeError: {name} expects a string, but argument 2 is the keyword :a"));

    private static Value IndexOf(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 2);
        if (arguments[0].As<string>() is { } text)
        {
            var part = Arguments.Text("index-of", 2, arguments[1]);
            var from = arguments.Length == 3 ? Strings.IndexOf("index-of", text, arguments[2], 3) : 0;
            return Position(text, text.IndexOf(part, from, StringComparison.Ordinal));
        }

        var items = Sequences.Of("index-of", 1, arguments[0]);
        for (var i = arguments.Length == 3 ? Arguments.Size("index-of", 3, arguments[2]) : 0; i < items.Count; i++)
        {
            context.Tick();
            if (items[i].Equals(arguments[1]))
            {
                return Value.Int(i);
            }
        }

        return Value.Nil;
    }

    private static Value LastIndexOf(EvaluationContext context, Value target, Value wanted)
    {
        if (target.As<string>() is { } text)
        {
            return Position(text, text.LastIndexOf(Arguments.Text("last-index-of", 2, wanted), StringComparison.Ordinal));
        }

        var items = Sequences.Of("last-index-of", 1, target);
        for (var i = items.Count - 1; i >= 0; i--)
        {
            context.Tick();
            if (items[i].Equals(wanted))
            {
                return Value.Int(i);
            }
        }

        return Value.Nil;
    }

    private static Value Position(string text, int index) => index < 0 ? Value.Nil : Value.Int(Text.CountCharacters(text.AsSpan(0, index)));

    private static Value Replace(string operation, EvaluationContext context, ReadOnlySpan<Value> arguments, bool everywhere)
    {
        var text = Arguments.Text(operation, 1, arguments[0]);
        var part = Arguments.Text(operation, 2, arguments[1]);
        var replacement = Arguments.Text(operation, 3, arguments[2]);
        if (part.Length == 0)
        {
            throw Errors.Invalid($"{operation} expects a text to look for, but got the empty string");
        }

        if (everywhere)
        {
            var parts = (long)text.AsSpan().Count(part);
            TextBuilder.Charge(operation, context, text.Length + (parts * (replacement.Length - part.Length)));
            return Value.String(text.Replace(part, replacement, StringComparison.Ordinal));
        }

        var at = text.IndexOf(part, StringComparison.Ordinal);
        return Value.String(at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + part.Length)));
    }

    private static Value Split(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 2);
        var text = Arguments.Text("split", 1, arguments[0]);
        var separator = Arguments.Text("split", 2, arguments[1]);
        var limit = arguments.Length == 3 ? Arguments.Size("split", 3, arguments[2], minimum: 1) : int.MaxValue;
        return separator.Length == 0 ? Value.Of(Text.Characters(text)) : Parts(text.Split(separator, limit));
    }

    private static Value Parts(string[] parts)
    {
        var items = new VectorBuilder(parts.Length);
        foreach (var part in parts)
        {
            items.Add(Value.String(part));
        }

        return Value.Of(items.ToVector());
    }

    private static Value JoinItems(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var separator = arguments.Length == 2 && !arguments[0].IsNil ? Arguments.Text("join", 1, arguments[0]) : "";
        var items = Sequences.Of("join", arguments.Length, arguments[^1]);
        var text = new TextBuilder("join", context);
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            text.Append(i == 0 ? "" : separator).Append(ValuePrinter.Display(items[i]));
        }

        return text.ToValue();
    }
}
