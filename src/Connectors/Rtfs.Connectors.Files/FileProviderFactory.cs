// The door of this connector: hosts add it to an engine, and `{:kind :file …}` works.

using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files;

/// <summary>
/// Makes providers from <c>{:kind :file :path "…" :format :ndjson | :csv | :lines | :edn, :append true}</c>. A relative path starts
/// at the directory of the plan's own file.
/// </summary>
public sealed class FileProviderFactory : IProviderFactory
{
    public string Kind => "file";

    public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory) =>
        new FileProvider(FileSpecification.From(manifest, baseDirectory));
}
