// All that flows in one run: handles, flows, segments, sinks, and the ways in which it ends.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Syntax.Plan;

namespace Rtfs.Runtime.Streaming;

internal sealed class StreamRun
{
    private readonly Lock _graph = new();
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<Flow> _flows = [];
    private readonly List<Stage> _stages = [];
    private readonly List<(string From, string To)> _edges = [];
    private readonly List<Task> _tasks = [];
    private readonly Dictionary<string, SharedSink> _sinks = [];
    private readonly Dictionary<LocalChannel, ChannelWriters> _channels = [];
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenSource _stop;
    private readonly TaskScheduler _scheduler;
    private int _named;
    private bool _bodyIsDone;

    public StreamRun(TimeProvider time, TaskScheduler scheduler, RunEvents events, string? deadLetterPath, CancellationToken cancellation)
    {
        Time = time;
        _scheduler = scheduler;
        Events = events;
        DeadLetters = new DeadLetters(deadLetterPath, events);
        Failures = new FailureHandler(events, DeadLetters);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        Cancellation = _cancel.Token;
        Stopping = _stop.Token;
        Monitor = new RestMonitor { AtRest = AtRest };
    }

    public TimeProvider Time { get; }

    public BatchPool Pool { get; } = new();

    public RunEvents Events { get; }

    public DeadLetters DeadLetters { get; }

    public FailureHandler Failures { get; }

    public RestMonitor Monitor { get; }

    /// <summary>Everything stops where it is.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Sources stop; what was received is processed.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Whether the host holds every stream of the run.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>What failed the run, first of all.</summary>
    public RtfsException? Failure { get; private set; }

    /// <summary>What segments fork their contexts from.</summary>
    public EvaluationContext Evaluation { get; set; } = null!;

    /// <summary>An id for a stage, as the topology numbers them: by kind, in the order of opening.</summary>
    /// <param name="inside">Whether its capability is a channel of the plan's own.</param>
    public StageIdentity Name(string kind, string? label, string? capability, SourcePlace? place, bool inside = false)
    {
        lock (_graph)
        {
            var number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
            return new StageIdentity($"{kind}-{number}", kind, label ?? ShortName(capability) ?? kind, capability, place, ++_named, inside);
        }
    }

    public SharedSink Sink(string id, Func<SharedSink> make)
    {
        lock (_graph)
        {
            return _sinks.TryGetValue(id, out var sink) ? sink : _sinks[id] = make();
        }
    }

    /// <summary>Connects a flow's end to its stream; nothing starts.</summary>
    public void Wire(Flow flow)
    {
        lock (_graph)
        {
            _flows.Add(flow);
            if (ChannelOf(flow) is { } channel)
            {
                WritersOf(channel).Open++;
                WritersOf(channel).HadAny = true;
            }

            flow.Input.AddReader(flow);
        }
    }

    /// <summary>Starts flows, what feeds them, and all that reads from what feeds them.</summary>
    private void Start(IReadOnlyList<Flow> flows)
    {
        lock (_graph)
        {
            var segments = new GraphCompiler(this).Compile(flows);
            foreach (var segment in segments)
            {
                segment.Task.Begin();
            }

            foreach (var segment in segments)
            {
                _tasks.Add(Task.Factory.StartNew(segment.RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap());
            }
        }
    }

    /// <summary>The blocking form of a flow: starts it and raises its failure.</summary>
    public async ValueTask RunAsync(Flow flow, EngineTask waiter)
    {
        flow.HasWaiter = true;
        Start([flow]);
        await waiter.InsideAsync(flow.Completion, $"the end of {flow.End.Identity.Id}");
        if ((await flow.Completion).Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>The end of a plan's body: every flow of it that is still open runs to its end. Null for the plan that the run is of.</summary>
    public async ValueTask FinishAsync(PlanErrors? plan, EngineTask body)
    {
        while (true)
        {
            List<Flow> open;
            lock (_graph)
            {
                open = [.. _flows.Where(flow => !flow.Completion.IsCompleted && (plan is null || ReferenceEquals(flow.Plan, plan)))];
            }

            if (open.Count == 0)
            {
                return;
            }

            Start(open);
            if (plan is null)
            {
                BodyIsDone();
            }

            foreach (var flow in open)
            {
                await body.InsideAsync(flow.Completion, $"the end of {flow.End.Identity.Id}");
            }
        }
    }

    /// <summary>Waits for the segments and closes the sinks. Gives what went wrong in closing.</summary>
    public async Task<RtfsException?> CloseAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_graph)
            {
                running = [.. _tasks.Where(static task => !task.IsCompleted)];
            }

            if (running.Length == 0)
            {
                break;
            }

            foreach (var task in running)
            {
                await task;
            }
        }

        RtfsException? fault = null;
        foreach (var sink in _sinks.Values)
        {
            try
            {
                await sink.CloseAsync();
            }
            catch (Exception error)
            {
                fault ??= FailureHandler.AsRtfs(error);
            }
        }

        DeadLetters.Close();
        return fault;
    }

    public void Cancel() => _cancel.Cancel();

    public void Stop() => _stop.Cancel();

    /// <summary>The first failure is the run's; everything else stops.</summary>
    public void Fail(RtfsException failure)
    {
        lock (_graph)
        {
            Failure ??= failure;
        }

        _cancel.Cancel();
    }

