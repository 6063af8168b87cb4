// What a seeded scheduler cannot show: real threads, real time, real memory.

using System.Globalization;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Simulation;

/// <summary>
/// Short by default. <c>RTFS_RACES=100000</c> and <c>RTFS_SLOW_SECONDS=600</c> give the long runs. Nothing is asserted about how fast a
/// thing is: only what must hold however the threads run.
/// </summary>
public sealed class StressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Start, pause, resume, close, cancel and stop, from the host and from callbacks, at once.</summary>
    [Fact]
    public async Task Races_of_the_lifecycle_end_every_stream_once_and_leave_no_run_behind()
    {
        var races = Number("RTFS_RACES", 5_000);
        await Parallel.ForAsync(0, races, new ParallelOptions { MaxDegreeOfParallelism = 4 }, static async (seed, _) => await RaceAsync(seed));
    }

    /// <summary>A source without end before a reader that cannot keep up, under each strategy.</summary>
    [Theory]
    [InlineData(":block", false)]
    [InlineData(":drop-oldest", true)]
    [InlineData(":drop-newest", true)]
    [InlineData("{:strategy :resize :buffer-size 16 :max-size 4096}", false)]
    public async Task A_slow_reader_costs_a_bounded_memory_and_no_item_uncounted(string strategy, bool drops)
    {
        var seconds = Number("RTFS_SLOW_SECONDS", 20) / 4.0;
        await using var engine = new RtfsEngine();
        var source = new EndlessNumbers();
        var taken = 0L;
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:in", source);
        await engine.Marketplace.RegisterCapabilityAsync("com.stress:v1:slow", new Host(async (_, cancellation) =>
        {
            await Task.Delay(1, cancellation);
            taken++;
            return Value.Nil;
        }));
        var run = await engine.StartAsync(
            engine.Load($$"""(stream-consume (stream-source "com.stress:v1:in") {x => (call "com.stress:v1:slow" x)} {:backpressure {{strategy}}})"""),
            new RunOptions { Grants = Grants.All });
        var seen = new List<long>();
        for (var sample = 0; sample < 10; sample++)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds / 10));
            seen.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        var summary = await run.StopAsync(drain: true).WaitAsync(Patience);
        Assert.Null(summary.Error);
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        Assert.Equal(source.Given, summary.ItemsIn);
        Assert.Equal(summary.ItemsIn, taken + summary.Dropped);
        Assert.Equal(drops, summary.Dropped > 0);

        // After the first half the memory that lives drifts by less than a tenth, and a megabyte that the runtime itself may take.
        var (middle, last) = (seen[4], seen[9]);
        Assert.True(last < (middle * 1.1) + 1_000_000, $"{middle} bytes in the middle of the run, {last} at its end");
    }

    /// <summary>A sink that never comes back holds nobody up whose buffer is his own.</summary>
    [Fact]
    public async Task One_hung_sink_of_three_does_not_hold_the_others_back()
    {
        await using var engine = new RtfsEngine();
        const int items = 100_000;
        var (left, right) = (new CountingSink(), new CountingSink());
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:left", left);
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:right", right);
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:hung", new HungSink());
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:in", new EndlessNumbers { Limit = items });
        var run = await engine.StartAsync(
            engine.Load("""
                (def in (stream-source "com.stress:v1:in"))
                (stream-transform :input-stream in :output-stream (stream-sink "com.stress:v1:hung" {:config {:backpressure :drop-oldest}}))
                (stream-transform :input-stream in :output-stream "com.stress:v1:left")
                (stream-transform :input-stream in :output-stream "com.stress:v1:right")
                """),
            new RunOptions { Grants = Grants.All });
        await Task.WhenAll(left.Reached(items), right.Reached(items)).WaitAsync(Patience);
        var summary = await run.StopAsync(drain: false).WaitAsync(Patience);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
    }

    private static async ValueTask RaceAsync(int seed)
    {
        var random = new Random(seed);
        await using var engine = new RtfsEngine();
        var watched = new Watched();
        var act = random.Next(5) switch { 0 => "(stream-close h)", 1 => "(stream-cancel h)", 2 => "(stream-pause h)", 3 => "(stream-close m)", _ => "nil" };
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:in", new EndlessNumbers { Limit = random.Next(2000), Yields = random.Next(2) == 0 });
        await engine.Marketplace.RegisterStreamingProviderAsync("com.stress:v1:control", new EndlessNumbers { Limit = 20, Yields = true });
        await engine.Marketplace.RegisterCapabilityAsync("com.stress:v1:event", new Host((arguments, _) => watched.Happened(arguments[0].As<Keyword>()!.Name)));
        var told = string.Join(' ', new[] { "start", "complete", "cancel", "pause", "resume" }.Select(static word => $":on-{word} (fn [] (call \"com.stress:v1:event\" :{word}))"));
        var run = await engine.StartAsync(
            engine.Load($$$"""
                (def h (stream-source "com.stress:v1:in" {:config {:batch-size {{{1 + random.Next(64)}}}}}))
                (def m (stream-map h (fn [x] (+ x 1))))
                (stream-consume m {:on-item (fn [x] (call "com.stress:v1:event" :item) (when (= x {{{random.Next(300)}}}) {{{act}}})) {{{told}}}
                                   :on-error (fn [e] (call "com.stress:v1:event" :error))})
                (stream-consume (stream-source "com.stress:v1:control") {:on-item (fn [x] (stream-resume h))})
                """),
            new RunOptions { Grants = Grants.All });
        for (var i = random.Next(4); i > 0; i--)
        {
            run.Pause();
            await Task.Yield();
            run.Resume();
        }

        var stopping = random.Next(4) switch
        {
            0 => run.StopAsync(drain: true),
            1 => run.StopAsync(drain: false),
            2 => run.StopAsync(TimeSpan.FromMilliseconds(random.Next(5))),
            _ => run.Completion,
        };
        var summary = await stopping.WaitAsync(Patience);

        // A stream that its own callback paused after the last of the control items is named as stalled.
        Assert.True(summary.Error is null or { Kind: "Stalled" }, $"seed {seed}: {summary.Error}");
        Assert.All(summary.Stages, stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, $"seed {seed}: {stage}"));
        Assert.True(watched.Fault is null, $"seed {seed}: {watched.Fault}");
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>What one stream told, and what it may not tell.</summary>
    private sealed class Watched
    {
        private readonly Lock _gate = new();
        private string? _terminal;
        private int _inside;

        public string? Fault { get; private set; }

        public async ValueTask<Value> Happened(string word)
        {
            lock (_gate)
            {
                Fault ??= _terminal is not null ? $"{word} after {_terminal}" : _inside > 0 ? $"{word} overlaps with another" : null;
                _terminal ??= word is "complete" or "cancel" or "error" ? word : null;
                _inside++;
            }

            await Task.Yield();
            lock (_gate)
            {
                _inside--;
            }

            return Value.Nil;
        }
    }

    private sealed class Host(Func<IReadOnlyList<Value>, CancellationToken, ValueTask<Value>> function) : ICapabilityProvider
    {
        public ValueTask<Value> CallAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation) => function(arguments, cancellation);
    }

    private sealed class EndlessNumbers : IStreamSourceProvider, IStreamSource
    {
        public long Given { get; private set; }

        public long Limit { get; init; } = long.MaxValue;

        public bool Yields { get; init; }

        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public async ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
        {
            if (Yields)
            {
                await Task.Yield();
            }

            cancellation.ThrowIfCancellationRequested();
            if (Given == Limit)
            {
                return false;
            }

            while (!batch.IsFull && Given < Limit)
            {
                batch.Add(Value.Int(Given++));
            }

            return true;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CountingSink : IStreamSinkProvider, IStreamSink
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _count;
        private long _wanted = long.MaxValue;

        public IReadOnlyList<Effect> Effects => [];

        public Task Reached(long count)
        {
            Volatile.Write(ref _wanted, count);
            return Volatile.Read(ref _count) >= count ? Task.CompletedTask : _reached.Task;
        }

        public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
        {
            if (Interlocked.Add(ref _count, items.Length) >= Volatile.Read(ref _wanted))
            {
                _reached.TrySetResult();
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class HungSink : IStreamSinkProvider, IStreamSink
    {
        public IReadOnlyList<Effect> Effects => [];

        public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation) => await Task.Delay(Timeout.Infinite, cancellation);

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
