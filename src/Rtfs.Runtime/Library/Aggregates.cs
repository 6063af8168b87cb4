// One value of many: sums, means, extremes by a key, and items grouped or counted by a key.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Aggregates
{
    private const string Key = "[:union :keyword [:fn [a] :any]]";
    private const string Extreme = $"[:forall [a] [:fn [{Key} [:union [:vector a] [:list a] :string]] a?]]";
    private const string Argument = "[:forall [a] [:fn [[:union :keyword [:fn [a] :number]] a & a] a]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1("sum", "[:fn [[:union [:vector :number] [:list :number] :string]] :number]", "The sum of all numbers; 0 of none.", static (context, a) => Sum("sum", context, a).Total,
            ("(sum [1 2 3])", "6"), ("(sum [])", "0"), ("(sum [1 \"a\"])", "!! TypeError: sum expects numbers, but item 1 is the string \"a\"")),
        LibraryFunction.Of1("avg", "[:fn [[:union [:vector :number] [:list :number] :string]] :float?]", "The mean of all numbers, as a float; nil of none.", static (context, a) => Sum("avg", context, a) is var (total, count) && count > 0 ? Value.Float(total.ToDouble() / count) : Value.Nil,
            ("(avg [1 2])", "1.5"), ("(avg [])", "nil"), ("(avg [nil])", "!! TypeError")),
        LibraryFunction.Of1("median", "[:fn [[:union [:vector :number] [:list :number] :string]] :number?]", "The middle number in order, or the mean of the two in the middle; nil of none.", Median,
            ("(median [3 1 2])", "2"), ("(median [1 2])", "1.5"), ("(median [])", "nil"), ("(median [:a])", "!! TypeError")),
        LibraryFunction.OfCalling("min-by", Extreme, "The first item for which a function or a keyword gives the least value; nil of none.", (2, 2), 0, static (caller, all) => ByKeyAsync("min-by", caller, all[0], Sequences.Of("min-by", 2, all[1]), -1),
            [("(min-by :n [{:n 2} {:n 1}])", "{:n 1}"), ("(min-by abs [])", "nil"), ("(min-by :n [1])", "!! TypeError")]),
        LibraryFunction.OfCalling("max-by", Extreme, "The first item for which a function or a keyword gives the greatest value; nil of none.", (2, 2), 0, static (caller, all) => ByKeyAsync("max-by", caller, all[0], Sequences.Of("max-by", 2, all[1]), 1),
            [("(max-by count [\"a\" \"bb\" \"cc\"])", "\"bb\""), ("(max-by :n [])", "nil"), ("(max-by :n nil)", "!! TypeError")]),
        LibraryFunction.OfCalling("min-key", Argument, "The first argument after the function for which it gives the least value.", (2, int.MaxValue), 0, static (caller, all) => ByKeyAsync("min-key", caller, all[0], VectorValue.From(all.AsSpan(1)), -1),
            [("(min-key abs -3 2)", "2"), ("(min-key 1 2)", "!! TypeError")]),
        LibraryFunction.OfCalling("max-key", Argument, "The first argument after the function for which it gives the greatest value.", (2, int.MaxValue), 0, static (caller, all) => ByKeyAsync("max-key", caller, all[0], VectorValue.From(all.AsSpan(1)), 1),
            [("(max-key abs -3 2)", "-3"), ("(max-key nil 2)", "!! TypeError")]),
        LibraryFunction.OfCalling("group-by", $"[:forall [a] [:fn [{Key} [:union [:vector a] [:list a] :string]] [:map-of :any [:vector a]]]]", "A map from what a function or a keyword gives to the items for which it does; nil, true and false as keys become strings.", (2, 2), 0, GroupByAsync,
            [("(group-by :a [{:a 1 :b 1} {:a 1 :b 2}])", "{1 [{:a 1 :b 1} {:a 1 :b 2}]}"), ("(group-by (fn [x] (if (odd? x) :odd :even)) [1 2 3])", "{:odd [1 3] :even [2]}"), ("(group-by even? [2])", "{\"true\" [2]}"), ("(group-by even? nil)", "!! TypeError")]),
        LibraryFunction.OfCalling("index-by", $"[:forall [a] [:fn [{Key} [:union [:vector a] [:list a] :string]] [:map-of :any a]]]", "A map from what a function or a keyword gives to the last item for which it does.", (2, 2), 0, IndexByAsync,
            [("(index-by :id [{:id :x} {:id :y}])", "{:x {:id :x} :y {:id :y}}"), ("(index-by :id [1])", "!! TypeError")]),
        LibraryFunction.Of1("frequencies", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:map-of a :int]]]", "A map from each item to how often it is there.", Frequencies,
            ("(frequencies [:a :b :a])", "{:a 2 :b 1}"), ("(frequencies nil)", "!! TypeError")),
    ];

    private static (Value Total, int Count) Sum(string operation, EvaluationContext context, Value target)
    {
        var items = Sequences.Of(operation, 1, target);
        var total = Value.Int(0);
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            total = Numbers.Apply<Addition>(total, Number(operation, items[i], i), 2);
        }

        return (total, items.Count);
    }

    private static Value Number(string operation, Value item, int index) =>
        item.IsNumber ? item : throw Errors.Type($"{operation} expects numbers, but item {index} is {Errors.Describe(item)}");

    private static Value Median(EvaluationContext context, Value target)
    {
        var items = Sequences.Of("median", 1, target).ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            context.Tick();
            Number("median", items[i], i);
        }

        if (items.Length == 0)
        {
            return Value.Nil;
        }

        Array.Sort(items, static (a, b) => Ordering.Compare("median", a, b));
        var (low, high) = (items[(items.Length - 1) / 2], items[items.Length / 2]);
        return items.Length % 2 != 0 ? low : Value.Float(low.ToDouble() + ((high.ToDouble() - low.ToDouble()) / 2));
    }

    private static async ValueTask<Value> ByKeyAsync(string operation, Caller caller, Value callee, VectorValue items, int sign)
    {
        var function = Arguments.Key(operation, 1, callee);
        var (best, bestKey) = (Value.Nil, Value.Nil);
        for (var i = 0; i < items.Count; i++)
        {
            var key = await caller.Call(function, items[i]);
            if (i == 0 || Ordering.Compare(operation, key, bestKey) * sign > 0)
            {
                (best, bestKey) = (items[i], key);
            }
        }

        return best;
    }

    private static async ValueTask<Value> GroupByAsync(Caller caller, Value[] arguments)
    {
        var function = Arguments.Key("group-by", 1, arguments[0]);
        var items = Sequences.Of("group-by", 2, arguments[1]);
        var groups = new OrderedDictionary<Value, VectorBuilder>();
        for (var i = 0; i < items.Count; i++)
        {
            var key = await caller.Call(function, items[i]);
            key = key.IsNil || key.IsBool ? Value.String(key.ToString()) : key;
            if (!groups.TryGetValue(key, out var group))
            {
                groups.Add(key, group = new VectorBuilder(4));
            }

            group.Add(items[i]);
        }

        return Value.Of(MapValue.From(groups.Select(static group => KeyValuePair.Create(group.Key, Value.Of(group.Value.ToVector())))));
    }

    private static async ValueTask<Value> IndexByAsync(Caller caller, Value[] arguments)
    {
        var function = Arguments.Key("index-by", 1, arguments[0]);
        var items = Sequences.Of("index-by", 2, arguments[1]);
        var entries = new KeyValuePair<Value, Value>[items.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(await caller.Call(function, items[i]), items[i]);
        }

        return Value.Of(MapValue.From(entries));
    }

    private static Value Frequencies(EvaluationContext context, Value target)
    {
        var items = Sequences.Of("frequencies", 1, target);
        var counts = new OrderedDictionary<Value, long>();
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            counts[items[i]] = counts.GetValueOrDefault(items[i]) + 1;
        }

        return Value.Of(MapValue.From(counts.Select(static entry => KeyValuePair.Create(entry.Key, Value.Int(entry.Value)))));
    }
}
