// Types of collections: each item, key and field against its own type.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class VectorValidator(TypeValidator item) : CompoundValidator
{
    public override string Expected => "a vector";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not VectorValue vector)
        {
            return Departs(value);
        }

        for (var i = 0; i < vector.Count;)
        {
            var chunk = vector.ChunkFrom(i);
            for (var k = 0; k < chunk.Length; k++)
            {
                context.Step();
                if (item.Find(context, chunk[k]) is { } mismatch)
                {
                    return mismatch.In(Value.Int(i + k));
                }
            }

            i += chunk.Length;
        }

        return null;
    }
}

internal sealed class ListValidator(TypeValidator item) : CompoundValidator
{
    public override string Expected => "a list";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not ListValue list)
        {
            return Departs(value);
        }

        var index = 0;
        for (var cell = list; cell.Count > 0; cell = cell.Rest, index++)
        {
            context.Step();
            if (item.Find(context, cell.First) is { } mismatch)
            {
                return mismatch.In(Value.Int(index));
            }
        }

        return null;
    }
}

internal sealed class TupleValidator(TypeValidator[] items) : CompoundValidator
{
    public override string Expected { get; } = $"a vector of exactly {items.Length} {(items.Length == 1 ? "item" : "items")}";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not VectorValue vector || vector.Count != items.Length)
        {
            return Departs(value);
        }

        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Find(context, vector[i]) is { } mismatch)
            {
                return mismatch.In(Value.Int(i));
            }
        }

        return null;
    }
}

/// <summary>One dimension of an array: a vector of a size, or of any where it is -1.</summary>
internal sealed class ArrayValidator(TypeValidator item, long size) : CompoundValidator
{
    public override string Expected => size < 0 ? "a vector" : $"a vector of exactly {size} {(size == 1 ? "item" : "items")}";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not VectorValue vector || (size >= 0 && vector.Count != size))
        {
            return Departs(value);
        }

        for (var i = 0; i < vector.Count; i++)
        {
            context.Step();
            if (item.Find(context, vector[i]) is { } mismatch)
            {
                return mismatch.In(Value.Int(i));
            }
        }

        return null;
    }
}

internal readonly record struct FieldRule(Value Key, TypeValidator Type, bool Optional);

/// <summary>Open: a key that no field names is checked against the wildcard where there is one, and let pass otherwise.</summary>
internal sealed class MapValidator(FieldRule[] fields, TypeValidator? wildcard) : CompoundValidator
{
    private readonly SlotCache[] _caches = [.. fields.Select(static field => new SlotCache(field.Key.As<Keyword>()))];
    private readonly HashSet<Value> _named = [.. fields.Select(static field => field.Key)];

    public override string Expected => "a map";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not MapValue map)
        {
            return Departs(value);
        }

        for (var i = 0; i < fields.Length; i++)
        {
            var (key, type, optional) = fields[i];
            var there = map is Record record && _caches[i].HasKey
                ? _caches[i].TryGet(record, out var found)
                : map.TryGet(key, out found);
            if (!there)
            {
                if (optional)
                {
                    continue;
                }

                return new Mismatch(type.Expected, "no such key").In(key);
            }

            if (type.Find(context, found) is { } mismatch)
            {
                return mismatch.In(key);
            }
        }

        return wildcard is null ? null : FindOther(context, map, wildcard);
    }

    private Mismatch? FindOther(EvaluationContext context, MapValue map, TypeValidator others)
    {
        foreach (var (key, value) in map.Entries)
        {
            context.Step();
            if (!_named.Contains(key) && others.Find(context, value) is { } mismatch)
            {
                return mismatch.In(key);
            }
        }

        return null;
    }
}

internal sealed class DictionaryValidator(TypeValidator keys, TypeValidator values) : CompoundValidator
{
    public override string Expected => "a map";

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (value.Reference is not MapValue map)
        {
            return Departs(value);
        }

        foreach (var (key, item) in map.Entries)
        {
            context.Step();
            if (!keys.Accepts(context, key))
            {
                return new Mismatch($"{keys.Expected} as a key", Errors.Describe(key));
            }

            if (values.Find(context, item) is { } mismatch)
            {
                return mismatch.In(key);
            }
        }

        return null;
    }
}

/// <summary>The subject first; a value that is of another type is asked for nothing more.</summary>
internal sealed class AndValidator(TypeValidator subject, TypeValidator[] refinements) : CompoundValidator
{
    public override string Expected => subject.Expected;

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        if (subject.Find(context, value) is { } mismatch)
        {
            return mismatch;
        }

        foreach (var refinement in refinements)
        {
            if (refinement.Find(context, value) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }
}
