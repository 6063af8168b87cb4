// Format `:lines`: each line is a string, the empty ones too.

using System.Text;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal sealed class LinesSource(BlockReader blocks) : LineSource(blocks)
{
    protected override void ReadLine(ReadOnlySpan<byte> line, SourceBatch batch) =>
        batch.Add(Value.String(Encoding.UTF8.GetString(line)));
}
