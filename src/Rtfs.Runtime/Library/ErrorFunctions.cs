// Errors as values: throwing them, making them, and what they tell.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class ErrorFunctions
{
    private static readonly Value MessageKey = Value.Of(Keyword.Of("message"));

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1(
            "throw",
            "[:fn [:any] :never]",
            "Raises an error. A string becomes its message; any other value its data, and a map may give the message under :message.",
            static (_, thrown) => throw Raised(thrown),
            ("(try (throw \"no stock\") (catch e (ex-message e)))", "\"no stock\""),
            ("(throw \"no stock\")", "!! Generic: no stock"),
            ("(try (throw {:code 7}) (catch e (:code (ex-data e))))", "7"),
            ("(try (throw :network-error) (catch :network-error e :offline))", ":offline")),
        LibraryFunction.OfMany(
            "ex-info",
            "[:fn [:string :any?] :any]",
            "An error with a message and data, to be thrown.",
            (1, 2),
            Make("ex-info"),
            ("(ex-info \"no stock\" {:sku 7})", "#<error: no stock>"),
            ("(try (throw (ex-info \"no stock\" {:sku 7})) (catch e (ex-data e)))", "{:sku 7}"),
            ("(ex-info 5)", "!! TypeError")),
        LibraryFunction.OfMany(
            "Exception.",
            "[:fn [:string :any?] :any]",
            "An error with a message, to be thrown: ex-info under its other name.",
            (1, 2),
            Make("Exception."),
            ("(ex-message (Exception. \"no stock\"))", "\"no stock\""),
            ("(Exception. 5)", "!! TypeError")),
        LibraryFunction.Of1(
            "ex-message",
            "[:fn [:any] [:union :string :nil]]",
            "The message of an error; nil for anything else.",
            static (_, error) => error.As<RtfsException>() is { } found ? Value.String(found.Message) : Value.Nil,
            ("(try (/ 1 0) (catch e (ex-message e)))", "\"Division by zero\""),
            ("(ex-message 5)", "nil")),
        LibraryFunction.Of1(
            "ex-data",
            "[:fn [:any] :any]",
            "The data of an error: what was thrown with it; nil without, and for anything else.",
            static (_, error) => error.As<RtfsException>()?.Payload ?? Value.Nil,
            ("(ex-data (ex-info \"no stock\" {:sku 7}))", "{:sku 7}"),
            ("(try (/ 1 0) (catch e (ex-data e)))", "nil")),
        LibraryFunction.Of1(
            "ex-kind",
            "[:fn [:any] [:union :string :nil]]",
            "The kind of an error, as catch names it; what a program throws is Generic. Nil for anything else.",
            static (_, error) => error.As<RtfsException>() is { } found ? Value.String(found.Kind) : Value.Nil,
            ("(try (/ 1 0) (catch e (ex-kind e)))", "\"DivisionByZero\""),
            ("(ex-kind (ex-info \"no stock\" {}))", "\"Generic\"")),
        LibraryFunction.Of1(
            "getMessage",
            "[:fn [:any] :string]",
            "The message of an error, also as (.getMessage e).",
            static (_, error) => error.As<RtfsException>() is { } found
                ? Value.String(found.Message)
                : throw Errors.Argument("getMessage", "an error", 1, error),
            ("(try (/ 1 0) (catch e (getMessage e)))", "\"Division by zero\""),
            ("(getMessage 5)", "!! TypeError")),
    ];

    private static VariadicBody Make(string name) => (_, arguments) => Value.OfObject(Errors.Thrown(
        arguments[0].As<string>() ?? throw Errors.Argument(name, "a string", 1, arguments[0]),
        arguments.Length == 2 ? arguments[1] : Value.Nil));

    private static RtfsException Raised(Value thrown) => thrown.Reference switch
    {
        RtfsException error => error,
        string message => Errors.Thrown(message, thrown),
        MapValue map when map.TryGet(MessageKey, out var message) && message.Reference is string text => Errors.Thrown(text, thrown),
        _ => Errors.Thrown(ValuePrinter.Display(thrown), thrown),
    };
}
