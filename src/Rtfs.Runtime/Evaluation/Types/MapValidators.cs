// Types of maps: records, whose fields are named, and dictionaries, whose keys share a type.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

internal readonly record struct FieldRule(Value Key, TypeValidator Type, bool Optional);

/// <summary>
/// A key that no field names is checked against the wildcard where there is one; otherwise it passes, or is refused where the record is
/// closed.
/// </summary>
internal sealed class MapValidator(FieldRule[] fields, TypeValidator? wildcard, bool isClosed) : CompoundValidator
{
    private readonly SlotCache[] _caches = [.. fields.Select(static field => new SlotCache(field.Key.As<Keyword>()))];
    private readonly HashSet<Value> _named = [.. fields.Select(static field => field.Key)];
    private readonly ClosedValidator? _closed = isClosed && wildcard is null ? new([.. fields.Select(static field => field.Key)]) : null;

    public override string Expected => "a map";

    public override bool Converts { get; } = (wildcard?.Converts ?? false) || Array.Exists(fields, static field => field.Type.Converts);

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not MapValue map)
        {
            return Departs(mismatch, value);
        }

        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var field = ref fields[i];
            if (!TryGet(map, i, out var found))
            {
                if (field.Optional)
                {
                    continue;
                }

                mismatch?.Set(field.Type.Expected, "no such key");
                return mismatch?.In(field.Key) ?? false;
            }

            if (!field.Type.Fits(context, found, mismatch))
            {
                return mismatch?.In(field.Key) ?? false;
            }
        }

        return wildcard is not null ? FitOthers(context, map, wildcard, mismatch) : _closed is null || _closed.Fits(context, value, mismatch);
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (!Converts || value.Reference is not MapValue map)
        {
            return false;
        }

        // A record is copied once, however many of its fields change.
        var record = map as Record;
        Value[]? slots = null;
        var changed = map;
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var field = ref fields[i];
            if (!field.Type.Converts || !TryGet(map, i, out var own) || !field.Type.Convert(context, ref own))
            {
                continue;
            }

            if (record is not null)
            {
                if (slots is null)
                {
                    slots = new Value[record.Count];
                    record.CopyTo(slots);
                }

                slots[record.Shape.SlotOf(field.Key.As<Keyword>()!)] = own;
            }
            else
            {
                changed = changed.Assoc(field.Key, own);
            }
        }

        if (slots is not null)
        {
            changed = Record.Of(record!.Shape, slots);
        }

        if (wildcard is { Converts: true })
        {
            foreach (var (key, item) in map.Entries)
            {
                var own = item;
                if (!_named.Contains(key) && wildcard.Convert(context, ref own))
                {
                    changed = changed.Assoc(key, own);
                }
            }
        }

        if (ReferenceEquals(changed, map))
        {
            return false;
        }

        value = Value.Of(changed);
        return true;
    }

    private bool TryGet(MapValue map, int field, out Value found) => map is Record record && _caches[field].HasKey
        ? _caches[field].TryGet(record, out found)
        : map.TryGet(fields[field].Key, out found);

    private bool FitOthers(EvaluationContext context, MapValue map, TypeValidator type, Mismatch? mismatch)
    {
        if (map is Record record)
        {
            for (var i = 0; i < record.Count; i++)
            {
                context.Step();
                var key = Value.Of(record.Shape.KeyAt(i));
                if (!_named.Contains(key) && !type.Fits(context, record.At(i), mismatch))
                {
                    return mismatch?.In(key) ?? false;
                }
            }

            return true;
        }

        foreach (var (key, item) in map.Entries)
        {
            context.Step();
            if (!_named.Contains(key) && !type.Fits(context, item, mismatch))
            {
                return mismatch?.In(key) ?? false;
            }
        }

        return true;
    }
}

/// <summary>No keys but these.</summary>
internal sealed class ClosedValidator(HashSet<Value> named) : TypeValidator
{
    // The last shape all of whose keys are named: items of one source mostly share it.
    private Shape? _shape;

    public override string Expected => "a map";

    public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not MapValue map)
        {
            return Departs(mismatch, value);
        }

        var shape = (map as Record)?.Shape;
        if (shape is not null && ReferenceEquals(shape, _shape))
        {
            return true;
        }

        foreach (var (key, item) in map.Entries)
        {
            context.Step();
            if (!named.Contains(key))
            {
                mismatch?.Set("no such key", Errors.Describe(item));
                return mismatch?.In(key) ?? false;
            }
        }

        _shape = shape ?? _shape;
        return true;
    }
}

internal sealed class DictionaryValidator(TypeValidator keys, TypeValidator values) : CompoundValidator
{
    public override string Expected => "a map";

    public override bool Converts => values.Converts;

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (value.Reference is not MapValue map)
        {
            return Departs(mismatch, value);
        }

        foreach (var (key, item) in map.Entries)
        {
            context.Step();
            if (!keys.Fits(context, key, null))
            {
                mismatch?.Set($"{keys.Expected} as a key", Errors.Describe(key));
                return false;
            }

            if (!values.Fits(context, item, mismatch))
            {
                return mismatch?.In(key) ?? false;
            }
        }

        return true;
    }

    /// <summary>Keys stay as they are: an int and a float are two keys.</summary>
    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (!values.Converts || value.Reference is not MapValue map)
        {
            return false;
        }

        var changed = map;
        foreach (var (key, item) in map.Entries)
        {
            var own = item;
            if (values.Convert(context, ref own))
            {
                changed = changed.Assoc(key, own);
            }
        }

        if (ReferenceEquals(changed, map))
        {
            return false;
        }

        value = Value.Of(changed);
        return true;
    }
}
