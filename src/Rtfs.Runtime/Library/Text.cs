// Strings, and what a sequence of characters is to the functions of sequences.

using System.Text;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Text
{
    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("str", "[:fn [& :any] :string]", "The values as text, one after the other; a string as it is.", (0, int.MaxValue),
            Str,
            ("(str \"n = \" 1)", "\"n = 1\""), ("(str 1.0 nil :k)", "\"1nil:k\""), ("(str [\"a\" 1.5])", "\"[\\\"a\\\" 1.5]\""), ("(str)", "\"\"")),
    ];

    private static Value Str(EvaluationContext context, ReadOnlySpan<Value> values)
    {
        if (values.Length == 1)
        {
            return values[0].Reference is string ? values[0] : Value.String(ValuePrinter.Display(values[0]));
        }

        var text = new TextBuilder("str", context);
        foreach (var value in values)
        {
            text.Append(ValuePrinter.Display(value));
        }

        return text.ToValue();
    }

    public static string Join(ReadOnlySpan<Value> values, string separator)
    {
        if (values.Length == 1)
        {
            return ValuePrinter.Display(values[0]);
        }

        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? "" : separator).Append(ValuePrinter.Display(values[i]));
        }

        return text.ToString();
    }

    /// <summary>The characters of a string, each a string of one Unicode scalar value (a lone surrogate stays as it is).</summary>
    public static VectorValue Characters(string text)
    {
        var builder = new VectorBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = LengthAt(text, i);
            builder.Add(Value.String(text.Substring(i, length)));
            i += length;
        }

        return builder.ToVector();
    }

    public static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>The UTF-16 length of the character at an index: 2 for a surrogate pair.</summary>
    public static int LengthAt(string text, int index) => index + 1 < text.Length && char.IsSurrogatePair(text, index) ? 2 : 1;
}
