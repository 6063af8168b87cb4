// Walking a sequence with a function: questions about its items, and the part before or after an answer.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Searching
{
    private const string Question = "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] :bool]]";
    private const string Part = "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] [:vector a]]]";

    public static LibraryFunction[] Functions { get; } =
    [
        Quantifier("every?", "Whether a function gives a truthy value for all items; true for none.", wanted: false, found: false, "true", "false"),
        Quantifier("any?", "Whether a function gives a truthy value for an item.", wanted: true, found: true, "true", "true"),
        Quantifier("not-every?", "Whether a function gives nil or false for an item.", wanted: false, found: true, "false", "true"),
        Quantifier("not-any?", "Whether a function gives nil or false for all items.", wanted: true, found: false, "false", "false"),
        LibraryFunction.OfCalling("some?", "[:fn [:any [:union [:vector :any] [:list :any] :string]?] :bool]", "Whether a function gives a truthy value for an item; of one argument, whether it is not nil.", (1, 2), 0, IsSomeAsync,
            [("(some? even? [1 2])", "true"), ("(some? even? [1])", "false"), ("(some? nil)", "false"), ("(some? 0)", "true"), ("(some? even? nil)", "!! TypeError")],
            allButLast: true),
        LibraryFunction.OfCalling("some", "[:forall [a b] [:fn [[:union :keyword [:fn [a] b]] [:union [:vector a] [:list a] :string]] b?]]", "The first truthy value that a function gives for an item, or nil.", (2, 2), 0, SomeAsync,
            [("(some (fn [x] (if (> x 1) (* x 10))) [1 2 3])", "20"), ("(some even? [1])", "nil"), ("(some 1 [1])", "!! TypeError")]),
        LibraryFunction.OfCalling("find-first", "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] a?]]", "The first item for which a function gives a truthy value, or nil.", (2, 2), 0, FindFirstAsync,
            [("(find-first even? [1 2 4])", "2"), ("(find-first even? [1])", "nil"), ("(find-first even? {})", "!! TypeError")]),
        Splitting("take-while", "The first items, as long as a function gives a truthy value.", Part, "[1 3]", static (front, _) => front),
        Splitting("drop-while", "The items from the first for which a function gives nil or false.", Part, "[4 5]", static (_, back) => back),
        Splitting("split-with", "Both: [(take-while f coll) (drop-while f coll)].", "[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] [:union [:vector a] [:list a] :string]] [:tuple [:vector a] [:vector a]]]]", "[[1 3] [4 5]]", Sequences.Pair),
    ];

    /// <param name="wanted">The answer that ends the search.</param>
    /// <param name="found">What the function gives when that answer came.</param>
    private static LibraryFunction Quantifier(string name, string documentation, bool wanted, bool found, string all, string some) => LibraryFunction.OfCalling(
        name,
        Question,
        documentation,
        (2, 2),
        0,
        async (caller, arguments) => Value.Bool(await FirstAsync(name, caller, arguments, wanted) >= 0 == found),
        [($"({name} odd? [1 3])", all), ($"({name} odd? [1 2])", some), ($"({name} odd? nil)", $"!! TypeError: {name} expects a vector, a list or a string, but argument 2 is nil")]);

    private static LibraryFunction Splitting(string name, string documentation, string signature, string result, Func<Value, Value, Value> parts) => LibraryFunction.OfCalling(
        name,
        signature,
        documentation,
        (2, 2),
        0,
        async (caller, arguments) =>
        {
            var first = await FirstAsync(name, caller, arguments, wanted: false);
            var items = Sequences.Of(name, 2, arguments[1]);
            var at = first < 0 ? items.Count : first;
            return parts(
                Sequences.Like(arguments[1], Sequences.Slice(caller.Context, items, 0, at)),
                Sequences.Like(arguments[1], Sequences.Slice(caller.Context, items, at, items.Count)));
        },
        [($"({name} odd? [1 3 4 5])", result), ($"({name} odd? 1)", $"!! TypeError: {name} expects a vector, a list or a string, but argument 2 is the int 1")]);

    /// <summary>The index of the first item for which the function gives the wanted answer, or -1.</summary>
    private static async ValueTask<int> FirstAsync(string operation, Caller caller, Value[] arguments, bool wanted)
    {
        var function = Sequences.Callable(operation, 1, arguments[0]);
        var items = Sequences.Of(operation, 2, arguments[1]);
        for (var i = 0; i < items.Count; i++)
        {
            if ((await caller.Call(function, items[i])).IsTruthy == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    private static async ValueTask<Value> IsSomeAsync(Caller caller, Value[] arguments) => Value.Bool(
        arguments.Length == 1 ? !arguments[0].IsNil : await FirstAsync("some?", caller, arguments, wanted: true) >= 0);

    private static async ValueTask<Value> SomeAsync(Caller caller, Value[] arguments)
    {
        var function = Sequences.Callable("some", 1, arguments[0]);
        var items = Sequences.Of("some", 2, arguments[1]);
        for (var i = 0; i < items.Count; i++)
        {
            var answer = await caller.Call(function, items[i]);
            if (answer.IsTruthy)
            {
                return answer;
            }
        }

        return Value.Nil;
    }

    private static async ValueTask<Value> FindFirstAsync(Caller caller, Value[] arguments)
    {
        var first = await FirstAsync("find-first", caller, arguments, wanted: true);
        return first < 0 ? Value.Nil : Sequences.Of("find-first", 2, arguments[1])[first];
    }
}
