// How single values are spelled in files, alike in every format that has no spelling of its own.

using System.Globalization;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

internal static class ScalarText
{
    /// <summary>ISO 8601 with <c>Z</c>, and only as many digits of the second as it has.</summary>
    public static string Timestamp(DateTime utc) =>
        utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back to the same float, with a fraction or an exponent.</summary>
    public static string Float(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(number) && text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    /// <summary>The name of a map's key. A key that has none is an <see cref="ItemRefusedException"/>.</summary>
    public static string Key(Value key) => key.Kind switch
    {
        ValueKind.Keyword => key.As<Keyword>()!.Name,
        ValueKind.String => key.As<string>()!,
        ValueKind.Int => key.AsInt.ToString(CultureInfo.InvariantCulture),
        _ => throw new ItemRefusedException($"a key must be a keyword, a string or an int, found {Describe(key)}"),
    };

    /// <summary>What a value is, for a person.</summary>
    public static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Function => "a function",
        ValueKind.Form => "a piece of code",
        ValueKind.Object => "a stream handle or another object of the running plan",
        ValueKind.Map => "a map",
        ValueKind.Vector => "a vector",
        ValueKind.List => "a list",
        _ => ValuePrinter.Print(value),
    };
}
