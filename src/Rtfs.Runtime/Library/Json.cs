// JSON and RTFS text as values, and values as text that reads back. Text is read as data: nothing in it is ever evaluated.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Json
{
    private static readonly Keyword Keys = Keyword.Of("keys");

    private static readonly LibraryFunction Parse = LibraryFunction.OfMany("parse-json", "[:fn [:string [:map [:keys [:enum :string :keyword] ?]]?] :any]", "The value of a JSON text. Keys are strings; with {:keys :keyword} they are keywords where they can be.", (1, 2), ParseText,
        ("(parse-json \"{\\\"a\\\": [1, 2.5, null]}\")", "{\"a\" [1 2.5 nil]}"), ("(parse-json \"{\\\"a\\\": 1}\" {:keys :keyword})", "{:a 1}"), ("(parse-json \"1\" nil)", "1"), ("(parse-json \"[1,\")", "!! JsonError: parse-json: line 1, byte 3 of the text is not JSON"), ("(parse-json nil)", "!! TypeError"), ("(parse-json \"1\" {:keys 1})", "!! InvalidArgument"));

    private static readonly LibraryFunction Serialize = LibraryFunction.Of1("serialize-json", "[:fn [:any] :string]", "A value as JSON text; keyword keys lose their colon, a keyword as a value is an error.", static (context, a) => Value.String(JsonWriting.Write("serialize-json", context, a, indented: false)),
        ("(serialize-json {:a [1 2.5 nil \"x\"]})", "\"{\\\"a\\\":[1,2.5,null,\\\"x\\\"]}\""), ("(serialize-json :a)", "!! JsonError: serialize-json: JSON has no notation for the keyword :a"));

    private static readonly LibraryFunction Pretty = LibraryFunction.Of1("serialize-json-pretty", "[:fn [:any] :string]", "A value as JSON text in lines, indented by two blanks.", static (context, a) => Value.String(JsonWriting.Write("serialize-json-pretty", context, a, indented: true)),
        ("(serialize-json-pretty {:a 1})", "\"{\\n  \\\"a\\\": 1\\n}\""), ("(serialize-json-pretty inc)", "!! JsonError"));

    public static LibraryFunction[] Functions { get; } =
    [
        Parse,
        Parse.As("tool/parse-json", ("(tool/parse-json \"[1]\")", "[1]"), ("(tool/parse-json \"\")", "!! JsonError")),
        Serialize,
        Serialize.As("tool/serialize-json", ("(tool/serialize-json [1])", "\"[1]\""), ("(tool/serialize-json 'a)", "!! JsonError")),
        Pretty,
        Pretty.As("tool/serialize-json-pretty", ("(tool/serialize-json-pretty [])", "\"[]\""), ("(tool/serialize-json-pretty 'a)", "!! JsonError")),
        LibraryFunction.OfMany("pr-str", "[:fn [& :any] :string]", "The values as text that reads back, with blanks between.", (0, int.MaxValue), static (_, all) => Value.String(Printed(all)),
            ("(pr-str \"a\" 1.0 [:b])", "\"\\\"a\\\" 1.0 [:b]\""), ("(pr-str)", "\"\"")),
        LibraryFunction.Of1("read-string", "[:fn [:string] :any]", "The value of the one form in a text, as quoting it would give; nothing is evaluated.", static (_, a) => ReadString(a),
            ("(read-string \"{:a [1 2.5]}\")", "{:a [1 2.5]}"), ("(read-string \"(+ 1 2)\")", "(+ 1 2)"), ("(read-string \"[1\")", "!! InvalidArgument: read-string"), ("(read-string \"1 2\")", "!! InvalidArgument: read-string expects a text of one form, but got 2"), ("(read-string 1)", "!! TypeError")),
    ];

    private static Value ParseText(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var text = Arguments.Text("parse-json", 1, arguments[0]);
        arguments = Arguments.Given(arguments, 1);
        return JsonReading.Read(context, text, arguments.Length == 2 && HasKeywordKeys(Arguments.Map("parse-json", 2, arguments[1])));
    }

    private static bool HasKeywordKeys(MapValue options)
    {
        foreach (var (key, value) in options.Entries)
        {
            if (!ReferenceEquals(key.Reference, Keys) || value.As<Keyword>()?.Name is not ("string" or "keyword"))
            {
                throw Errors.Invalid($"parse-json expects the option :keys as :string or :keyword, but got {key} {value}");
            }
        }

        return options.GetOrNil(Keys).As<Keyword>()?.Name == "keyword";
    }

    private static string Printed(ReadOnlySpan<Value> values)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(ValuePrinter.Print(values[i]));
        }

        return text.ToString();
    }

    private static Value ReadString(Value text)
    {
        var read = ValueReader.Read(Arguments.Text("read-string", 1, text));
        return read.Problem is not null ? throw Errors.Invalid($"read-string: {read.Problem}")
            : read.Values.Count == 1 ? read.Values[0]
            : throw Errors.Invalid($"read-string expects a text of one form, but got {read.Values.Count}");
    }
}
