// How flows become a part of a run, start, and are waited for.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class StreamRun
{
    /// <summary>Connects a flow's end to its stream. Nothing starts, but where the stream runs already: then the flow sees what comes from now on.</summary>
    /// <exception cref="RtfsException">StreamEnded. Then the flow is none of the run.</exception>
    public void Wire(Flow flow)
    {
        var letters = LettersOf(flow);
        lock (_graph)
        {
            RefuseWhatHasEnded(flow.Input, flow.End.Identity.Place, []);
            _flows.Add(flow);
            foreach (var target in letters)
            {
                _writers.Add(target, flow);
            }

            if (Writers.SinkOf(flow) is { } sink)
            {
                _writers.Add(sink, flow);
            }

            _writers.Mention(CapabilityMentions.Of(FunctionsOf(flow)), flow);

            _writers.Read(SourcesOf(flow.Input).OfType<SourceHandle>());
            flow.Input.AddReader(flow);
            if (_stopped.Contains(flow.Plan))
            {
                CloseSources([flow]);
            }

            if (SourcesOf(flow.Input).All(static source => source.Segment is not null || source is AcceptedHandle))
            {
                Begin(new GraphCompiler(this).CompileAlone(flow));
            }
        }
    }

    /// <summary>A stream that runs, or was ended before it could, gives a new reader nothing any more.</summary>
    private static void RefuseWhatHasEnded(StreamHandle stream, SourcePlace? place, HashSet<StreamHandle> seen)
    {
        if (stream.HasEnded)
        {
            throw new RtfsException("RTFS9032", "StreamEnded", $"{stream.Label} has ended; read it before it starts, or open the source again", place);
        }

        foreach (var input in stream.IsRunning ? [] : stream.Inputs.Where(seen.Add))
        {
            RefuseWhatHasEnded(input, place, seen);
        }
    }

    /// <summary>Starts flows, what feeds them, and all that reads from what feeds them.</summary>
    public void Start(IReadOnlyList<Flow> flows)
    {
        lock (_graph)
        {
            Begin(new GraphCompiler(this).Compile(flows));
        }
    }

    private void Begin(IReadOnlyList<Segment> segments)
    {
        // A form that starts flows again and again leaves no trail.
        if (_segments.Count > MostKept && _segments.Count > 2 * _alive)
        {
            _segments.RemoveAll(static segment => segment.HasEnded);
            _tasks.RemoveAll(static task => task.IsCompleted);
            _alive = _segments.Count;
        }

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
            await StartOrForgetAsync(flows, waiter);
            await using var giving = cancellation.UnsafeRegister(static state => GiveUp((IReadOnlyList<Flow>)state!), flows);
            foreach (var flow in flows)
            {
                await AwaitAsync(flow, waiter, cancellation);
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

    /// <summary>The plan's body waits until its flows have ended, whatever happens. Of two streams that wait for each other neither would.</summary>
    private static ValueTask AwaitAsync(Flow flow, EngineTask waiter, CancellationToken cancellation)
    {
        var description = $"the end of {flow.End.Identity.Id}";
        return waiter.Segment is null
            ? waiter.InsideAsync(flow.Completion, description)
            : waiter.UntilAsync(flow.Completion, description, cancellation);
    }

    /// <summary>Flows that cannot start are none of the run: whoever started them is told.</summary>
    private async ValueTask StartOrForgetAsync(IReadOnlyList<Flow> flows, EngineTask waiter)
    {
        try
        {
            await waiter.StartAsync(this, flows);
        }
        catch (RtfsException)
        {
            lock (_graph)
            {
                foreach (var flow in flows.Where(static flow => !flow.IsStarted))
                {
                    _writers.Remove(flow);
                    _flows.Remove(flow);
                    flow.Input.RemoveReader(flow);
                }
            }

            throw;
        }
    }
}
