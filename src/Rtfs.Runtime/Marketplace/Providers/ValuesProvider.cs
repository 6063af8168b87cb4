// `{:kind :values :items […]}`: the items themselves, for tests and examples.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Marketplace.Providers;

internal sealed class ValuesProviderFactory : IProviderFactory
{
    public string Kind => "values";

    public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory)
    {
        var specification = new ProviderSpecification(manifest, "items");
        if (manifest.Kind != CapabilityKind.Source)
        {
            throw specification.Fault("it can only be read; register it as :stream-source");
        }

        var items = manifest.Provider.GetOrNil(Keyword.Of("items"));
        return new ValuesProvider(items.Reference switch
        {
            VectorValue vector => [.. vector.Items],
            ListValue list => [.. list.Items],
            _ => throw specification.Fault($":items must be a vector, found {items}. For example: :items [1 2 3]"),
        });
    }
}

/// <summary>Every opening reads all items from the first.</summary>
internal sealed class ValuesProvider(Value[] items) : IStreamSourceProvider
{
    public IReadOnlyList<Effect> Effects => [];

    public bool ItemsAreAtHand => true;

    public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) => new(new Source(items));

    private sealed class Source(Value[] items) : IStreamSource
    {
        private int _next;

        public ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
        {
            if (_next == items.Length)
            {
                return new(false);
            }

            while (_next < items.Length && !batch.IsFull)
            {
                batch.Add(items[_next++]);
            }

            return new(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
