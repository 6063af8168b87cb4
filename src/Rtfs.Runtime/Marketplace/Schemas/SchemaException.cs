// An item, an argument or a result that departs from the schema of the capability whose boundary it crosses.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Schemas;

/// <summary>A TypeValidationError that error strategies know by its cause; an annotation that a value departs from is none.</summary>
internal sealed class SchemaException(string what, Mismatch mismatch, SourcePlace? place)
    : RtfsException("RTFS9008", "TypeValidationError", $"{what}{mismatch}", place)
{
    /// <summary>Adds what departs as data: <c>:path [:reading :value] :expected "a float" :found "nil"</c>.</summary>
    public MapValue Describe(MapValue error) => error
        .Assoc(Value.Of(Keyword.Of("path")), Value.Of(VectorValue.From([.. mismatch.Path])))
        .Assoc(Value.Of(Keyword.Of("expected")), Value.String(mismatch.Expected))
        .Assoc(Value.Of(Keyword.Of("found")), Value.String(mismatch.Found));
}
