// What is known of a capability before it is opened.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace;

public enum CapabilityKind
{
    Source,
    Sink,
    Transform,
    Bidirectional,
    Duplex,

    /// <summary>Reached by <c>call</c>: one request, one answer.</summary>
    Function,
}

/// <summary>The manifest of one capability. <see cref="Id"/> is canonical: <c>ns.path:v1.0:name</c>.</summary>
public sealed record CapabilityManifest
{
    public required string Id { get; init; }

    public required CapabilityKind Kind { get; init; }

    /// <summary>Type data (<c>[:map [:value :float]]</c>), or nil.</summary>
    public Value InputSchema { get; init; }

    /// <summary>Type data, or nil.</summary>
    public Value OutputSchema { get; init; }

    /// <summary>Stream options (<c>:buffer-size</c>, <c>:error-handling</c>, …).</summary>
    public MapValue Config { get; init; } = MapValue.Empty;

    /// <summary>The provider's specification as registered (<c>{:kind :file :path "…"}</c>); empty for a provider registered by code.</summary>
    public MapValue Provider { get; init; } = MapValue.Empty;

    public MapValue Metadata { get; init; } = MapValue.Empty;
}
