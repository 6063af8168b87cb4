// Laws of the persistent collections against models, and of equality, hashing and printing.

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Xunit;
using Record = Rtfs.Runtime.Values.Record;

namespace Rtfs.Runtime.Tests.Values;

[Collection("heavy")]
public sealed class CollectionLaws
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(1056)]
    [InlineData(1057)]
    [InlineData(33000)]
    [InlineData(1_100_000)]
    public void VectorsOfEveryHeightAgreeWithArrays(int count)
    {
        var model = Enumerable.Range(0, count).Select(static i => Value.Int(i)).ToArray();
        var conjoined = VectorValue.Empty;
        foreach (var item in model)
        {
            conjoined = conjoined.Conj(item);
        }

        var built = VectorValue.From(model);
        Assert.Equal(count, built.Count);
        Assert.True(built.Equals(conjoined));
        Assert.Equal(built.GetHashCode(), conjoined.GetHashCode());
        Assert.True(model.AsSpan().SequenceEqual(built.ToArray()));
        Assert.True(model.AsSpan().SequenceEqual(conjoined.ToArray()));
        for (var i = 0; i < count; i += Math.Max(1, count / 100))
        {
            Assert.Equal(i, conjoined[i].AsInt);
            var replaced = built.Assoc(i, Value.Nil);
            Assert.True(replaced[i].IsNil);
            Assert.Equal(i, built[i].AsInt);
        }
    }

    [Property]
    public void VersionsOfAVectorDoNotSeeEachOther(int[] items, byte at)
    {
        var vector = VectorValue.From(items.Select(static item => Value.Int(item)).ToArray());
        var left = vector.Conj(Value.Int(1));
        var right = vector.Conj(Value.Int(2));
        var leftAgain = left.Conj(Value.Int(3));
        var rightAgain = left.Conj(Value.Int(4));
        Assert.Equal([.. items, 1], left.Items.Select(static item => (int)item.AsInt));
        Assert.Equal([.. items, 2], right.Items.Select(static item => (int)item.AsInt));
        Assert.Equal([.. items, 1, 3], leftAgain.Items.Select(static item => (int)item.AsInt));
        Assert.Equal([.. items, 1, 4], rightAgain.Items.Select(static item => (int)item.AsInt));
        var index = at % left.Count;
        var replaced = left.Assoc(index, Value.Nil);
        Assert.True(replaced[index].IsNil && !left[index].IsNil && !leftAgain[index].IsNil);
    }

    [Property]
    public void HashMapsAgreeWithDictionaries((short Key, int? Value)[] steps)
    {
        // Every fourth key collides with all of its kind in every bit of its hash.
        var model = new Dictionary<Value, Value>();
        var map = MapValue.Empty;
        foreach (var (number, item) in steps)
        {
            var key = number % 4 == 0 ? Value.OfObject(new Colliding(number)) : Value.Int(number);
            if (item is { } present)
            {
                var before = map;
                var count = before.Count;
                map = map.Assoc(key, Value.Int(present));
                model[key] = Value.Int(present);
                Assert.Equal(count, before.Count);
            }
            else
            {
                map = map.Dissoc(key);
                model.Remove(key);
            }
        }

        Assert.Equal(model.Count, map.Count);
        Assert.Equal(model.Count, map.Entries.Count());
        Assert.All(model, entry => Assert.True(map.TryGet(entry.Key, out var value) && value == entry.Value));
        var rebuilt = MapValue.From(model.Reverse());
        Assert.True(map.Equals(rebuilt));
        Assert.Equal(map.GetHashCode(), rebuilt.GetHashCode());
    }

    [Fact]
    public void AMillionKeysAreNoTrouble()
    {
        var map = MapValue.From(Enumerable.Range(0, 1_000_000).Select(static i => KeyValuePair.Create(Value.Int(i), Value.Int(-i))));
        Assert.Equal(1_000_000, map.Count);
        Assert.True(map.TryGet(Value.Int(777_777), out var value));
        Assert.Equal(-777_777, value.AsInt);
    }

    [Fact]
    public void RecordsEqualHashMapsWithTheirContents()
    {
        var record = MapValue.Empty;
        var map = MapValue.Empty.Assoc(Value.String("x"), Value.Nil);
        for (var i = 0; i < 40; i++)
        {
            record = record.Assoc(Value.Of(Keyword.Of($"k{i}")), Value.Int(i));
            map = map.Assoc(Value.Of(Keyword.Of($"k{39 - i}")), Value.Int(39 - i));
        }

        map = map.Dissoc(Value.String("x"));
        Assert.IsType<Record>(record, exactMatch: false);
        Assert.IsNotType<Record>(map, exactMatch: false);
        Assert.True(record.Equals(map) && map.Equals(record));
        Assert.Equal(record.GetHashCode(), map.GetHashCode());
    }

    [Property]
    public Property EqualValuesHashAlikeAndReadBack() => Prop.ForAll(Arb.From(Values(4)), static value =>
    {
        var text = value.ToString();
        var form = Assert.Single(Language.Read(text, "printed").Forms).Form;
        var read = ValueForms.FromForm(form);
        Assert.Equal(value, read);
        Assert.Equal(value.GetHashCode(), read.GetHashCode());
        Assert.Equal(text, read.ToString());
        Assert.Equal(value, ValueForms.FromForm(ValueForms.ToForm(value)));
    });

    [Fact]
    public void NumbersAreEqualAsTheLanguageSays()
    {
        Assert.NotEqual(Value.Int(1), Value.Float(1));
        Assert.Equal(Value.Float(0.0), Value.Float(-0.0));
        Assert.Equal(Value.Float(0.0).GetHashCode(), Value.Float(-0.0).GetHashCode());
        Assert.NotEqual(Value.Float(double.NaN), Value.Float(double.NaN));
        Assert.NotEqual(Value.Nil, Value.False);
        Assert.NotEqual(Value.Of(VectorValue.Empty), Value.Of(ListValue.Empty));
    }

    private static Gen<Value> Values(int depth)
    {
        var atoms = Gen.OneOf(
            Gen.Elements(Value.Nil, Value.True, Value.False, Value.Float(1e300), Value.Float(-1e-300), Value.Float(double.PositiveInfinity)),
            ArbMap.Default.GeneratorFor<long>().Select(Value.Int),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(static number => Value.Float(number.Get)),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(static text => Value.String(text.Get)),
            ArbMap.Default.GeneratorFor<Guid>().Select(Value.Uuid),
            Gen.Choose(0, int.MaxValue).Select(static ms => Value.Timestamp(DateTime.UnixEpoch.AddMilliseconds(ms * 977.0))),
            Gen.Elements("a", "b-c?", "ns/x", "com.acme:v1.0/feed").Select(static name => Value.Of(Keyword.Of(name))),
            Gen.Elements("a", "+", "ns/x").Select(static name => Value.Of(Symbol.Of(name))));
        if (depth == 0)
        {
            return atoms;
        }

        var keys = Gen.OneOf(
            Gen.Elements("a", "b", "c").Select(static name => Value.Of(Keyword.Of(name))),
            Gen.Choose(-5, 5).Select(static number => Value.Int(number)),
            Gen.Elements("a", "b").Select(Value.String));
        var inner = Values(depth - 1);
        return Gen.OneOf(
            atoms,
            inner.ListOf(3).Select(static items => Value.Of(VectorValue.From(items.ToArray()))),
            inner.ListOf(2).Select(static items => Value.Of(ListValue.From(items.ToArray()))),
            keys.SelectMany(key => inner.Select(value => KeyValuePair.Create(key, value))).ListOf(3)
                .Select(static entries => Value.Of(MapValue.From(entries))));
    }

    /// <summary>A key whose hash is that of every other of its kind.</summary>
    private sealed record Colliding(int Number)
    {
        public override int GetHashCode() => 7;
    }
}
