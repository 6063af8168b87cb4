// What the functions of sequences accept as one, and how they walk it.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Sequences
{
    // Below this part of a vector it is cheaper to add items one by one than to copy it.
    private const int FewOfMany = 16;

    /// <summary>The items of a vector, a list or a string in order; anything else is a type error that names the way out.</summary>
    public static VectorValue Of(string operation, int position, Value value) => value.Reference switch
    {
        VectorValue vector => vector,
        ListValue list => VectorValue.Own(list.ToArray()),
        string text => Text.Characters(text),
        MapValue => throw Errors.Type(
            $"{operation} expects a vector, a list or a string, but argument {position} is {Errors.Describe(value)}; take its (vals m) or (keys m)"),
        _ => throw Errors.Argument(operation, "a vector, a list or a string", position, value),
    };

    /// <summary>The same, and the entries of a map as vectors [key value].</summary>
    public static VectorValue OrEntries(string operation, int position, Value value)
    {
        if (value.Reference is not MapValue map)
        {
            return Of(operation, position, value);
        }

        var entries = new VectorBuilder(map.Count);
        foreach (var (key, item) in map.Entries)
        {
            entries.Add(Pair(key, item));
        }

        return entries.ToVector();
    }

    /// <summary>Items as the kind of sequence that they came from: code stays code, everything else is a vector.</summary>
    public static Value Like(Value original, VectorBuilder items) => Like(original, items.ToVector());

    public static Value Like(Value original, VectorValue items) =>
        original.Reference is ListValue ? Value.Of(ListValue.From(items.ToArray())) : Value.Of(items);

    public static Value Pair(Value first, Value second) => Value.Of(VectorValue.Own([first, second]));

    /// <summary>The items from one index up to, not including, another; both exist. One step, however many: a long part shares what it is a part of.</summary>
    public static VectorValue Slice(EvaluationContext context, VectorValue items, int start, int end)
    {
        context.Step();
        context.Charge(Footprint.Items(Math.Min(end - start, VectorValue.Width)));
        return items.Slice(start, end);
    }

    /// <summary>
    /// The items of both, a step for each that is moved. Few after many are appended one by one, and few before many put in front, so that a loop
    /// which adds to a vector does not copy it in every round.
    /// </summary>
    public static VectorValue Joined(EvaluationContext context, VectorValue first, VectorValue second)
    {
        if (second.Count <= first.Count / FewOfMany)
        {
            Charge(context, second.Count);
            foreach (var item in second.Items)
            {
                first = first.Conj(item);
            }

            return first;
        }

        if (first.Count <= second.Count / FewOfMany)
        {
            Charge(context, first.Count);
            for (var i = first.Count - 1; i >= 0; i--)
            {
                second = second.Cons(first[i]);
            }

            return second;
        }

        Charge(context, first.Count);
        Charge(context, second.Count);
        var builder = new VectorBuilder(first.Count + second.Count);
        builder.AddRange(first);
        builder.AddRange(second);
        return builder.ToVector();
    }

    /// <summary>A step for each of many items that are handled at once.</summary>
    public static void Charge(EvaluationContext context, int items)
    {
        for (var i = 0; i < items; i++)
        {
            context.Tick();
        }
    }

    /// <summary>A function, or a keyword as the function that looks itself up.</summary>
    public static Function Callable(string operation, int position, Value value) => value.Reference switch
    {
        Function function => function,
        Keyword key => new KeywordFunction(key, operation),
        _ => throw Errors.Argument(operation, "a function", position, value),
    };

    /// <summary>An index that exists in a sequence of some length.</summary>
    public static int Index(string operation, int position, Value index, int length) =>
        !index.IsInt ? throw Errors.Argument(operation, "an int index", position, index)
        : index.AsInt < 0 || index.AsInt >= length ? throw Errors.Index(operation, index.AsInt, length)
        : (int)index.AsInt;
}
