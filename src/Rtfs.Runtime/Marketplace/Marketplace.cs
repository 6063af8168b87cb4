// The capabilities that a host offers to plans.

using System.Collections.Concurrent;
using Rtfs.Runtime.Plans;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

/// <summary>Thread-safe. Registrations of a plan are seen by that run alone; registrations here by every run that starts afterwards.</summary>
public sealed class Marketplace
{
    private readonly ConcurrentDictionary<string, Registration> _registrations = new(StringComparer.Ordinal);
    private readonly RtfsEngine _engine;

    internal Marketplace(RtfsEngine engine) => _engine = engine;

    public IReadOnlyList<CapabilityManifest> Capabilities =>
        [.. _registrations.Values.Select(registration => registration.Manifest).OrderBy(manifest => manifest.Id, StringComparer.Ordinal)];

    /// <summary>
    /// Registers a provider under an id. What the provider implements decides whether the capability is a source, a sink or both
    /// (a transform). The same provider again is a no-op; another one under a taken id is an error.
    /// </summary>
    /// <exception cref="ArgumentException">The id is malformed or taken, or the provider neither reads nor writes.</exception>
    public ValueTask RegisterStreamingProviderAsync(string id, IStreamingProvider provider, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(provider);
        var kind = (provider is IStreamSourceProvider, provider is IStreamSinkProvider) switch
        {
            (true, true) => CapabilityKind.Transform,
            (true, false) => CapabilityKind.Source,
            (false, true) => CapabilityKind.Sink,
            _ => throw new ArgumentException(
                $"{provider.GetType().Name} is neither an {nameof(IStreamSourceProvider)} nor an {nameof(IStreamSinkProvider)}: there is nothing to read or write.",
                nameof(provider)),
        };
        Add(id, kind, provider);
        return ValueTask.CompletedTask;
    }

    /// <summary>Registers what answers <c>(call "id" …)</c>. The same provider again is a no-op.</summary>
    /// <exception cref="ArgumentException">The id is malformed or taken.</exception>
    public ValueTask RegisterCapabilityAsync(string id, ICapabilityProvider provider, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(provider);
        Add(id, CapabilityKind.Function, provider);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a plan to its end.</summary>
    /// <exception cref="PlanRefusedException">The plan has errors, or needs what is not granted.</exception>
    public async Task<RunSummary> ExecutePlanAsync(Plan plan, RunOptions? options = null, CancellationToken cancellation = default)
    {
        await using var run = await _engine.StartAsync(plan, options, cancellation);
        return await run.Completion;
    }

    internal Registration? Find(string id) => _registrations.GetValueOrDefault(id);

    private void Add(string id, CapabilityKind kind, object provider)
    {
        ArgumentNullException.ThrowIfNull(id);
        var canonical = Language.CapabilityId(id)
            ?? throw new ArgumentException($"\"{id}\" is no capability id. Expected namespace.path:vMAJOR[.MINOR[.PATCH]]:name, such as com.example:v1.0:data-feed.", nameof(id));
        var added = new Registration(new CapabilityManifest { Id = canonical, Kind = kind }, provider);
        if (!ReferenceEquals(_registrations.GetOrAdd(canonical, added).Provider, provider))
        {
            throw new ArgumentException($"{canonical} is already registered with another provider.", nameof(id));
        }
    }

    /// <summary>A manifest and what stands behind it: an <see cref="IStreamingProvider"/> or an <see cref="ICapabilityProvider"/>.</summary>
    internal sealed record Registration(CapabilityManifest Manifest, object Provider);
}
