// Destructuring: how a value is put into the slots of a pattern's names.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal abstract class Binder
{
    public abstract void Bind(EvaluationContext context, Value value);
}

internal sealed class IgnoreBinder : Binder
{
    public override void Bind(EvaluationContext context, Value value)
    {
    }
}

internal sealed class SlotBinder(int slot) : Binder
{
    public int Slot => slot;

    public override void Bind(EvaluationContext context, Value value) => context.Slot(slot) = value;
}

/// <summary>Takes a vector or a list apart; strict on length. A slot is -1 where the pattern has no such name.</summary>
internal sealed class VectorBinder(Binder[] items, int rest, int whole, SourcePlace place) : Binder
{
    public override void Bind(EvaluationContext context, Value value)
    {
        var values = value.Reference switch
        {
            VectorValue vector => vector,
            ListValue list => VectorValue.Own(list.ToArray()),
            _ => throw Errors.Type($"a vector pattern expects a vector or a list, but found {Errors.Describe(value)}").At(place),
        };
        if (rest < 0 ? values.Count != items.Length : values.Count < items.Length)
        {
            var wanted = rest < 0 ? $"exactly {items.Length}" : $"at least {items.Length}";
            throw Errors.Type($"a vector pattern expects {wanted} items, but found {values.Count}").At(place);
        }

        for (var i = 0; i < items.Length; i++)
        {
            items[i].Bind(context, values[i]);
        }

        if (rest >= 0)
        {
            context.Slot(rest) = Value.Of(values.Slice(items.Length, values.Count));
        }

        if (whole >= 0)
        {
            context.Slot(whole) = value;
        }
    }
}

/// <summary>Takes a map apart; open, and a missing key is nil. A slot is -1 where the pattern has no such name.</summary>
internal sealed class MapBinder(Value[] keys, Binder[] items, int rest, int whole, SourcePlace place) : Binder
{
    private readonly SlotCache[] _caches = [.. keys.Select(static key => new SlotCache(key.As<Keyword>()))];

    public override void Bind(EvaluationContext context, Value value)
    {
        if (value.Reference is not MapValue map)
        {
            throw Errors.Type($"a map pattern expects a map, but found {Errors.Describe(value)}").At(place);
        }

        for (var i = 0; i < items.Length; i++)
        {
            Value found;
            if (map is Record record && _caches[i].HasKey)
            {
                found = _caches[i].TryGet(record, out var slotted) ? slotted : Value.Nil;
            }
            else
            {
                found = map.TryGet(keys[i], out var entry) ? entry : Value.Nil;
            }

            items[i].Bind(context, found);
        }

        if (rest >= 0)
        {
            foreach (var key in keys)
            {
                map = map.Dissoc(key);
            }

            context.Slot(rest) = Value.Of(map);
        }

        if (whole >= 0)
        {
            context.Slot(whole) = value;
        }
    }
}
