// What the specification says of types and values, written down as plainly as it can be: the other side of the validators' properties.

using System.Text.RegularExpressions;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Tests.Evaluation.Types;

/// <param name="names">What aliases mean.</param>
internal sealed class NaiveTypes(IReadOnlyDictionary<string, Type> names)
{
    public bool Fits(Type type, Value value, bool closed) => type switch
    {
        Type.Primitive primitive => FitsPrimitive(primitive.primitive, value),
        Type.Optional optional => value.IsNil || Fits(optional.target, value, closed),
        Type.Vector vector => value.As<VectorValue>() is { } items && items.Items.All(item => Fits(vector.item, item, closed)),
        Type.List list => value.As<ListValue>() is { } items && items.Items.All(item => Fits(list.item, item, closed)),
        Type.Tuple tuple => value.As<VectorValue>() is { } items && items.Count == tuple.items.Length
            && items.Items.Zip(tuple.items).All(pair => Fits(pair.Second, pair.First, closed)),
        Type.Map map => FitsRecord(map, value, closed, closed && map.wildcard is null ? KeysOf(map) : null),
        Type.MapOf map => value.As<MapValue>() is { } entries
            && entries.Entries.All(entry => Fits(map.key, entry.Key, closed) && Fits(map.value, entry.Value, closed)),
        Type.Enum several => several.values.Any(literal => value.Equals(ValueForms.FromForm(literal))),
        Type.Val one => value.Equals(ValueForms.FromForm(one.value)),
        Type.Union union => union.members.Any(member => Fits(member, value, closed)),
        Type.And and => FitsAnd(and, value, closed),
        Type.Array array => FitsArray(array.item, array.dimensions.Length == 0 ? [-1] : array.dimensions, value, closed),
        Type.Alias alias => Fits(names[alias.name], value, closed),
        _ => throw new NotSupportedException($"{type}"),
    };

    /// <summary>The value with ints turned into floats where the type says so; the value fits.</summary>
    public Value Convert(Type type, Value value, bool closed) => type switch
    {
        Type.Primitive { primitive: Primitive.Float } => value.IsInt ? Value.Float(value.AsInt) : value,
        Type.Optional optional => value.IsNil ? value : Convert(optional.target, value, closed),
        Type.Vector vector => Vector(value, (item, _) => Convert(vector.item, item, closed)),
        Type.List list => Value.Of(ListValue.From([.. value.As<ListValue>()!.Items.Select(item => Convert(list.item, item, closed))])),
        Type.Tuple tuple => Vector(value, (item, i) => Convert(tuple.items[i], item, closed)),
        Type.Map map => Map(value, (key, item) => FieldsOf(map, key).Aggregate(item, (sofar, field) => Convert(field, sofar, closed))),
        Type.MapOf map => Map(value, (_, item) => Convert(map.value, item, closed)),
        Type.Union union => Convert(union.members.First(member => Fits(member, value, closed)), value, closed),
        Type.And and => ConvertAnd(and, value, closed),
        Type.Array array => array.dimensions.Length < 2
            ? Vector(value, (item, _) => Convert(array.item, item, closed))
            : Vector(value, (item, _) => Convert(Type.NewArray(array.item, array.dimensions[1..]), item, closed)),
        Type.Alias alias => Convert(names[alias.name], value, closed),
        _ => value,
    };

    private static bool FitsPrimitive(Primitive primitive, Value value) => primitive switch
    {
        Primitive.Any => true,
        Primitive.Never => false,
        Primitive.Nil => value.Kind == ValueKind.Nil,
        Primitive.Bool => value.Kind == ValueKind.Bool,
        Primitive.Int => value.Kind == ValueKind.Int,
        Primitive.Float or Primitive.Number => value.Kind is ValueKind.Int or ValueKind.Float,
        Primitive.String => value.Kind == ValueKind.String,
        Primitive.Keyword => value.Kind == ValueKind.Keyword,
        Primitive.Symbol => value.Kind == ValueKind.Symbol,
        Primitive.Timestamp => value.Kind == ValueKind.Timestamp,
        Primitive.Uuid => value.Kind == ValueKind.Uuid,
        _ => throw new NotSupportedException($"{primitive}"),
    };

    /// <param name="allowed">All keys that may be there; null for any.</param>
    private bool FitsRecord(Type.Map type, Value value, bool closed, HashSet<Value>? allowed)
    {
        if (value.As<MapValue>() is not { } map)
        {
            return false;
        }

        var fields = type.fields.All(field =>
            map.TryGet(ValueForms.FromForm(field.Key), out var found) ? Fits(field.Type, found, closed) : field.Optional);
        var others = map.Entries.Where(entry => !KeysOf(type).Contains(entry.Key)).ToArray();
        return fields
            && (type.wildcard is null || others.All(entry => Fits(type.wildcard, entry.Value, closed)))
            && (allowed is null || map.Entries.All(entry => allowed.Contains(entry.Key)));
    }

