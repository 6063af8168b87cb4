// The reference work as an RTFS plan, run by the engine as any host would run it.

using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;

namespace Rtfs.Benchmarks.SensorPipeline;

public static class SensorPlan
{
    private const string Text = """
        (defn derive [r]
          (assoc r :fahrenheit (+ (* (:value r) 1.8) 32.0)
                   :ratio (* (:value r) 0.01)))

        (defn score [r]
          (assoc r :score (+ (* (:fahrenheit r) 0.5) (:ratio r))))

        (stream-execute
          (stream-pipeline
            [(stream-source "bench:v1.0:readings" OPTIONS)
             (stream-transform :fn derive)
             (stream-transform :fn score)
             (stream-filter (fn [r] (> (:value r) 50.0)))
             (stream-key-by :sensor-id)
             (stream-window {:type :tumbling :count 100})
             (stream-aggregate {:average [:avg :score]})
             (stream-sink "bench:v1.0:averages")]))
        """;

    private const string Schema = """
        {:schema [:map [:sensor-id :string] [:value [:and :float [:in-range 0 100]]] [:ts :int] [:unit [:enum "C" "F"]]]}
        """;

    /// <param name="validated">Whether every reading is checked against a schema of its four fields.</param>
    public static async Task<double> RunAsync(int items, bool validated = false)
    {
        var sink = new SumProvider();
        await using var engine = new RtfsEngine();
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:readings", new ReadingsProvider(items));
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:averages", sink);
        var run = await engine.Marketplace.ExecutePlanAsync(
            engine.Load(Text.Replace("OPTIONS", validated ? Schema : "{}", StringComparison.Ordinal), "sensor-pipeline.rtfs"), new RunOptions { Grants = Grants.None.AllowCapability("bench:*") });
        if (run.Outcome != RunOutcome.Completed || run.ItemsIn != items)
        {
            throw new InvalidOperationException($"The plan ended as {run.Outcome} after {run.ItemsIn} items: {run.Error?.Message}");
        }

        return sink.Sum;
    }

    private sealed class ReadingsProvider(int items) : IStreamSourceProvider
    {
        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) =>
            new(new ReadingsSource(items));
    }

    private sealed class ReadingsSource(int items) : IStreamSource
    {
        private int _left = items;
        private int _next;

        public ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
        {
            if (_left == 0)
            {
                return new(false);
            }

            var values = SensorData.Values;
            while (_left > 0 && !batch.IsFull)
            {
                batch.Add(values[_next]);
                _next = _next + 1 == values.Length ? 0 : _next + 1;
                _left--;
            }

            return new(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class SumProvider : IStreamSinkProvider, IStreamSink
    {
        private static readonly Keyword Average = Keyword.Of("average");

        public double Sum { get; private set; }

        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
        {
            foreach (var item in items.Span)
            {
                Sum += item.As<MapValue>()!.GetOrNil(Average).AsFloat;
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
