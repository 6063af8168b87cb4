// Reading and extending maps by keywords that the program names: inline caches on shapes.

using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal static class MapAccess
{
    /// <summary><c>(:key target default)</c>: nil has no keys, anything but a map is a type error.</summary>
    public static Value Get(Keyword key, Value target, Value missing, SourcePlace place) => target.Reference switch
    {
        MapValue map => map.TryGet(key, out var found) ? found : missing,
        null => missing,
        _ => throw Errors.Type($"{key} looks up a key of a map, but argument 1 is {Errors.Describe(target)}").At(place),
    };
}

/// <summary>
/// <c>(:key target)</c> and <c>(get target :key)</c>, both with an optional default. What is no record goes the way of
/// <paramref name="get"/>, or of a keyword's lookup when that is null.
/// </summary>
internal sealed class KeywordGetNode(Keyword key, Node target, Node? missing, LibraryFunction? get, SourcePlace place) : Node(place)
{
    private readonly SlotCache _cache = new(key);

    public override Value Execute(EvaluationContext context)
    {
        var value = target.Execute(context);
        var otherwise = missing is null ? Value.Nil : missing.Execute(context);
        return value.Reference is not Record record ? Other(context, value, otherwise)
            : _cache.TryGet(record, out var found) ? found
            : otherwise;
    }

    private Value Other(EvaluationContext context, Value value, Value otherwise)
    {
        if (get is null)
        {
            return MapAccess.Get(key, value, otherwise, Place);
        }

        try
        {
            return get.Invoke(context, [value, Value.Of(key), otherwise]);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}

/// <summary>
/// <c>(assoc target :a x :b y …)</c> with keywords that the program names: one copy for all of them. Nested ones have been merged,
/// which no program can tell apart: a value's expression never sees the map in between.
/// </summary>
internal sealed class AssocNode(Node target, Keyword[] keys, Node[] values, SourcePlace place) : Node(place)
{
    private Transition? _transition;
    private RecordLayout? _layout;

    public Node Target => target;

    public Keyword[] Keys => keys;

    public Node[] ValueNodes => values;

    public override Value Execute(EvaluationContext context)
    {
        var start = target.Execute(context);
        if (start.Reference is not Record record)
        {
            return Other(context, start);
        }

        var transition = _transition;
        if (transition is null || !ReferenceEquals(transition.From, record.Shape))
        {
            transition = Learn(record.Shape);
            if (transition is null)
            {
                return Other(context, start);
            }
        }

        var to = transition.To;
        context.Charge(Footprint.Items(to.Count));
        if (to.Count > RecordLayout.MaximumSlots)
        {
            var many = new Value[to.Count];
            Replaced(context, record, transition, many);
            return Value.Of(Record.Own(to, many));
        }

        var room = default(Slots8<Value>);
        var next = ((Span<Value>)room)[..to.Count];
        Replaced(context, record, transition, next);
        return Value.Of(Record.Of(to, next, ref _layout));
    }

    private void Replaced(EvaluationContext context, Record record, Transition transition, Span<Value> next)
    {
        record.CopyTo(next);
        var slots = transition.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            next[slots[i]] = values[i].Execute(context);
        }
    }

    private Transition? Learn(Shape from)
    {
        var to = from;
        foreach (var key in keys)
        {
            to = to.With(key);
        }

        if (to.Count > Record.MaximumKeys)
        {
            return null;
        }

        return _transition = new Transition(from, to, [.. keys.Select(to.SlotOf)]);
    }

    private Value Other(EvaluationContext context, Value start)
    {
        if ((start.IsNil ? MapValue.Empty : start.Reference) is MapValue map)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                map = map.Assoc(Value.Of(keys[i]), values[i].Execute(context));
            }

            return Value.Of(map);
        }

        foreach (var value in values)
        {
            value.Execute(context);
        }

        throw (start.Reference is VectorValue
            ? Errors.Type($"assoc on a vector expects int indices, but argument 2 is {Errors.Describe(Value.Of(keys[0]))}")
            : Errors.Argument("assoc", "a map or a vector", 1, start)).At(Place);
    }

    /// <summary>Immutable, so that threads which share a program see it whole.</summary>
    private sealed class Transition(Shape from, Shape to, int[] slots)
    {
        public readonly Shape From = from;
        public readonly Shape To = to;
        public readonly int[] Slots = slots;
    }
}
