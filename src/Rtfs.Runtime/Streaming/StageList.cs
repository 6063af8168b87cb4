// The stages and edges of a run, for its summary and its drawing.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Syntax.Plan;

namespace Rtfs.Runtime.Streaming;

/// <summary>Used under the run's graph lock.</summary>
internal sealed class StageList
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<Stage> _stages = [];
    private readonly Dictionary<string, Stage> _merged = [];
    private readonly HashSet<(string From, string To)> _edges = [];
    private int _named;

    /// <summary>An id for a stage, as the topology numbers them: by kind, in the order of opening.</summary>
    /// <param name="inside">Whether its capability is a channel of the plan's own.</param>
    public StageIdentity Name(string kind, string? label, string? capability, SourcePlace? place, bool inside)
    {
        var number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
        return new StageIdentity($"{kind}-{number}", kind, label ?? ShortName(capability) ?? kind, capability, place, ++_named, inside);
    }

    public void Add(Stage stage) => _stages.Add(stage);

    /// <summary>Leaves one stage of those with the same identity that have ended, so that forms which write again and again leave no trail.</summary>
    public void Merge(Stage stage)
    {
        if (_merged.TryAdd(stage.Identity.Id, stage))
        {
            return;
        }

        stage.Counters.MergeInto(_merged[stage.Identity.Id].Counters);
        _stages.Remove(stage);
    }

    /// <summary>What the stages with an identity have received so far.</summary>
    public long Received(StageIdentity identity) =>
        _stages.Where(stage => stage.Identity.Id == identity.Id).Sum(static stage => stage.Counters.Received);

    /// <summary>The stage that reads a channel of the plan's own; one is made where the plan has none.</summary>
    public Stage ReaderOf(string channel, out bool isMade)
    {
        var known = _stages.Find(stage => stage.Identity is { Kind: "source", IsInside: true } && stage.Identity.Capability == channel);
        isMade = known is null;
        return known ?? Reader(Name("source", null, channel, null, inside: true));
    }

    /// <summary>The stage of an identity; one is made where nothing has run under it.</summary>
    public Stage ReaderOf(StageIdentity identity, out bool isMade)
    {
        var known = _stages.Find(stage => stage.Identity.Id == identity.Id);
        isMade = known is null;
        return known ?? Reader(identity);
    }

    private SourceStage Reader(StageIdentity identity)
    {
        var reader = new SourceStage(identity, new ErrorPolicy());
        _stages.Add(reader);
        _merged[identity.Id] = reader;
        return reader;
    }

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

    /// <summary>Every flow into a sink has a stage of its own, with the identity of the sink that they share.</summary>
    public IReadOnlyList<(StageIdentity Identity, StageSummary Summary)> Summaries() =>
        [.. InOrder().GroupBy(static stage => stage.Identity.Id).Select(static stages =>
            (stages.First().Identity, stages.Select(static stage => stage.Counters.Summary(stage.Identity)).Aggregate(static (sum, next) => sum.Plus(next))))];

    public Topology Topology()
    {
        var source = _stages.Select(static stage => stage.Identity.Place?.Source).FirstOrDefault(static source => source is not null);
        var stages = InOrder().Select(static stage => stage.Identity).DistinctBy(static identity => identity.Id).Select(static identity => new TopologyStage(
            identity.Id, identity.Kind, identity.Label, identity.Capability, identity.Place?.Span ?? Syntax.Text.Span.Of(0, 0)));
        var edges = _edges.Select(static edge => new TopologyEdge(edge.From, edge.To, ":any"));
        return new Topology([.. stages], [.. edges], source);
    }

    private static string? ShortName(string? capability) => capability?[(capability.LastIndexOf(':') + 1)..];

    /// <summary>As items flow: every stage behind those that feed it, otherwise in the order of writing.</summary>
    private IEnumerable<Stage> InOrder()
    {
        var feeders = _edges.ToLookup(static edge => edge.To, static edge => edge.From);
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
}
