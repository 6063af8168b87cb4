// Types of vectors and lists: each item against its own type.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>A vector of any size, or of exactly <paramref name="size"/> items: one dimension of an array.</summary>
internal sealed class VectorValidator(TypeValidator item, long size = -1) : CompoundValidator
{
    public override string Expected => size < 0 ? "a vector" : $"a vector of exactly {size} {(size == 1 ? "item" : "items")}";

    public override bool Converts => item.Converts;

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not VectorValue vector || (size >= 0 && vector.Count != size))
        {
            return Departs(mismatch, value);
        }

        for (var i = 0; i < vector.Count;)
        {
            var chunk = vector.ChunkFrom(i);
            for (var k = 0; k < chunk.Length; k++)
            {
                context.Step();
                if (!item.Fits(context, chunk[k], mismatch))
                {
                    return mismatch?.In(Value.Int(i + k)) ?? false;
                }
            }

            i += chunk.Length;
        }

        return true;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (!item.Converts || value.Reference is not VectorValue vector)
        {
            return false;
        }

        Value[]? changed = null;
        for (var i = 0; i < vector.Count;)
        {
            var chunk = vector.ChunkFrom(i);
            for (var k = 0; k < chunk.Length; k++)
            {
                var own = chunk[k];
                if (item.Convert(context, ref own))
                {
                    changed ??= [.. vector.Items];
                    changed[i + k] = own;
                }
            }

            i += chunk.Length;
        }

        if (changed is null)
        {
            return false;
        }

        value = Value.Of(VectorValue.Own(changed));
        return true;
    }
}

internal sealed class ListValidator(TypeValidator item) : CompoundValidator
{
    public override string Expected => "a list";

    public override bool Converts => item.Converts;

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not ListValue list)
        {
            return Departs(mismatch, value);
        }

        var index = 0;
        for (var cell = list; cell.Count > 0; cell = cell.Rest, index++)
        {
            context.Step();
            if (!item.Fits(context, cell.First, mismatch))
            {
                return mismatch?.In(Value.Int(index)) ?? false;
            }
        }

        return true;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (!item.Converts || value.Reference is not ListValue list)
        {
            return false;
        }

        Value[]? changed = null;
        var index = 0;
        for (var cell = list; cell.Count > 0; cell = cell.Rest, index++)
        {
            var own = cell.First;
            if (item.Convert(context, ref own))
            {
                changed ??= [.. list.Items];
                changed[index] = own;
            }
        }

        if (changed is null)
        {
            return false;
        }

        value = Value.Of(ListValue.From(changed));
        return true;
    }
}

internal sealed class TupleValidator(TypeValidator[] items) : CompoundValidator
{
    public override string Expected { get; } = $"a vector of exactly {items.Length} {(items.Length == 1 ? "item" : "items")}";

    public override bool Converts { get; } = Array.Exists(items, static item => item.Converts);

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not VectorValue vector || vector.Count != items.Length)
        {
            return Departs(mismatch, value);
        }

        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Fits(context, vector[i], mismatch))
            {
                return mismatch?.In(Value.Int(i)) ?? false;
            }
        }

        return true;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (!Converts || value.Reference is not VectorValue vector)
        {
            return false;
        }

        Value[]? changed = null;
        for (var i = 0; i < items.Length; i++)
        {
            var own = vector[i];
            if (items[i].Convert(context, ref own))
            {
                changed ??= [.. vector.Items];
                changed[i] = own;
            }
        }

        if (changed is null)
        {
            return false;
        }

        value = Value.Of(VectorValue.Own(changed));
        return true;
    }
}