    /// <summary>Closed records of one intersection are closed together.</summary>
    private bool FitsAnd(Type.And and, Value value, bool closed)
    {
        var keys = new HashSet<Value>();
        var (records, wildcards) = (0, 0);
        if (closed)
        {
            Collect(and);
        }

        return Part(and) && (records == 0 || wildcards > 0 || value.As<MapValue>()!.Entries.All(entry => keys.Contains(entry.Key)));

        void Collect(Type part)
        {
            switch (part)
            {
                case Type.Map map:
                    records++;
                    wildcards += map.wildcard is null ? 0 : 1;
                    keys.UnionWith(KeysOf(map));
                    break;
                case Type.Alias alias:
                    Collect(names[alias.name]);
                    break;
                case Type.And inner:
                    Collect(inner.subject);
                    foreach (var refinement in inner.refinements)
                    {
                        switch (refinement)
                        {
                            case Refinement.OfType also:
                                Collect(also.target);
                                break;
                            case Refinement.HasKey one:
                                keys.Add(ValueForms.FromForm(one.key));
                                break;
                            case Refinement.RequiredKeys several:
                                keys.UnionWith(several.keys.Select(ValueForms.FromForm));
                                break;
                        }
                    }

                    break;
            }
        }

        bool Part(Type part) => part switch
        {
            Type.Map map when closed => FitsRecord(map, value, closed, null),
            Type.Alias alias when closed => Part(names[alias.name]),
            Type.And inner => Part(inner.subject) && inner.refinements.All(refinement =>
                refinement is Refinement.OfType also ? Part(also.target) : Satisfies(refinement, value)),
            _ => Fits(part, value, closed),
        };
    }

    private bool FitsArray(Type item, ReadOnlySpan<long> dimensions, Value value, bool closed)
    {
        if (dimensions.IsEmpty)
        {
            return Fits(item, value, closed);
        }

        if (value.As<VectorValue>() is not { } vector || (dimensions[0] >= 0 && vector.Count != dimensions[0]))
        {
            return false;
        }

        foreach (var inner in vector.Items)
        {
            if (!FitsArray(item, dimensions[1..], inner, closed))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Satisfies(Refinement refinement, Value value)
    {
        if (refinement.IsNonEmpty)
        {
            return Count(value) > 0;
        }

        if (refinement.IsIsUrl || refinement.IsIsEmail)
        {
            // Texts whose verdict a person gave; no other that is generated is one.
            return (refinement.IsIsUrl ? Texts.Urls : Texts.Emails).Contains(value.As<string>());
        }

        return refinement switch
        {
            Refinement.Compare compare => Compares(compare.comparison, value, ValueForms.FromForm(compare.bound)),
            Refinement.InRange range => value.IsNumber && value.ToDouble() >= ValueForms.FromForm(range.low).ToDouble()
                && value.ToDouble() <= ValueForms.FromForm(range.high).ToDouble(),
            Refinement.Length length => value.As<string>() is { } text && Holds(length.comparison, text.Length, length.length),
            Refinement.Count count => Count(value) is { } found && Holds(count.comparison, found, count.count),
            Refinement.MatchesRegex regex => value.As<string>() is { } text && Regex.IsMatch(text, regex.pattern),
            Refinement.HasKey has => HasKey(value, has.key),
            Refinement.RequiredKeys required => required.keys.All(key => HasKey(value, key)) && value.As<MapValue>() is not null,
            Refinement.Custom => false,
            _ => throw new NotSupportedException($"{refinement}"),
        };
    }

    private static bool Compares(Comparison comparison, Value value, Value bound)
    {
        if (value.IsNumber && bound.IsNumber)
        {
            var (x, y) = (value.ToDouble(), bound.ToDouble());
            return comparison switch
            {
                Comparison.Equal => x == y,
                Comparison.NotEqual => x != y,
                Comparison.Less => x < y,
                Comparison.LessOrEqual => x <= y,
                Comparison.Greater => x > y,
                _ => x >= y,
            };
        }

        return comparison switch
        {
            Comparison.Equal => value.Equals(bound),
            Comparison.NotEqual => !value.Equals(bound),
            _ => value.As<string>() is { } left && bound.As<string>() is { } right && Holds(comparison, string.CompareOrdinal(left, right), 0),
        };
    }

    private static bool Holds(Comparison comparison, long found, long asked) => comparison switch
    {
        Comparison.Equal => found == asked,
        Comparison.NotEqual => found != asked,
        Comparison.Less => found < asked,
        Comparison.LessOrEqual => found <= asked,
        Comparison.Greater => found > asked,
        _ => found >= asked,
    };

    private static long? Count(Value value) =>
        value.As<VectorValue>()?.Count ?? value.As<ListValue>()?.Count ?? value.As<MapValue>()?.Count ?? value.As<string>()?.Length;

    private static bool HasKey(Value value, Form key) => value.As<MapValue>() is { } map && map.TryGet(ValueForms.FromForm(key), out _);

    private static HashSet<Value> KeysOf(Type.Map map) => [.. map.fields.Select(field => ValueForms.FromForm(field.Key))];

    /// <summary>Every type that a key's value has: a field written twice asks for both.</summary>
    private static IEnumerable<Type> FieldsOf(Type.Map map, Value key)
    {
        var fields = map.fields.Where(field => ValueForms.FromForm(field.Key).Equals(key)).Select(field => field.Type).ToArray();
        return fields.Length == 0 && map.wildcard is not null ? [map.wildcard] : fields;
    }

    private Value ConvertAnd(Type.And and, Value value, bool closed)
    {
        // Whatever each part would convert, as long as the whole still takes it.
        var converted = Each(and, value);
        return FitsAnd(and, converted, closed) ? converted : value;

        Value Each(Type.And inner, Value start)
        {
            var result = Convert(inner.subject, start, closed: false);
            foreach (var also in inner.refinements.OfType<Refinement.OfType>())
            {
                result = Convert(also.target, result, closed: false);
            }

            return result;
        }
    }

    private static Value Vector(Value value, Func<Value, int, Value> convert) => Value.Of(VectorValue.From([.. value.As<VectorValue>()!.Items.Select(convert)]));

    private static Value Map(Value value, Func<Value, Value, Value> convert) => Value.Of(MapValue.From(
        value.As<MapValue>()!.Entries.Select(entry => new KeyValuePair<Value, Value>(entry.Key, convert(entry.Key, entry.Value)))));
}
