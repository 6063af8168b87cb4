// The reading loop that every format shares: rows until the batch is full, and waiting only while there is none.

using System.Text;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Reading;

internal enum RowStep
{
    /// <summary>An item or a fault was added, or the row held nothing.</summary>
    Consumed,

    /// <summary>The next row is not whole yet.</summary>
    NeedsMore,
    Ended,
}

/// <summary>A row that is no item. Thrown while a row is read and caught where its place is known.</summary>
internal sealed class RowFaultException(string message) : Exception(message);

internal abstract class FileSource(BlockReader blocks) : IStreamSource
{
    private const int MaximumFaultText = 500;

    protected BlockReader Blocks { get; } = blocks;

    public async ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            var step = RowStep.Consumed;
            while (!batch.IsFull && step == RowStep.Consumed)
            {
                step = ReadRow(batch);
            }

            if (!batch.IsEmpty)
            {
                return true;
            }

            if (step == RowStep.Ended)
            {
                return false;
            }

            await Blocks.FillAsync(cancellation);
        }
    }

    /// <summary>Reads one row of what is available into the batch.</summary>
    protected abstract RowStep ReadRow(SourceBatch batch);

    /// <param name="line">One-based.</param>
    protected void AddFault(SourceBatch batch, ReadOnlySpan<byte> text, string message, long line) =>
        batch.AddFault(new ItemFault(Excerpt(text), message, $"{Blocks.Path}:{line}"));

    private static string Excerpt(ReadOnlySpan<byte> text)
    {
        var whole = text.Length <= MaximumFaultText * 4;
        var decoded = Encoding.UTF8.GetString(whole ? text : text[..(MaximumFaultText * 4)]);
        if (whole && decoded.Length <= MaximumFaultText)
        {
            return decoded;
        }

        var length = char.IsHighSurrogate(decoded[MaximumFaultText - 1]) ? MaximumFaultText - 1 : MaximumFaultText;
        return decoded[..length] + "…";
    }

    public ValueTask DisposeAsync() => Blocks.DisposeAsync();
}
