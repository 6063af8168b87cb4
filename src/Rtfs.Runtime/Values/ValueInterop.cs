// Between values and the plain objects of a C# host: the door that dictionaries and numbers cross.

using System.Collections;

namespace Rtfs.Runtime.Values;

public static class ValueInterop
{
    /// <summary>
    /// The value of a plain object: null, bool, integers, floats and decimal (as float), string, char, DateTime (an unspecified kind is
    /// read as UTC), DateTimeOffset, Guid, dictionaries with string keys (a key that can be written as a keyword becomes one, another
    /// stays a string), sequences (as vectors), and values themselves.
    /// </summary>
    /// <exception cref="ArgumentException">The type, or a number out of range, cannot cross; the message says where it stands.</exception>
    public static Value FromObject(object? item) => From(item, "the object");

    /// <summary>The map of a dictionary.</summary>
    /// <exception cref="ArgumentException">A value in it cannot cross.</exception>
    public static MapValue FromDictionary(IReadOnlyDictionary<string, object?> items) => FromPairs(items, "the dictionary");

    /// <summary>
    /// The plain object of a value: null, bool, long, double, string, DateTime (UTC), Guid, <c>IReadOnlyDictionary&lt;string, object?&gt;</c>
    /// (keywords without their colon), <c>IReadOnlyList&lt;object?&gt;</c>; a keyword as its name without colon, a symbol as its name.
    /// </summary>
    /// <exception cref="ArgumentException">A function, code, an object of the host, or a map with a key that is no keyword, string or symbol.</exception>
    public static object? ToObject(Value value)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(value, ToObject);
        }

        return value.Kind switch
        {
            ValueKind.Nil => null,
            ValueKind.Bool => value.AsBool,
            ValueKind.Int => value.AsInt,
            ValueKind.Float => value.AsFloat,
            ValueKind.String => value.As<string>(),
            ValueKind.Keyword => value.As<Keyword>()!.Name,
            ValueKind.Symbol => value.As<Symbol>()!.Name,
            ValueKind.Timestamp => value.AsTimestamp,
            ValueKind.Uuid => value.AsUuid,
            ValueKind.Vector => ToList(value.As<VectorValue>()!.Count, value.As<VectorValue>()!.Items),
            ValueKind.List => ToList(value.As<ListValue>()!.Count, value.As<ListValue>()!.Items),
            ValueKind.Map => ToDictionary(value.As<MapValue>()!),
            _ => throw new ArgumentException($"{ValuePrinter.Print(value)} has no plain object; keep it as a Value", nameof(value)),
        };
    }

    /// <summary>The dictionary of a map, with plain objects inside.</summary>
    /// <exception cref="ArgumentException">See <see cref="ToObject"/>; also when a keyword and a string key have one name.</exception>
    public static IReadOnlyDictionary<string, object?> ToDictionary(MapValue map)
    {
        var items = new Dictionary<string, object?>(map.Count, StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            var name = key.Reference switch
            {
                Keyword keyword => keyword.Name,
                string text => text,
                Symbol symbol => symbol.Name,
                _ => throw new ArgumentException($"the key {key} is no name; a dictionary has names as keys", nameof(map)),
            };
            if (!items.TryAdd(name, ToObject(value)))
            {
                throw new ArgumentException($"two keys of the map are called {name}; a dictionary has each name once", nameof(map));
            }
        }

        return items;
    }

    private static Value From(object? item, string where)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run((item, where), static state => From(state.item, state.where));
        }

        return item switch
        {
            null => Value.Nil,
            Value value => value,
            bool flag => Value.Bool(flag),
            int number => Value.Int(number),
            long number => Value.Int(number),
            double number => Value.Float(number),
            string text => Value.String(text),
            float number => Value.Float(number),
            decimal number => Value.Float((double)number),
            short or sbyte or byte or ushort or uint => Value.Int(Convert.ToInt64(item, null)),
            ulong number => number <= long.MaxValue ? Value.Int((long)number)
                : throw new ArgumentException($"{where} is {number}, which does not fit a 64-bit signed integer", nameof(item)),
            char unit => Value.String(unit.ToString()),
            DateTime time => Value.Timestamp(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time),
            DateTimeOffset time => Value.Timestamp(time.UtcDateTime),
            Guid id => Value.Uuid(id),
            Keyword keyword => Value.Of(keyword),
            Symbol symbol => Value.Of(symbol),
            MapValue map => Value.Of(map),
            VectorValue vector => Value.Of(vector),
            ListValue list => Value.Of(list),
            IEnumerable<KeyValuePair<string, object?>> pairs => Value.Of(FromPairs(pairs, where)),
            IDictionary dictionary => Value.Of(FromDictionary(dictionary, where)),
            IEnumerable items => Value.Of(FromItems(items, where)),
            _ => throw new ArgumentException(
                $"{where} is a {item.GetType()}, which has no value in the language; give a dictionary, a list or a primitive of it",
                nameof(item)),
        };
    }

    private static MapValue FromPairs(IEnumerable<KeyValuePair<string, object?>> pairs, string where)
    {
        var map = MapValue.Empty;
        foreach (var (key, item) in pairs)
        {
            map = map.Assoc(Key(key), From(item, $"{where}[\"{key}\"]"));
        }

        return map;
    }

    private static MapValue FromDictionary(IDictionary dictionary, string where)
    {
        var map = MapValue.Empty;
        foreach (DictionaryEntry entry in dictionary)
        {
            var key = entry.Key is string name ? Key(name) : From(entry.Key, $"a key of {where}");
            map = map.Assoc(key, From(entry.Value, $"{where}[{entry.Key}]"));
        }

        return map;
    }

    private static VectorValue FromItems(IEnumerable items, string where)
    {
        var builder = new VectorBuilder();
        foreach (var item in items)
        {
            builder.Add(From(item, $"{where}[{builder.Count}]"));
        }

        return builder.ToVector();
    }

    private static Value Key(string name) => IsKeywordName(name) ? Value.Of(Keyword.Of(name)) : Value.String(name);

    /// <summary>Whether <c>:name</c> reads as one plain keyword: an ASCII identifier.</summary>
    private static bool IsKeywordName(string name)
    {
        if (name.Length == 0 || !IsStart(name[0]))
        {
            return false;
        }

        foreach (var unit in name)
        {
            if (!IsStart(unit) && !char.IsAsciiDigit(unit) && unit is not ('.' or '@'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStart(char unit) => char.IsAsciiLetter(unit) || "_$+-*=<>!?%".Contains(unit, StringComparison.Ordinal);

    private static IReadOnlyList<object?> ToList(int count, IEnumerable<Value> values)
    {
        var items = new List<object?>(count);
        foreach (var value in values)
        {
            items.Add(ToObject(value));
        }

        return items;
    }
}
