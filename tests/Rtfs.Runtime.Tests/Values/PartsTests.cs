// Parts of vectors against a model, and the cost of taking, adding and gathering: counted in bytes, never in time.

using FsCheck.Xunit;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Values;

[Collection("heavy")]
public sealed class PartsTests
{
    [Property]
    public void PartsAgreeWithAModel(byte length, (byte Step, ushort A, ushort B)[] steps)
    {
        // Long enough for a tree of two levels and for parts that share it.
        var model = Enumerable.Range(0, length * 9).ToList();
        var vector = VectorValue.From([.. model.Select(static item => Value.Int(item))]);
        foreach (var (step, a, b) in steps)
        {
            var (before, kept) = (vector, model.ToArray());
            switch (step % 6)
            {
                case 0:
                    vector = vector.Conj(Value.Int(a));
                    model.Add(a);
                    break;
                case 1:
                    vector = vector.Cons(Value.Int(a));
                    model.Insert(0, a);
                    break;
                case 2 when model.Count > 0:
                    vector = vector.Slice(1, vector.Count);
                    model.RemoveAt(0);
                    break;
                case 3 when model.Count > 0:
                    vector = vector.Slice(0, vector.Count - 1);
                    model.RemoveAt(model.Count - 1);
                    break;
                case 4 when model.Count > 0:
                    vector = vector.Assoc(a % model.Count, Value.Int(b));
                    model[a % model.Count] = b;
                    break;
                case 5:
                    var start = a % (model.Count + 1);
                    var count = b % (model.Count - start + 1);
                    vector = vector.Slice(start, start + count);
                    model = model.GetRange(start, count);
                    break;
                default:
                    break;
            }

            Assert.True(kept.SequenceEqual(before.ToArray().Select(static item => (int)item.AsInt)));
            Assert.True(model.SequenceEqual(vector.ToArray().Select(static item => (int)item.AsInt)));
            Assert.True(model.SequenceEqual(vector.Items.Select(static item => (int)item.AsInt)));
            var same = VectorValue.From(vector.ToArray());
            Assert.True(vector.Equals(same) && same.Equals(vector));
            Assert.Equal(same.GetHashCode(), vector.GetHashCode());
        }
    }

    [Fact]
    public void VersionsOfAPartDoNotSeeEachOther()
    {
        var whole = VectorValue.From([.. Enumerable.Range(0, 200).Select(static item => Value.Int(item))]);
        var part = whole.Slice(10, 170);
        var (left, right) = (part.Conj(Value.Int(-1)), part.Conj(Value.Int(-2)));
        Assert.Equal((-1, -2, 170), (left[160].AsInt, right[160].AsInt, whole[170].AsInt));
        var longer = Enumerable.Range(0, 100).Aggregate(part, static (vector, item) => vector.Conj(Value.Int(-item)));
        Assert.Equal((260, 169, 0, -99), (longer.Count, longer[159].AsInt, longer[160].AsInt, longer[259].AsInt));
        Assert.Equal(200, whole.Count);
        Assert.Equal(199, whole[199].AsInt);
    }

    [Property]
    public void MapsOfManyEntriesAreThoseOfOneAfterTheOther((short Key, int Value)[] entries)
    {
        // Every fourth key collides with all of its kind; keys repeat.
        var all = entries.Select(static entry => KeyValuePair.Create(
            entry.Key % 4 == 0 ? Value.OfObject(new CollidingKey(entry.Key % 40)) : Value.Int(entry.Key % 100), Value.Int(entry.Value))).ToArray();
        var one = all.Aggregate(MapValue.Empty, static (map, entry) => map.Assoc(entry.Key, entry.Value));
        var together = MapValue.From(all);
        Assert.Equal(one.Count, together.Count);
        Assert.True(one.Equals(together) && together.Equals(one));
        Assert.Equal(one.Entries.Count(), together.Entries.Count());
        Assert.True(all.Aggregate(together, static (map, entry) => map.Dissoc(entry.Key)).Count == 0);
    }

