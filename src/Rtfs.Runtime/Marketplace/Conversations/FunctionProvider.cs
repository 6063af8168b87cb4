// The specification `{:kind :function :fn f}`.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Conversations;

internal sealed class FunctionProviderFactory : IProviderFactory
{
    private const int DefaultBound = 1024;

    public string Kind => "function";

    public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory)
    {
        var specification = new ProviderSpecification(manifest, "fn", "buffer-size");
        if (manifest.Kind is not (CapabilityKind.Transform or CapabilityKind.Bidirectional))
        {
            throw specification.Fault("it answers what it is sent; register it as :stream-transform or :stream-bidirectional");
        }

        var function = manifest.Provider.GetOrNil(Keyword.Of("fn")).As<Function>()
            ?? throw specification.Fault($":fn must be a function of one item, found {manifest.Provider.GetOrNil(Keyword.Of("fn"))}");
        var bound = manifest.Provider.GetOrNil(Keyword.Of("buffer-size"));
        return bound switch
        {
            { IsNil: true } => new FunctionConversations(function, DefaultBound),
            { IsInt: true, AsInt: > 0 and <= int.MaxValue } => new FunctionConversations(function, (int)bound.AsInt),
            _ => throw specification.Fault($":buffer-size is a whole number from 1 up, found {bound}"),
        };
    }
}
