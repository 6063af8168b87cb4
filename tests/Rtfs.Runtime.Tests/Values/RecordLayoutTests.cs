// Records against maps of other representations: whatever way a record lays its values down, no program can tell.

using FsCheck.Xunit;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;
using Record = Rtfs.Runtime.Values.Record;

namespace Rtfs.Runtime.Tests.Values;

public sealed class RecordLayoutTests
{
    private static readonly Value[] Samples =
    [
        Value.Nil, Value.True, Value.False, Value.Int(0), Value.Int(long.MinValue), Value.Float(0), Value.Float(-1.5), Value.String("a"),
        Value.Of(Keyword.Of("k")), Value.Timestamp(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)), Value.Uuid(new Guid(1, 2, 3, new byte[8])),
        Value.Of(VectorValue.From(Value.Int(1))), Value.Of(MapValue.Empty),
    ];

    [Property]
    public void ARecordKeepsWhatItIsGiven(byte[] picks)
    {
        // Up to 70 keys: packed records, arrays and hash maps.
        var values = picks.Take(70).Select(static pick => Samples[pick % Samples.Length]).ToArray();
        var keys = Enumerable.Range(0, values.Length).Select(static i => Keyword.Of($"r{i}")).ToArray();
        var record = Record.Of(Shape.Of(keys), values);
        var map = HashMapValue.From(keys.Zip(values, static (key, value) => KeyValuePair.Create(Value.Of(key), value)));
        var grown = MapValue.From(map.Entries.OrderBy(static entry => entry.Key.ToString(), StringComparer.Ordinal));
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], record.At(i));
            Assert.Equal(values[i].Kind, record.At(i).Kind);
            Assert.Equal(values[i], record.GetOrNil(keys[i]));
        }

        Assert.Equal(values, record.Entries.Select(static entry => entry.Value));
        foreach (var same in (MapValue[])[map, grown])
        {
            Assert.True(record.Equals(same) && same.Equals(record));
            Assert.Equal(same.GetHashCode(), record.GetHashCode());
        }
    }

    [Property]
    public void ReplacingAddingAndRemovingAgreeWithAModel((byte Key, byte Value, bool Remove)[] steps)
    {
        MapValue map = Record.Empty;
        var model = new Dictionary<Value, Value>();
        foreach (var (pick, sample, remove) in steps)
        {
            var key = Value.Of(Keyword.Of($"m{pick % 12}"));
            var before = (map, map.GetHashCode());
            if (remove)
            {
                map = map.Dissoc(key);
                model.Remove(key);
            }
            else
            {
                map = map.Assoc(key, Samples[sample % Samples.Length]);
                model[key] = Samples[sample % Samples.Length];
            }

            Assert.Equal(before.Item2, before.map.GetHashCode());
            Assert.IsType<Record>(map, exactMatch: false);
            Assert.Equal(model.Count, map.Count);
            Assert.All(model, entry => Assert.True(map.TryGet(entry.Key, out var value) && value.Equals(entry.Value)));
        }
    }

    [Fact]
    public void RecordsOfOneShapeAreEqualWhateverTheirLayout()
    {
        // More combinations of kinds than a shape makes layouts for: the later records keep whole values.
        var shape = Shape.Of(Keyword.Of("layout-a"), Keyword.Of("layout-b"));
        var first = Samples.SelectMany(a => Samples.Select(b => Record.Of(shape, a, b))).ToArray();
        var second = Samples.SelectMany(a => Samples.Select(b => Record.Of(shape, a, b))).ToArray();
        Assert.Contains(first, static record => record.Layout.IsWide);
        Assert.Contains(first, static record => !record.Layout.IsWide);
        for (var i = 0; i < first.Length; i++)
        {
            Assert.Equal(first[i], second[i]);
            Assert.Equal(first[i].GetHashCode(), second[i].GetHashCode());
            Assert.Equal(1, first.Count(first[i].Equals));
        }
    }

    [Fact]
    public void NumbersInRecordsCompareAsNumbersDo()
    {
        var shape = Shape.Of(Keyword.Of("number"));
        Assert.Equal(Record.Of(shape, Value.Float(0.0)), Record.Of(shape, Value.Float(-0.0)));
        Assert.NotEqual(Record.Of(shape, Value.Float(double.NaN)), Record.Of(shape, Value.Float(double.NaN)));
        Assert.NotEqual(Record.Of(shape, Value.Int(1)), Record.Of(shape, Value.Float(1)));
        Assert.NotEqual(Record.Of(shape, Value.Int(1)), Record.Of(shape, Value.True));
    }

    [Fact]
    public void ARecordOfNumbersIsOneObjectOfBareNumbers()
    {
        var shape = Shape.Of(Keyword.Of("id"), Keyword.Of("value"));
        Value[] values = [Value.Int(1), Value.Float(2)];
        RecordLayout? layout = null;
        Record.Of(shape, values, ref layout);
        const int many = 10_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < many; i++)
        {
            Record.Of(shape, values, ref layout);
        }

        // A header, the type, the layout and two numbers.
        Assert.Equal(5 * sizeof(long) * many, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("(map (fn [i] {:a (if (even? i) i (str i)) :b (if (> i 1) nil 2.5)}) (range 4))", "[{:a 0 :b 2.5} {:a \"1\" :b 2.5} {:a 2 :b nil} {:a \"3\" :b nil}]")]
    [InlineData("(map (fn [i] (assoc {:a i :b 1} :b (if (even? i) 'x false) :c i)) (range 2))", "[{:a 0 :b x :c 0} {:a 1 :b false :c 1}]")]
    [InlineData("(map :a (map (fn [i] {:a (if (odd? i) :k i)}) [1 2 3]))", "[:k 2 :k]")]
    [InlineData("(reduce (fn [m i] (assoc m :n (if (even? i) i (float i)))) {} (range 4))", "{:n 3.0}")]
    [InlineData("(assoc {:a 1 :b 2 :c 3 :d 4 :e 5 :f 6 :g 7 :h 8} :i nil :a 2.5)", "{:a 2.5 :b 2 :c 3 :d 4 :e 5 :f 6 :g 7 :h 8 :i nil}")]
    [InlineData("(dissoc {:a 1 :b 2 :c 3 :d 4 :e 5 :f 6 :g 7 :h 8 :i \"9\"} :a :c)", "{:b 2 :d 4 :e 5 :f 6 :g 7 :h 8 :i \"9\"}")]
    public async Task OnePlaceMakesRecordsOfAllKinds(string text, string expected) =>
        Assert.Equal(expected, await Evaluate.PrintedAsync(text));
}
