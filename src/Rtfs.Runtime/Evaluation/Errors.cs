// The errors that evaluation and the library raise: one place for their codes, kinds and wording.

using System.Globalization;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

internal static class Errors
{
    /// <summary><c>+ expects numbers, but argument 2 is the string "abc"</c>.</summary>
    public static RtfsException Argument(string operation, string expected, int position, Value actual) =>
        Type($"{operation} expects {expected}, but argument {position} is {Describe(actual)}");

    public static RtfsException Type(string message) => new("RTFS9001", "TypeError", message);

    public static RtfsException Undefined(string name, string? nearest = null) => new(
        "RTFS9002",
        "UndefinedSymbol",
        nearest is null ? $"undefined symbol {name}" : $"undefined symbol {name}; did you mean {nearest}?");

    public static RtfsException Arity(string function, string expected, int actual) => new(
        "RTFS9003",
        "ArityMismatch",
        $"{function} expects {expected}, but got {actual}");

    public static RtfsException DivisionByZero() => new("RTFS9004", "DivisionByZero", "Division by zero");

    public static RtfsException Index(string operation, long index, long length) => new(
        "RTFS9005",
        "IndexOutOfBounds",
        $"{operation}: index {index} is out of bounds for length {length}");

    public static RtfsException Invalid(string message) => new("RTFS9009", "InvalidArgument", message);

    public static RtfsException Overflow(string operation) => new(
        "RTFS9010",
        "ArithmeticError",
        $"{operation}: the result does not fit a 64-bit integer; write one operand as a float (1.0) to compute in floats");

    /// <param name="fault">What is wrong with the result: <c>is not a time of the years 1 to 9999</c>.</param>
    public static RtfsException Overflow(string operation, string fault) => new("RTFS9010", "ArithmeticError", $"{operation}: the result {fault}");

    public static RtfsException Json(string message) => new("RTFS9012", "JsonError", message);

    public static RtfsException Timeout(string message) => new("RTFS9024", "Timeout", message);

    public static LimitException Depth(int limit) => new(
        "RTFS9011",
        "StackOverflow",
        $"more than {limit} nested calls; a recursion that never reaches its end, or one to be written as loop/recur or reduce. Allow more with --max-depth");

    public static LimitException StepLimit(long limit) => new(
        "RTFS9040",
        "StepLimit",
        $"more than {limit} steps; a loop that never reaches its end, or more work than is allowed. Allow more with --max-steps");

    public static LimitException MemoryLimit(long limit) => new(
        "RTFS9041",
        "MemoryLimit",
        $"more than {limit} bytes of strings and collections were built. Build less, or allow more with --max-memory");

    public static LimitException TimeLimit(TimeSpan limit) => new(
        "RTFS9042",
        "TimeLimit",
        string.Create(CultureInfo.InvariantCulture, $"the program took longer than {limit.TotalSeconds:0.###} s. Allow more with --max-time, or make it end"));

    public static RtfsException NoMatch(Value value) => new(
        "RTFS9007",
        "MatchError",
        $"no clause of match takes {Describe(value)}; add a clause for it, or `_` for everything else");

    public static RtfsException Validation(string message) => new("RTFS9008", "TypeValidationError", message);

    /// <summary>What a program throws.</summary>
    public static RtfsException Thrown(string message, Value data) => new("RTFS9013", "Generic", message) { Payload = data };

    public static RtfsException NotCallable(Value callee) => callee.Reference is UnsetBinding unset
        ? new("RTFS9002", "UndefinedSymbol", $"{unset.Name} is used before its let has given it a value")
        : Type($"{Describe(callee)} is not a function and cannot be called");

    public static RtfsException Waits(string operation) => Invalid(
        $"{operation} waits for the host or for a stream, and cannot run where a value is needed at once");

    /// <summary>"exactly 2 arguments", "1 or 2 arguments", "at least 1 argument".</summary>
    public static string Arguments(int minimum, int maximum) =>
        maximum == int.MaxValue ? $"at least {Count(minimum)}"
        : minimum == maximum ? Count(minimum)
        : maximum == minimum + 1 ? $"{minimum} or {Count(maximum)}"
        : $"{minimum} to {Count(maximum)}";

    /// <summary>What a value is, in words, short whatever its size: <c>the string "abc"</c>, <c>a vector of 3 items</c>.</summary>
    public static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Nil => "nil",
        ValueKind.Bool => value.AsBool ? "true" : "false",
        ValueKind.Int => $"the int {value}",
        ValueKind.Float => $"the float {value}",
        ValueKind.String => $"the string {Shortened(value)}",
        ValueKind.Keyword => $"the keyword {value}",
        ValueKind.Symbol => $"the symbol {value}",
        ValueKind.Timestamp => $"the timestamp {value}",
        ValueKind.Uuid => $"the uuid {value}",
        ValueKind.Vector => $"a vector of {Items(value.As<VectorValue>()!.Count)}",
        ValueKind.List => $"a list of {Items(value.As<ListValue>()!.Count)}",
        ValueKind.Map => $"a map of {value.As<MapValue>()!.Count} keys",
        ValueKind.Function => $"the function {value.As<Function>()!.Name}",
        ValueKind.Form => "a piece of quoted code",
        _ => ValuePrinter.Print(value),
    };

    private static string Count(int arguments) => arguments == 1 ? "1 argument" : $"{arguments} arguments";

    private static string Items(int count) => count == 1 ? "1 item" : $"{count} items";

    private static string Shortened(Value text)
    {
        var bare = text.As<string>()!;
        return bare.Length <= 40 ? ValuePrinter.Print(text) : ValuePrinter.Print(Value.String(bare[..40] + "…"));
    }
}
