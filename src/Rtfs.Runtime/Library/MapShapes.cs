// Maps made of keys and values, and maps changed entry by entry.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class MapShapes
{
    private const string Each = "[:fn [[:map] [:union :keyword [:fn [:any] :any]]] [:map]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of2("find", "[:fn [[:map] :any] [:tuple :any :any]?]", "The entry of a key as [key value], or nil.", static (_, map, key) => Arguments.Map("find", 1, map).TryGet(key, out var value) ? Sequences.Pair(key, value) : Value.Nil,
            ("(find {:a 1} :a)", "[:a 1]"), ("(find {:a 1} :b)", "nil"), ("(find [1] 0)", "!! TypeError")),
        LibraryFunction.Of1("entries", "[:fn [[:map]] [:vector [:tuple :any :any]]]", "The entries of a map, each [key value].", static (_, map) => Value.Of(Sequences.OrEntries("entries", 1, Value.Of(Arguments.Map("entries", 1, map)))),
            ("(entries {:a 1 :b 2})", "[[:a 1] [:b 2]]"), ("(entries [1])", "!! TypeError")),
        LibraryFunction.Of2("zipmap", "[:fn [[:union [:vector :any] [:list :any] :string] [:union [:vector :any] [:list :any] :string]] [:map]]", "A map of keys with values in turn, as long as the shorter sequence lasts.", Zipmap,
            ("(zipmap [:a :b] [1 2])", "{:a 1 :b 2}"), ("(zipmap [:a] [1 2])", "{:a 1}"), ("(zipmap :a [1])", "!! TypeError")),
        LibraryFunction.Of2("rename-keys", "[:fn [[:map] [:map]] [:map]]", "The map with the keys of another map replaced by its values.", RenameKeys,
            ("(rename-keys {:a 1 :b 2} {:a :x})", "{:b 2 :x 1}"), ("(rename-keys {:a 1} [:a])", "!! TypeError")),
        LibraryFunction.Of1("invert", "[:fn [[:map]] [:map]]", "The map with its values as keys and its keys as values.", Invert,
            ("(invert {:a 1})", "{1 :a}"), ("(invert [1])", "!! TypeError")),
        LibraryFunction.OfCalling("merge-with", "[:fn [[:fn [:any :any] :any] [:map] & [:map]] [:map]]", "The maps as one; where a key is in several, a function makes one value of two, from the left.", (2, int.MaxValue), 0, MergeWithAsync,
            [("(merge-with + {:a 1 :b 1} {:a 2})", "{:a 3 :b 1}"), ("(merge-with + {} 1)", "!! TypeError")]),
        LibraryFunction.OfCalling("reduce-kv", "[:forall [a] [:fn [[:fn [a :any :any] a] a [:union [:map] [:vector :any]]] a]]", "Combines the entries of a map, or the indices and items of a vector, by a function of the result, the key and the value.", (3, 3), 0, ReduceEntriesAsync,
            [("(reduce-kv (fn [sum k v] (+ sum v)) 0 {:a 1 :b 2})", "3"), ("(reduce-kv (fn [m i x] (assoc m x i)) {} [:a :b])", "{:a 0 :b 1}"), ("(reduce-kv + 0 1)", "!! TypeError")]),
        LibraryFunction.OfCalling("map-keys", "[:fn [[:union :keyword [:fn [:any] :any]] [:map]] [:map]]", "The map with each key replaced by what a function gives for it.", (2, 2), 0, static (caller, all) => EachAsync("map-keys", caller, all[1], 2, all[0], 1, keys: true),
            [("(map-keys name {:a 1})", "{\"a\" 1}"), ("(map-keys name [1])", "!! TypeError")]),
        LibraryFunction.OfCalling("map-vals", "[:fn [[:union :keyword [:fn [:any] :any]] [:map]] [:map]]", "The map with each value replaced by what a function gives for it.", (2, 2), 0, static (caller, all) => EachAsync("map-vals", caller, all[1], 2, all[0], 1, keys: false),
            [("(map-vals inc {:a 1 :b 2})", "{:a 2 :b 3}"), ("(map-vals inc [1])", "!! TypeError: map-vals expects a map, but argument 2 is a vector of 1 item")]),
        LibraryFunction.OfCalling("update-keys", Each, "`map-keys`, the map first.", (2, 2), 1, static (caller, all) => EachAsync("update-keys", caller, all[0], 1, all[1], 2, keys: true),
            [("(update-keys {:a 1} name)", "{\"a\" 1}"), ("(update-keys nil name)", "!! TypeError")]),
        LibraryFunction.OfCalling("update-vals", Each, "`map-vals`, the map first.", (2, 2), 1, static (caller, all) => EachAsync("update-vals", caller, all[0], 1, all[1], 2, keys: false),
            [("(update-vals {:a 1} inc)", "{:a 2}"), ("(update-vals nil inc)", "!! TypeError")]),
        LibraryFunction.OfCalling("filter-vals", "[:fn [[:union :keyword [:fn [:any] :any]] [:map]] [:map]]", "The entries for whose values a function gives a truthy value.", (2, 2), 0, FilterValuesAsync,
            [("(filter-vals odd? {:a 1 :b 2})", "{:a 1}"), ("(filter-vals odd? [1])", "!! TypeError")]),
    ];

    private static Value Zipmap(EvaluationContext context, Value keys, Value values)
    {
        var (names, items) = (Sequences.Of("zipmap", 1, keys), Sequences.Of("zipmap", 2, values));
        var entries = new KeyValuePair<Value, Value>[Math.Min(names.Count, items.Count)];
        Sequences.Charge(context, entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(names[i], items[i]);
        }

        return Value.Of(MapValue.From(entries));
    }

    private static Value RenameKeys(EvaluationContext context, Value target, Value names)
    {
        var (map, renamed) = (Arguments.Map("rename-keys", 1, target), Arguments.Map("rename-keys", 2, names));
        var result = map;
        foreach (var (old, _) in renamed.Entries)
        {
            result = result.Dissoc(old);
        }

        foreach (var (old, fresh) in renamed.Entries)
        {
            context.Tick();
            if (map.TryGet(old, out var value))
            {
                result = result.Assoc(fresh, value);
            }
        }

        return Value.Of(result);
    }

    private static Value Invert(EvaluationContext context, Value target)
    {
        var result = MapValue.Empty;
        foreach (var (key, value) in Arguments.Map("invert", 1, target).Entries)
        {
            context.Tick();
            result = result.Assoc(value, key);
        }

        return Value.Of(result);
    }

    private static async ValueTask<Value> MergeWithAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("merge-with", 1, arguments[0]);
        var result = Arguments.Map("merge-with", 2, arguments[1]);
        for (var i = 2; i < arguments.Length; i++)
        {
            foreach (var (key, value) in Arguments.Map("merge-with", i + 1, arguments[i]).Entries)
            {
                result = result.Assoc(key, result.TryGet(key, out var old) ? await caller.Call(function, old, value) : value);
            }
        }

        return Value.Of(result);
    }

    private static async ValueTask<Value> ReduceEntriesAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("reduce-kv", 1, arguments[0]);
        var result = arguments[1];
        if (arguments[2].As<VectorValue>() is { } vector)
        {
            for (var i = 0; i < vector.Count; i++)
            {
                result = await caller.Call(function, [result, Value.Int(i), vector[i]]);
            }

            return result;
        }

        var map = arguments[2].As<MapValue>() ?? throw Errors.Argument("reduce-kv", "a map or a vector", 3, arguments[2]);
        foreach (var (key, value) in map.Entries)
        {
            result = await caller.Call(function, [result, key, value]);
        }

        return result;
    }

    private static async ValueTask<Value> EachAsync(
        string operation, Caller caller, Value target, int targetPosition, Value callee, int calleePosition, bool keys)
    {
        var function = Sequences.Callable(operation, calleePosition, callee);
        var map = Arguments.Map(operation, targetPosition, target);
        var entries = new List<KeyValuePair<Value, Value>>(map.Count);
        foreach (var (key, value) in map.Entries)
        {
            var fresh = await caller.Call(function, keys ? key : value);
            entries.Add(keys ? new(fresh, value) : new(key, fresh));
        }

        return Value.Of(MapValue.From(entries));
    }

    private static async ValueTask<Value> FilterValuesAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("filter-vals", 1, arguments[0]);
        var result = MapValue.Empty;
        foreach (var (key, value) in Arguments.Map("filter-vals", 2, arguments[1]).Entries)
        {
            if ((await caller.Call(function, value)).IsTruthy)
            {
                result = result.Assoc(key, value);
            }
        }

        return Value.Of(result);
    }
}
