// What library functions expect of one argument: the value as its type, or the error that says what stands there instead.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Arguments
{
    /// <summary>The arguments without nils at their end: an optional one that is nil is one that was left out. At least <paramref name="least"/> stay.</summary>
    public static ReadOnlySpan<Value> Given(ReadOnlySpan<Value> arguments, int least)
    {
        var count = arguments.Length;
        while (count > least && arguments[count - 1].IsNil)
        {
            count--;
        }

        return arguments[..count];
    }

    public static string Text(string operation, int position, Value value) =>
        value.As<string>() ?? throw Errors.Argument(operation, "a string", position, value);

    public static MapValue Map(string operation, int position, Value value) =>
        value.As<MapValue>() ?? throw Errors.Argument(operation, "a map", position, value);

    public static long Int(string operation, int position, Value value) =>
        value.IsInt ? value.AsInt : throw Errors.Argument(operation, "an int", position, value);

    public static double Number(string operation, int position, Value value) =>
        value.IsNumber ? value.ToDouble() : throw Errors.Argument(operation, "a number", position, value);

    public static DateTime Timestamp(string operation, int position, Value value) =>
        value.IsTimestamp ? value.AsTimestamp : throw Errors.Argument(operation, "a timestamp", position, value);

    /// <summary>A count of 0 or more; what is beyond the greatest length of a collection counts as that.</summary>
    public static int Size(string operation, int position, Value value, int minimum = 0)
    {
        var size = Int(operation, position, value);
        return size < minimum
            ? throw Errors.Invalid($"{operation} expects an int of {minimum} or more as argument {position}, but got {size}")
            : (int)Math.Min(size, Array.MaxLength);
    }

    /// <summary>A function, or a keyword that stands for its own lookup.</summary>
    public static Function Key(string operation, int position, Value value) => value.Reference switch
    {
        Function function => function,
        Keyword keyword => new KeywordFunction(keyword, operation),
        _ => throw Errors.Argument(operation, "a function or a keyword", position, value),
    };
}
