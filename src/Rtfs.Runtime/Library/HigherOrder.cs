// Functions that call functions. Each has a body for functions that cannot wait and one for those that may.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class HigherOrder
{
    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfFunction(
            "map",
            "[:forall [a b] [:fn [[:union :keyword [:fn [a] b]] [:union [:vector a] [:list a] :string]] [:vector b]]]",
            "The results of a function for each item; a list for a list, otherwise a vector.",
            (2, 2),
            0,
            Map,
            MapAsync,
            ("(map inc [1 2 3])", "[2 3 4]"),
            ("(map (fn [x] (* x x)) '(1 2))", "(1 4)"),
            ("(map str \"ab\")", "[\"a\" \"b\"]"),
            ("(map :name [{:name \"Ada\"} {}])", "[\"Ada\" nil]"), ("(map inc {:a 1})", "!! TypeError")),
        LibraryFunction.OfFunction(
            "filter",
            "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] [:vector a]]]",
            "The items for which a function gives a truthy value; a list for a list, otherwise a vector.",
            (2, 2),
            0,
            Filter,
            FilterAsync,
            ("(filter even? [1 2 3 4])", "[2 4]"),
            ("(filter (fn [x] (> x 1)) '(1 2))", "(2)"),
            ("(filter :open [{:n 1 :open true} {:n 2}])", "[{:n 1 :open true}]"), ("(filter even? nil)", "!! TypeError")),
        LibraryFunction.OfFunction(
            "reduce",
            "[:forall [a b] [:fn [[:fn [b a] b] b? [:union [:vector a] [:list a] :string]] b]]",
            "Combines the items from the left, starting with a value or, without one, with the first item.",
            (2, 3),
            0,
            Reduce,
            ReduceAsync,
            ("(reduce + [1 2 3])", "6"),
            ("(reduce + 10 [1 2 3])", "16"),
            ("(reduce (fn [m x] (assoc m x true)) {} [:a :b])", "{:a true :b true}"), ("(reduce + [])", "!! InvalidArgument: reduce of no items needs a start value")),
        LibraryFunction.OfFunction(
            "update",
            "[:fn [[:union [:map] [:vector :any] :nil] :any [:union [:fn [:any & :any] :any] :keyword] & :any] [:union [:map] [:vector :any]]]",
            "The map or vector with one value replaced by what a function makes of it (of nil, for a missing key) and of the further arguments; nil is the empty map.",
            (3, int.MaxValue),
            2,
            Update,
            UpdateAsync,
            ("(update {:n 1} :n inc)", "{:n 2}"),
            ("(update {:n 1} :n + 10)", "{:n 11}"),
            ("(update [1 2] 0 dec)", "[0 2]"), ("(update nil :n (fnil inc 0))", "{:n 1}"), ("(update \"ab\" 0 inc)", "!! TypeError")),
    ];

    private static Value Map(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("map", 1, arguments[0]);
        var original = arguments[1];
        var items = Sequences.Of("map", 2, original);
        var results = new VectorBuilder(items.Count);
        for (var i = 0; i < items.Count;)
        {
            var chunk = items.ChunkFrom(i);
            foreach (ref readonly var item in chunk)
            {
                context.Tick();
                results.Add(function.Invoke(context, item));
            }

            i += chunk.Length;
        }

        return Sequences.Like(original, results);
    }

    private static async ValueTask<Value> MapAsync(EvaluationContext context, Value[] arguments)
    {
        var function = Sequences.Callable("map", 1, arguments[0]);
        var items = Sequences.Of("map", 2, arguments[1]);
        var results = new VectorBuilder(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            results.Add(await function.InvokeAsync(context, [items[i]]));
        }

        return Sequences.Like(arguments[1], results);
    }

    private static Value Filter(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("filter", 1, arguments[0]);
        var original = arguments[1];
        var items = Sequences.Of("filter", 2, original);
        var results = new VectorBuilder(items.Count);
        for (var i = 0; i < items.Count;)
        {
            var chunk = items.ChunkFrom(i);
            foreach (ref readonly var item in chunk)
            {
                context.Tick();
                if (function.Test(context, item))
                {
                    results.Add(item);
                }
            }

            i += chunk.Length;
        }

        return Sequences.Like(original, results);
    }

    private static async ValueTask<Value> FilterAsync(EvaluationContext context, Value[] arguments)
    {
        var function = Sequences.Callable("filter", 1, arguments[0]);
        var items = Sequences.Of("filter", 2, arguments[1]);
        var results = new VectorBuilder(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            if ((await function.InvokeAsync(context, [items[i]])).IsTruthy)
            {
                results.Add(items[i]);
            }
        }

        return Sequences.Like(arguments[1], results);
    }

    private static Value Reduce(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("reduce", 1, arguments[0]);
        var items = Sequences.Of("reduce", arguments.Length, arguments[^1]);
        var (result, start) = Start(arguments, items);
        for (var i = start; i < items.Count;)
        {
            var chunk = items.ChunkFrom(i);
            foreach (ref readonly var item in chunk)
            {
                context.Tick();
                result = function.Invoke(context, result, item);
            }

            i += chunk.Length;
        }

        return result;
    }

    private static async ValueTask<Value> ReduceAsync(EvaluationContext context, Value[] arguments)
    {
        var function = Sequences.Callable("reduce", 1, arguments[0]);
        var items = Sequences.Of("reduce", arguments.Length, arguments[^1]);
        var (result, start) = Start(arguments, items);
        for (var i = start; i < items.Count; i++)
        {
            context.Tick();
            result = await function.InvokeAsync(context, [result, items[i]]);
        }

        return result;
    }

    private static (Value Value, int Index) Start(ReadOnlySpan<Value> arguments, VectorValue items) =>
        arguments.Length == 3 ? (arguments[1], 0)
        : items.Count > 0 ? (items[0], 1)
        : throw Errors.Invalid("reduce of no items needs a start value: (reduce f start coll)");

    private static Value Update(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("update", 3, arguments[2]);
        var target = arguments[0];
        var key = arguments[1];
        var old = Old(target, key);
        var next = arguments.Length == 3
            ? function.Invoke(context, old)
            : function.Invoke(context, (Value[])[old, .. arguments[3..]]);
        return Replaced(target, key, next);
    }

    private static async ValueTask<Value> UpdateAsync(EvaluationContext context, Value[] arguments)
    {
        var function = Sequences.Callable("update", 3, arguments[2]);
        var old = Old(arguments[0], arguments[1]);
        return Replaced(arguments[0], arguments[1], await function.InvokeAsync(context, [old, .. arguments[3..]]));
    }

    private static Value Old(Value target, Value key) => target.Reference switch
    {
        null => Value.Nil,
        MapValue map => map.TryGet(key, out var found) ? found : Value.Nil,
        VectorValue vector => vector[Sequences.Index("update", 2, key, vector.Count)],
        _ => throw Errors.Argument("update", "a map or a vector", 1, target),
    };

    private static Value Replaced(Value target, Value key, Value value) => (target.IsNil ? MapValue.Empty : target.Reference) is MapValue map
        ? Value.Of(map.Assoc(key, value))
        : Value.Of(target.As<VectorValue>()!.Assoc((int)key.AsInt, value));
}
