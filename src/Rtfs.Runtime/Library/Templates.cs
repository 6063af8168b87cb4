// What fills templates when they run. Lowering calls these by names that no text can write; they are no part of the reference.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Library;

internal static class Templates
{
    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany(" splice", "[:fn [& :any] :any]", "The items of all sequences as the kind of the first.", (1, int.MaxValue), Splice),
        LibraryFunction.Of2(" prefixed", "[:fn [:keyword :any] :any]", "A piece of code behind a prefix.", Prefixed),
        LibraryFunction.Of2(" prefixed-each", "[:fn [:keyword :any] :any]", "Each item of a sequence behind a prefix.", PrefixedEach),
    ];

    private static Value Splice(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var builder = new VectorBuilder();
        for (var i = 0; i < arguments.Length; i++)
        {
            var items = Sequences.Of("~@", i, arguments[i]);
            Sequences.Charge(context, items.Count);
            builder.AddRange(items);
        }

        return Sequences.Like(arguments[0], builder);
    }

    private static Value Prefixed(EvaluationContext context, Value prefix, Value target)
    {
        Count(context, target);
        return Value.OfObject(new FormValue(Forms.Prefixed(PrefixOf(prefix), ValueForms.ToForm(target))));
    }

    private static Value PrefixedEach(EvaluationContext context, Value prefix, Value items)
    {
        var builder = new VectorBuilder();
        var sequence = Sequences.Of("~@", 1, items);
        for (var i = 0; i < sequence.Count; i++)
        {
            builder.Add(Prefixed(context, prefix, sequence[i]));
        }

        return Value.Of(builder.ToVector());
    }

    private static Prefix PrefixOf(Value name) => name.As<Keyword>()!.Name switch
    {
        "quote" => Prefix.Quote,
        "quasiquote" => Prefix.QuasiQuote,
        "unquote" => Prefix.Unquote,
        _ => Prefix.Splice,
    };

    /// <summary>Charges what a form of the value will take: values share their parts, and forms that are made of them do not.</summary>
    private static void Count(EvaluationContext context, Value root)
    {
        var pending = new Stack<Value>([root]);
        while (pending.TryPop(out var value))
        {
            context.Tick();
            context.Charge(Footprint.Entry);
            switch (value.Reference)
            {
                case VectorValue vector:
                    Push(pending, vector.Items);
                    break;
                case ListValue list:
                    Push(pending, list.Items);
                    break;
                case MapValue map:
                    Push(pending, map.Entries.SelectMany(static entry => new[] { entry.Key, entry.Value }));
                    break;
            }
        }
    }

    private static void Push(Stack<Value> pending, IEnumerable<Value> items)
    {
        foreach (var item in items)
        {
            pending.Push(item);
        }
    }
}
