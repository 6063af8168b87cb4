// The order of all values that have one, and sorting by it: stable, by any key, with any comparison.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Ordering
{
    private const string Comparing = "[:fn [:any :any] [:union :int :bool]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of2("compare", "[:fn [:any :any] :int]", "-1, 0 or 1: the order of two values of one kind; nil is before everything, shorter vectors before longer.", static (_, a, b) => Value.Int(Math.Sign(Compare("compare", a, b))),
            ("(compare 1 2.5)", "-1"), ("(compare \"b\" \"a\")", "1"), ("(compare [1 2] [1 2])", "0"), ("(compare nil 1)", "-1"), ("(compare 1 \"a\")", "!! TypeError: compare expects values of one kind that has an order")),
        LibraryFunction.OfCalling("sort", $"[:forall [a] [:fn [{Comparing}? [:union [:vector a] [:list a] :string]] [:vector a]]]", "The items in order; a comparison before them gives a negative int or true for what comes first. Equal items keep their places.", (1, 2), 0, SortAsync,
            [("(sort [3 1 2])", "[1 2 3]"), ("(sort > [3 1 2])", "[3 2 1]"), ("(sort [\"b\" \"a\"])", "[\"a\" \"b\"]"), ("(sort [1 \"a\"])", "!! TypeError")],
            allButLast: true),
        LibraryFunction.OfCalling("sort-by", $"[:forall [a] [:fn [[:union :keyword [:fn [a] :any]] {Comparing}? [:union [:vector a] [:list a] :string]] [:vector a]]]", "The items in the order of what a function or a keyword gives for each, with a comparison after it as in `sort`.", (2, 3), 0, SortByAsync,
            [("(sort-by count [\"ccc\" \"a\" \"bb\"])", "[\"a\" \"bb\" \"ccc\"]"), ("(sort-by :n [{:n 2} {:n 1}])", "[{:n 1} {:n 2}]"), ("(sort-by :n > [{:n 1} {:n 2}])", "[{:n 2} {:n 1}]"), ("(sort-by :n [1 2])", "!! TypeError: sort-by reads :n of each item, and expects maps, but found the int 1")],
            allButLast: true),
    ];

    /// <summary>Total over the values of one kind; NaN is before all other floats.</summary>
    public static int Compare(string operation, Value a, Value b)
    {
        if (a.IsInt && b.IsInt)
        {
            return a.AsInt.CompareTo(b.AsInt);
        }

        if (a.IsNumber && b.IsNumber)
        {
            return a.IsFloat && b.IsFloat ? a.AsFloat.CompareTo(b.AsFloat)
                : a.IsInt ? -AgainstInt(b.AsFloat, a.AsInt)
                : AgainstInt(a.AsFloat, b.AsInt);
        }

        if (a.IsNil || b.IsNil)
        {
            return a.IsNil ? (b.IsNil ? 0 : -1) : 1;
        }

        return (a.Kind, b.Kind) switch
        {
            (ValueKind.String, ValueKind.String) => string.CompareOrdinal(a.As<string>(), b.As<string>()),
            (ValueKind.Keyword, ValueKind.Keyword) => string.CompareOrdinal(a.As<Keyword>()!.Name, b.As<Keyword>()!.Name),
            (ValueKind.Symbol, ValueKind.Symbol) => string.CompareOrdinal(a.As<Symbol>()!.Name, b.As<Symbol>()!.Name),
            (ValueKind.Bool, ValueKind.Bool) => a.AsBool.CompareTo(b.AsBool),
            (ValueKind.Timestamp, ValueKind.Timestamp) => a.AsTimestamp.CompareTo(b.AsTimestamp),
            (ValueKind.Uuid, ValueKind.Uuid) => a.AsUuid.CompareTo(b.AsUuid),
            (ValueKind.Vector, ValueKind.Vector) => CompareItems(operation, a.As<VectorValue>()!, b.As<VectorValue>()!),
            _ => throw Errors.Type(
                $"{operation} expects values of one kind that has an order, but got {Errors.Describe(a)} and {Errors.Describe(b)}"),
        };
    }

    private static int AgainstInt(double number, long whole) => double.IsNaN(number) ? -1 : -Order.CompareMixed(whole, number);

    private static int CompareItems(string operation, VectorValue a, VectorValue b)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run((operation, a, b), static state => CompareItems(state.operation, state.a, state.b));
        }

        var order = a.Count.CompareTo(b.Count);
        for (var i = 0; order == 0 && i < a.Count; i++)
        {
            order = Compare(operation, a[i], b[i]);
        }

        return order;
    }

    private static async ValueTask<Value> SortAsync(Caller caller, Value[] arguments)
    {
        var comparison = arguments.Length == 2 ? Sequences.Callable("sort", 1, arguments[0]) : null;
        var items = Sequences.Of("sort", arguments.Length, arguments[^1]).ToArray();
        var order = await SortedAsync("sort", caller, items, comparison);
        return InOrder(arguments[^1], items, order);
    }

    private static async ValueTask<Value> SortByAsync(Caller caller, Value[] arguments)
    {
        var key = Arguments.Key("sort-by", 1, arguments[0]);
        var comparison = arguments.Length == 3 ? Sequences.Callable("sort-by", 2, arguments[1]) : null;
        var items = Sequences.Of("sort-by", arguments.Length, arguments[^1]).ToArray();
        var keys = new Value[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            keys[i] = await caller.Call(key, items[i]);
        }

        return InOrder(arguments[^1], items, await SortedAsync("sort-by", caller, keys, comparison));
    }

    private static Value InOrder(Value original, Value[] items, int[] order)
    {
        var sorted = new VectorBuilder(items.Length);
        foreach (var index in order)
        {
            sorted.Add(items[index]);
        }

        return Sequences.Like(original, sorted);
    }

    /// <summary>
    /// The indices of <paramref name="keys"/> in order, by merging runs from the bottom up: stable, and at an end after n log n
    /// comparisons whatever they answer.
    /// </summary>
    private static async ValueTask<int[]> SortedAsync(string operation, Caller caller, Value[] keys, Function? comparison)
    {
        var source = new int[keys.Length];
        var target = new int[keys.Length];
        for (var i = 0; i < source.Length; i++)
        {
            source[i] = i;
        }

        for (var width = 1L; width < keys.Length; width *= 2)
        {
            for (var start = 0L; start < keys.Length; start += 2 * width)
            {
                var (left, right) = (start, Math.Min(start + width, keys.Length));
                var (middle, end) = (right, Math.Min(start + (2 * width), keys.Length));
                for (var next = start; next < end; next++)
                {
                    bool takeRight;
                    if (left >= middle || right >= end)
                    {
                        takeRight = left >= middle;
                    }
                    else if (comparison is null)
                    {
                        caller.Context.Tick();
                        takeRight = Compare(operation, keys[source[right]], keys[source[left]]) < 0;
                    }
                    else
                    {
                        takeRight = IsBefore(operation, comparison, await caller.Call(comparison, keys[source[right]], keys[source[left]]));
                    }

                    target[next] = takeRight ? source[right++] : source[left++];
                }
            }

            (source, target) = (target, source);
        }

        return source;
    }

    private static bool IsBefore(string operation, Function comparison, Value answer) =>
        answer.IsBool ? answer.AsBool
        : answer.IsNumber ? answer.ToDouble() < 0
        : throw Errors.Type($"{operation} expects {comparison.Name} to give a bool or a number for two items, but it gave {Errors.Describe(answer)}");
}
