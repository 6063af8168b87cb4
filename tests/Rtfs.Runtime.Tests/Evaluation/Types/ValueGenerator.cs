// Values made from a type, so that most fit it, and then sometimes changed at one place, so that some nearly do.

using FsCheck;
using FsCheck.Fluent;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Tests.Evaluation.Types;

internal static class ValueGenerator
{
    private const int Depth = 3;
    private const int Candidates = 4;

    private static readonly NaiveTypes Naive = new(TypeGenerator.Names);

    public static Gen<Value> For(Type type) => Gen.Frequency(
        (9, Fitting(type, Depth)),
        (3, from value in Fitting(type, Depth) from changed in Mutated(value) select changed),
        (1, Any(2)));

    // By kind, so that each is as likely as another.
    private static readonly Value[][] Scalars =
    [
        [Value.Nil],
        [Value.True, Value.False],
        [.. Enumerable.Range(-3, 9).Select(static number => Value.Int(number)), Value.Int(-7)],
        [.. new[] { 0.0, 1.0, 2.5, -7.0, double.NaN, double.PositiveInfinity, 1e300 }.Select(Value.Float)],
        [.. Texts.Others.Concat(Texts.Urls).Concat(Texts.Emails).Select(static text => Value.String(text!))],
        [.. new[] { "a", "b", "c", "z" }.Select(static name => Value.Of(Keyword.Of(name)))],
        [Value.Of(Symbol.Of("sym"))],
        [Value.Timestamp(new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc))],
        [Value.Uuid(Guid.Empty)],
    ];

    private static readonly Gen<Value> Scalar = Gen.OneOf(Scalars.Select(Gen.Elements));

    private static Gen<Value> Key { get; } = Gen.OneOf(
        Gen.Elements("a", "b", "c", "d").Select(static name => Value.Of(Keyword.Of(name))),
        Gen.Elements(Value.String("s"), Value.Int(1), Value.Float(1)));

    private static Gen<Value> Any(int depth) => depth == 0 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (1, Few(Any(depth - 1)).Select(static items => Value.Of(VectorValue.From(items)))),
        (1, Few(Any(depth - 1)).Select(static items => Value.Of(ListValue.From(items)))),
        (1, Few(Entry(Key, Any(depth - 1))).Select(static entries => Value.Of(MapValue.From(entries)))));

    /// <summary>Fits wherever that is easy to arrange: the best of some candidates where a type refines.</summary>
    private static Gen<Value> Fitting(Type type, int depth)
    {
        switch (type)
        {
            case Type.Primitive primitive:
                var kinds = Scalars.Where(kind => Naive.Fits(primitive, kind[0], false)).ToArray();
                return kinds.Length == 0 ? Scalar : Gen.OneOf(kinds.Select(Gen.Elements));
            case Type.Optional optional:
                return Gen.Frequency((1, Gen.Constant(Value.Nil)), (3, Fitting(optional.target, depth)));
            case Type.Vector vector:
                return Items(vector.item, depth).Select(static items => Value.Of(VectorValue.From(items)));
            case Type.List list:
                return Items(list.item, depth).Select(static items => Value.Of(ListValue.From(items)));
            case Type.Tuple tuple:
                return Gen.CollectToArray(tuple.items, item => Fitting(item, depth - 1)).Select(static items => Value.Of(VectorValue.From(items)));
            case Type.Map map:
                return Record(map, depth);
            case Type.MapOf map:
                return Few(Entry(Fitting(map.key, 1).Where(static key => key.Equals(key)), Fitting(map.value, depth - 1))).Select(static entries => Value.Of(MapValue.From(entries)));
            case Type.Enum several:
                return Gen.Elements(several.values).Select(ValueForms.FromForm);
            case Type.Val one:
                return Gen.Constant(ValueForms.FromForm(one.value));
            case Type.Union union:
                // The last where it gets deep: recursive names stand behind their way out.
                return depth <= 0 ? Fitting(union.members[0], depth - 1) : Gen.OneOf(union.members.Select(member => Fitting(member, depth - 1)));
            case Type.And and:
                return Refined(and, depth);
            case Type.Array array:
                return Nested(array.item, array.dimensions.Length == 0 ? [-1] : array.dimensions, depth);
            case Type.Alias alias:
                return depth < -4 ? Gen.Constant(Value.Nil) : Fitting(TypeGenerator.Names[alias.name], depth - 1);
            default:
                throw new NotSupportedException($"{type}");
        }
    }

    private static Gen<Value> Record(Type.Map map, int depth) =>
        from given in Gen.CollectToArray(map.fields, field =>
            from value in Fitting(field.Type, depth - 1)
            from there in field.Optional ? Gen.Elements(true, false) : Gen.Constant(true)
            select (Key: ValueForms.FromForm(field.Key), Value: value, There: there))
        from extra in Few(Entry(Key, map.wildcard is { } wildcard ? Fitting(wildcard, depth - 1) : Scalar))
        from some in Gen.Elements(true, false, false)
        select Value.Of(MapValue.From(
            (some || map.wildcard is not null ? extra : []).Concat(
                given.Where(static field => field.There).Select(static field => new KeyValuePair<Value, Value>(field.Key, field.Value)))));

    private static Gen<Value> Refined(Type.And and, int depth) =>
        from found in Gen.OneOf([Fitting(and.subject, depth), .. and.refinements.Select(refinement => Hinted(refinement, and.subject, depth))]).ArrayOf(Candidates)
        select found.FirstOrDefault(value => Naive.Fits(and, value, false), found[0]);

    private static Gen<Value> Hinted(Refinement refinement, Type subject, int depth) => refinement switch
    {
        Refinement.OfType also => from one in Fitting(subject, depth) from other in Fitting(also.target, depth) select Together(one, other),
        Refinement.Compare compare => Gen.Constant(ValueForms.FromForm(compare.bound)),
        Refinement.InRange range => Gen.Constant(ValueForms.FromForm(range.low)),
        Refinement.Length length => Gen.Constant(Value.String(new string('a', (int)length.length))),
        Refinement.HasKey has => from value in Fitting(subject, depth) from item in Any(1) select With(value, has.key, item),
        Refinement.RequiredKeys required => from value in Fitting(subject, depth)
                                            from item in Any(1)
                                            select required.keys.Aggregate(value, (sofar, key) => With(sofar, key, item)),
        _ => Gen.OneOf(Fitting(subject, depth), Gen.Elements(Scalars[4])),
    };

    private static Value Together(Value one, Value other) => one.As<MapValue>() is { } map && other.As<MapValue>() is { } more
        ? Value.Of(MapValue.From(map.Entries.Concat(more.Entries)))
        : other;

    private static Value With(Value value, Form key, Value item) =>
        value.As<MapValue>() is { } map && !map.TryGet(ValueForms.FromForm(key), out _) ? Value.Of(map.Assoc(ValueForms.FromForm(key), item)) : value;

    private static Gen<Value> Nested(Type item, long[] dimensions, int depth)
    {
        if (dimensions.Length == 0)
        {
            return Fitting(item, depth - 1);
        }

        var size = dimensions[0] < 0 ? Gen.Choose(0, 2) : Gen.Constant((int)dimensions[0]);
        return from count in size
               from items in Nested(item, dimensions[1..], depth).ArrayOf(count)
               select Value.Of(VectorValue.From(items));
    }

    /// <summary>Something else at one place of the value.</summary>
    private static Gen<Value> Mutated(Value value)
    {
        var here = Any(1);
        switch (value.Reference)
        {
            case VectorValue { Count: > 0 } vector:
                var shorter = Gen.Constant(Value.Of(VectorValue.From([.. vector.Items.Skip(1)])));
                var changed = from i in Gen.Choose(0, vector.Count - 1)
                              from item in Mutated(vector[i])
                              select Value.Of(VectorValue.From([.. vector.Items.Select((old, k) => k == i ? item : old)]));
                return Gen.Frequency((1, here), (1, shorter), (4, changed));
            case ListValue { Count: > 0 } list:
                return Gen.Frequency((1, here), (3, from item in Mutated(list.First) select Value.Of(ListValue.From([item, .. list.Rest.Items]))));
            case MapValue { Count: > 0 } map:
                var entries = map.Entries.ToArray();
                var within = from i in Gen.Choose(0, entries.Length - 1)
                             from item in Mutated(entries[i].Value)
                             select Value.Of(map.Assoc(entries[i].Key, item));
                var missing = from i in Gen.Choose(0, entries.Length - 1) select Value.Of(map.Dissoc(entries[i].Key));
                var more = from key in Key from item in here select Value.Of(map.Assoc(key, item));
                return Gen.Frequency((1, here), (4, within), (2, missing), (1, more));
            default:
                return here;
        }
    }

    private static Gen<Value[]> Items(Type type, int depth) => depth <= 0 ? Gen.Constant(Array.Empty<Value>()) : Few(Fitting(type, depth - 1));

    private static Gen<KeyValuePair<Value, Value>> Entry(Gen<Value> key, Gen<Value> value) =>
        from k in key from v in value select new KeyValuePair<Value, Value>(k, v);

    private static Gen<T[]> Few<T>(Gen<T> item) => from count in Gen.Choose(0, 3) from items in item.ArrayOf(count) select items;
}
