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

internal sealed partial class StreamRun
{
    // Segments and tasks that have ended are forgotten when there are more than this, and as many as run.
    private const int MostKept = 64;

    private readonly Lock _graph = new();
    private readonly List<Flow> _flows = [];
    private readonly List<Task> _tasks = [];
    private readonly List<Segment> _segments = [];
    private readonly StageList _list = new();
    private readonly Writers _writers = new();
    private readonly HashSet<PlanErrors> _stopped = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _cancel = new();

    // The host's token may outlive many runs.
    private readonly CancellationTokenRegistration _host;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _goingOn;
    private readonly TaskScheduler _scheduler;
    private int _alive;
    private bool _bodyIsDone;

    public StreamRun(TimeProvider time, TaskScheduler scheduler, RunEvents events, string? deadLetterPath, CancellationToken cancellation)
    {
        Shutdown = new Shutdown(time, told => events.Log("warn", "", told));
        Time = time;
        _scheduler = scheduler;
        Events = events;
        DeadLetters = new DeadLetters(deadLetterPath, events);
        Failures = new FailureHandler(events);
        _host = cancellation.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _cancel);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        Cancellation = _cancel.Token;
        Shutdown.Follow(Cancellation);
        Stopping = _stop.Token;
        Monitor = new RestMonitor { AtRest = AtRest };
        Holds = new Holds(this);
        _goingOn = Stopping.UnsafeRegister(static state => ((Holds)state!).Changed(), Holds);
    }

    public TimeProvider Time { get; }

    public BatchPool Pool { get; } = new();

    public RunEvents Events { get; }

    public DeadLetters DeadLetters { get; }

    public FailureHandler Failures { get; }

    /// <summary>Finds where dead letters go.</summary>
    public Func<DeadLetterTarget, SinkHandle> LettersTo { get; set; } = null!;

    public RestMonitor Monitor { get; }

    public Holds Holds { get; }

    /// <summary>Everything stops where it is.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Sources stop; what was received is processed.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>How long what has been cancelled may take to end.</summary>
    public Shutdown Shutdown { get; }

    /// <summary>Whether the conservation law is asserted after every batch: in tests, where one thread runs everything.</summary>
    public bool Audits { get; init; }

    /// <summary>Whether the host holds every stream of the run.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>What everything random in the run follows from.</summary>
    public int Seed { get; init; }

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

    /// <summary>A seed of its own for each stage.</summary>
    public int SeedOf(StageIdentity identity) => unchecked((Seed * 397) ^ identity.Order);

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

    /// <summary>What one plan has not ended is given up.</summary>
    public void Cancel(PlanErrors plan) => GiveUp(Locked(() => _flows.Where(flow => ReferenceEquals(flow.Plan, plan)).ToArray()));

    private static void GiveUp(IReadOnlyList<Flow> flows)
    {
        foreach (var flow in flows)
        {
            flow.Segment?.Cancel(now: true);
        }
    }

    /// <summary>Whether the end of the run left something behind that did not end.</summary>
    public bool IsAbandoned { get; set; }

    public void Cancel() => _cancel.Cancel();

    /// <summary>Sources stop, and what is held goes on: it could not be worked through otherwise.</summary>
    public void Stop()
    {
        _stop.Cancel();
        lock (_graph)
        {
            CloseCircles();
            AskAll();
        }
    }

    /// <summary>Sources stop; what has not been worked through when the time is over is cancelled.</summary>
    public void Stop(TimeSpan deadline)
    {
        Stop();
        if (deadline <= TimeSpan.Zero && deadline != Timeout.InfiniteTimeSpan)
        {
            Cancel();
        }
        else
        {
            Shutdown.After(deadline, Cancel);
        }
    }

    /// <summary>The sources of one plan stop; what they gave is worked through.</summary>
    public void Stop(PlanErrors plan)
    {
        lock (_graph)
        {
            _stopped.Add(plan);
            CloseSources(_flows.Where(flow => ReferenceEquals(flow.Plan, plan)));
        }
    }

    private static void CloseSources(IEnumerable<Flow> flows) => Close(flows.SelectMany(static flow => SourcesOf(flow.Input)));

    /// <summary>They take nothing more in; what they have received is worked through.</summary>
    private static void Close(IEnumerable<StreamHandle> sources)
    {
        foreach (var source in sources.ToHashSet())
        {
            (source as AcceptedHandle)?.Outputs.End(Ending.Complete);
            source.State.IsClosing = true;
            source.Segment?.Ask();
        }
    }

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
        var isTold = flow.HasWaiter || (failure is not null && flow.PassesOn(failure));
        bool bodyIsDone;
        SharedSink[] alone = [];
        lock (_graph)
        {
            _writers.Remove(flow);
            CloseCircles();
            bodyIsDone = _bodyIsDone;
            if (flow.IsOnlyWriter && _writers.Take(flow.End.Handle!.Sink))
            {
                alone = [flow.End.Handle.Sink];
            }

            if (flow.IsPassing)
            {
                Forget(flow);
            }
        }

        End(alone);
        if (bodyIsDone)
        {
            EndFinished();
        }

        if (failure is not null && !isTold)
        {
            Fail(failure);
        }
    }

    private void Forget(Flow flow)
    {
        _flows.Remove(flow);
        flow.Input.RemoveReader(flow);
        foreach (var stage in flow.Stages.Where(stage => ReferenceEquals(stage.Flow, flow) && stage.Handle is null))
        {
            _list.Merge(stage);
        }
    }

    /// <summary>A form has produced to a sink: the flow that it stands in, or the plan's body, is one of its writers.</summary>
    public void Produces(SharedSink sink, Segment? segment)
    {
        lock (_graph)
        {
            _writers.Add(sink, null);
            if (segment?.Flow is { } writer)
            {
                _writers.Mention([sink.Capability], writer);
            }
        }
    }

    public void Add(Stage stage)
    {
        lock (_graph)
        {
            _list.Add(stage);
        }
    }

    /// <summary>Adds one of the stages with one identity that write in turn; gives the number of its first item.</summary>
    public long AddAsLast(Stage stage)
    {
        lock (_graph)
        {
            var first = _list.Received(stage.Identity);
            stage.BeginAt(first);
            _list.Add(stage);
            return first;
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
            AskAll();
        }

        Holds.Changed();
    }

    /// <summary>What every task waits for, for a person who wonders why the run does not go on.</summary>
    public string Waits() => Monitor.Describe();

    private void AskAll()
    {
        foreach (var segment in _segments)
        {
            segment.Ask();
        }
    }
}
