// Parts of a sequence by position: fronts, ends, pieces of equal length.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Slices
{
    private const string Counted = "[:forall [a] [:fn [:int [:union [:vector a] [:list a] :string]] [:vector a]]]";
    private const string Same = "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]]]";
    private const string Pieces = "[:forall [a] [:fn [:int :int? [:union [:vector a] [:list a] :string]] [:vector [:vector a]]]]";
    private const string Item = "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] a?]]";

    public static LibraryFunction[] Functions { get; } =
    [
        ByCount("take", "The first items, at most so many.", "[1 2]", static (count, length) => (0, Math.Min(count, length))),
        ByCount("drop", "All but the first items, so many of them.", "[3 4]", static (count, length) => (Math.Min(count, length), length)),
        ByCount("take-last", "The last items, at most so many.", "[3 4]", static (count, length) => (length - Math.Min(count, length), length)),
        ByCount("drop-last", "All but the last items, so many of them.", "[1 2]", static (count, length) => (0, length - Math.Min(count, length))),
        LibraryFunction.Of2("nthrest", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string] :int] [:vector a]]]", "The sequence without so many of its first items.", static (context, items, count) => Part("nthrest", context, items, Arguments.Size("nthrest", 2, count), int.MaxValue),
            ("(nthrest [1 2 3] 2)", "[3]"), ("(nthrest nil 1)", "!! TypeError")),
        LibraryFunction.Of1("next", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]?]]", "All but the first item, or nil when that is nothing.", static (context, a) => Part("next", context, a, 1, int.MaxValue) is var others && Collections.IsEmpty("next", others) ? Value.Nil : others,
            ("(next [1 2])", "[2]"), ("(next [1])", "nil"), ("(next nil)", "!! TypeError")),
        LibraryFunction.Of1("peek", "[:forall [a] [:fn [[:union [:vector a] [:list a]]] a?]]", "The item that `conj` put there last: the last of a vector, the first of a list; nil of none.", static (_, a) => Peek(a),
            ("(peek [1 2])", "2"), ("(peek '(1 2))", "1"), ("(peek [])", "nil"), ("(peek {})", "!! TypeError")),
        LibraryFunction.Of1("pop", "[:forall [a] [:fn [[:union [:vector a] [:list a]]] [:vector a]]]", "The sequence without the item that `peek` gives.", static (context, a) => Pop(context, a),
            ("(pop [1 2])", "[1]"), ("(pop '(1 2))", "(2)"), ("(pop [])", "!! InvalidArgument: pop expects an item to take away, but got []"), ("(pop nil)", "!! TypeError")),
        LibraryFunction.Of1("butlast", Same, "All but the last item.", static (context, a) => Part("butlast", context, a, 0, -1),
            ("(butlast [1 2 3])", "[1 2]"), ("(butlast [])", "[]"), ("(butlast 1)", "!! TypeError")),
        LibraryFunction.Of1("nfirst", "[:forall [a] [:fn [[:union [:vector [:union [:vector a] [:list a] :string]] [:list [:union [:vector a] [:list a] :string]] :string]] [:vector a]]]", "The rest of the first item.", static (context, a) => Collections.Rest("nfirst", context, Nth("nfirst", a, 0)),
            ("(nfirst [[1 2] 3])", "[2]"), ("(nfirst [1])", "!! TypeError")),
        LibraryFunction.Of1("ffirst", "[:forall [a] [:fn [[:union [:vector [:union [:vector a] [:list a] :string]] [:list [:union [:vector a] [:list a] :string]] :string]] a?]]", "The first item of the first item.", static (_, a) => Nth("ffirst", Nth("ffirst", a, 0), 0),
            ("(ffirst [[1 2] 3])", "1"), ("(ffirst [1])", "!! TypeError")),
        LibraryFunction.Of1("second", Item, "The second item, or nil.", static (_, a) => Nth("second", a, 1),
            ("(second [1 2])", "2"), ("(second [1])", "nil"), ("(second nil)", "!! TypeError")),
        LibraryFunction.Of2("split-at", "[:forall [a] [:fn [:int [:union [:vector a] [:list a] :string]] [:tuple [:vector a] [:vector a]]]]", "The first items and the others: [(take n coll) (drop n coll)].", SplitAt,
            ("(split-at 1 [1 2 3])", "[[1] [2 3]]"), ("(split-at 9 [1])", "[[1] []]"), ("(split-at -1 [1])", "!! InvalidArgument")),
        LibraryFunction.OfMany("subvec", "[:forall [a] [:fn [[:vector a] :int :int?] [:vector a]]]", "The items of a vector from an index up to, not including, an end (the vector's).", (2, 3), Subvec,
            ("(subvec [1 2 3 4] 1 3)", "[2 3]"), ("(subvec [1 2 3] 1)", "[2 3]"), ("(subvec [1 2] 1 3)", "!! IndexOutOfBounds: subvec: index 3 is out of bounds for length 2"), ("(subvec '(1) 0)", "!! TypeError")),
        LibraryFunction.OfMany("partition", Pieces, "Pieces of so many items, each beginning so many items (as many) after the one before; the last may be shorter.", (2, 3), static (context, all) => Partition("partition", context, all),
            ("(partition 2 [1 2 3 4])", "[[1 2] [3 4]]"), ("(partition 2 [1 2 3])", "[[1 2] [3]]"), ("(partition 2 1 [1 2 3])", "[[1 2] [2 3]]"), ("(partition 0 [1])", "!! InvalidArgument: partition expects an int of 1 or more as argument 1, but got 0")),
        LibraryFunction.OfMany("partition-all", Pieces, "Pieces of so many items, each beginning so many items (as many) after the one before, as long as items are left.", (2, 3), static (context, all) => Partition("partition-all", context, all),
            ("(partition-all 2 [1 2 3])", "[[1 2] [3]]"), ("(partition-all 2 1 [1 2 3])", "[[1 2] [2 3] [3]]"), ("(partition-all 2 nil)", "!! TypeError")),
        LibraryFunction.OfMany("take-nth", Counted, "The first item and every n-th after it.", (2, 2), TakeNth,
            ("(take-nth 2 [1 2 3 4 5])", "[1 3 5]"), ("(take-nth 0 [1])", "!! InvalidArgument")),
    ];

    private static LibraryFunction ByCount(string name, string documentation, string result, Func<int, int, (int Start, int End)> range) => LibraryFunction.Of2(
        name,
        Counted,
        documentation,
        (context, count, target) =>
        {
            var size = Arguments.Size(name, 1, count);
            if (name == "drop" && target.Reference is ListValue list)
            {
                return Value.Of(Dropped(context, list, size));
            }

            var items = Sequences.Of(name, 2, target);
            var (start, end) = range(size, items.Count);
            return Sequences.Like(target, Sequences.Slice(context, items, start, end));
        },
        ($"({name} 2 [1 2 3 4])", result),
        ($"({name} -1 [1])", $"!! InvalidArgument: {name} expects an int of 0 or more as argument 1, but got -1"),
        ($"({name} 1 nil)", $"!! TypeError: {name} expects a vector, a list or a string, but argument 2 is nil"));

    /// <param name="end">At most the length; counted from the end when negative.</param>
    private static Value Part(string operation, EvaluationContext context, Value target, int start, int end)
    {
        if (end == int.MaxValue && target.Reference is ListValue list)
        {
            return Value.Of(Dropped(context, list, start));
        }

        var items = Sequences.Of(operation, 1, target);
        var last = end < 0 ? Math.Max(0, items.Count + end) : Math.Min(end, items.Count);
        return Sequences.Like(target, Sequences.Slice(context, items, Math.Min(start, last), last));
    }

    private static ListValue Dropped(EvaluationContext context, ListValue list, int count)
    {
        for (; count > 0 && list.Count > 0; count--)
        {
            context.Step();
            list = list.Rest;
        }

        return list;
    }

    private static Value Nth(string operation, Value target, int index)
    {
        var items = Sequences.Of(operation, 1, target);
        return index < items.Count ? items[index] : Value.Nil;
    }

    private static Value Peek(Value target) => target.Reference switch
    {
        VectorValue vector => vector.Count == 0 ? Value.Nil : vector[vector.Count - 1],
        ListValue list => list.First,
        _ => throw Errors.Argument("peek", "a vector or a list", 1, target),
    };

    private static Value Pop(EvaluationContext context, Value target) => target.Reference switch
    {
        VectorValue { Count: 0 } or ListValue { Count: 0 } => throw Errors.Invalid($"pop expects an item to take away, but got {target}"),
        VectorValue => Part("pop", context, target, 0, -1),
        ListValue list => Value.Of(list.Rest),
        _ => throw Errors.Argument("pop", "a vector or a list", 1, target),
    };

    private static Value SplitAt(EvaluationContext context, Value count, Value target)
    {
        var size = Arguments.Size("split-at", 1, count);
        var items = Sequences.Of("split-at", 2, target);
        var at = Math.Min(size, items.Count);
        return Sequences.Pair(
            Sequences.Like(target, Sequences.Slice(context, items, 0, at)),
            Sequences.Like(target, Sequences.Slice(context, items, at, items.Count)));
    }

    private static Value Subvec(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var items = arguments[0].As<VectorValue>() ?? throw Errors.Argument("subvec", "a vector", 1, arguments[0]);
        var start = Sequences.Index("subvec", 2, arguments[1], items.Count + 1);
        var end = arguments.Length == 3 ? Arguments.Int("subvec", 3, arguments[2]) : items.Count;
        if (end < start || end > items.Count)
        {
            throw Errors.Index("subvec", end, items.Count);
        }

        return Value.Of(Sequences.Slice(context, items, start, (int)end));
    }

    private static Value Partition(string operation, EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var size = Arguments.Size(operation, 1, arguments[0], minimum: 1);
        var step = arguments.Length == 3 ? Arguments.Size(operation, 2, arguments[1], minimum: 1) : size;
        var items = Sequences.Of(operation, arguments.Length, arguments[^1]);
        var pieces = new VectorBuilder();
        for (var start = 0L; start < items.Count; start += step)
        {
            // A piece that only repeats the end of the one before is none of partition's.
            if (operation == "partition" && start > 0 && start - step + size >= items.Count)
            {
                break;
            }

            context.Tick();
            pieces.Add(Value.Of(Sequences.Slice(context, items, (int)start, (int)Math.Min(start + size, items.Count))));
        }

        return Value.Of(pieces.ToVector());
    }

    private static Value TakeNth(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var step = Arguments.Size("take-nth", 1, arguments[0], minimum: 1);
        var items = Sequences.Of("take-nth", 2, arguments[1]);
        var taken = new VectorBuilder();
        for (var i = 0L; i < items.Count; i += step)
        {
            context.Tick();
            taken.Add(items[(int)i]);
        }

        return Sequences.Like(arguments[1], taken);
    }
}
