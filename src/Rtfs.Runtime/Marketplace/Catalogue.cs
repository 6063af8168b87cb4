// What the checker is told of a host: the library, the capabilities on offer, and the kinds of providers.

using Rtfs.Runtime.Library;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal sealed class Catalogue(IReadOnlyList<CapabilityManifest> capabilities, IEnumerable<string> providerKinds) : ICatalogue
{
    public IReadOnlyList<FunctionEntry> Functions => StandardLibrary.Entries;

    public IReadOnlyList<CapabilityEntry> Capabilities { get; } =
        [.. capabilities.Select(manifest => new CapabilityEntry(manifest.Id, manifest.Kind.ToString().ToLowerInvariant()))];

    public IReadOnlyList<string> ProviderKinds { get; } = ["local", .. providerKinds];
}
