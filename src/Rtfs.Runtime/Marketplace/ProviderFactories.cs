// From the `:provider` of a registration to the provider: by `:kind`, among the built-in kinds and those that the host composed.

using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

internal sealed class ProviderFactories(IEnumerable<IProviderFactory> factories)
{
    private readonly Dictionary<string, IProviderFactory> _byKind = factories.ToDictionary(factory => factory.Kind, StringComparer.Ordinal);

    public IEnumerable<string> Kinds => _byKind.Keys;

    /// <summary>The name behind <c>:kind</c>; <c>local</c> when a registration says nothing.</summary>
    public static string KindOf(CapabilityManifest manifest)
    {
        var kind = manifest.Provider.GetOrNil(Keyword.Of("kind"));
        return kind.As<Keyword>()?.Name ?? kind.As<string>() ?? (kind.IsNil ? "local" : kind.ToString());
    }

    /// <exception cref="ProviderException">No such kind, or a specification that the kind does not take.</exception>
    public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory)
    {
        var kind = KindOf(manifest);
        if (_byKind.TryGetValue(kind, out var factory))
        {
            return factory.Create(manifest, baseDirectory);
        }

        var nearest = Language.Nearest(kind, Kinds.Append("local"));
        throw new ProviderException(
            $"The provider of {manifest.Id} is of an unknown kind :{kind.TrimStart(':')}."
            + (nearest is null ? "" : $" Did you mean :{nearest}?")
            + $" This host knows {string.Join(' ', Kinds.Append("local").Order(StringComparer.Ordinal).Select(known => ":" + known))}.");
    }
}
