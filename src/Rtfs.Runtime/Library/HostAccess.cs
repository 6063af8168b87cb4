// The context of the run: what the host gave it, and what the program keeps there.

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
        LibraryFunction.OfMany("context/get", "[:fn [:keyword :any?] :any]", "What the program set, or the run was started with, under a key; a default, or nil, for one that is missing. `(get :key)` is the same.", (1, 2), Get,
            ("(context/get :region)", "nil"),
            ("(context/get :region :north)", ":north"),
            ("(context/get \"region\")", "!! TypeError: context/get expects a keyword, but argument 1 is the string \"region\"")),
        LibraryFunction.Of2("context/set", "[:forall [a] [:fn [:keyword a] a]]", "Keeps a value under a key for the rest of the run, and gives it; `@:key` and `context/get` read it.", Set,
            ("(do (context/set :region :south) (context/get :region))", ":south"),
            ("(context/set :n 1)", "1"),
            ("(context/set \"n\" 1)", "!! TypeError: context/set expects a keyword, but argument 1 is the string \"n\"")),
    ];

    private static Value Get(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (arguments[0].Reference is not Keyword)
        {
            throw Errors.Argument("context/get", "a keyword", 1, arguments[0]);
        }

        var missing = arguments.Length == 2 ? arguments[1] : Value.Nil;
        return context.Operations.Apply(new OperationCall("context", [arguments[0], missing], MapValue.Empty, NoPlace), context);
    }

    private static Value Set(EvaluationContext context, Value key, Value value)
    {
        var name = key.As<Keyword>() ?? throw Errors.Argument("context/set", "a keyword", 1, key);
        context.Given.Set(context, name.Name, value);
        return value;
    }
}
