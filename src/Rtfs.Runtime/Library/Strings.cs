// Strings as a whole: their length, case, blanks, parts and padding. Positions count characters, a pair of surrogates as one.

using System.Text;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Strings
{
    private const string OfText = "[:fn [:string] :string]";

    private static readonly LibraryFunction Upper = Plain("string-upper", "In capital letters.", static text => text.ToUpperInvariant(), "aB", "AB");
    private static readonly LibraryFunction Lower = Plain("string-lower", "In small letters.", static text => text.ToLowerInvariant(), "aB", "ab");
    private static readonly LibraryFunction Trim = Plain("string-trim", "Without blanks at either end.", static text => text.Trim(), " a b ", "a b");

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1("string-length", "[:fn [:string] :int]", "How many characters.", static (_, a) => Value.Int(Text.CountCharacters(Arguments.Text("string-length", 1, a))),
            ("(string-length \"abc\")", "3"), ("(string-length [1])", "!! TypeError")),
        LibraryFunction.Of1("length", "[:fn [[:union [:vector :any] [:list :any] [:map] :string]] :int]", "How many items, entries or characters; nil has none and is an error.", static (_, a) => Collections.Count("length", a),
            ("(length \"abc\")", "3"), ("(length [1 2])", "2"), ("(length {:a 1})", "1"), ("(length nil)", "!! TypeError: length expects a collection or a string, but argument 1 is nil")),
        Upper,
        Upper.As("upper-case", ("(upper-case \"aB\")", "\"AB\""), ("(upper-case 1)", "!! TypeError")),
        Lower,
        Lower.As("lower-case", ("(lower-case \"aB\")", "\"ab\""), ("(lower-case 1)", "!! TypeError")),
        Trim,
        Trim.As("trim", ("(trim \" a \")", "\"a\""), ("(trim nil)", "!! TypeError")),
        Plain("triml", "Without blanks at the beginning.", static text => text.TrimStart(), " a ", "a "),
        Plain("trimr", "Without blanks at the end.", static text => text.TrimEnd(), " a ", " a"),
        Plain("capitalize", "The first letter a capital, the others small.", Capitalize, "aBC", "Abc"),
        Plain("reverse-string", "The characters from the last to the first.", Reverse, "abc", "cba"),
        LibraryFunction.Of1("blank?", "[:fn [:string?] :bool]", "Whether a string is empty or all blanks; nil is blank.", static (_, a) => Value.Bool(a.IsNil || string.IsNullOrWhiteSpace(Arguments.Text("blank?", 1, a))),
            ("(blank? \"  \")", "true"), ("(blank? nil)", "true"), ("(blank? \"a\")", "false"), ("(blank? 1)", "!! TypeError")),
        LibraryFunction.OfMany("substring", "[:fn [:string :int :int?] :string]", "The part from a position up to, not including, an end (the string's).", (2, 3), Substring,
            ("(substring \"hello\" 1 3)", "\"el\""), ("(substring \"hello\" 3)", "\"lo\""), ("(substring \"hello\" 3 nil)", "\"lo\""), ("(substring \"abc\" 2 9)", "!! IndexOutOfBounds: substring: index 9 is out of bounds for length 3"), ("(substring \"abc\" 2 1)", "!! InvalidArgument")),
        LibraryFunction.Of2("char-at", "[:fn [:string :int] :string]", "The character at a position, as a string.", static (_, a, b) => CharAt(a, b),
            ("(char-at \"abc\" 1)", "\"b\""), ("(char-at \"abc\" 3)", "!! IndexOutOfBounds")),
        LibraryFunction.Of1("string->list", "[:fn [:string] [:vector :string]]", "The characters, each a string.", static (_, a) => Value.Of(Text.Characters(Arguments.Text("string->list", 1, a))),
            ("(string->list \"abc\")", "[\"a\" \"b\" \"c\"]"), ("(string->list 1)", "!! TypeError")),
        LibraryFunction.Of2("repeat-string", "[:fn [:string :int] :string]", "A string so many times over.", RepeatString,
            ("(repeat-string \"ab\" 3)", "\"ababab\""), ("(repeat-string \"a\" -1)", "!! InvalidArgument")),
        Padding("pad-left", "in front", "\"  7\"", static (text, padding) => padding + text),
        Padding("pad-right", "at the end", "\"7  \"", static (text, padding) => text + padding),
    ];

    /// <summary>The index in UTF-16 of a character's position, which may be the end.</summary>
    public static int IndexOf(string operation, string text, Value position, int argument)
    {
        var wanted = Arguments.Int(operation, argument, position);
        var (index, characters) = (0, 0L);
        while (characters < wanted && index < text.Length)
        {
            index += Text.LengthAt(text, index);
            characters++;
        }

        return characters == wanted ? index : throw Errors.Index(operation, wanted, Text.CountCharacters(text));
    }

    private static LibraryFunction Plain(string name, string documentation, Func<string, string> body, string example, string result) =>
        LibraryFunction.Of1(name, OfText, documentation, (_, a) => Value.String(body(Arguments.Text(name, 1, a))),
            ($"({name} \"{example}\")", $"\"{result}\""), ($"({name} :a)", $"!! TypeError: {name} expects a string, but argument 1 is the keyword :a"));

    private static LibraryFunction Padding(string name, string where, string result, Func<string, string, string> joined) => LibraryFunction.OfMany(
        name,
        "[:fn [:any :int :string?] :string]",
        $"The value as text, with blanks or another character {where} to make it at least so long.",
        (2, 3),
        (context, arguments) =>
        {
            arguments = Arguments.Given(arguments, 2);
            var text = ValuePrinter.Display(arguments[0]);
            var missing = Arguments.Int(name, 2, arguments[1]) - Text.CountCharacters(text);
            var pad = arguments.Length == 3 ? Arguments.Text(name, 3, arguments[2]) : " ";
            return Text.CountCharacters(pad) != 1 ? throw Errors.Invalid($"{name} expects one character to fill with, but got {arguments[2]}")
                : Value.String(missing <= 0 ? text : joined(text, Repeated(name, context, pad, missing)));
        },
        ($"({name} 7 3)", result),
        ($"({name} 7 3 nil)", result),
        ($"({name} \"abcd\" 3)", "\"abcd\""),
        ($"({name} 7 3 \"\")", $"!! InvalidArgument: {name} expects one character to fill with"));

    private static string Capitalize(string text) => text.Length == 0
        ? text
        : text[..Text.LengthAt(text, 0)].ToUpperInvariant() + text[Text.LengthAt(text, 0)..].ToLowerInvariant();

    private static string Reverse(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length;)
        {
            var length = Text.LengthAt(source, i);
            source.AsSpan(i, length).CopyTo(target[(target.Length - i - length)..]);
            i += length;
        }
    });

    private static Value Substring(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 2);
        var text = Arguments.Text("substring", 1, arguments[0]);
        var start = IndexOf("substring", text, arguments[1], 2);
        var end = arguments.Length == 3 ? IndexOf("substring", text, arguments[2], 3) : text.Length;
        return start <= end
            ? Value.String(text[start..end])
            : throw Errors.Invalid($"substring expects an end that is not before the start {arguments[1]}, but got {arguments[2]}");
    }

    private static Value CharAt(Value target, Value position)
    {
        var text = Arguments.Text("char-at", 1, target);
        var index = IndexOf("char-at", text, position, 2);
        return index < text.Length
            ? Value.String(text.Substring(index, Text.LengthAt(text, index)))
            : throw Errors.Index("char-at", position.AsInt, Text.CountCharacters(text));
    }

    private static Value RepeatString(EvaluationContext context, Value text, Value times) =>
        Value.String(Repeated("repeat-string", context, Arguments.Text("repeat-string", 1, text), Arguments.Size("repeat-string", 2, times)));

    private static string Repeated(string operation, EvaluationContext context, string text, long times)
    {
        TextBuilder.Charge(operation, context, text.Length * times);
        return new StringBuilder().Insert(0, text, (int)times).ToString();
    }
}
