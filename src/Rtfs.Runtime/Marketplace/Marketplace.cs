// The capabilities that a host offers to plans.

using System.Collections.Concurrent;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Schemas;
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
            _ when provider is IConversationProvider => CapabilityKind.Bidirectional,
            _ => throw new ArgumentException(
                $"{provider.GetType().Name} is neither an {nameof(IStreamSourceProvider)} nor an {nameof(IStreamSinkProvider)} nor an {nameof(IConversationProvider)}: there is nothing to read or write.",
                nameof(provider)),
        };
        Add(new CapabilityManifest { Id = id, Kind = kind }, provider);
        return ValueTask.CompletedTask;
    }

    /// <summary>Registers what answers <c>(call "id" …)</c>. The same provider again is a no-op.</summary>
    /// <exception cref="ArgumentException">The id is malformed or taken.</exception>
    public ValueTask RegisterCapabilityAsync(string id, ICapabilityProvider provider, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(provider);
        Add(new CapabilityManifest { Id = id, Kind = CapabilityKind.Function }, provider);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a plan to its end.</summary>
    /// <exception cref="PlanRefusedException">The plan has errors, or needs what is not granted.</exception>
    public async Task<RunSummary> ExecutePlanAsync(Plan plan, RunOptions? options = null, CancellationToken cancellation = default)
    {
        await using var run = await _engine.StartAsync(plan, options, cancellation);
        return await run.Completion;
    }

    /// <summary>The same with what is known of the capability: its schemas are what items are checked against, its config holds for every opening.</summary>
    /// <exception cref="ArgumentException">
    /// The id is malformed or taken, a schema is no type that items can be checked against, or the provider is not of the manifest's kind.
    /// </exception>
    public ValueTask RegisterStreamingProviderAsync(CapabilityManifest manifest, IStreamingProvider provider, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(provider);
        var fits = manifest.Kind switch
        {
            CapabilityKind.Source => provider is IStreamSourceProvider,
            CapabilityKind.Sink => provider is IStreamSinkProvider,
            CapabilityKind.Function => false,
            CapabilityKind.Bidirectional => provider is IConversationProvider,
            CapabilityKind.Transform => provider is IConversationProvider or (IStreamSourceProvider and IStreamSinkProvider),
            _ => provider is IStreamSourceProvider and IStreamSinkProvider,
        };
        if (!fits)
        {
            throw new ArgumentException($"{provider.GetType().Name} is no {manifest.Kind.ToString().ToLowerInvariant()} as the manifest says.", nameof(provider));
        }

        Add(manifest, provider);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The same with schemas: <see cref="CapabilityManifest.InputSchema"/> is the type of the argument (of the vector of arguments where a call
    /// gives several, nil where it gives none), <see cref="CapabilityManifest.OutputSchema"/> that of the answer.
    /// </summary>
    /// <exception cref="ArgumentException">The id is malformed or taken, the kind is not a function, or a schema is no type that values can be checked against.</exception>
    public ValueTask RegisterCapabilityAsync(CapabilityManifest manifest, ICapabilityProvider provider, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(provider);
        if (manifest.Kind != CapabilityKind.Function)
        {
            throw new ArgumentException($"The manifest says {manifest.Kind}; what is called is a {CapabilityKind.Function}.", nameof(manifest));
        }

        Add(manifest, provider);
        return ValueTask.CompletedTask;
    }

    internal Registration? Find(string id) => _registrations.GetValueOrDefault(id);

    private void Add(CapabilityManifest manifest, object provider)
    {
        ArgumentNullException.ThrowIfNull(manifest.Id);
        var canonical = Language.CapabilityId(manifest.Id)
            ?? throw new ArgumentException($"\"{manifest.Id}\" is no capability id. Expected namespace.path:vMAJOR[.MINOR[.PATCH]]:name, such as com.example:v1.0:data-feed.", "id");
        Registration added;
        try
        {
            added = Registration.Of(manifest with { Id = canonical }, provider, default, null);
        }
        catch (RtfsException mistake)
        {
            throw new ArgumentException(mistake.Message, nameof(manifest), mistake);
        }

        var known = _registrations.GetOrAdd(canonical, added);
        if (!ReferenceEquals(known.Provider, provider))
        {
            throw new ArgumentException($"{canonical} is already registered with another provider.", "id");
        }

        if (known.Manifest.InputSchema != added.Manifest.InputSchema || known.Manifest.OutputSchema != added.Manifest.OutputSchema)
        {
            throw new ArgumentException($"{canonical} is already registered with other schemas.", nameof(manifest));
        }
    }

    /// <summary>A manifest, what stands behind it (an <see cref="IStreamingProvider"/> or an <see cref="ICapabilityProvider"/>), and its schemas.</summary>
    internal sealed record Registration(CapabilityManifest Manifest, object Provider, ItemSchema? Input, ItemSchema? Output)
    {
        /// <exception cref="RtfsException">InvalidArgument: a schema is no type that values can be checked against.</exception>
        public static Registration Of(CapabilityManifest manifest, object provider, TypeScope scope, SourcePlace? place) => new(
            manifest,
            provider,
            ItemSchema.Read(manifest.InputSchema, $":input-schema of {manifest.Id}", scope, place),
            ItemSchema.Read(manifest.OutputSchema, $":output-schema of {manifest.Id}", scope, place));
    }
}
