// The file behind a sink: opened for replacement or for addition, and never left with part of a line.

using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files.Writing;

/// <summary>
/// What <see cref="WriteAsync"/> has taken is with the operating system and survives the process. When a write fails the file
/// is cut back to where it was before it.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;
    private readonly bool _isRegular;
    private bool _closed;

    private OutputFile(FileStream stream, string path)
    {
        _stream = stream;
        _path = path;
        _isRegular = stream.CanSeek;
    }

    /// <summary>Missing directories are made where they are below the directory that relative paths start from, and nowhere else.</summary>
    public static async Task<OutputFile> OpenAsync(FileSpecification specification, CancellationToken cancellation)
    {
        if (Directory.Exists(specification.FullPath))
        {
            throw OpenFile.IsDirectory(specification);
        }

        try
        {
            MakeDirectory(specification);

            // Opening a named pipe waits for its reader, so it happens aside and can be given up.
            var stream = await Task.Run(
                () => new FileStream(
                    specification.FullPath,
                    specification.Append ? FileMode.OpenOrCreate : FileMode.Create,
                    specification.Append ? FileAccess.ReadWrite : FileAccess.Write,
                    FileShare.Read | FileShare.Delete,
                    bufferSize: 0),
                CancellationToken.None).WaitAsync(cancellation);
            var file = new OutputFile(stream, specification.Path);
            if (specification.Append && file._isRegular)
            {
                file.EndLastLine();
            }

            return file;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new ProviderException($"Permission to write {specification.Path} was denied (at {specification.FullPath}).", fault);
        }
        catch (IOException fault)
        {
            throw new ProviderException($"{specification.Path} cannot be opened for writing: {fault.Message}", fault);
        }
    }

    private static void MakeDirectory(FileSpecification specification)
    {
        var directory = Path.GetDirectoryName(specification.FullPath) ?? specification.FullPath;
        if (Directory.Exists(directory))
        {
            return;
        }

        var fromBase = Path.GetRelativePath(specification.BaseDirectory, directory);
        if (Path.IsPathRooted(fromBase) || fromBase == ".." || fromBase.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ProviderException(
                $"No such directory: {directory}, where {specification.Path} is to be written. Create it first (only directories below {specification.BaseDirectory} are made).");
        }

        Directory.CreateDirectory(directory);
    }

    private void EndLastLine()
    {
        var length = _stream.Seek(0, SeekOrigin.End);
        if (length > 0)
        {
            _stream.Seek(-1, SeekOrigin.End);
            if (_stream.ReadByte() != '\n')
            {
                _stream.WriteByte((byte)'\n');
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        if (_closed)
        {
            throw new ProviderException($"{_path} has been closed; nothing more can be written to it.");
        }

        var before = _isRegular ? _stream.Position : 0;
        try
        {
            if (_isRegular)
            {
                _stream.Write(lines.Span);
            }
            else
            {
                await _stream.WriteAsync(lines, CancellationToken.None).AsTask().WaitAsync(cancellation);
            }
        }
        catch (IOException fault)
        {
            CutBack(before);
            throw new ProviderException($"Writing {_path} failed: {fault.Message}", fault);
        }
    }

    private void CutBack(long length)
    {
        if (!_isRegular)
        {
            return;
        }

        try
        {
            _stream.SetLength(length);
        }
        catch (IOException)
        {
            // The write's own fault is the one to report.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException fault)
        {
            throw new ProviderException($"Closing {_path} failed: {fault.Message}", fault);
        }
    }
}
