// What flows cost each other: one hung sink of three, and callbacks on every event.

using Rtfs.Benchmarks.Goals;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;

namespace Rtfs.Benchmarks.Flows;

public static class FlowGoals
{
    /// <summary>Prints a line for each goal; medians of <paramref name="rounds"/> after two to warm up.</summary>
    public static async Task MeasureAsync(int items, int rounds, TextWriter progress)
    {
        var contest = new Contest(rounds, warmUps: 2);
        contest.Add("three-sinks", () => ThreeSinksAsync(items, hangs: false));
        contest.Add("one-of-three-hangs", () => ThreeSinksAsync(items, hangs: true));
        contest.Add("without-callbacks", () => ConsumeAsync(items, ":on-item (fn [x] x)"));
        contest.Add("with-callbacks", () => ConsumeAsync(items, Callbacks));
        await progress.WriteLineAsync($"Flows, {items:N0} items, {rounds} rounds after two to warm up");
        await contest.RunAsync(progress);
        Console.WriteLine(new Goal("beside-a-hung-sink", contest.Seconds("three-sinks") / contest.Seconds("one-of-three-hangs"), 0.95, 0.95, "times"));
        Console.WriteLine(new Goal("callbacks-on", contest.Seconds("without-callbacks") / contest.Seconds("with-callbacks"), 0.5, 0.5, "times"));
    }

    private static readonly string Callbacks = ":on-item (fn [x] x) " + string.Join(
        ' ', new[] { "on-start", "on-complete", "on-cancel", "on-pause", "on-resume" }.Select(static name => $":{name} (fn [] nil)"))
        + " :on-error (fn [e] nil) :on-backpressure (fn [e] nil)";

    /// <summary>Until the two sinks that work have everything. Gives the items that they got.</summary>
    private static async Task<double> ThreeSinksAsync(int items, bool hangs)
    {
        await using var engine = new RtfsEngine();
        var (left, right) = (new CountingSink(items), new CountingSink(items));
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:numbers", new Numbers(items));
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:left", left);
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:right", right);
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:third", new CountingSink(items) { Hangs = hangs });
        await using var run = await engine.StartAsync(
            engine.Load("""
                (def numbers (stream-source "bench:v1.0:numbers"))
                (stream-transform :input-stream numbers :output-stream (stream-sink "bench:v1.0:third" {:config {:backpressure :drop-oldest}}))
                (stream-transform :input-stream (stream-map numbers inc) :output-stream "bench:v1.0:left")
                (stream-transform :input-stream (stream-map numbers dec) :output-stream "bench:v1.0:right")
                """),
            new RunOptions { Grants = Grants.None.AllowCapability("bench:*") });
        await Task.WhenAll(left.Done, right.Done);
        return items;
    }

    private static async Task<double> ConsumeAsync(int items, string callbacks)
    {
        await using var engine = new RtfsEngine();
        await engine.Marketplace.RegisterStreamingProviderAsync("bench:v1.0:numbers", new Numbers(items));
        var summary = await engine.Marketplace.ExecutePlanAsync(
            engine.Load($$"""(stream-consume (stream-map (stream-source "bench:v1.0:numbers") inc) {{{callbacks}}})"""),
            new RunOptions { Grants = Grants.None.AllowCapability("bench:*") });
        return summary.ItemsIn;
    }

    private sealed class Numbers(int items) : IStreamSourceProvider, IStreamSource
    {
        private int _next;

        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
        {
            var any = _next < items;
            while (_next < items && !batch.IsFull)
            {
                batch.Add(Value.Int(_next++));
            }

            return new(any);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CountingSink(int items) : IStreamSinkProvider, IStreamSink
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public bool Hangs { get; init; }

        public Task Done => _done.Task;

        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public async ValueTask WriteAsync(ReadOnlyMemory<Value> written, CancellationToken cancellation)
        {
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            _count += written.Length;
            if (_count >= items)
            {
                _done.TrySetResult();
            }
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
