// Format `:edn`: one RTFS value a line, read as data and never evaluated. Blank lines and lines of comment are passed over.

using System.Text;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal sealed class EdnSource(BlockReader blocks) : LineSource(blocks)
{
    protected override void ReadLine(ReadOnlySpan<byte> line, SourceBatch batch)
    {
        var read = ValueReader.Read(Encoding.UTF8.GetString(line));
        if (read.Problem is not null)
        {
            throw new RowFaultException($"expected one RTFS value, {read.Problem}");
        }

        if (read.Values.Count > 1)
        {
            throw new RowFaultException($"expected one RTFS value on the line, found {read.Values.Count}. Write each on a line of its own");
        }

        if (read.Values.Count == 1)
        {
            batch.Add(read.Values[0]);
        }
    }
}
