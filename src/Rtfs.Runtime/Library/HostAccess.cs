// What the host gave the run: the values that it was started with.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Text;

namespace Rtfs.Runtime.Library;

internal static class HostAccess
{
    // A function does not know where it was called from.
    internal static readonly SourcePlace NoPlace = new(new SourceText("<library>", ""), Span.Of(0, 0));

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("context/get", "[:fn [:keyword :any?] :any]", "A value that the run was started with, as `@:key` reads it; a default for one that is missing.", (1, 2), Get,
            ("(context/get \"region\")", "!! TypeError: context/get expects a keyword, but argument 1 is the string \"region\"")),
    ];

    private static Value Get(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (arguments[0].Reference is not Keyword)
        {
            throw Errors.Argument("context/get", "a keyword", 1, arguments[0]);
        }

        try
        {
            return context.Operations.Apply(new OperationCall("context", [arguments[0]], MapValue.Empty, NoPlace), context);
        }
        catch (RtfsException error) when (arguments.Length == 2 && error.Kind == "KeyNotFound")
        {
            return arguments[1];
        }
    }
}
