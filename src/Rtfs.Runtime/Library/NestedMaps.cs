// Maps in maps: reading and changing along a path of keys.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class NestedMaps
{
    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("get-in", "[:fn [[:union [:map] [:vector :any] :nil] [:union [:vector :any] [:list :any] :string] :any?] :any]", "The value at the end of a path of keys and indices; the default, or nil, when a step is missing.", (2, 3), GetIn,
            ("(get-in {:a {:b 1}} [:a :b])", "1"), ("(get-in {:a [5 6]} [:a 1])", "6"), ("(get-in {:a 1} [:x :y] 0)", "0"), ("(get-in {:a 1} [:a :b])", "!! TypeError: get-in expects a map or a vector at :b, but found the int 1")),
        LibraryFunction.OfMany("assoc-in", "[:fn [:any [:union [:vector :any] [:list :any] :string] :any] :any]", "The map with the value at the end of a path of keys; missing maps on the way are made.", (3, 3), static (context, all) => Changed("assoc-in", context, all[0], Path("assoc-in", all[1]), all[2]),
            ("(assoc-in {} [:a :b] 1)", "{:a {:b 1}}"), ("(assoc-in {:a [1 2]} [:a 0] 9)", "{:a [9 2]}"), ("(assoc-in {} [] 1)", "!! InvalidArgument: assoc-in expects a path of at least one key"), ("(assoc-in {:a 1} [:a :b] 2)", "!! TypeError")),
        LibraryFunction.OfCalling("update-in", "[:fn [:any [:vector :any] [:fn [:any & :any] :any] & :any] :any]", "The map with the value at the end of a path replaced by what a function makes of it (of nil, for a missing one) and of the further arguments.", (3, int.MaxValue), 2, UpdateInAsync,
            [("(update-in {:a {:n 1}} [:a :n] inc)", "{:a {:n 2}}"), ("(update-in {:n 1} [:n] + 10)", "{:n 11}"), ("(update-in {} [:n] 1)", "!! TypeError")]),
        LibraryFunction.Of2("dissoc-in", "[:fn [[:map] [:union [:vector :any] [:list :any] :string]] [:map]]", "The map without the key at the end of a path; the maps on the way stay, if empty.", static (context, map, path) => DissocIn(context, map, Path("dissoc-in", path)),
            ("(dissoc-in {:a {:b 1 :c 2}} [:a :b])", "{:a {:c 2}}"), ("(dissoc-in {:a 1} [:x :y])", "{:a 1}"), ("(dissoc-in nil [:a])", "!! TypeError")),
    ];

    private static Value[] Path(string operation, Value path)
    {
        var keys = Sequences.Of(operation, 2, path).ToArray();
        return keys.Length > 0 || operation == "get-in" ? keys : throw Errors.Invalid($"{operation} expects a path of at least one key, but got {path}");
    }

    private static Value GetIn(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var value = arguments[0];
        foreach (var key in Path("get-in", arguments[1]))
        {
            context.Tick();
            if (!TryStep("get-in", value, key, out value))
            {
                return arguments.Length == 3 ? arguments[2] : Value.Nil;
            }
        }

        return value;
    }

    private static bool TryStep(string operation, Value target, Value key, out Value value)
    {
        switch (target.Reference)
        {
            case null:
                value = Value.Nil;
                return false;
            case MapValue map:
                return map.TryGet(key, out value);
            case VectorValue vector:
                var exists = Arguments.Int(operation, 2, key) is var index && index >= 0 && index < vector.Count;
                value = exists ? vector[(int)index] : Value.Nil;
                return exists;
            default:
                throw Errors.Type($"{operation} expects a map or a vector at {key}, but found {Errors.Describe(target)}");
        }
    }

    private static async ValueTask<Value> UpdateInAsync(Caller caller, Value[] arguments)
    {
        var path = Path("update-in", arguments[1]);
        var function = Sequences.Callable("update-in", 3, arguments[2]);
        var old = arguments[0];
        foreach (var key in path)
        {
            if (!TryStep("update-in", old, key, out old))
            {
                old = Value.Nil;
                break;
            }
        }

        return Changed("update-in", caller.Context, arguments[0], path, await caller.Call(function, [old, .. arguments.AsSpan(3)]));
    }

    private static Value Changed(string operation, EvaluationContext context, Value target, Value[] path, Value value)
    {
        // The containers from the outermost to the innermost; then the way back.
        var containers = new Value[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            context.Tick();
            containers[i] = target.IsNil ? Value.Of(MapValue.Empty) : target;
            TryStep(operation, containers[i], path[i], out target);
        }

        for (var i = path.Length - 1; i >= 0; i--)
        {
            value = containers[i].Reference switch
            {
                VectorValue vector => Value.Of(vector.Assoc(Sequences.Index(operation, 2, path[i], vector.Count), value)),
                _ => Value.Of(containers[i].As<MapValue>()!.Assoc(path[i], value)),
            };
        }

        return value;
    }

    private static Value DissocIn(EvaluationContext context, Value target, Value[] path)
    {
        var outer = Arguments.Map("dissoc-in", 1, target);
        if (path.Length == 1)
        {
            return Value.Of(outer.Dissoc(path[0]));
        }

        var parent = target;
        foreach (var key in path[..^1])
        {
            if (!TryStep("dissoc-in", parent, key, out parent))
            {
                return target;
            }
        }

        var changed = (parent.As<MapValue>() ?? throw Errors.Type($"dissoc-in expects a map at {path[^1]}, but found {Errors.Describe(parent)}")).Dissoc(path[^1]);
        return Changed("dissoc-in", context, target, path[..^1], Value.Of(changed));
    }
}