    public void FlowEnded(Flow flow, RtfsException? failure)
    {
        DeadLetters.Flush();
        if (failure is not null && !flow.HasWaiter)
        {
            Fail(failure);
        }
    }

    public void WriterEnded(SharedSink sink)
    {
        if (sink.Provider is LocalChannel { IsHeldByHost: false } channel)
        {
            lock (_graph)
            {
                WritersOf(channel).Open--;
            }

            if (_bodyIsDone)
            {
                EndChannels();
            }
        }
    }

    public void Add(Stage stage) => _stages.Add(stage);

    public void AddEdge(string from, string to) => _edges.Add((from, to));

    public void AddEdges(StreamHandle? head, IReadOnlyList<Step> steps)
    {
        var from = head?.Identity.Id;
        foreach (var step in steps)
        {
            if (from is not null)
            {
                AddEdge(from, step.Stage.Identity.Id);
            }

            from = step.Stage.Identity.Id;
        }
    }

    /// <summary>Flows that write to the local channel that a source reads.</summary>
    public IEnumerable<Flow> FlowsWritingTo(SourceHandle source) =>
        _flows.Where(flow => ChannelOf(flow) is { } channel && ReferenceEquals(channel, source.Provider)).ToArray();

    /// <summary>Flows that read the local channel that a flow writes to.</summary>
    public IEnumerable<Flow> FlowsJoinedByChannel(Flow writer) => ChannelOf(writer) is { } channel
        ? _flows.Where(flow => Reads(flow.Input, channel)).ToArray()
        : [];

    public IReadOnlyList<(StageIdentity Identity, StageSummary Summary)> Summaries()
    {
        lock (_graph)
        {
            // Every flow into a sink has a stage of its own, with the identity of the sink that they share.
            return [.. InOrder().GroupBy(static stage => stage.Identity.Id).Select(static stages =>
                (stages.First().Identity, stages.Select(static stage => stage.Counters.Summary(stage.Identity)).Aggregate(static (sum, next) => sum.Plus(next))))];
        }
    }

    public Topology Topology()
    {
        lock (_graph)
        {
            var source = _stages.Select(static stage => stage.Identity.Place?.Source).FirstOrDefault(static source => source is not null);
            var stages = InOrder().Select(static stage => stage.Identity).Select(static identity => new TopologyStage(
                identity.Id, identity.Kind, identity.Label, identity.Capability, identity.Place?.Span ?? Syntax.Text.Span.Of(0, 0)));
            var edges = _edges.Distinct().Select(static edge => new TopologyEdge(edge.From, edge.To, ":any"));
            return new Topology([.. stages], [.. edges], source);
        }
    }

    private static string? ShortName(string? capability) => capability?[(capability.LastIndexOf(':') + 1)..];

    private static bool Reads(StreamHandle handle, LocalChannel channel) =>
        handle is SourceHandle source ? ReferenceEquals(source.Provider, channel) : handle.Inputs.Any(input => Reads(input, channel));

    private static LocalChannel? ChannelOf(Flow flow) =>
        flow.End is SinkEnd { Handle.Sink.Provider: LocalChannel { IsHeldByHost: false } channel } ? channel : null;

    private ChannelWriters WritersOf(LocalChannel channel) =>
        _channels.TryGetValue(channel, out var writers) ? writers : _channels[channel] = new ChannelWriters();

    /// <summary>As items flow: every stage behind those that feed it, otherwise in the order of writing.</summary>
    private IEnumerable<Stage> InOrder()
    {
        var feeders = _edges.Distinct().ToLookup(static edge => edge.To, static edge => edge.From);
        var waiting = _stages.OrderBy(static stage => stage.Identity.Order).ToList();
        var given = new HashSet<string>();
        while (waiting.Count > 0)
        {
            // A channel that a plan writes and reads may close a ring; the first written then breaks it.
            var next = waiting.FirstOrDefault(stage => feeders[stage.Identity.Id].All(given.Contains)) ?? waiting[0];
            waiting.Remove(next);
            given.Add(next.Identity.Id);
            yield return next;
        }
    }

    private void BodyIsDone()
    {
        _bodyIsDone = true;
        EndChannels();
    }

    /// <summary>Ends the plan's own channels that have had writers and have none left. False when there was none to end.</summary>
    private bool EndChannels()
    {
        LocalChannel[] ending;
        lock (_graph)
        {
            ending = [.. _channels.Where(static entry => entry.Value is { HadAny: true, Open: 0 } && !entry.Key.HasEnded).Select(static entry => entry.Key)];
        }

        foreach (var channel in ending)
        {
            channel.End();
        }

        return ending.Length > 0;
    }

    private Action? AtRest(IReadOnlyList<EngineTask> waiting)
    {
        if (EndChannels())
        {
            return null;
        }

        var told = waiting.Select(static task => $"{task.Form}{(task.Place is { } place ? $" at {place}" : "")} waits for {task.CurrentWait?.Description}");
        var stalled = new RtfsException(
            "RTFS9031",
            "Stalled",
            $"nothing in this run can move any more: {string.Join("; ", told)}. Wire something that writes to it, or let the host hold the channel.",
            waiting.Select(static task => task.Place).FirstOrDefault(static place => place is not null));
        return () => Fail(stalled);
    }

    private sealed class ChannelWriters
    {
        public int Open { get; set; }

        public bool HadAny { get; set; }
    }
}
