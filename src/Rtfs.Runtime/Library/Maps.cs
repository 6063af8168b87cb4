// Maps, and what maps and vectors share: reading and replacing by key.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Maps
{
    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("get", "[:fn [[:union [:map] [:vector :any] :nil] :any :any?] :any]", "The value of a key or of a vector's index; the default, or nil, when it is missing.", (2, 3), Get,
            ("(get {:a 1} :a)", "1"), ("(get {:a 1} :b 0)", "0"), ("(get [1 2] 1)", "2"), ("(get nil :a)", "nil"), ("(get [1 2] \"a\")", "!! TypeError: get expects an int index for a vector")),
        LibraryFunction.OfMany("assoc", "[:fn [[:union [:map] [:vector :any] :nil] :any :any & :any] [:union [:map] [:vector :any]]]", "The map with keys set, or the vector with items replaced; nil is the empty map.", (3, int.MaxValue), Assoc,
            ("(assoc {:a 1} :b 2)", "{:a 1 :b 2}"), ("(assoc {:a 1} :a 2 :c 3)", "{:a 2 :c 3}"), ("(assoc [1 2] 0 9)", "[9 2]"), ("(assoc nil :a 1)", "{:a 1}"), ("(assoc [1 2] 2 9)", "!! IndexOutOfBounds")),
        LibraryFunction.OfMany("dissoc", "[:fn [[:map]? & :any] [:map]?]", "The map without some keys; nil is without any.", (1, int.MaxValue), Dissoc,
            ("(dissoc {:a 1 :b 2} :a)", "{:b 2}"), ("(dissoc {:a 1} :x)", "{:a 1}"), ("(dissoc nil :x)", "nil"), ("(dissoc [1] 0)", "!! TypeError")),
        LibraryFunction.OfMany("merge", "[:fn [[:map] & [:map]] [:map]]", "The maps as one; of equal keys the last wins.", (1, int.MaxValue), Merge,
            ("(merge {:a 1} {:b 2})", "{:a 1 :b 2}"), ("(merge {:a 1} {:a 2})", "{:a 2}"), ("(merge {} [])", "!! TypeError")),
        LibraryFunction.Of2("select-keys", "[:fn [[:map] [:union [:vector :any] [:list :any] :string]] [:map]]", "The map with those of some keys that it has.", SelectKeys,
            ("(select-keys {:a 1 :b 2} [:a :x])", "{:a 1}"), ("(select-keys [1] [0])", "!! TypeError")),
        LibraryFunction.Of1("keys", "[:fn [[:map]] [:vector :any]]", "The keys of a map.", static (context, map) => Column("keys", context, map, static entry => entry.Key),
            ("(keys {:a 1 :b 2})", "[:a :b]"), ("(keys nil)", "!! TypeError")),
        LibraryFunction.Of1("vals", "[:fn [[:map]] [:vector :any]]", "The values of a map, in the order of its keys.", static (context, map) => Column("vals", context, map, static entry => entry.Value),
            ("(vals {:a 1 :b 2})", "[1 2]"), ("(vals [1])", "!! TypeError")),
        LibraryFunction.OfMany("hash-map", "[:fn [& :any] [:map]]", "A map of keys and values in turn.", (0, int.MaxValue), HashMap,
            ("(hash-map :a 1 \"b\" 2)", "{:a 1 \"b\" 2}"), ("(hash-map)", "{}"), ("(hash-map :a)", "!! ArityMismatch")),
    ];

    private static Value Get(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var (target, key) = (arguments[0], arguments[1]);
        var missing = arguments.Length == 3 ? arguments[2] : Value.Nil;
        return target.Reference switch
        {
            null => missing,
            MapValue map => map.TryGet(key, out var found) ? found : missing,
            VectorValue vector => !key.IsInt ? throw Errors.Argument("get", "an int index for a vector", 2, key)
                : key.AsInt >= 0 && key.AsInt < vector.Count ? vector[(int)key.AsInt]
                : missing,
            _ => throw Errors.Argument("get", "a map or a vector", 1, target),
        };
    }

    private static Value Assoc(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (arguments.Length % 2 == 0)
        {
            throw Errors.Arity("assoc", "a map or a vector and then keys with values (an odd number of arguments)", arguments.Length);
        }

        var target = arguments[0];
        if ((target.IsNil ? MapValue.Empty : target.Reference) is MapValue map)
        {
            for (var i = 1; i < arguments.Length; i += 2)
            {
                map = map.Assoc(arguments[i], arguments[i + 1]);
            }

            return Value.Of(map);
        }

        var vector = target.As<VectorValue>() ?? throw Errors.Argument("assoc", "a map or a vector", 1, target);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            vector = vector.Assoc(Sequences.Index("assoc", i + 1, arguments[i], vector.Count), arguments[i + 1]);
        }

        return Value.Of(vector);
    }

    private static Value Dissoc(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (arguments[0].IsNil)
        {
            return Value.Nil;
        }

        var map = Arguments.Map("dissoc", 1, arguments[0]);
        foreach (var key in arguments[1..])
        {
            map = map.Dissoc(key);
        }

        return Value.Of(map);
    }

    private static Value Merge(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var result = Arguments.Map("merge", 1, arguments[0]);
        for (var i = 1; i < arguments.Length; i++)
        {
            var next = Arguments.Map("merge", i + 1, arguments[i]);
            if (result.Count == 0)
            {
                result = next;
                continue;
            }

            Sequences.Charge(context, next.Count);
            result = result.AssocAll(next.Entries, next.Count);
        }

        return Value.Of(result);
    }

    private static Value SelectKeys(EvaluationContext context, Value target, Value keys)
    {
        var map = Arguments.Map("select-keys", 1, target);
        var wanted = Sequences.Of("select-keys", 2, keys);
        var result = MapValue.Empty;
        foreach (var key in wanted.Items)
        {
            context.Tick();
            if (map.TryGet(key, out var value))
            {
                result = result.Assoc(key, value);
            }
        }

        return Value.Of(result);
    }

    private static Value Column(string operation, EvaluationContext context, Value target, Func<KeyValuePair<Value, Value>, Value> part)
    {
        var map = Arguments.Map(operation, 1, target);
        var items = new VectorBuilder(map.Count);
        foreach (var entry in map.Entries)
        {
            context.Tick();
            items.Add(part(entry));
        }

        return Value.Of(items.ToVector());
    }

    private static Value HashMap(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (arguments.Length % 2 != 0)
        {
            throw Errors.Arity("hash-map", "keys with values (an even number of arguments)", arguments.Length);
        }

        var map = MapValue.Empty;
        for (var i = 0; i < arguments.Length; i += 2)
        {
            map = map.Assoc(arguments[i], arguments[i + 1]);
        }

        return Value.Of(map);
    }
}
