// The host around a simulated run: sources, sinks and calls whose time is the script's, and a record of all that was seen.

using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Tests.Streaming;
using Rtfs.Runtime.Values;

namespace Rtfs.Simulation;

internal sealed class World
{
    private readonly SeededScheduler _scheduler;
    private readonly RtfsEngine _engine;
    private readonly Dictionary<int, PushedSource> _sources = [];
    private readonly Dictionary<(int, long), int> _tries = [];
    private readonly Dictionary<int, int> _inside = [];
    private readonly List<TaskCompletionSource> _pending = [];
    private readonly List<int> _paused = [];

    public World(int seed, SimulatedPlan plan)
    {
        _scheduler = new SeededScheduler(seed);
        Clock = new CountingTime();
        _engine = new RtfsEngine(new RtfsEngineOptions { Time = Clock }) { Scheduler = _scheduler, Audits = true };
        foreach (var node in plan.Nodes.Where(static node => node is { Kind: NodeKind.Source, IsAtHand: false }))
        {
            _sources[node.Id] = new PushedSource();
            Register(node.Name, _sources[node.Id]);
        }

        foreach (var end in plan.Ends)
        {
            Seen[end.Id] = [];
            Events[end.Id] = [];
            if (end.Kind == EndKind.Sink)
            {
                var sink = new NumberSink(Seen[end.Id], end.IsSlow ? WaitAsync : null);
                Sinks.Add(sink);
                Register(end.Name, sink);
            }
        }

        Register("control", Control);
        Register("item", (arguments, _) => new ValueTask<Value>(Took((int)arguments[0].AsInt, Take(arguments))));
        Register("work", WorkAsync);
        Register("slow", SlowAsync);
        Register("flaky", (arguments, _) => new ValueTask<Value>(Flaky(plan, arguments)));
        Register("event", (arguments, _) => new ValueTask<Value>(Happened(plan, arguments)));
        Registration = plan;
    }

    public SimulatedPlan Registration { get; }

    public CountingTime Clock { get; }

    /// <summary>Takes the ids of ends that are to be resumed.</summary>
    public PushedSource Control { get; } = new();

    public List<NumberSink> Sinks { get; } = [];

    public IReadOnlyDictionary<int, PushedSource> Sources => _sources;

    public Dictionary<int, List<long>> Seen { get; } = [];

    public Dictionary<int, List<string>> Events { get; } = [];

    /// <summary>What no run may do, in words; empty when it did not.</summary>
    public List<string> Faults { get; } = [];

    public int PendingCalls => _pending.Count;

    public IReadOnlyList<int> PausedEnds => _paused;

    public PlanRun Start(string text) =>
        _engine.StartAsync(_engine.Load(text), new RunOptions { Grants = Grants.All }).GetAwaiter().GetResult();

    public void Settle() => _scheduler.RunUntilIdle();

    /// <summary>Ends one of the host calls that are under way.</summary>
    public void Answer(int index)
    {
        var call = _pending[index];
        _pending.RemoveAt(index);
        call.TrySetResult();
    }

    public void Resumed(int end) => _paused.Remove(end);

    private static async Task AwaitAsync(TaskCompletionSource pending, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), pending);
        await pending.Task;
    }

    private void Register(string id, IStreamingProvider provider) =>
        _engine.Marketplace.RegisterStreamingProviderAsync($"com.sim:v1:{id}", provider).AsTask().GetAwaiter().GetResult();

    private void Register(string id, Func<IReadOnlyList<Value>, CancellationToken, ValueTask<Value>> function) =>
        _engine.Marketplace.RegisterCapabilityAsync($"com.sim:v1:{id}", new HostFunction(function)).AsTask().GetAwaiter().GetResult();

    /// <summary>An item at an end: gives how many were there before it.</summary>
    private Value Take(IReadOnlyList<Value> arguments)
    {
        var end = (int)arguments[0].AsInt;
        if (Events[end] is [.., "complete" or "cancel" or "error"])
        {
            Faults.Add($"e{end} got an item after its terminal event");
        }

        Seen[end].Add(arguments[1].AsInt);
        return Value.Int(Seen[end].Count - 1);
    }

    /// <summary>The body is about to go on, and to ask its stream for what it asks at this item.</summary>
    private Value Took(int end, Value place)
    {
        if (Registration.Ends[end] is { Act: Act.Pause } pausing && place.AsInt == pausing.ActAt)
        {
            _paused.Add(end);
        }

        return place;
    }

    private async ValueTask<Value> WorkAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation)
    {
        var end = (int)arguments[0].AsInt;
        if (_inside.GetValueOrDefault(end) > 0)
        {
            Faults.Add($"two callbacks of e{end} overlap");
        }

        var place = Take(arguments);
        _inside[end] = 1;
        try
        {
            await WaitAsync(cancellation);
        }
        finally
        {
            _inside[end] = 0;
        }

        return Took(end, place);
    }

    private async ValueTask<Value> SlowAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation)
    {
        await WaitAsync(cancellation);
        return default;
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending.Add(pending);
        try
        {
            await AwaitAsync(pending, cancellation);
        }
        finally
        {
            _pending.Remove(pending);
        }
    }

    private Value Flaky(SimulatedPlan plan, IReadOnlyList<Value> arguments)
    {
        var node = plan.Nodes[(int)arguments[0].AsInt];
        var item = arguments[1].AsInt;
        if (Item.NumberOf(item) % node.Modulus == 0)
        {
            var tries = _tries[(node.Id, item)] = _tries.GetValueOrDefault((node.Id, item)) + 1;
            if (tries <= node.Failures)
            {
                throw new InvalidOperationException($"try {tries}");
            }
        }

        return Value.Int(item + node.Code);
    }

    private Value Happened(SimulatedPlan plan, IReadOnlyList<Value> arguments)
    {
        var end = (int)arguments[0].AsInt;
        var word = arguments[1].As<Keyword>()!.Name;
        if (_inside.GetValueOrDefault(end) > 0)
        {
            Faults.Add($"the {word} callback of e{end} overlaps with an item");
        }

        if (Events[end] is [.., "complete" or "cancel" or "error"])
        {
            Faults.Add($"e{end} was told {word} after its terminal event {Events[end][^1]}");
        }

        Events[end].Add(word);
        return default;
    }

    private sealed class HostFunction(Func<IReadOnlyList<Value>, CancellationToken, ValueTask<Value>> function) : ICapabilityProvider
    {
        public ValueTask<Value> CallAsync(IReadOnlyList<Value> arguments, CancellationToken cancellation) => function(arguments, cancellation);
    }
}

/// <summary>A sink that keeps what it is given, at once or when the script lets it.</summary>
internal sealed class NumberSink(List<long> items, Func<CancellationToken, Task>? wait) : IStreamSinkProvider, IStreamSink
{
    public int Opened { get; private set; }

    public int Closed { get; private set; }

    public IReadOnlyList<Effect> Effects => [];

    public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation)
    {
        Opened++;
        return new(this);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<Value> written, CancellationToken cancellation)
    {
        if (wait is not null)
        {
            await wait(cancellation);
        }

        for (var i = 0; i < written.Length; i++)
        {
            items.Add(written.Span[i].AsInt);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }
}
