// A schema as what items pass through at the boundary of a capability.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Schemas;

/// <summary>Shared by all that open the capability; keeps nothing of a run.</summary>
/// <param name="converts">Whether the type has a float anywhere, so that there may be ints to convert.</param>
/// <param name="written">The type data.</param>
/// <param name="closed">Whether records refuse keys that they do not name.</param>
internal sealed class ItemValidator(TypeValidator type, bool converts, Value written, bool closed)
{
    private readonly Value _written = written;
    private readonly bool _closed = closed;

    /// <summary>Whether they were made of the same text.</summary>
    public bool IsSameAs(ItemValidator other) => _closed == other._closed && _written == other._written;

    /// <summary>Whether the item fits; one that does has its ints turned into floats where the schema says so.</summary>
    public bool Conform(EvaluationContext context, ref Value item)
    {
        if (!type.Fits(context, item, null))
        {
            return false;
        }

        if (converts)
        {
            type.Convert(context, ref item);
        }

        return true;
    }

    /// <summary>How many items conform, from the first on; the one behind them does not.</summary>
    public int Conform(EvaluationContext context, Span<Value> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (!Conform(context, ref items[i]))
            {
                return i;
            }
        }

        return items.Length;
    }

    /// <summary>What is wrong with an item that does not conform.</summary>
    /// <param name="what">What the item is: <c>an item of com.x:v1:in</c>.</param>
    public SchemaException Departure(EvaluationContext context, Value item, string what, SourcePlace? place)
    {
        var mismatch = new Mismatch();
        type.Fits(context, item, mismatch);
        return new SchemaException(what, mismatch, place);
    }
}
