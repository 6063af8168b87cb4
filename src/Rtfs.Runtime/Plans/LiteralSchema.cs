// A schema that a plan writes out: judged before anything of the plan runs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Plans;

/// <param name="What">Where it stands: <c>:output-schema of register-stream-capability</c>.</param>
internal sealed record LiteralSchema(Value Data, string What, SourcePlace Place)
{
    /// <exception cref="RtfsException">InvalidArgument: one is no type, or none that items can be checked against.</exception>
    public static void CheckAll(IReadOnlyList<LiteralSchema> schemas, NamedTypes types)
    {
        foreach (var schema in schemas)
        {
            ItemSchema.Read(schema.Data, schema.What, new TypeScope(types, schema.Place.Source), schema.Place);
        }
    }
}
