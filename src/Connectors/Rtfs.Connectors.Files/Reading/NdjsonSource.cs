// Format `:ndjson`: one JSON value a line; blank lines are passed over.

using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Reading;

internal sealed class NdjsonSource(BlockReader blocks, RowSchema schema) : LineSource(blocks)
{
    private readonly JsonRowReader _rows = new(schema);

    protected override void ReadLine(ReadOnlySpan<byte> line, SourceBatch batch)
    {
        if (!line.Trim(" \t"u8).IsEmpty)
        {
            batch.Add(_rows.Read(line));
        }
    }
}
