// Opening for reading, and the words for everything that can be in the way.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files;

internal static class OpenFile
{
    /// <summary>Opening a named pipe waits for its writer, so it happens aside and can be given up.</summary>
    public static async Task<FileStream> ForReadingAsync(FileSpecification specification, CancellationToken cancellation)
    {
        if (Directory.Exists(specification.FullPath))
        {
            throw IsDirectory(specification);
        }

        try
        {
            return await Task.Run(
                () => new FileStream(
                    specification.FullPath,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0,
                    FileOptions.SequentialScan),
                CancellationToken.None).WaitAsync(cancellation);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(specification, fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new ProviderException($"Permission to read {specification.Path} was denied (at {specification.FullPath}).", fault);
        }
        catch (IOException fault)
        {
            throw new ProviderException($"{specification.Path} cannot be opened for reading: {fault.Message}", fault);
        }
    }

    public static ProviderException IsDirectory(FileSpecification specification) =>
        new($"{specification.Path} is a directory, not a file (at {specification.FullPath}). Name a file in it with :path.");

    private static ProviderException Missing(FileSpecification specification, Exception fault)
    {
        var directory = Path.GetDirectoryName(specification.FullPath) ?? specification.FullPath;
        if (!Directory.Exists(directory))
        {
            return new ProviderException(
                $"No such file: {specification.Path} (there is no directory {directory}). Relative paths start at {specification.BaseDirectory}.",
                fault);
        }

        var nearest = NearestName.Of(
            Path.GetFileName(specification.FullPath), Directory.EnumerateFiles(directory).Select(Path.GetFileName).OfType<string>());
        return new ProviderException(
            $"No such file: {specification.Path} (looked in {directory})."
                + (nearest is null ? " Check :path." : $" Did you mean {nearest}?"),
            fault);
    }
}
