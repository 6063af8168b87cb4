// Questions about the kind of a value.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Predicates
{
    public static LibraryFunction[] Functions { get; } =
    [
        Question("int?", "an int", static value => value.IsInt, "1", "1.0"),
        Question("float?", "a float", static value => value.IsFloat, "1.0", "1"),
        Question("number?", "an int or a float", static value => value.IsNumber, "1.5", "\"1\""),
        Question("string?", "a string", static value => value.Kind == ValueKind.String, "\"a\"", ":a"),
        Question("bool?", "true or false", static value => value.IsBool, "false", "nil"),
        Question("nil?", "nil", static value => value.IsNil, "nil", "false"),
        Question("map?", "a map", static value => value.Kind == ValueKind.Map, "{}", "[]"),
        Question("vector?", "a vector", static value => value.Kind == ValueKind.Vector, "[1]", "'(1)"),
        Question("list?", "a list", static value => value.Kind == ValueKind.List, "'(1)", "[1]"),
        Question("keyword?", "a keyword", static value => value.Kind == ValueKind.Keyword, ":a", "\"a\""),
        Question("symbol?", "a symbol", static value => value.Kind == ValueKind.Symbol, "'a", ":a"),
        Question("fn?", "a function", static value => value.Kind == ValueKind.Function, "inc", ":a"),
        Question("timestamp?", "a timestamp", static value => value.IsTimestamp, "2024-01-02T03:04:05Z", "\"2024-01-02T03:04:05Z\""),
        Question("uuid?", "a uuid", static value => value.Kind == ValueKind.Uuid, "f47ac10b-58cc-4372-a567-0e02b2c3d479", "1"),
        Question("true?", "true itself", static value => value.IsBool && value.AsBool, "true", "1"),
        Question("false?", "false itself", static value => value.IsBool && !value.AsBool, "false", "nil"),
        Question("coll?", "a vector, a list or a map", static value => value.Kind is ValueKind.Vector or ValueKind.List or ValueKind.Map, "{}", "\"a\""),
        Question("sequential?", "a vector or a list", static value => value.Kind is ValueKind.Vector or ValueKind.List, "'(1)", "{}"),
        Question("seq?", "a list", static value => value.Kind == ValueKind.List, "'(1)", "[1]"),
        Question("associative?", "a map or a vector", static value => value.Kind is ValueKind.Vector or ValueKind.Map, "[1]", "'(1)"),
        Question("nan?", "a float that is no number", static value => value.IsFloat && double.IsNaN(value.AsFloat), "##NaN", "1"),
        Question("infinite?", "an infinite float", static value => value.IsFloat && double.IsInfinity(value.AsFloat), "##-Inf", "1"),
        Question("string-p", "a string, as `string?`", static value => value.Kind == ValueKind.String, "\"a\"", "1"),
        Sign("zero?", "zero", static number => number == 0, "0", "1"),
        Sign("pos?", "above zero", static number => number > 0, "1", "0"),
        Sign("neg?", "below zero", static number => number < 0, "-1", "0"),
        LibraryFunction.Of1("even?", "[:fn [:int] :bool]", "Whether an int is even.", static (_, a) => Value.Bool(Odd("even?", a) == 0),
            ("(even? 4)", "true"), ("(even? -3)", "false"), ("(even? 1.0)", "!! TypeError")),
        LibraryFunction.Of1("odd?", "[:fn [:int] :bool]", "Whether an int is odd.", static (_, a) => Value.Bool(Odd("odd?", a) != 0),
            ("(odd? -3)", "true"), ("(odd? 4)", "false"), ("(odd? nil)", "!! TypeError")),
    ];

    private static LibraryFunction Question(string name, string what, Func<Value, bool> test, string yes, string no) =>
        LibraryFunction.Of1(name, "[:fn [:any] :bool]", $"Whether a value is {what}.", (_, value) => Value.Bool(test(value)),
            ($"({name} {yes})", "true"), ($"({name} {no})", "false"));

    private static LibraryFunction Sign(string name, string what, Func<double, bool> test, string yes, string no) =>
        LibraryFunction.Of1(name, "[:fn [:number] :bool]", $"Whether a number is {what}.", (_, value) => Value.Bool(test(Arguments.Number(name, 1, value))),
            ($"({name} {yes})", "true"), ($"({name} {no})", "false"), ($"({name} nil)", $"!! TypeError: {name} expects a number, but argument 1 is nil"));

    private static long Odd(string name, Value value) => value.IsInt ? value.AsInt & 1 : throw Errors.Argument(name, "an int", 1, value);
}
