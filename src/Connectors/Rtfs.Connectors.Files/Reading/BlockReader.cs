// Blocks of a file in one pooled buffer: what makes reading cost the same memory whatever the size of the file.

using System.Buffers;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Reading;

/// <summary>
/// The bytes read and not yet consumed are <see cref="Available"/>; <see cref="FillAsync"/> moves them to the front and reads on,
/// so a span of them is good until then. A byte-order mark is left out.
/// </summary>
internal sealed class BlockReader(FileStream stream, string path) : IAsyncDisposable
{
    private const int BlockSize = 256 * 1024;

    /// <summary>The longest row that is read, in bytes: a file without line breaks is a fault, not an exhausted process.</summary>
    public const int MaximumRow = 16 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
    private int _start;
    private int _end;
    private bool _begun;
    private bool _abandoned;
    private bool _disposed;

    public string Path { get; } = path;

    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Nothing follows what is available.</summary>
    public bool Ended { get; private set; }

    public void Advance(int count) => _start += count;

    public async ValueTask FillAsync(CancellationToken cancellation)
    {
        MakeRoom();
        do
        {
            var read = await ReadAsync(cancellation);
            _end += read;
            Ended = read == 0;
        }
        while (!_begun && !Ended && _end - _start < 3);

        if (!_begun)
        {
            _begun = true;
            if (Available.StartsWith("\uFEFF"u8))
            {
                Advance(3);
            }
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Available.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Available.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        var room = _buffer.AsMemory(_end);
        try
        {
            if (stream.CanSeek)
            {
                return await stream.ReadAsync(room, cancellation);
            }

            // A pipe may be silent for ever, and its read cannot be recalled: it is left behind, with the buffer that it may still fill.
            var read = stream.ReadAsync(room, CancellationToken.None).AsTask();
            try
            {
                return await read.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                _abandoned = true;
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new ProviderException($"Reading {Path} failed: {fault.Message}", fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Ended = true;
        if (!_abandoned)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _start = _end = 0;
        await stream.DisposeAsync();
    }
}
