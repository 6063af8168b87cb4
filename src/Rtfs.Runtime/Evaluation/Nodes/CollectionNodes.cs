// Literals with computed parts: vectors, lists of code, maps and records.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal sealed class VectorNode(Node[] items, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(items);

    public override Value Execute(EvaluationContext context)
    {
        context.Charge(Footprint.Items(items.Length));
        return Value.Of(VectorValue.Own(Values(items, context)));
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        context.Charge(Footprint.Items(items.Length));
        return Value.Of(VectorValue.Own(await ValuesAsync(items, context)));
    }
}

internal sealed class ListNode(Node[] items, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(items);

    public override Value Execute(EvaluationContext context)
    {
        context.Charge(Footprint.Cell * items.Length);
        return Value.Of(ListValue.From(Values(items, context)));
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        context.Charge(Footprint.Cell * items.Length);
        return Value.Of(ListValue.From(await ValuesAsync(items, context)));
    }
}

/// <summary>A map literal whose keys are different constant keywords: its shape is known.</summary>
internal sealed class RecordNode(Shape shape, Node[] values, SourcePlace place) : Node(place)
{
    private RecordLayout? _layout;

    public override bool MayBlock { get; } = AnyBlocks(values);

    public override Value Execute(EvaluationContext context)
    {
        context.Charge(Footprint.Items(values.Length));
        if (values.Length > RecordLayout.MaximumSlots)
        {
            return Value.Of(Record.Own(shape, Values(values, context)));
        }

        var room = default(Slots8<Value>);
        var filled = ((Span<Value>)room)[..values.Length];
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = values[i].Execute(context);
        }

        return Value.Of(Record.Of(shape, filled, ref _layout));
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        context.Charge(Footprint.Items(values.Length));
        return Value.Of(Record.Own(shape, await ValuesAsync(values, context)));
    }
}

/// <summary>Any other map literal; keys and values in turn, the last of equal keys wins.</summary>
internal sealed class MapNode(Node[] entries, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(entries);

    public override Value Execute(EvaluationContext context) => Map(context, Values(entries, context));

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context) => Map(context, await ValuesAsync(entries, context));

    private static Value Map(EvaluationContext context, Value[] entries)
    {
        context.Charge(Footprint.Header + (Footprint.Entry * (entries.Length / 2)));
        var map = MapValue.Empty;
        for (var i = 0; i < entries.Length; i += 2)
        {
            map = map.Assoc(entries[i], entries[i + 1]);
        }

        return Value.Of(map);
    }
}
