// Vectors, lists and strings as sequences, and what all collections share. Nil is no collection, except to empty?.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Collections
{
    private const string ItemOf = "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] a?]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("vector", "[:forall [a] [:fn [& a] [:vector a]]]", "A vector of the arguments.", (0, int.MaxValue), static (_, all) => Value.Of(VectorValue.From(all)),
            ("(vector 1 2)", "[1 2]"), ("(vector)", "[]")),
        LibraryFunction.OfMany("list", "[:forall [a] [:fn [& a] [:list a]]]", "A list of the arguments.", (0, int.MaxValue), static (_, all) => Value.Of(ListValue.From(all)),
            ("(list 1 2)", "(1 2)")),
        LibraryFunction.Of1("count", "[:fn [[:union [:vector :any] [:list :any] [:map] :string]] :int]", "How many items, entries or characters.", static (_, a) => Count("count", a),
            ("(count [1 2 3])", "3"), ("(count {:a 1})", "1"), ("(count \"abc\")", "3"), ("(count nil)", "!! TypeError")),
        LibraryFunction.Of1("empty?", "[:fn [[:union [:vector :any] [:list :any] [:map] :string :nil]] :bool]", "Whether there is nothing in it; nil is empty.", static (_, a) => Value.Bool(IsEmpty("empty?", a)),
            ("(empty? [])", "true"), ("(empty? nil)", "true"), ("(empty? \"a\")", "false"), ("(empty? 0)", "!! TypeError")),
        LibraryFunction.Of1("first", ItemOf, "The first item, or nil.", static (_, a) => First(a), ("(first [1 2])", "1"), ("(first [])", "nil"), ("(first \"ab\")", "\"a\""), ("(first nil)", "!! TypeError")),
        LibraryFunction.Of1("last", ItemOf, "The last item, or nil.", static (_, a) => Last(a), ("(last [1 2])", "2"), ("(last '())", "nil"), ("(last {})", "!! TypeError")),
        LibraryFunction.Of1("rest", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]]]", "All but the first, of the same kind.", static (context, a) => Rest("rest", context, a),
            ("(rest [1 2 3])", "[2 3]"), ("(rest '(1 2))", "(2)"), ("(rest \"abc\")", "\"bc\""), ("(rest [])", "[]"), ("(rest nil)", "!! TypeError")),
        LibraryFunction.OfMany("nth", "[:forall [a] [:fn [[:union [:vector a] [:list a] :string] :int a?] a]]", "The item at an index from 0; without a default it must exist.", (2, 3), Nth,
            ("(nth [1 2] 1)", "2"), ("(nth [1 2] 5 0)", "0"), ("(nth [1 2] 5)", "!! IndexOutOfBounds: nth: index 5 is out of bounds for length 2")),
        LibraryFunction.Of2("contains?", "[:fn [[:union [:vector :any] [:list :any] [:map] :string] :any] :bool]", "Whether a map has a key, a vector or a list an item, a string a part.", Contains,
            ("(contains? {:a 1} :a)", "true"), ("(contains? [1 2] 2)", "true"), ("(contains? \"abc\" \"bc\")", "true"), ("(contains? nil 1)", "!! TypeError")),
        LibraryFunction.OfMany("conj", "[:fn [[:union [:vector :any] [:list :any] [:map]] :any & :any] [:union [:vector :any] [:list :any] [:map]]]", "With items added: at the end of a vector, in front of a list, as [key value] or a map to a map.", (2, int.MaxValue), Conj,
            ("(conj [1] 2 3)", "[1 2 3]"), ("(conj '(1) 0)", "(0 1)"), ("(conj {:a 1} [:b 2])", "{:a 1 :b 2}"), ("(conj 1 2)", "!! TypeError")),
        LibraryFunction.OfMany("concat", "[:forall [a] [:fn [& [:union [:vector a] [:list a] :string]] [:vector a]]]", "The items of all, as a list when the first is one, otherwise as a vector.", (0, int.MaxValue), Concat,
            ("(concat [1] [2 3])", "[1 2 3]"), ("(concat '(a) [1])", "(a 1)"), ("(concat)", "[]"), ("(concat [1] 2)", "!! TypeError")),
        LibraryFunction.OfMany("range", "[:fn [:number :number? :number?] [:vector :number]]", "Numbers from a start (0) up to, not including, an end, by a step (1).", (1, 3), Range,
            ("(range 3)", "[0 1 2]"), ("(range 2 5)", "[2 3 4]"), ("(range 2 5 nil)", "[2 3 4]"), ("(range 5 0 -2)", "[5 3 1]"), ("(range 0 5 0)", "!! InvalidArgument")),
    ];

    internal static Value Count(string operation, Value value) => value.Reference switch
    {
        VectorValue vector => Value.Int(vector.Count),
        MapValue map => Value.Int(map.Count),
        string text => Value.Int(Text.CountCharacters(text)),
        ListValue list => Value.Int(list.Count),
        _ => throw Errors.Argument(operation, "a collection or a string", 1, value),
    };

    internal static bool IsEmpty(string operation, Value value) => value.Reference switch
    {
        null => true,
        VectorValue vector => vector.Count == 0,
        MapValue map => map.Count == 0,
        string text => text.Length == 0,
        ListValue list => list.Count == 0,
        _ => throw Errors.Argument(operation, "a collection, a string or nil", 1, value),
    };

    private static Value First(Value value) => value.Reference switch
    {
        VectorValue vector => vector.Count == 0 ? Value.Nil : vector[0],
        ListValue list => list.First,
        string text => text.Length == 0 ? Value.Nil : Value.String(text[..Text.LengthAt(text, 0)]),
        _ => throw Errors.Argument("first", "a vector, a list or a string", 1, value),
    };

    private static Value Last(Value value)
    {
        var items = Sequences.Of("last", 1, value);
        return items.Count == 0 ? Value.Nil : items[items.Count - 1];
    }

    internal static Value Rest(string operation, EvaluationContext context, Value value) => value.Reference switch
    {
        VectorValue vector => vector.Count <= 1 ? Value.Of(VectorValue.Empty) : Value.Of(Sequences.Slice(context, vector, 1, vector.Count)),
        ListValue list => Value.Of(list.Rest),
        string text => text.Length == 0 ? value : Value.String(text[Text.LengthAt(text, 0)..]),
        _ => throw Errors.Argument(operation, "a vector, a list or a string", 1, value),
    };

    private static Value Nth(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var index = arguments[1];
        if (arguments[0].Reference is ListValue list)
        {
            return index.IsInt && arguments.Length == 3 && (index.AsInt < 0 || index.AsInt >= list.Count)
                ? arguments[2]
                : list[Sequences.Index("nth", 2, index, list.Count)];
        }

        var items = Sequences.Of("nth", 1, arguments[0]);
        return index.IsInt && arguments.Length == 3 && (index.AsInt < 0 || index.AsInt >= items.Count)
            ? arguments[2]
            : items[Sequences.Index("nth", 2, index, items.Count)];
    }

    private static Value Contains(EvaluationContext context, Value target, Value wanted)
    {
        switch (target.Reference)
        {
            case MapValue map:
                return Value.Bool(map.TryGet(wanted, out _));
            case string text:
                return wanted.Reference is string part
                    ? Value.Bool(text.Contains(part, StringComparison.Ordinal))
                    : throw Errors.Argument("contains?", "a string to look for in a string", 2, wanted);
            case VectorValue or ListValue:
                foreach (var item in Sequences.Of("contains?", 1, target).Items)
                {
                    context.Tick();
                    if (item.Equals(wanted))
                    {
                        return Value.True;
                    }
                }

                return Value.False;
            default:
                throw Errors.Argument("contains?", "a map, a vector, a list or a string", 1, target);
        }
    }

    private static Value Conj(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var result = arguments[0];
        for (var i = 1; i < arguments.Length; i++)
        {
            var item = arguments[i];
            result = result.Reference switch
            {
                VectorValue vector => Value.Of(vector.Conj(item)),
                ListValue list => Value.Of(list.Cons(item)),
                MapValue map => Value.Of(WithEntries("conj", map, item, i + 1)),
                _ => throw Errors.Argument("conj", "a vector, a list or a map", 1, result),
            };
        }

        return result;
    }

    internal static MapValue WithEntries(string operation, MapValue map, Value item, int position)
    {
        if (item.Reference is VectorValue { Count: 2 } pair)
        {
            return map.Assoc(pair[0], pair[1]);
        }

        var entries = item.As<MapValue>() ?? throw Errors.Argument(operation, "a vector [key value] or a map to add to a map", position, item);
        foreach (var (key, value) in entries.Entries)
        {
            map = map.Assoc(key, value);
        }

        return map;
    }

    /// <summary>A map with entries added: [key value], or those of a map.</summary>
    internal static MapValue WithAll(string operation, MapValue map, VectorValue items)
    {
        var entries = new List<KeyValuePair<Value, Value>>(items.Count);
        foreach (var item in items.Items)
        {
            if (item.Reference is VectorValue { Count: 2 } pair)
            {
                entries.Add(new(pair[0], pair[1]));
            }
            else
            {
                entries.AddRange((item.As<MapValue>() ?? throw Errors.Argument(operation, "a vector [key value] or a map to add to a map", 2, item)).Entries);
            }
        }

        return map.AssocAll(entries, entries.Count);
    }

    private static Value Concat(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var all = new VectorValue[arguments.Length];
        var count = 0L;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Sequences.Of("concat", i + 1, arguments[i]);
            count += all[i].Count;
        }

        if (all.Length == 2 && arguments[0].Reference is not ListValue)
        {
            return Value.Of(Sequences.Joined(context, all[0], all[1]));
        }

        var builder = new VectorBuilder((int)Math.Min(count, VectorValue.Width));
        foreach (var items in all)
        {
            Sequences.Charge(context, items.Count);
            builder.AddRange(items);
        }

        return arguments.IsEmpty ? Value.Of(VectorValue.Empty) : Sequences.Like(arguments[0], builder);
    }

    private static Value Range(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 1);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].IsNumber)
            {
                throw Errors.Argument("range", "numbers", i + 1, arguments[i]);
            }
        }

        var start = arguments.Length == 1 ? Value.Int(0) : arguments[0];
        var end = arguments.Length == 1 ? arguments[0] : arguments[1];
        var step = arguments.Length == 3 ? arguments[2] : Value.Int(1);
        var length = Math.Ceiling((end.ToDouble() - start.ToDouble()) / step.ToDouble());
        if (step.ToDouble() == 0 || double.IsNaN(length))
        {
            throw Errors.Invalid($"range expects a step that leads from {start} to {end}, but got {step}");
        }

        if (length > Array.MaxLength)
        {
            throw Errors.Invalid($"range from {start} to {end} by {step} has more items than memory; read it as a stream instead");
        }

        var items = new VectorBuilder();
        var whole = start.IsInt && step.IsInt;
        for (var i = 0L; i < length; i++)
        {
            context.Tick();
            items.Add(whole
                ? Value.Int(unchecked(start.AsInt + (i * step.AsInt)))
                : Value.Float(start.ToDouble() + (i * step.ToDouble())));
        }

        return Value.Of(items.ToVector());
    }
}
