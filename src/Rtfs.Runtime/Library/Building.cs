// New collections from old ones and from nothing: putting in front, pouring together, repeating, mixing, flattening.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Building
{
    private const string Same = "[:forall [a] [:fn [[:union [:vector a] [:list a] :string]] [:vector a]]]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of2("cons", "[:forall [a] [:fn [a [:union [:vector a] [:list a] :string]] [:vector a]]]", "The sequence with an item in front.", Cons,
            ("(cons 0 [1 2])", "[0 1 2]"), ("(cons 0 '(1))", "(0 1)"), ("(cons 0 1)", "!! TypeError")),
        LibraryFunction.Of1("vec", "[:fn [[:union [:vector :any] [:list :any] [:map] :string]] [:vector :any]]", "The items of a collection as a vector; of a map, its entries [key value].", static (_, a) => Value.Of(Sequences.OrEntries("vec", 1, a)),
            ("(vec '(1 2))", "[1 2]"), ("(vec {:a 1})", "[[:a 1]]"), ("(vec nil)", "!! TypeError")),
        LibraryFunction.Of1("seq", "[:fn [[:union [:vector :any] [:list :any] [:map] :string :nil]] [:vector :any]?]", "The items of a collection, or nil when there are none.", static (_, a) => Seq(a),
            ("(seq [1])", "[1]"), ("(seq {:a 1})", "[[:a 1]]"), ("(seq [])", "nil"), ("(seq nil)", "nil"), ("(seq 1)", "!! TypeError")),
        LibraryFunction.Of2("into", "[:fn [[:union [:vector :any] [:list :any] [:map]] [:union [:vector :any] [:list :any] [:map] :string]] [:union [:vector :any] [:list :any] [:map]]]", "The first collection with the items of the second added as `conj` does.", Into,
            ("(into [1] '(2 3))", "[1 2 3]"), ("(into {} [[:a 1]])", "{:a 1}"), ("(into '() [1 2])", "(2 1)"), ("(into 1 [2])", "!! TypeError")),
        LibraryFunction.Of1("empty", "[:fn [[:union [:vector :any] [:list :any] [:map] :string :nil]] [:union [:vector :any] [:list :any] [:map] :string :nil]]", "The empty collection of the same kind.", static (_, a) => Empty(a),
            ("(empty [1])", "[]"), ("(empty {:a 1})", "{}"), ("(empty \"a\")", "\"\""), ("(empty 1)", "!! TypeError")),
        LibraryFunction.Of1("not-empty", "[:forall [a] [:fn [a] a?]]", "The collection itself, or nil when nothing is in it.", static (_, a) => Collections.IsEmpty("not-empty", a) ? Value.Nil : a,
            ("(not-empty [1])", "[1]"), ("(not-empty [])", "nil"), ("(not-empty 1)", "!! TypeError")),
        LibraryFunction.Of1("reverse", Same, "The items from the last to the first.", Reverse,
            ("(reverse [1 2 3])", "[3 2 1]"), ("(reverse '(1 2))", "(2 1)"), ("(reverse nil)", "!! TypeError")),
        LibraryFunction.Of2("repeat", "[:forall [a] [:fn [:int a] [:vector a]]]", "A vector of so many times one value.", Repeat,
            ("(repeat 3 :a)", "[:a :a :a]"), ("(repeat -1 :a)", "!! InvalidArgument")),
        LibraryFunction.Of2("numbers", "[:fn [:int :int] [:vector :int]]", "The ints from one to another, both included.", Numbers,
            ("(numbers 1 4)", "[1 2 3 4]"), ("(numbers 2 1)", "[]"), ("(numbers 1 2.5)", "!! TypeError")),
        LibraryFunction.OfMany("interleave", "[:fn [[:union [:vector :any] [:list :any] :string] & [:union [:vector :any] [:list :any] :string]] [:vector :any]]", "The first items of all, then the second, as long as the shortest lasts.", (1, int.MaxValue), Interleave,
            ("(interleave [1 2] [:a :b :c])", "[1 :a 2 :b]"), ("(interleave [1] 2)", "!! TypeError")),
        LibraryFunction.Of2("interpose", "[:forall [a] [:fn [a [:union [:vector a] [:list a] :string]] [:vector a]]]", "The items with a value between each two.", Interpose,
            ("(interpose 0 [1 2 3])", "[1 0 2 0 3]"), ("(interpose 0 nil)", "!! TypeError")),
        LibraryFunction.Of1("flatten", "[:fn [[:union [:vector :any] [:list :any]]] [:vector :any]]", "The items with those of inner vectors and lists in their places.", Flatten,
            ("(flatten [1 [2 [3]] '(4)])", "[1 2 3 4]"), ("(flatten 1)", "!! TypeError")),
    ];

    private static Value Cons(EvaluationContext context, Value item, Value target)
    {
        if (target.Reference is ListValue list)
        {
            return Value.Of(list.Cons(item));
        }

        context.Tick();
        return Value.Of(Sequences.Of("cons", 2, target).Cons(item));
    }

    private static Value Seq(Value target)
    {
        if (target.IsNil || (target.Reference is ListValue list && list.Count == 0))
        {
            return Value.Nil;
        }

        var items = Sequences.OrEntries("seq", 1, target);
        return items.Count == 0 ? Value.Nil : target.Reference is ListValue ? target : Value.Of(items);
    }

    private static Value Into(EvaluationContext context, Value target, Value source)
    {
        var items = Sequences.OrEntries("into", 2, source);
        switch (target.Reference)
        {
            case VectorValue vector:
                return Value.Of(Sequences.Joined(context, vector, items));
            case ListValue list:
                Sequences.Charge(context, items.Count);
                foreach (var item in items.Items)
                {
                    list = list.Cons(item);
                }

                return Value.Of(list);
            case MapValue map:
                Sequences.Charge(context, items.Count);
                return Value.Of(Collections.WithAll("into", map, items));
            default:
                throw Errors.Argument("into", "a vector, a list or a map", 1, target);
        }
    }

    private static Value Empty(Value target) => target.Reference switch
    {
        null => Value.Nil,
        VectorValue => Value.Of(VectorValue.Empty),
        ListValue => Value.Of(ListValue.Empty),
        MapValue => Value.Of(MapValue.Empty),
        string => Value.String(""),
        _ => throw Errors.Argument("empty", "a collection or a string", 1, target),
    };

    private static Value Reverse(EvaluationContext context, Value target)
    {
        var items = Sequences.Of("reverse", 1, target);
        Sequences.Charge(context, items.Count);
        var reversed = items.ToArray();
        Array.Reverse(reversed);
        return Sequences.Like(target, VectorValue.Own(reversed));
    }

    private static Value Repeat(EvaluationContext context, Value times, Value item)
    {
        var count = Arguments.Size("repeat", 1, times);
        var items = new VectorBuilder();
        for (var i = 0; i < count; i++)
        {
            context.Tick();
            items.Add(item);
        }

        return Value.Of(items.ToVector());
    }

    private static Value Numbers(EvaluationContext context, Value from, Value to)
    {
        var (first, last) = (Arguments.Int("numbers", 1, from), Arguments.Int("numbers", 2, to));
        if (last >= first && (ulong)(last - first) >= (ulong)Array.MaxLength)
        {
            throw Errors.Invalid($"numbers from {first} to {last} has more items than memory; read it as a stream instead");
        }

        var items = new VectorBuilder();
        for (var number = first; number <= last; number++)
        {
            context.Tick();
            items.Add(Value.Int(number));
            if (number == long.MaxValue)
            {
                break;
            }
        }

        return Value.Of(items.ToVector());
    }

    private static Value Interleave(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var all = new VectorValue[arguments.Length];
        var shortest = int.MaxValue;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Sequences.Of("interleave", i + 1, arguments[i]);
            shortest = Math.Min(shortest, all[i].Count);
        }

        var mixed = new VectorBuilder();
        for (var i = 0; i < shortest; i++)
        {
            foreach (var items in all)
            {
                context.Tick();
                mixed.Add(items[i]);
            }
        }

        return Value.Of(mixed.ToVector());
    }

    private static Value Interpose(EvaluationContext context, Value between, Value target)
    {
        var items = Sequences.Of("interpose", 2, target);
        var mixed = new VectorBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            context.Tick();
            if (i > 0)
            {
                mixed.Add(between);
            }

            mixed.Add(items[i]);
        }

        return Sequences.Like(target, mixed);
    }

    private static Value Flatten(EvaluationContext context, Value target)
    {
        if (target.Reference is not (VectorValue or ListValue))
        {
            throw Errors.Argument("flatten", "a vector or a list", 1, target);
        }

        // A stack of its own: nesting is as deep as the data.
        var flat = new VectorBuilder();
        var open = new Stack<IEnumerator<Value>>();
        open.Push(ItemsOf(target));
        while (open.TryPeek(out var items))
        {
            context.Tick();
            if (!items.MoveNext())
            {
                open.Pop();
            }
            else if (items.Current.Reference is VectorValue or ListValue)
            {
                open.Push(ItemsOf(items.Current));
            }
            else
            {
                flat.Add(items.Current);
            }
        }

        return Value.Of(flat.ToVector());
    }

    private static IEnumerator<Value> ItemsOf(Value target) =>
        (target.Reference is ListValue list ? list.Items : target.As<VectorValue>()!.Items).GetEnumerator();
}
