// The capabilities that a function may reach: by what it names, what it captured, and the functions among these.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Tree;
using Datum = Rtfs.Syntax.Tree.Node;

namespace Rtfs.Runtime.Evaluation;

/// <summary>As far as they can be known when the function is wired to a stream; an id that is computed later is not among them.</summary>
internal static class CapabilityMentions
{
    // Handles are kept in small tables; data is not searched for them.
    private const int LargestTable = 100;

    /// <summary>The canonical id that a datum writes out, or null.</summary>
    public static string? IdOf(Form datum) => datum.Node switch
    {
        Datum.String text => Language.CapabilityId(text.value),
        Datum.Keyword keyword => Language.CapabilityId(keyword.name),
        Datum.Symbol symbol => Language.CapabilityId(symbol.name),
        _ => null,
    };

    /// <summary>Among the mentions of a function that holds a form which writes to a stream by itself.</summary>
    public static readonly object Writing = new();

    /// <summary>Canonical ids of what the functions may write to; none where nothing in them writes.</summary>
    public static IReadOnlySet<string> Of(IEnumerable<Function> functions)
    {
        var writes = false;
        var found = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<object?>(functions);
        while (pending.TryPop(out var next))
        {
            switch (next)
            {
                case string id:
                    found.Add(id);
                    break;
                case not null when ReferenceEquals(next, Writing):
                    writes = true;
                    break;
                case SinkHandle sink:
                    found.Add(sink.Sink.Capability);
                    break;
                case SourceHandle { Identity.Capability: { } channel }:
                    found.Add(channel);
                    break;
                case PairHandle pair:
                    found.Add(pair.Outbound.Sink.Capability);
                    break;
                case GlobalCell { IsSet: true } cell when seen.Add(cell):
                    pending.Push(cell.Value.Reference as object);
                    break;
                case Closure closure when seen.Add(closure):
                    Push(pending, closure.Mentions);
                    Push(pending, closure.Captured.Select(static value => value.Reference as object));
                    break;
                case VectorValue { Count: <= LargestTable } vector when seen.Add(vector):
                    Push(pending, vector.Items.Select(static item => item.Reference as object));
                    break;
                case MapValue { Count: <= LargestTable } map when seen.Add(map):
                    Push(pending, map.Entries.Select(static entry => entry.Value.Reference as object));
                    break;
            }
        }

        return writes ? found : new HashSet<string>();
    }

    private static void Push(Stack<object?> pending, IEnumerable<object?> more)
    {
        foreach (var one in more)
        {
            pending.Push(one);
        }
    }
}
