// Runs a command in this process: arguments and bytes in, text and an exit code out.

using System.Text;
using System.Text.Json;
using Xunit;

namespace Rtfs.Cli.Tests;

internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last line of standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Lines[^1]).RootElement;

    /// <summary>Fails with what the command printed, unless it ended with exit code 0.</summary>
    public void AssertSuccess() => Assert.True(ExitCode == 0, $"Exit code {ExitCode}.\n{Out}\n{Error}");
}

internal static class Cli
{
    public static Task<CliResult> RunAsync(params string[] args) => RunAsync(new CliInput(), args);

    public static Task<CliResult> RunWithAsync(string input, params string[] args) =>
        RunAsync(new CliInput { Bytes = Encoding.UTF8.GetBytes(input) }, args);

    public static async Task<CliResult> RunAsync(CliInput input, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal
        {
            In = new MemoryStream(input.Bytes),
            Out = output,
            Error = TextWriter.Synchronized(error),
            InputIsTerminal = input.IsTerminal,
            ErrorIsTerminal = input.IsTerminal,
            NoColour = true,
        };
        var exitCode = await CommandLine.RunAsync(args, terminal);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }
}

internal sealed record CliInput
{
    public byte[] Bytes { get; init; } = [];

    public bool IsTerminal { get; init; }
}

/// <summary>A directory of its own for each test.</summary>
internal sealed class PlanDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rtfs-cli-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text, new UTF8Encoding(false));
        return At(name);
    }

    public string Read(string name) => File.ReadAllText(At(name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
