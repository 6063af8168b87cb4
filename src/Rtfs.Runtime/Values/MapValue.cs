// Maps: a record keeps its values in slots of a shape; every other map is a persistent hash map. Both are one kind to the language.

namespace Rtfs.Runtime.Values;

/// <summary>An immutable map of values. Equality is by contents, whatever the representation.</summary>
public abstract class MapValue : IEquatable<MapValue>
{
    public static MapValue Empty => Record.Empty;

    public abstract int Count { get; }

    public abstract bool TryGet(Value key, out Value value);

    /// <summary>This map with the key set; replaces.</summary>
    public abstract MapValue Assoc(Value key, Value value);

    /// <summary>This map without the key.</summary>
    public abstract MapValue Dissoc(Value key);

    public abstract IEnumerable<KeyValuePair<Value, Value>> Entries { get; }

    public bool TryGet(Keyword key, out Value value) => TryGet(Value.Of(key), out value);

    public Value GetOrNil(Keyword key) => TryGet(Value.Of(key), out var value) ? value : Value.Nil;

    /// <summary>The map of these entries; the last of equal keys wins. A record when every key is a keyword and there are not too many.</summary>
    public static MapValue From(IEnumerable<KeyValuePair<Value, Value>> entries)
    {
        var all = entries as KeyValuePair<Value, Value>[] ?? [.. entries];
        return AsRecord(all) ?? (MapValue)HashMapValue.From(all);
    }

    /// <summary>This map with so many entries set in turn. Many are put in together, which costs a fraction of one after the other.</summary>
    internal MapValue AssocAll(IEnumerable<KeyValuePair<Value, Value>> entries, int count)
    {
        if (count >= Count)
        {
            var all = new KeyValuePair<Value, Value>[Count + count];
            var next = 0;
            foreach (var entry in Entries)
            {
                all[next++] = entry;
            }

            foreach (var entry in entries)
            {
                all[next++] = entry;
            }

            return From(all);
        }

        var map = this;
        foreach (var (key, value) in entries)
        {
            map = map.Assoc(key, value);
        }

        return map;
    }

    private static Record? AsRecord(KeyValuePair<Value, Value>[] entries)
    {
        var shape = Shape.Empty;
        var values = new List<Value>(Math.Min(entries.Length, Record.MaximumKeys));
        foreach (var (key, value) in entries)
        {
            if (key.Reference is not Keyword keyword)
            {
                return null;
            }

            if (shape.SlotOf(keyword) is >= 0 and var slot)
            {
                values[slot] = value;
            }
            else if (values.Count == Record.MaximumKeys)
            {
                return null;
            }
            else
            {
                shape = shape.With(keyword);
                values.Add(value);
            }
        }

        return Record.Own(shape, [.. values]);
    }

    public bool Equals(MapValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other.Count != Count)
        {
            return false;
        }

        if (DeepStack.IsShort)
        {
            return DeepStack.Run((this, other), static pair => pair.Item1.Equals(pair.other));
        }

        if (this is Record mine && other is Record theirs && ReferenceEquals(mine.Shape, theirs.Shape))
        {
            return SameValues(mine, theirs);
        }

        foreach (var (key, value) in Entries)
        {
            if (!other.TryGet(key, out var found) || !found.Equals(value))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is MapValue other && Equals(other);

    /// <summary>The sum of the entries' hashes: the same for a record and a hash map, and in any order.</summary>
    public override int GetHashCode()
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(this, static map => map.GetHashCode());
        }

        var hash = Count;
        foreach (var (key, value) in Entries)
        {
            hash += StableHash.Mix(StableHash.Combine(key.GetHashCode(), value.GetHashCode()));
        }

        return hash;
    }

    private static bool SameValues(Record mine, Record theirs)
    {
        for (var i = 0; i < mine.Count; i++)
        {
            if (!mine.At(i).Equals(theirs.At(i)))
            {
                return false;
            }
        }

        return true;
    }
}
