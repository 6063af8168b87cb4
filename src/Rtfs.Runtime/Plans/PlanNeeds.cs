// What a plan reaches for, as far as its text says it literally: known before anything runs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Plans;

/// <summary>
/// Ids, registrations and resource references that a text computes are not here; they are judged when the run comes to them.
/// </summary>
internal sealed class PlanNeeds
{
    private PlanNeeds(
        IReadOnlyList<Requirement> requirements, IReadOnlyList<(string Name, SourcePlace Place)> unbound, IReadOnlyList<LiteralSchema> schemas)
    {
        Requirements = requirements;
        UnboundResources = unbound;
        Schemas = schemas;
    }

    /// <summary>Each effect with the capability that needs it, in the order of the text; no pair twice.</summary>
    public IReadOnlyList<Requirement> Requirements { get; }

    /// <summary>References that the run's options bind to nothing.</summary>
    public IReadOnlyList<(string Name, SourcePlace Place)> UnboundResources { get; }

    public IReadOnlyList<LiteralSchema> Schemas { get; }

    /// <exception cref="ProviderException">A literal registration that no provider takes.</exception>
    public static PlanNeeds Of(Plan plan, RunOptions options, Marketplace.Marketplace marketplace, ProviderFactories factories)
    {
        var literals = PlanLiterals.Of(plan.Analysis.Program);
        var requirements = new List<Requirement>();
        var registered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var manifest in literals.Registrations)
        {
            registered.Add(manifest.Id);
            // Neither reaches for anything outside, and a function is none before its plan runs.
            if (ProviderFactories.KindOf(manifest) is "local" or "function")
            {
                continue;
            }

            foreach (var effect in factories.Create(manifest, plan.BaseDirectory).Effects)
            {
                requirements.Add(new Requirement(effect, manifest.Id, manifest.Kind));
            }
        }

        requirements.AddRange(literals.Files.Select(path =>
            new Requirement(FileText.Needs(path, plan.BaseDirectory), "read-file", CapabilityKind.Function)));
        var bound = literals.Resources
            .Select(resource => options.Bindings.GetValueOrDefault(resource.Name))
            .OfType<string>()
            .Select(id => Language.CapabilityId(id) ?? id);
        foreach (var id in plan.Analysis.Capabilities.Concat(bound))
        {
            if (!registered.Contains(id) && marketplace.Find(id) is { } registration)
            {
                AddHostCapability(requirements, registration);
            }
        }

        return new PlanNeeds(
            [.. requirements.Distinct()],
            [.. literals.Resources.Where(resource => !options.Bindings.ContainsKey(resource.Name))],
            literals.Schemas);
    }

    private static void AddHostCapability(List<Requirement> requirements, Marketplace.Marketplace.Registration registration)
    {
        var (manifest, provider) = (registration.Manifest, registration.Provider);
        requirements.Add(new Requirement(new Effect("capability", manifest.Id), manifest.Id, manifest.Kind));
        if (provider is IStreamingProvider streaming)
        {
            requirements.AddRange(streaming.Effects.Select(effect => new Requirement(effect, manifest.Id, manifest.Kind)));
        }
    }
}
