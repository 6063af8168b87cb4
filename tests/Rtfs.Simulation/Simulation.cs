// One simulated run: the script that drives the host, and the judgement of what came out.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Tests.Streaming;
using Rtfs.Runtime.Values;

namespace Rtfs.Simulation;

/// <summary>Everything follows from the seed: the topology, the script, the interleaving. A failed one is replayed by it.</summary>
internal sealed class Simulation
{
    private const int MostSteps = 20_000;

    // Moves of the clock in which every retry that is under way comes to its end.
    private const int LongestRetry = 3_000;

    private readonly SimulatedPlan _plan;
    private readonly World _world;
    private readonly Random _random;
    private readonly Reference _reference = new();
    private readonly string _text;
    private PlanRun _run = null!;
    private int _idle;
    private bool _held;
    private bool _stopped;
    private Task _stopping = Task.CompletedTask;

    private Simulation(int seed, SimulatedPlan plan)
    {
        _plan = plan;
        _world = new World(seed, _plan);
        _random = new Random(~seed);
        _text = PlanText.Write(_plan);
    }

    /// <summary>What was wrong, with the seed and the plan; null when nothing was.</summary>
    public static string? Run(int seed, SimulatedPlan? plan = null)
    {
        var simulation = new Simulation(seed, plan ?? new SimulatedPlan(seed));
        try
        {
            return simulation.Run() is { } fault ? $"seed {seed}: {fault}\n{simulation._text}" : null;
        }
        catch (Exception error)
        {
            return $"seed {seed}: {error}\n{simulation._text}";
        }
    }

    private string? Run()
    {
        _run = _world.Start(_text);
        for (var step = 0; !_run.Completion.IsCompleted; step++)
        {
            _world.Settle();
            if (_world.Faults.Count > 0)
            {
                return _world.Faults[0];
            }

            if (step > MostSteps || _idle > 2 * LongestRetry)
            {
                return $"the run does not end: {((PlanExecution)_run).Waits}\n" + string.Join("; ", _run.Snapshot().Stages.Select(static stage => $"{stage.Id} {stage.Received} in, {stage.InFlight} in flight"));
            }

            if (Move())
            {
                _idle = 0;
            }
        }

        _world.Settle();

        // It comes back on another thread, with its timer gone.
        _stopping.GetAwaiter().GetResult();
        return Judge(_run.Completion.GetAwaiter().GetResult());
    }

    /// <summary>Does one thing that the world outside may do; false when there was only the clock to move.</summary>
    private bool Move()
    {
        var open = _world.Sources.Where(static source => !source.Value.HasEnded).ToList();
        if (_held && _random.Next(3) == 0)
        {
            _held = false;
            _run.Resume();
            return true;
        }

        switch (_random.Next(40))
        {
            case 0 when !_held && !_stopped:
                _held = true;
                _run.Pause();
                return true;
            case 1 when !_stopped && _random.Next(12) == 0:
                Stop();
                return true;
            case < 12 when open.Count > 0:
                Feed(open[_random.Next(open.Count)]);
                return true;
            case < 28 when _world.PendingCalls > 0:
                _world.Answer(_random.Next(_world.PendingCalls));
                return true;
            case < 32 when _world.PausedEnds.Count > 0:
                var end = _world.PausedEnds[_random.Next(_world.PausedEnds.Count)];
                _world.Resumed(end);
                _world.Control.Push(end);
                return true;
            default:
                _world.Clock.Advance(TimeSpan.FromMilliseconds(50));
                if (open.Count > 0 || _world.PendingCalls > 0 || _world.PausedEnds.Count > 0 || _held)
                {
                    return true;
                }

                // Retries have had their time; nobody is left who could pause.
                if (++_idle > LongestRetry || _plan.Ends.All(end => end.Act != Act.Pause || _world.Seen[end.Id].Count > end.ActAt))
                {
                    _world.Control.End();
                }

                return false;
        }
    }

    private void Feed(KeyValuePair<int, PushedSource> source)
    {
        var items = _plan.Nodes[source.Key].Items;
        for (var i = 1 + _random.Next(20); i > 0 && source.Value.Pushed < items; i--)
        {
            source.Value.Push(Value.Int((source.Key * Item.PerSource) + source.Value.Pushed));
        }

        if (source.Value.Pushed == items && _random.Next(2) == 0)
        {
            source.Value.End();
        }
    }

    private void Stop()
    {
        _stopped = true;
        _stopping = _random.Next(3) switch
        {
            0 => _run.StopAsync(drain: true),
            1 => _run.StopAsync(drain: false),
            _ => _run.StopAsync(TimeSpan.FromMilliseconds(_random.Next(500))),
        };
    }

    private string? Judge(RunSummary summary)
    {
        var fails = _plan.Fails(_reference);
        if (summary.Outcome == RunOutcome.Failed && !fails)
        {
            return $"the run failed, and nothing in it should: {summary.Error}";
        }

        var whole = summary.Outcome == RunOutcome.Completed && !_stopped && !fails;
        return _plan.Ends.Select(end => Judge(end, whole)).FirstOrDefault(static fault => fault is not null)
            ?? JudgeCounts(summary, whole)
            ?? JudgeRest();
    }

