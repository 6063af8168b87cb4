// The bytes of the lines of one write, where a line that fails can be taken back.

using System.Buffers;
using System.Text;

namespace Rtfs.Connectors.Files.Writing;

internal sealed class LineBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void CutBack(int length) => Length = length;

    public void Write(ReadOnlySpan<char> text)
    {
        var room = GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, room);
    }

    public void Write(byte octet)
    {
        GetSpan(1)[0] = octet;
        Length++;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    private void Ensure(int room)
    {
        if (_bytes.Length - Length < room)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + room));
        }
    }
}
