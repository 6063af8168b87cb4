// The ground on which streams are tested: a seeded scheduler, virtual time, and providers that keep or give what a test says.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

/// <summary>One engine whose interleavings follow from the seed and whose clock stands still until it is moved.</summary>
internal sealed class Bench
{
    private readonly SeededScheduler _scheduler;

    public Bench(int seed = 1, params IProviderFactory[] factories)
    {
        _scheduler = new SeededScheduler(seed);
        var options = new RtfsEngineOptions { Time = Clock };
        foreach (var factory in factories)
        {
            options.ProviderFactories.Add(factory);
        }

        Engine = new RtfsEngine(options) { Scheduler = _scheduler, Audits = true };
    }

    public CountingTime Clock { get; } = new();

    public RtfsEngine Engine { get; }

    /// <summary>Registers a sink under an id that keeps what it is given.</summary>
    public KeepingSink Keep(string id)
    {
        var sink = new KeepingSink();
        Register(id, sink);
        return sink;
    }

    public void Register(string id, IStreamingProvider provider) =>
        Engine.Marketplace.RegisterStreamingProviderAsync(id, provider).AsTask().GetAwaiter().GetResult();

    public void Register(string id, Func<IReadOnlyList<Value>, CancellationToken, ValueTask<Value>> function) =>
        Engine.Marketplace.RegisterCapabilityAsync(id, new DelegateCapability(function)).AsTask().GetAwaiter().GetResult();

    public PlanRun Start(string text, RunOptions? options = null, CancellationToken cancellation = default) =>
        Engine.StartAsync(Engine.Load(text), options ?? new RunOptions { Grants = Grants.All }, cancellation).GetAwaiter().GetResult();

    /// <summary>Does everything that can be done without the clock or the test moving.</summary>
    public void Settle() => _scheduler.RunUntilIdle();

    /// <summary>Runs to the end; the run must need neither the clock nor the test.</summary>
    public RunSummary Run(string text, RunOptions? options = null)
    {
        var run = Start(text, options);
        Settle();
        return Ended(run);
    }

    public RunSummary Ended(PlanRun run)
    {
        Settle();
        Assert.True(run.Completion.IsCompleted, "The run did not end: " + string.Join("; ", run.Snapshot().Stages));
        return run.Completion.GetAwaiter().GetResult();
    }

    /// <summary>After a run nothing is left of it: no task that waits, no timer.</summary>
    public void NothingIsLeft(PlanRun run)
    {
        Assert.Equal("", ((PlanExecution)run).Waits);
        Assert.Equal(0, Clock.Timers);
    }

    public static IReadOnlyList<RunEvent> EventsOf(PlanRun run)
    {
        var events = new List<RunEvent>();
        var reader = run.Events.GetAsyncEnumerator();
        while (reader.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
            events.Add(reader.Current);
        }

        return events;
    }

    /// <summary>Text of the plan that registers a source of the given items.</summary>
    public static string Values(string id, string items) =>
        $"(register-stream-capability :capability-id \"{id}\" :type :stream-source :provider {{:kind :values :items [{items}]}})\n";
}

internal sealed class DelegateCapability(Func<IReadOnlyList<Value>, CancellationToken, ValueTask<Value>> function) : ICapabilityProvider
{
    public ValueTask<Value> CallAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation) => function(arguments, cancellation);
}

internal sealed class KeepingSink : IStreamSinkProvider, IStreamSink
{
    private readonly List<Value> _items = [];

    /// <summary>Items that throw, and how.</summary>
    public Func<Value, ProviderException?> Fault { get; set; } = static _ => null;

    public IReadOnlyList<Value> Items => _items;

    public string Text => string.Join(" ", _items);

    public int Opened { get; private set; }

    public int Flushed { get; private set; }

    public int Closed { get; private set; }

    public IReadOnlyList<Effect> Effects => [];

    public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation)
    {
        Opened++;
        return new(this);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (Fault(items.Span[i]) is { } fault)
            {
                throw new ProviderException(fault.Message) { Accepted = i, ItemOnly = fault.ItemOnly };
            }

            _items.Add(items.Span[i]);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        Flushed++;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }
}
