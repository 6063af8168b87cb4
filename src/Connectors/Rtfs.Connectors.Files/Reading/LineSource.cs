// What the formats of one row a line share: finding the line, its number, and the faults that no parser needs to see.

using System.Text.Unicode;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Reading;

internal abstract class LineSource(BlockReader blocks) : FileSource(blocks)
{
    private long _line;
    private int _searched;
    private bool _skipping;

    /// <summary>Reads one line, without its line break and known to be UTF-8; a <see cref="RowFaultException"/> says why it is no item.</summary>
    protected abstract void ReadLine(ReadOnlySpan<byte> line, SourceBatch batch);

    protected sealed override RowStep ReadRow(SourceBatch batch)
    {
        var available = Blocks.Available;
        var length = available[_searched..].IndexOf((byte)'\n');
        if (length >= 0)
        {
            length += _searched;
        }
        else if (!Blocks.Ended && available.Length < BlockReader.MaximumRow)
        {
            _searched = available.Length;
            return RowStep.NeedsMore;
        }
        else if (available.IsEmpty)
        {
            return RowStep.Ended;
        }

        _searched = 0;
        var whole = length >= 0 || Blocks.Ended;
        var line = length >= 0 ? available[..length] : available;
        Blocks.Advance(length >= 0 ? length + 1 : available.Length);
        if (_skipping)
        {
            _skipping = !whole;
            return RowStep.Consumed;
        }

        _line++;
        if (!whole || line.Length >= BlockReader.MaximumRow)
        {
            _skipping = !whole;
            AddFault(batch, line, $"the line is longer than {BlockReader.MaximumRow / (1024 * 1024)} MiB, and was left out", _line);
            return RowStep.Consumed;
        }

        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        Read(line, batch);
        return RowStep.Consumed;
    }

    private void Read(ReadOnlySpan<byte> line, SourceBatch batch)
    {
        if (!Utf8.IsValid(line))
        {
            AddFault(batch, line, "expected UTF-8 text, found bytes that are not UTF-8", _line);
            return;
        }

        try
        {
            ReadLine(line, batch);
        }
        catch (RowFaultException fault)
        {
            AddFault(batch, line, fault.Message, _line);
        }
    }
}
