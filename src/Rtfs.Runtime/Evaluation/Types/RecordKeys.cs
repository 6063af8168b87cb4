// The keys that the parts of an `:and` name together, for records that are closed.

using Rtfs.Runtime.Values;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class RecordKeys
{
    private bool _hasRecord;
    private bool _hasWildcard;

    public HashSet<Value> Named { get; } = [];

    /// <summary>Whether there is a record among the parts, and none that types all other keys.</summary>
    public bool AreClosed => _hasRecord && !_hasWildcard;

    public void Add(Type.Map record)
    {
        _hasRecord = true;
        _hasWildcard |= record.wildcard is not null;
        foreach (var field in record.fields)
        {
            Named.Add(ValueForms.FromForm(field.Key));
        }
    }

    /// <summary>A key that must be there is one that may.</summary>
    public void Add(Refinement refinement)
    {
        switch (refinement)
        {
            case Refinement.HasKey { key: var key }:
                Named.Add(ValueForms.FromForm(key));
                break;
            case Refinement.RequiredKeys { keys: var keys }:
                Named.UnionWith(keys.Select(ValueForms.FromForm));
                break;
        }
    }
}
