// A text named on the command line: a file, or `-` for standard input, decoded strictly.

using System.Text;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Diagnostics;
using Rtfs.Syntax.Text;

namespace Rtfs.Cli;

/// <param name="Name">As the person wrote it: what diagnostics call the text.</param>
/// <param name="BaseDirectory">Where relative paths of the plan start: its own directory, or the current one for standard input.</param>
/// <param name="Problem">Not null where the bytes are no UTF-8; the text is then only good for showing the place.</param>
internal sealed record PlanFile(string Name, string Text, string BaseDirectory, Diagnostic? Problem)
{
    private const string NotUtf8 = "RTFS0090";

    public SourceText Source => new(Name, Text);

    /// <summary>A file that cannot be read is a <see cref="UsageException"/>.</summary>
    public static PlanFile Read(string name, Terminal terminal)
    {
        if (name == "-")
        {
            using var bytes = new MemoryStream();
            terminal.In.CopyTo(bytes);
            return Decode("-", bytes.ToArray(), Directory.GetCurrentDirectory());
        }

        var path = Path.GetFullPath(name);
        try
        {
            return Decode(name, File.ReadAllBytes(path), Path.GetDirectoryName(path)!);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(Missing(name, path));
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new UsageException($"{name} is a directory. Name a file in it.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"Permission to read {name} was denied.");
        }
        catch (IOException fault)
        {
            throw new UsageException($"{name} cannot be read: {fault.Message}");
        }
    }

    private static PlanFile Decode(string name, byte[] bytes, string directory)
    {
        // A byte-order mark stays in the text, where the reader keeps it.
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return new PlanFile(name, Encoding.UTF8.GetString(bytes), directory, null);
        }

        var (valid, octet) = FirstInvalid(bytes);
        var at = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, valid));
        return new PlanFile(name, Encoding.UTF8.GetString(bytes), directory, new Diagnostic(
            NotUtf8,
            Severity.Error,
            Span.Of(at, 1),
            $"Expected UTF-8 text, found the byte 0x{octet:X2} at offset {valid}, which is no UTF-8 there.",
            "Save the file as UTF-8.",
            []));
    }

    private static (int Length, byte Octet) FirstInvalid(byte[] bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes.AsSpan(position), out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return (position, bytes[position]);
    }

    private static string Missing(string name, string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            return $"No such file: {name} (there is no directory {directory}).";
        }

        var names = Directory.EnumerateFiles(directory).Select(file => Path.GetFileName(file)!);
        var nearest = NearestName.Of(Path.GetFileName(path), names);
        return $"No such file: {name} (looked in {directory})." + (nearest is null ? "" : $" Did you mean {nearest}?");
    }
}
