// What the checker is told of a host: the library, the capabilities on offer, and the kinds of providers.

using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal sealed class Catalogue(IReadOnlyList<CapabilityManifest> capabilities, IEnumerable<string> providerKinds) : ICatalogue
{
    public IReadOnlyList<FunctionEntry> Functions => StandardLibrary.Entries;

    public IReadOnlyList<CapabilityEntry> Capabilities { get; } =
        [.. capabilities.Select(static manifest => new CapabilityEntry(
            manifest.Id, manifest.Kind.ToString().ToLowerInvariant(), TextOf(manifest.InputSchema), TextOf(manifest.OutputSchema)))];

    public IReadOnlyList<string> ProviderKinds { get; } = ["local", .. providerKinds];

    /// <summary>A schema is type data, and data prints to the text that it reads from.</summary>
    private static string? TextOf(Value schema) => schema.IsNil ? null : schema.ToString();
}
