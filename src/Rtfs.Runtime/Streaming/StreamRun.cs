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
    private readonly List<Flow> _flows = [];
    private readonly List<Task> _tasks = [];
    private readonly List<Segment> _segments = [];
    private readonly StageList _list = new();
    private readonly Writers _writers = new();
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenSource _stop;
    private readonly TaskScheduler _scheduler;
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

    /// <inheritdoc cref="StageList.Name"/>
    public StageIdentity Name(string kind, string? label, string? capability, SourcePlace? place, bool inside = false)
    {
        lock (_graph)
        {
            return _list.Name(kind, label, capability, place, inside);
        }
    }

    public SharedSink Sink(string id, Func<SharedSink> make)
    {
        lock (_graph)
        {
            return _writers.Sink(id, make);
        }
    }

    /// <summary>Does something to the graph, or to what is asked of its streams, while nobody else does.</summary>
    public T Locked<T>(Func<T> body)
    {
        lock (_graph)
        {
            return body();
        }
    }

    /// <summary>Connects a flow's end to its stream; nothing starts.</summary>
    public void Wire(Flow flow)
    {
        lock (_graph)
        {
            _flows.Add(flow);
            if (Writers.SinkOf(flow) is { } sink)
            {
                _writers.Add(sink, flow);
            }

            flow.Input.AddReader(flow);
        }
    }

    /// <summary>Starts flows, what feeds them, and all that reads from what feeds them.</summary>
    public void Start(IReadOnlyList<Flow> flows)
    {
        lock (_graph)
        {
            var segments = new GraphCompiler(this).Compile(flows);
            foreach (var segment in segments)
            {
                segment.Task.Begin();
                _segments.Add(segment);
            }

            foreach (var segment in segments)
            {
                _tasks.Add(Task.Factory.StartNew(segment.RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap());
            }
        }
    }

    /// <summary>The blocking form of flows: starts them, waits until they have ended, and raises the first failure.</summary>
    /// <param name="cancellation">Of the form: a branch whose neighbour failed gives its flows up.</param>
    public async ValueTask RunAsync(IReadOnlyList<Flow> flows, EngineTask waiter, CancellationToken cancellation)
    {
        foreach (var flow in flows)
        {
            flow.HasWaiter = true;
        }

        RtfsException? failure = null;
        try
        {
            await waiter.StartAsync(this, flows);
            await using var giving = cancellation.UnsafeRegister(static state => GiveUp((IReadOnlyList<Flow>)state!), flows);
            foreach (var flow in flows)
            {
                await waiter.InsideAsync(flow.Completion, $"the end of {flow.End.Identity.Id}");
                failure ??= (await flow.Completion).Failure;
            }
        }
        finally
        {
            waiter.Among?.GoOn();
        }

        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static void GiveUp(IReadOnlyList<Flow> flows)
    {
        foreach (var flow in flows)
        {
            flow.Segment?.Cancel(now: true);
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

            await body.StartAsync(this, open);
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
        foreach (var sink in _writers.Sinks)
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
        bool bodyIsDone;
        lock (_graph)
        {
            _writers.Remove(flow);
            bodyIsDone = _bodyIsDone;
        }

        if (bodyIsDone)
        {
            EndFinished();
        }

        if (failure is not null && !flow.HasWaiter)
        {
            Fail(failure);
        }
    }

    /// <summary>A form has produced to a sink: the flow that it stands in, or the plan's body, is one of its writers.</summary>
    public void Produces(SharedSink sink, Segment? segment)
    {
        lock (_graph)
        {
            _writers.Add(sink, segment?.Flow);
        }
    }

    /// <summary>Flows that read what a sink takes and have not been started.</summary>
    public IReadOnlyList<Flow> ColdReadersOf(SharedSink sink)
    {
        lock (_graph)
        {
            return [.. _flows.Where(flow => !flow.IsStarted && Writers.IsReadBy(sink, flow.Input))];
        }
    }

    public void Add(Stage stage)
    {
        lock (_graph)
        {
            _list.Add(stage);
        }
    }

    /// <summary>The stage is done: from now on its counts stand with those of its identity.</summary>
    public void Merge(Stage stage)
    {
        lock (_graph)
        {
            _list.Merge(stage);
        }
    }

    public void AddEdge(string from, string to) => _list.AddEdge(from, to);

    public void AddEdges(StreamHandle? head, IReadOnlyList<Step> steps) => _list.AddEdges(head, steps);

    /// <summary>Flows that write to what a source, or the handle of accepted items, gives.</summary>
    public IEnumerable<Flow> FlowsWritingTo(StreamHandle stream) => _writers.FlowsInto(stream);

    /// <summary>Flows that read what a flow writes to.</summary>
    public IEnumerable<Flow> FlowsJoinedByChannel(Flow writer) =>
        Writers.SinkOf(writer) is { } sink ? _flows.Where(flow => Writers.IsReadBy(sink, flow.Input)).ToArray() : [];

    /// <summary>Flows whose items come from a stream, or go to a sink.</summary>
    public IReadOnlyList<Flow> FlowsOn(StreamHandle handle)
    {
        lock (_graph)
        {
            return [.. _flows.Where(flow => ReferenceEquals(flow.End.Handle, handle) || ComesFrom(flow.Input, handle))];
        }
    }

    /// <summary>The segments that have not ended.</summary>
    public IReadOnlyList<Segment> Segments
    {
        get
        {
            lock (_graph)
            {
                return [.. _segments.Where(static segment => !segment.HasEnded)];
            }
        }
    }

    public IReadOnlyList<(StageIdentity Identity, StageSummary Summary)> Summaries()
    {
        lock (_graph)
        {
            return _list.Summaries();
        }
    }

    public Topology Topology()
    {
        lock (_graph)
        {
            return _list.Topology();
        }
    }

    /// <summary>Holds every stream of the run, or lets them go on.</summary>
    public void Hold(bool held)
    {
        lock (_graph)
        {
            IsHeld = held;
            foreach (var segment in _segments)
            {
                segment.Ask();
            }
        }
    }

    public static bool ComesFrom(StreamHandle stream, StreamHandle origin) =>
        ReferenceEquals(stream, origin) || stream.Inputs.Any(input => ComesFrom(input, origin));

    private void BodyIsDone()
    {
        lock (_graph)
        {
            _bodyIsDone = true;
        }

        EndFinished();
    }

    /// <summary>Ends what is read of channels and sinks that have had writers and have none left. False when there was none to end.</summary>
    private bool EndFinished()
    {
        SharedSink[] ending;
        lock (_graph)
        {
            ending = _writers.TakeFinished();
        }

        End(ending);
        return ending.Length > 0;
    }

    private static void End(SharedSink[] sinks)
    {
        foreach (var sink in sinks)
        {
            (sink.Provider as LocalChannel)?.End();
            sink.Accepted?.Outputs.End(Ending.Complete);
        }
    }

    /// <summary>
    /// Nothing can move. In turn: channels without a writer end; flows that nobody has started do; channels that the plan opened for
    /// writing and has not written end, with a warning. Else the run fails.
    /// </summary>
    private Action? AtRest(IReadOnlyList<EngineTask> waiting)
    {
        if (EndFinished())
        {
            return null;
        }

        List<Flow> cold;
        SharedSink[] unwritten;
        lock (_graph)
        {
            cold = [.. _flows.Where(static flow => !flow.IsStarted)];
            unwritten = cold.Count > 0 ? [] : _writers.TakeUnwritten();
        }

        if (cold.Count > 0)
        {
            return () => StartAtRest(cold);
        }

        if (unwritten.Length > 0)
        {
            foreach (var sink in unwritten)
            {
                Events.Log("warn", "", $"{sink.Capability} is written by this plan alone, and nothing that can still move writes to it: it ends");
            }

            End(unwritten);
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

    private void StartAtRest(IReadOnlyList<Flow> flows)
    {
        try
        {
            Start(flows);
        }
        catch (RtfsException mistake)
        {
            Fail(mistake);
        }
    }
}
