// Functions made of functions, and calling one with a sequence of arguments. What is made waits when a part of it does.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Combinators
{
    private const string Combining = "[:fn [& [:union :keyword [:fn [& :any] :any]]] [:fn [& :any] :any]]";

    private const string Testing = "[:fn [[:union :keyword [:fn [& :any] :any]] & [:union :keyword [:fn [& :any] :any]]] [:fn [& :any] :any]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1("identity", "[:forall [a] [:fn [a] a]]", "The value itself.", static (_, a) => a, ("(identity 1)", "1")),
        LibraryFunction.Of1("constantly", "[:forall [a] [:fn [a] [:fn [& :any] a]]]", "A function that gives one value whatever it is called with.", static (_, a) => Made("constantly", [], (_, _) => new(a)),
            ("((constantly 1) 2 3)", "1")),
        LibraryFunction.OfMany("comp", Combining, "A function that gives its arguments to the last, the result to the one before, and so on to the first.", (0, int.MaxValue), Comp,
            ("((comp inc abs) -5)", "6"), ("((comp) 1)", "1"), ("(comp inc 1)", "!! TypeError: comp expects a function or a keyword, but argument 2 is the int 1")),
        LibraryFunction.OfMany("partial", "[:fn [[:union :keyword [:fn [& :any] :any]] & :any] [:fn [& :any] :any]]", "A function with its first arguments given already.", (1, int.MaxValue), Partial,
            ("((partial + 10) 5)", "15"), ("(map (partial * 2) [1 2])", "[2 4]"), ("(partial 1 2)", "!! TypeError")),
        LibraryFunction.OfMany("juxt", "[:fn [[:union :keyword [:fn [& :any] :any]] & [:union :keyword [:fn [& :any] :any]]] [:fn [& :any] [:vector :any]]]", "A function that gives the results of all, as a vector.", (1, int.MaxValue), Juxt,
            ("((juxt inc dec) 5)", "[6 4]"), ("(map (juxt :a :b) [{:a 1 :b 2}])", "[[1 2]]"), ("(juxt nil)", "!! TypeError")),
        LibraryFunction.Of1("complement", "[:fn [[:union :keyword [:fn [& :any] :any]]] [:fn [& :any] :bool]]", "A function that gives true where another gives nil or false, and false otherwise.", static (_, a) => Complement(a),
            ("((complement even?) 3)", "true"), ("(filter (complement nil?) [1 nil])", "[1]"), ("(complement 1)", "!! TypeError")),
        LibraryFunction.OfMany("every-pred", Testing, "A function that asks whether all give a truthy value for each of its arguments.", (1, int.MaxValue), static (_, all) => Asking("every-pred", all, every: true),
            ("((every-pred int? pos?) 1 2)", "true"), ("((every-pred int? pos?) -1)", "false"), ("(every-pred 1)", "!! TypeError")),
        LibraryFunction.OfMany("some-fn", Testing, "A function that gives the first truthy value that any gives for one of its arguments, or the last.", (1, int.MaxValue), static (_, all) => Asking("some-fn", all, every: false),
            ("((some-fn :a :b) {:b 2})", "2"), ("((some-fn even? neg?) 3)", "false"), ("(some-fn 1)", "!! TypeError")),
        LibraryFunction.OfMany("fnil", "[:fn [[:union :keyword [:fn [& :any] :any]] :any & :any] [:fn [& :any] :any]]", "A function with values to take for its first arguments where they are nil.", (2, int.MaxValue), Fnil,
            ("((fnil inc 0) nil)", "1"), ("(update {} :n (fnil inc 0))", "{:n 1}"), ("(fnil 1 0)", "!! TypeError")),
        LibraryFunction.OfCalling("apply", "[:fn [[:union :keyword [:fn [& :any] :any]] :any & :any] :any]", "A function called with the arguments before the last and with the items of the last, which is a sequence.", (2, int.MaxValue), 0, ApplyAsync,
            [("(apply + [1 2 3])", "6"), ("(apply + 1 2 [3])", "6"), ("(apply max [])", "!! ArityMismatch"), ("(apply + 1)", "!! TypeError: apply expects a vector, a list or a string, but argument 2 is the int 1")]),
    ];

    private static Value Made(string name, Function[] parts, CallingBody body) =>
        Value.OfObject(new CombinedFunction(name, Array.Exists(parts, static part => part.MayBlock), body));

    private static Function[] Parts(string operation, ReadOnlySpan<Value> arguments)
    {
        var parts = new Function[arguments.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Arguments.Key(operation, i + 1, arguments[i]);
        }

        return parts;
    }

    private static Value Comp(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var parts = Parts("comp", arguments);
        return parts.Length switch
        {
            0 => Made("identity", [], static (_, values) => values.Length == 1 ? new(values[0]) : throw Errors.Arity("identity", Errors.Arguments(1, 1), values.Length)),
            1 => arguments[0],
            _ => Made("comp", parts, async (caller, values) =>
            {
                var result = await caller.Call(parts[^1], values);
                for (var i = parts.Length - 2; i >= 0; i--)
                {
                    result = await caller.Call(parts[i], result);
                }

                return result;
            }),
        };
    }

    private static Value Partial(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("partial", 1, arguments[0]);
        var given = arguments[1..].ToArray();
        return Made("partial", [function], (caller, values) => caller.Call(function, [.. given, .. values]));
    }

    private static Value Juxt(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var parts = Parts("juxt", arguments);
        return Made("juxt", parts, async (caller, values) =>
        {
            var results = new Value[parts.Length];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = await caller.Call(parts[i], values);
            }

            return Value.Of(VectorValue.Own(results));
        });
    }

    private static Value Complement(Value argument)
    {
        var function = Arguments.Key("complement", 1, argument);
        return Made("complement", [function], async (caller, values) => Value.Bool(!(await caller.Call(function, values)).IsTruthy));
    }

    private static Value Asking(string operation, ReadOnlySpan<Value> arguments, bool every)
    {
        var parts = Parts(operation, arguments);
        return Made(operation, parts, async (caller, values) =>
        {
            var answer = Value.Bool(every);
            foreach (var value in values)
            {
                foreach (var part in parts)
                {
                    answer = await caller.Call(part, value);
                    if (answer.IsTruthy != every)
                    {
                        return every ? Value.False : answer;
                    }
                }
            }

            return every ? Value.True : answer;
        });
    }

    private static Value Fnil(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var function = Sequences.Callable("fnil", 1, arguments[0]);
        var defaults = arguments[1..].ToArray();
        return Made("fnil", [function], (caller, values) =>
        {
            var filled = (Value[])values.Clone();
            for (var i = 0; i < Math.Min(filled.Length, defaults.Length); i++)
            {
                filled[i] = filled[i].IsNil ? defaults[i] : filled[i];
            }

            return caller.Call(function, filled);
        });
    }

    private static ValueTask<Value> ApplyAsync(Caller caller, Value[] arguments)
    {
        var function = Arguments.Key("apply", 1, arguments[0]);
        var items = Sequences.Of("apply", arguments.Length, arguments[^1]);
        Sequences.Charge(caller.Context, items.Count);
        return caller.Call(function, [.. arguments.AsSpan(1, arguments.Length - 2), .. items.ToArray()]);
    }
}