    private string? Judge(End end, bool whole)
    {
        var seen = _world.Seen[end.Id];
        var acted = end.Act is Act.Close or Act.Cancel && seen.Count > end.ActAt;
        var expected = _reference.Of(end.Input).GroupBy(Item.WayOf).ToDictionary(static way => way.Key, static way => way.ToList());
        foreach (var way in seen.GroupBy(Item.WayOf))
        {
            if (!expected.TryGetValue(way.Key, out var all))
            {
                return $"{end.Name} got {way.First()}, which comes by no way that leads there";
            }

            if (!(end.Drops ? IsSubsequence([.. way], all) : way.SequenceEqual(all.Take(way.Count()))))
            {
                return $"{end.Name} got {string.Join(' ', way)} of {string.Join(' ', all)}";
            }
        }

        if (whole && !acted && !end.Drops && seen.Count != expected.Values.Sum(static way => way.Count))
        {
            return $"{end.Name} got {seen.Count} of {expected.Values.Sum(static way => way.Count)} items";
        }

        if (end.Act == Act.Cancel && acted && seen.Count > end.ActAt + 1)
        {
            return $"{end.Name} was cancelled at its item {end.ActAt} and got {seen.Count}";
        }

        return end.Kind == EndKind.Callbacks ? JudgeEvents(end, whole, acted) : null;
    }

    private string? JudgeEvents(End end, bool whole, bool acted)
    {
        var events = _world.Events[end.Id];
        var told = string.Join(' ', events);
        var terminal = events.Count(static word => word is "complete" or "cancel" or "error");
        if (events.Count == 0)
        {
            return whole ? $"{end.Name} was told nothing" : null;
        }

        // A run that ends meanwhile may end a stream before it has begun.
        if ((events[0] != "start" && whole) || terminal != 1 || events[^1] is not ("complete" or "cancel" or "error"))
        {
            return $"{end.Name} was told {told}";
        }

        var last = acted && end.Act == Act.Cancel ? "cancel" : "complete";
        if (whole && events[^1] != last)
        {
            return $"{end.Name} ended with {events[^1]}, not {last}";
        }

        var turns = events.Where(static word => word is "pause" or "resume").ToList();
        return turns.Where((word, place) => word != (place % 2 == 0 ? "pause" : "resume")).Any() ? $"{end.Name} was told {told}" : null;
    }

    private string? JudgeCounts(RunSummary summary, bool whole)
    {
        var exact = whole && _plan.Ends.All(end => !end.Drops && !(end.Act is Act.Close or Act.Cancel && _world.Seen[end.Id].Count > end.ActAt));
        foreach (var stage in summary.Stages)
        {
            if (stage is not { IsConserved: true, InFlight: 0 })
            {
                return $"{stage.Id} is not conserved: {stage}";
            }

            var fed = _run.Topology.Edges.Where(edge => edge.To == stage.Id).Select(edge => summary.Stages.Single(found => found.Id == edge.From)).ToList();
            var sent = fed.Sum(static from => from.Emitted);
            var divided = _run.Topology.Edges.Where(edge => edge.From == stage.Id).Select(edge => summary.Stages.Single(found => found.Id == edge.To)).ToList();
            if (exact && stage.Kind == "demultiplex" && stage.Emitted != divided.Sum(static part => part.Received))
            {
                return $"{stage.Id} sent {stage.Emitted} items, and its outputs received {divided.Sum(static part => part.Received)}";
            }

            if (fed.Count > 0 && fed.All(static from => from.Kind is not ("sink" or "demultiplex")) && (exact ? stage.Received != sent : stage.Received > sent))
            {
                // A reader that has left is sent nothing more.
                return $"{stage.Id} received {stage.Received} of {sent} items that were sent to it";
            }
        }

        if (!exact)
        {
            return null;
        }

        foreach (var node in _plan.Nodes)
        {
            _reference.Of(node);
        }

        var (skipped, lettered) = (_reference.Given.Values.Sum(static given => given.Skipped), _reference.Given.Values.Sum(static given => given.DeadLettered));
        return summary.Skipped != skipped || summary.DeadLettered != lettered || _run.DeadLetters.Count != lettered || summary.Dropped != 0
            ? $"skipped {summary.Skipped} of {skipped}, dead-lettered {summary.DeadLettered} of {lettered}, dropped {summary.Dropped} of 0"
            : null;
    }

    /// <summary>After a run nothing is left of it.</summary>
    private string? JudgeRest()
    {
        if (_world.Clock.Timers != 0)
        {
            return $"{_world.Clock.Timers} timers are left";
        }

        if (_world.PendingCalls != 0)
        {
            return $"{_world.PendingCalls} host calls are left";
        }

        if (((PlanExecution)_run).Waits is { Length: > 0 } waits)
        {
            return $"tasks are left: {waits}";
        }

        return _world.Sources.Values.Append(_world.Control).Any(static source => source.Opened != source.Closed) ? "a source is left open"
            : _world.Sinks.Any(static sink => sink.Opened != sink.Closed) ? "a sink is left open"
            : null;
    }

    private static bool IsSubsequence(List<long> part, List<long> all)
    {
        var next = 0;
        foreach (var item in all)
        {
            if (next < part.Count && part[next] == item)
            {
                next++;
            }
        }

        return next == part.Count;
    }
}
