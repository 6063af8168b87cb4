// New sequences from the answers of a function: with indices, flattened, without some, with every step of a reduction.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Transforming
{
    private const string Keeping = "[:forall [a b] [:fn [[:union :keyword [:fn [a] b?]] [:union [:vector a] [:list a] :string]] [:vector b]]]";
    private const string Indexed = "[:forall [a b] [:fn [[:fn [:int a] b] [:union [:vector a] [:list a] :string]] [:vector b]]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfCalling("remove", "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] [:vector a]]]", "The items for which a function gives nil or false.", (2, 2), 0, static (caller, all) => EachAsync("remove", caller, all, indexed: false, Remove),
            [("(remove even? [1 2 3])", "[1 3]"), ("(remove even? nil)", "!! TypeError")]),
        LibraryFunction.OfCalling("keep", Keeping, "What a function gives for each item, without nils.", (2, 2), 0, static (caller, all) => EachAsync("keep", caller, all, indexed: false, Keep),
            [("(keep (fn [x] (if (odd? x) (* x 10))) [1 2 3])", "[10 30]"), ("(keep inc 1)", "!! TypeError")]),
        LibraryFunction.OfCalling("keep-indexed", Indexed, "What a function gives for each index and item, without nils.", (2, 2), 0, static (caller, all) => EachAsync("keep-indexed", caller, all, indexed: true, Keep),
            [("(keep-indexed (fn [i x] (if (even? i) x)) [:a :b :c])", "[:a :c]"), ("(keep-indexed + 1)", "!! TypeError")]),
        LibraryFunction.OfCalling("map-indexed", Indexed, "What a function gives for each index and item.", (2, 2), 0, static (caller, all) => EachAsync("map-indexed", caller, all, indexed: true, static (result, _, answer) => result.Add(answer)),
            [("(map-indexed (fn [i x] [i x]) [:a :b])", "[[0 :a] [1 :b]]"), ("(map-indexed + nil)", "!! TypeError")]),
        LibraryFunction.OfCalling("mapcat", "[:forall [a b] [:fn [[:union :keyword [:fn [a] [:vector b]]] [:union [:vector a] [:list a] :string]] [:vector b]]]", "The items of all sequences that a function gives for the items.", (2, 2), 0, static (caller, all) => EachAsync("mapcat", caller, all, indexed: false, Concat),
            [("(mapcat (fn [x] [x x]) [1 2])", "[1 1 2 2]"), ("(mapcat inc [1])", "!! TypeError: mapcat expects its function to give a vector, a list or a string, but it gave the int 2")]),
        LibraryFunction.OfCalling("partition-by", "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] [:vector [:vector a]]]]", "Pieces of neighbours for which a function or a keyword gives equal values.", (2, 2), 0, PartitionByAsync,
            [("(partition-by odd? [1 3 2 5])", "[[1 3] [2] [5]]"), ("(partition-by :a [{:a 1} {:a 1}])", "[[{:a 1} {:a 1}]]"), ("(partition-by odd? nil)", "!! TypeError")]),
        LibraryFunction.OfCalling("reductions", "[:forall [a b] [:fn [[:fn [b a] b] b? [:union [:vector a] [:list a] :string]] [:vector b]]]", "Every step of `reduce`, the start first.", (2, 3), 0, ReductionsAsync,
            [("(reductions + [1 2 3])", "[1 3 6]"), ("(reductions + 10 [1 2])", "[10 11 13]"), ("(reductions + [])", "[]"), ("(reductions + 1)", "!! TypeError")]),
        LibraryFunction.OfCalling("iterate", "[:forall [a] [:fn [[:union :keyword [:fn [a] a]] a :int] [:vector a]]]", "So many values: the start, what a function gives for it, what it gives for that, and so on.", (3, 3), 0, IterateAsync,
            [("(iterate (fn [x] (* 2 x)) 1 5)", "[1 2 4 8 16]"), ("(iterate inc 1 -1)", "!! InvalidArgument")]),
        LibraryFunction.OfCalling("iterate-n", "[:forall [a] [:fn [[:union :keyword [:fn [a] a]] :int a] a]]", "What is left after a function has been applied so many times.", (3, 3), 0, IterateTimesAsync,
            [("(iterate-n inc 5 0)", "5"), ("(iterate-n inc :a 0)", "!! TypeError")]),
        LibraryFunction.OfCalling("map-pairs", "[:forall [a b c] [:fn [[:fn [a b] c] [:union [:vector a] [:list a] :string] [:union [:vector b] [:list b] :string]] [:vector c]]]", "What a function gives for the first items of two sequences, the second, and so on, as long as the shorter lasts.", (3, 3), 0, MapPairsAsync,
            [("(map-pairs + [1 2] [10 20 30])", "[11 22]"), ("(map-pairs + [1] nil)", "!! TypeError")]),
    ];

    private static async ValueTask<Value> EachAsync(string operation, Caller caller, Value[] arguments, bool indexed, Action<VectorBuilder, Value, Value> add)
    {
        var function = Sequences.Callable(operation, 1, arguments[0]);
        var items = Sequences.Of(operation, 2, arguments[1]);
        var result = new VectorBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            add(result, item, indexed ? await caller.Call(function, Value.Int(i), item) : await caller.Call(function, item));
        }

        return Sequences.Like(arguments[1], result);
    }

    private static void Remove(VectorBuilder result, Value item, Value answer)
    {
        if (!answer.IsTruthy)
        {
            result.Add(item);
        }
    }

    private static void Keep(VectorBuilder result, Value item, Value answer)
    {
        if (!answer.IsNil)
        {
            result.Add(answer);
        }
    }

    private static void Concat(VectorBuilder result, Value item, Value answer) => result.AddRange(answer.Reference switch
    {
        VectorValue or ListValue or string => Sequences.Of("mapcat", 1, answer),
        _ => throw Errors.Type($"mapcat expects its function to give a vector, a list or a string, but it gave {Errors.Describe(answer)}"),
    });

    private static async ValueTask<Value> PartitionByAsync(Caller caller, Value[] arguments)
    {
        var function = Arguments.Key("partition-by", 1, arguments[0]);
        var items = Sequences.Of("partition-by", 2, arguments[1]);
        var pieces = new VectorBuilder();
        var piece = new VectorBuilder();
        var present = Value.Nil;
        for (var i = 0; i < items.Count; i++)
        {
            var key = await caller.Call(function, items[i]);
            if (i > 0 && !key.Equals(present))
            {
                pieces.Add(Value.Of(piece.ToVector()));
                piece = new VectorBuilder();
            }

            present = key;
            piece.Add(items[i]);
        }

        if (piece.Count > 0)
        {
            pieces.Add(Value.Of(piece.ToVector()));
        }

        return Value.Of(pieces.ToVector());
    }

    private static async ValueTask<Value> ReductionsAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("reductions", 1, arguments[0]);
        var items = Sequences.Of("reductions", arguments.Length, arguments[^1]);
        var steps = new VectorBuilder();
        if (arguments.Length == 2 && items.Count == 0)
        {
            return Value.Of(VectorValue.Empty);
        }

        var (result, start) = arguments.Length == 3 ? (arguments[1], 0) : (items[0], 1);
        steps.Add(result);
        for (var i = start; i < items.Count; i++)
        {
            result = await caller.Call(function, result, items[i]);
            steps.Add(result);
        }

        return Value.Of(steps.ToVector());
    }

    private static async ValueTask<Value> IterateAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("iterate", 1, arguments[0]);
        var count = Arguments.Size("iterate", 3, arguments[2]);
        var values = new VectorBuilder();
        var value = arguments[1];
        for (var i = 0; i < count; i++)
        {
            value = i == 0 ? value : await caller.Call(function, value);
            values.Add(value);
        }

        return Value.Of(values.ToVector());
    }

    private static async ValueTask<Value> IterateTimesAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("iterate-n", 1, arguments[0]);
        var count = Arguments.Size("iterate-n", 2, arguments[1]);
        var value = arguments[2];
        for (var i = 0; i < count; i++)
        {
            value = await caller.Call(function, value);
        }

        return value;
    }

    private static async ValueTask<Value> MapPairsAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("map-pairs", 1, arguments[0]);
        var (first, second) = (Sequences.Of("map-pairs", 2, arguments[1]), Sequences.Of("map-pairs", 3, arguments[2]));
        var results = new VectorBuilder();
        for (var i = 0; i < Math.Min(first.Count, second.Count); i++)
        {
            results.Add(await caller.Call(function, first[i], second[i]));
        }

        return Value.Of(results.ToVector());
    }
}
