// Lines for the host's logger. Where they go and which pass is the host's choice.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Logging
{
    public static LibraryFunction[] Functions { get; } =
    [
        Line("println", "print", "Writes the values as one line, with blanks between, to where the host shows what a plan prints."),
        Line("log-info", "info", "Logs the values as one line."),
        Line("log-warn", "warn", "Logs the values as one line, as a warning."),
        Line("log-error", "error", "Logs the values as one line, as an error."),
        Line("log-debug", "debug", "Logs the values as one line, for who looks closely."),
        Line("log", "info", "Logs the values as one line, as `log-info` does; a logarithm is `ln`, `log2`, `log10` or `log-base`."),
        Line("tool/log", "info", "Logs the values as one line, as `log-info` does."),
        LibraryFunction.Of1("inspect", "[:forall [a] [:fn [a] a]]", "Logs a value as text that reads back, and gives it on: for a look between two steps.", Inspect,
            ("(inspect [1 \"a\"])", "[1 \"a\"]")),
    ];

    private static LibraryFunction Line(string name, string level, string documentation) => LibraryFunction.OfMany(
        name,
        "[:fn [& :any] :nil]",
        documentation,
        (0, int.MaxValue),
        (context, values) =>
        {
            Write(context, level, Text.Join(values, " "));
            return Value.Nil;
        },
        ($"({name} \"n =\" 1)", "nil"));

    private static Value Inspect(EvaluationContext context, Value value)
    {
        Write(context, "info", ValuePrinter.Print(value));
        return value;
    }

    private static void Write(EvaluationContext context, string level, string line)
    {
        Value[] arguments = [Value.String(level), Value.String(line)];
        context.Operations.Apply(new OperationCall("log", arguments, MapValue.Empty, HostAccess.NoPlace), context);
    }
}
