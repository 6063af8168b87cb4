// What a plan needs a grant for, as it can be told to a person before anything runs.

using Rtfs.Runtime.Marketplace;

namespace Rtfs.Runtime.Plans;

/// <param name="Capability">The id of the capability that needs it.</param>
/// <param name="Kind">What the capability is to the plan: a source, a sink, a function that it calls.</param>
public sealed record Requirement(Effect Effect, string Capability, CapabilityKind Kind);
