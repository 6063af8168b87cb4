// A generated topology, and what the contract says of it: the reference against which the engine is held.

namespace Rtfs.Simulation;

/// <summary>
/// Items are whole numbers that remember their way: the number of the item, its source times <see cref="PerSource"/>, and the code of every
/// node that it passed times <see cref="PerPath"/>. Those of one way form a sequence, whose order the contract keeps.
/// </summary>
internal static class Item
{
    public const long PerSource = 100_000;

    public const long PerPath = 10_000_000;

    public static long WayOf(long item) => item / PerSource;

    public static long NumberOf(long item) => item % PerSource;
}

internal enum NodeKind
{
    Source,

    /// <summary>Adds its code.</summary>
    Map,

    /// <summary>Keeps those whose number is no multiple of <see cref="Node.Modulus"/>.</summary>
    Filter,

    /// <summary>A map that always fails on multiples of <see cref="Node.Modulus"/>.</summary>
    Failing,

    /// <summary>A map over a host call that fails on multiples of <see cref="Node.Modulus"/>, and then <see cref="Node.Failures"/> times.</summary>
    Flaky,

    /// <summary>A map over a host call that takes its time.</summary>
    Slow,

    /// <summary>Written to a local channel of the plan, and read from it.</summary>
    Channel,

    /// <summary>Written to a duplex of a local channel, and read from it.</summary>
    Duplex,

    /// <summary>Written to a conversation, whose answers are read.</summary>
    Bidirectional,

    /// <summary>Through a transform capability.</summary>
    Transform,
    Multiplex,

    /// <summary>Taken apart by the number of the item modulo three; without a default the last third has no output.</summary>
    Demultiplex,

    /// <summary>The output of a demultiplexer for numbers that are <see cref="Node.Modulus"/> modulo three.</summary>
    Route,
}

internal enum Strategy
{
    Fail,
    Skip,
    DeadLetter,
    Retry,
}

/// <param name="Id">Its name in the plan, and its code.</param>
internal sealed record Node(int Id, NodeKind Kind, Node[] Inputs)
{
    public int Items { get; init; }

    /// <summary>Whether the items are at hand; otherwise the script pushes them.</summary>
    public bool IsAtHand { get; init; }

    public int Modulus { get; init; } = 1;

    /// <summary>Of a demultiplexer.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Of a multiplexer, as it is written.</summary>
    public string Choice { get; init; } = ":round-robin";

    public Strategy Strategy { get; init; }

    /// <summary>How often a flaky call fails on an item.</summary>
    public int Failures { get; init; }

    /// <summary>How often it is tried again.</summary>
    public int Attempts { get; init; }

    /// <summary>After the attempts.</summary>
    public Strategy Then { get; init; } = Strategy.Skip;

    public string Name => $"n{Id}";

    public long Code => Item.PerPath << Id;

    /// <summary>Whether an item gets through; what does not is skipped or dead-lettered, or ends the flow.</summary>
    public bool Passes(long item) => Kind switch
    {
        NodeKind.Failing => Item.NumberOf(item) % Modulus != 0,
        NodeKind.Flaky => Item.NumberOf(item) % Modulus != 0 || Failures <= (Strategy == Strategy.Retry ? Attempts : 0),
        _ => true,
    };

    public Strategy Disposal => Strategy == Strategy.Retry ? Then : Strategy;
}

internal enum EndKind
{
    /// <summary>A wired transform into a sink.</summary>
    Sink,

    /// <summary>A consume with callbacks.</summary>
    Callbacks,

    /// <summary>A consume with a body, among the branches of one <c>parallel</c>.</summary>
    Body,
}

/// <summary>What a callback does to its own stream, at an item.</summary>
internal enum Act
{
    None,
    Close,
    Cancel,

    /// <summary>Pauses; the script resumes it later.</summary>
    Pause,
}

internal sealed record End(int Id, EndKind Kind, Node Input)
{
    /// <summary>Null: the default, which waits.</summary>
    public string? Backpressure { get; init; }

    public bool Drops { get; init; }

    public int BufferSize { get; init; } = 4;

    /// <summary>Whether its callback takes its time.</summary>
    public bool IsSlow { get; init; }

    public Act Act { get; init; }

    public int ActAt { get; init; }

    public string Name => $"e{Id}";
}

/// <summary>What one end is to see: its sequences by way, and how many items were given up on the way.</summary>
internal sealed class Reference
{
    private readonly Dictionary<Node, List<long>> _sequences = new(ReferenceEqualityComparer.Instance);

    /// <summary>Items that were given up so far, by node; only nodes that something reads count.</summary>
    public Dictionary<Node, (int Skipped, int DeadLettered, bool Fails)> Given { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>All items of a node, by way; the order within a way is the order of the list.</summary>
    public List<long> Of(Node node)
    {
        if (_sequences.TryGetValue(node, out var known))
        {
            return known;
        }

        List<long> result = node.Kind == NodeKind.Source
            ? [.. Enumerable.Range(0, node.Items).Select(number => (node.Id * Item.PerSource) + number)]
            : [.. node.Inputs.SelectMany(Of).Where(item => Keeps(node, item))];
        if (node is { Kind: NodeKind.Demultiplex, HasDefault: false })
        {
            var unrouted = result.RemoveAll(static item => Item.NumberOf(item) % 3 == 2);
            Given[node] = (0, unrouted, false);
        }

        if (node.Kind is NodeKind.Failing or NodeKind.Flaky)
        {
            var lost = result.Count(item => !node.Passes(item));
            Given[node] = (node.Disposal == Strategy.Skip ? lost : 0, node.Disposal == Strategy.DeadLetter ? lost : 0, node.Disposal == Strategy.Fail && lost > 0);
            result = [.. result.Where(node.Passes)];
        }

        if (node.Kind is not (NodeKind.Source or NodeKind.Filter or NodeKind.Multiplex or NodeKind.Demultiplex))
        {
            result = [.. result.Select(item => item + node.Code)];
        }

        return _sequences[node] = result;
    }

    private static bool Keeps(Node node, long item) => node.Kind switch
    {
        NodeKind.Filter => Item.NumberOf(item) % node.Modulus != 0,
        NodeKind.Route => Item.NumberOf(item) % 3 == node.Modulus,
        _ => true,
    };
}
