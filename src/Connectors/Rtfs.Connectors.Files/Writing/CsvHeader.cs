// The header row of a CSV file that a sink adds to.

using System.Text;
using Rtfs.Connectors.Files.Reading;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Writing;

internal static class CsvHeader
{
    /// <summary>The columns of the file as it is, or null when there is none or it is empty.</summary>
    public static async Task<IReadOnlyList<string>?> ReadAsync(FileSpecification specification, CancellationToken cancellation)
    {
        if (!File.Exists(specification.FullPath) || new FileInfo(specification.FullPath).Length == 0)
        {
            return null;
        }

        await using var blocks = new BlockReader(await OpenFile.ForReadingAsync(specification, cancellation), specification.Path);
        var cells = new CsvCells();
        CsvScan found;
        do
        {
            await blocks.FillAsync(cancellation);
            found = cells.Scan(blocks.Available, blocks.Ended);
        }
        while (found == CsvScan.NeedsMore);

        if (found != CsvScan.Row)
        {
            throw new ProviderException(
                $"{specification.Path} cannot be added to: its first line is no CSV header row. Remove :append true to replace it.");
        }

        return Texts(cells, blocks.Available);
    }

    private static List<string> Texts(CsvCells cells, ReadOnlySpan<byte> row)
    {
        var columns = new List<string>();
        for (var i = 0; i < cells.Count; i++)
        {
            columns.Add(Encoding.UTF8.GetString(row.Slice(cells[i].Start, cells[i].Length)).Replace("\"\"", "\"").Trim());
        }

        return columns;
    }
}
