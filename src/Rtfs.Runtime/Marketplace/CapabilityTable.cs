// The capabilities that one run sees: the host's, and those that the plan registers, which last for the run.

using System.Collections.Concurrent;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal sealed class CapabilityTable(Marketplace marketplace, ProviderFactories factories, Grants grants)
{
    private readonly ConcurrentDictionary<string, Marketplace.Registration> _registered = new(StringComparer.Ordinal);

    /// <summary>The same manifest again is a no-op.</summary>
    /// <exception cref="RtfsException">Another manifest has the id, or a schema is no type that items can be checked against.</exception>
    /// <exception cref="ProviderException">The provider's specification is wrong.</exception>
    /// <param name="scope">What the names in its schemas mean.</param>
    public void Register(CapabilityManifest manifest, string? baseDirectory, TypeScope scope, SourcePlace place)
    {
        if (marketplace.Find(manifest.Id) is not null)
        {
            throw Taken($"{manifest.Id} is a capability of the host, so a plan cannot register it", place);
        }

        if (!_registered.TryGetValue(manifest.Id, out var known))
        {
            IStreamingProvider provider = ProviderFactories.KindOf(manifest) == "local"
                ? Inside(manifest)
                : factories.Create(manifest, baseDirectory);
            known = _registered.GetOrAdd(manifest.Id, Marketplace.Registration.Of(manifest, provider, scope, place));
        }

        if (!IsSame(known.Manifest, manifest))
        {
            throw Taken($"{manifest.Id} is already registered with another manifest", place);
        }
    }

    /// <summary>Finds a capability and checks that the run may reach it.</summary>
    /// <exception cref="RtfsException">Unknown, or not granted.</exception>
    public Marketplace.Registration Find(string id, SourcePlace place)
    {
        var missing = new List<Effect>();
        if (!_registered.TryGetValue(id, out var found))
        {
            found = marketplace.Find(id) ?? throw Unknown(id, place);
            missing.Add(new Effect("capability", id));
        }

        missing.AddRange((found.Provider as IStreamingProvider)?.Effects ?? []);
        missing.RemoveAll(grants.Allows);
        return missing.Count == 0
            ? found
            : throw new RtfsException(
                "RTFS9022", "SecurityViolation", $"{id} needs what this run is not granted: {string.Join(", ", missing)}", place);
    }

    /// <summary>A channel of the plan; as a conversation it gives back what it is sent.</summary>
    private static IStreamingProvider Inside(CapabilityManifest manifest)
    {
        var channel = LocalChannel.Create(manifest);
        return manifest.Kind == CapabilityKind.Bidirectional ? new FunctionConversations(null, channel.Capacity) : channel;
    }

    private RtfsException Unknown(string id, SourcePlace place)
    {
        string[] known = [.. _registered.Keys, .. marketplace.Capabilities.Select(static manifest => manifest.Id)];
        var nearest = Language.Nearest(id, known);
        return new RtfsException(
            "RTFS9020",
            "UnknownCapability",
            $"there is no capability {id}; " + (nearest is not null ? $"did you mean {nearest}?" : "register it in the plan, or let the host register it"),
            place);
    }

    private static RtfsException Taken(string message, SourcePlace place) =>
        new("RTFS9009", "InvalidArgument", $"{message}; choose another id or version", place);

    private static bool IsSame(CapabilityManifest one, CapabilityManifest other) =>
        one.Kind == other.Kind && one.InputSchema == other.InputSchema && one.OutputSchema == other.OutputSchema
        && one.Config.Equals(other.Config) && one.Provider.Equals(other.Provider) && one.Metadata.Equals(other.Metadata);
}
