// Sequences as sets: each item once, in the order in which it came first.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Sets
{
    private const string Combining = "[:forall [a] [:fn [[:union [:vector a] [:list a] :string] & [:union [:vector a] [:list a] :string]] [:vector a]]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1("distinct", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]]]", "Each item once, where it came first.", Distinct,
            ("(distinct [1 2 1 3 2])", "[1 2 3]"), ("(distinct nil)", "!! TypeError")),
        LibraryFunction.Of1("dedupe", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]]]", "The items without those that equal the one before.", Dedupe,
            ("(dedupe [1 1 2 1])", "[1 2 1]"), ("(dedupe 1)", "!! TypeError")),
        LibraryFunction.OfMany("union", Combining, "The items that are in any, each once.", (1, int.MaxValue), Union,
            ("(union [1 2] [2 3])", "[1 2 3]"), ("(union [1] nil)", "!! TypeError")),
        LibraryFunction.OfMany("intersection", Combining, "The items of the first that are in all, each once.", (1, int.MaxValue), static (context, all) => Kept("intersection", context, all, present: true),
            ("(intersection [1 2 3] [2 3 4])", "[2 3]"), ("(intersection [1] 2)", "!! TypeError")),
        LibraryFunction.OfMany("difference", Combining, "The items of the first that are in no other, each once.", (1, int.MaxValue), static (context, all) => Kept("difference", context, all, present: false),
            ("(difference [1 2 3] [2])", "[1 3]"), ("(difference {} [1])", "!! TypeError")),
        LibraryFunction.Of2("subset?", "[:fn [[:union [:vector :any] [:list :any] :string] [:union [:vector :any] [:list :any] :string]] :bool]", "Whether every item of the first is in the second.", static (context, a, b) => Value.Bool(IsSubset("subset?", context, a, b)),
            ("(subset? [1] [1 2])", "true"), ("(subset? [3] [1 2])", "false"), ("(subset? [1] nil)", "!! TypeError")),
        LibraryFunction.Of2("superset?", "[:fn [[:union [:vector :any] [:list :any] :string] [:union [:vector :any] [:list :any] :string]] :bool]", "Whether every item of the second is in the first.", static (context, a, b) => Value.Bool(IsSubset("superset?", context, b, a)),
            ("(superset? [1 2] [1])", "true"), ("(superset? [1] [2])", "false"), ("(superset? nil [1])", "!! TypeError")),
    ];

    private static Value Distinct(EvaluationContext context, Value target)
    {
        var seen = new HashSet<Value>();
        var once = new VectorBuilder();
        AddNew("distinct", 1, context, target, seen, once);
        return Sequences.Like(target, once);
    }

    private static Value Union(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var seen = new HashSet<Value>();
        var once = new VectorBuilder();
        for (var i = 0; i < arguments.Length; i++)
        {
            AddNew("union", i + 1, context, arguments[i], seen, once);
        }

        return Value.Of(once.ToVector());
    }

    private static void AddNew(string operation, int position, EvaluationContext context, Value target, HashSet<Value> seen, VectorBuilder once)
    {
        var items = Sequences.Of(operation, position, target);
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            if (seen.Add(items[i]))
            {
                once.Add(items[i]);
            }
        }
    }

    private static Value Dedupe(EvaluationContext context, Value target)
    {
        var items = Sequences.Of("dedupe", 1, target);
        var kept = new VectorBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            if (i == 0 || !items[i].Equals(items[i - 1]))
            {
                kept.Add(items[i]);
            }
        }

        return Sequences.Like(target, kept);
    }

    private static Value Kept(string operation, EvaluationContext context, ReadOnlySpan<Value> arguments, bool present)
    {
        var others = new List<HashSet<Value>>();
        for (var i = 1; i < arguments.Length; i++)
        {
            others.Add(SetOf(operation, i + 1, context, arguments[i]));
        }

        var items = Sequences.Of(operation, 1, arguments[0]);
        var seen = new HashSet<Value>();
        var kept = new VectorBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            var item = items[i];
            if (others.TrueForAll(other => other.Contains(item) == present) && seen.Add(item))
            {
                kept.Add(item);
            }
        }

        return Value.Of(kept.ToVector());
    }

    private static bool IsSubset(string operation, EvaluationContext context, Value part, Value whole)
    {
        var all = SetOf(operation, operation == "subset?" ? 2 : 1, context, whole);
        return SetOf(operation, operation == "subset?" ? 1 : 2, context, part).IsSubsetOf(all);
    }

    private static HashSet<Value> SetOf(string operation, int position, EvaluationContext context, Value target)
    {
        var items = Sequences.Of(operation, position, target);
        Sequences.Charge(context, items.Count);
        return [.. items.Items];
    }
}