    [Theory]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (rest v) (+ s (first v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (nil? v) s (recur (next v) (+ s (first v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (subvec v 1) (+ s (first v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (drop 1 v) (+ s (first v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (butlast v) (+ s (last v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (pop v) (+ s (peek v)))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (let [[a & r] v] (recur r (+ s a)))))")]
    [InlineData("(loop [v (range N) s 0] (match v [] s [a & r] (recur r (+ s a))))")]
    [InlineData("(loop [v (range N) s 0] (if (empty? v) s (recur (take (dec (count v)) v) (+ s (last v)))))")]
    [InlineData("(loop [v (apply list (range N)) s 0] (if (empty? v) s (recur (rest v) (+ s (first v)))))")]
    [InlineData("(loop [v (apply list (range N)) s 0] (if (nil? v) s (recur (next v) (+ s (first v)))))")]
    [InlineData("(loop [v (apply list (range N)) s 0] (if (empty? v) s (recur (drop 1 v) (+ s (first v)))))")]
    [InlineData("(loop [v [] i 0] (if (< i N) (recur (conj v i) (inc i)) (count v)))")]
    [InlineData("(loop [v [] i 0] (if (< i N) (recur (cons i v) (inc i)) (count v)))")]
    [InlineData("(loop [v [] i 0] (if (< i N) (recur (concat v [i]) (inc i)) (count v)))")]
    [InlineData("(loop [v [] i 0] (if (< i N) (recur (concat [i] v) (inc i)) (count v)))")]
    [InlineData("(loop [v [] i 0] (if (< i N) (recur (into v [i]) (inc i)) (count v)))")]
    [InlineData("(loop [v (range 100) i 0] (if (< i N) (recur (conj (rest v) i) (inc i)) (last v)))")]
    [InlineData("(loop [m {} i 0] (if (< i N) (recur (merge m (hash-map i i)) (inc i)) (count m)))")]
    [InlineData("(loop [m (zipmap (range N) (range N)) i 0] (if (< i N) (recur (dissoc m i) (inc i)) (count m)))")]
    [InlineData("(count (reverse (range N)))")]
    [InlineData("(count (zipmap (range N) (range N)))")]
    [InlineData("(count (into {} (map (fn [i] [i i]) (range N))))")]
    [InlineData("(count (frequencies (range N)))")]
    [InlineData("(count (group-by identity (range N)))")]
    [InlineData("(count (reduce (fn [m i] (assoc m i i)) {} (range N)))")]
    public void TwiceAsManyTakeTwiceTheRoomAndTheSteps(string text)
    {
        const int some = 8_000;
        Cost(text, 100);
        var (bytes, steps) = Cost(text, some);
        var (moreBytes, moreSteps) = Cost(text, 2 * some);

        // Two and a little for the levels of the trees; four would be quadratic.
        Assert.InRange(moreBytes, bytes, 2.6 * bytes);
        Assert.InRange(moreSteps, steps, 2.1 * steps);
    }

    [Theory]
    [InlineData("zipmap (range N) (range N)", 500)]
    [InlineData("into {} (map (fn [i] [i i]) (range N))", 500)]
    [InlineData("frequencies (range N)", 500)]
    [InlineData("merge (zipmap (range N) (range N)) (zipmap (range N) (range N))", 1_500)]
    public void AMapOfManyIsMadeAtOnce(string call, int bytes)
    {
        Cost($"(count ({call}))", 100);

        // One after the other takes some 1,200 bytes an entry.
        Assert.InRange(Cost($"(count ({call}))", 50_000).Bytes, 0, 50_000L * bytes);
    }

    private static (long Bytes, long Steps) Cost(string text, int count)
    {
        var program = Evaluate.Compile(text.Replace("N", $"{count}", StringComparison.Ordinal));
        var context = Evaluate.Context();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var running = program.RunAsync(context);
        Assert.True(running.IsCompletedSuccessfully);
        return (GC.GetAllocatedBytesForCurrentThread() - before, context.StepsUsed);
    }

    private sealed class CollidingKey(int number)
    {
        private readonly int _number = number;

        public override bool Equals(object? obj) => obj is CollidingKey other && other._number == _number;

        public override int GetHashCode() => 7;
    }
}
