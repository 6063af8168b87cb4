// The writing end that every format shares: whole lines only, and an item that the format cannot hold costs that item alone.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

/// <summary>One format's way to write an item as one line.</summary>
internal interface IItemWriter
{
    /// <summary>Appends the item with its line break. An item that the format cannot hold is an <see cref="ItemRefusedException"/>.</summary>
    void Write(Value item, LineBuffer lines);
}

/// <summary>Says why the format cannot hold an item.</summary>
internal sealed class ItemRefusedException(string message) : Exception(message);

internal sealed class FileSink(OutputFile file, IItemWriter writer) : IStreamSink
{
    private readonly LineBuffer _lines = new();

    public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _lines.CutBack(0);
        var (accepted, refused) = WriteLines(items.Span);
        if (_lines.Length > 0)
        {
            await file.WriteAsync(_lines.Written, cancellation);
        }

        if (refused is not null)
        {
            throw new ProviderException(refused, null) { Accepted = accepted, ItemOnly = true };
        }
    }

    private (int Accepted, string? Refused) WriteLines(ReadOnlySpan<Value> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            var before = _lines.Length;
            try
            {
                writer.Write(items[i], _lines);
            }
            catch (ItemRefusedException fault)
            {
                _lines.CutBack(before);
                return (i, fault.Message);
            }
        }

        return (items.Length, null);
    }

    /// <summary>Every write has been handed to the operating system when it returns, so there is nothing left to do.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
