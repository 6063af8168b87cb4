// Everything of the process that a command may touch, so that tests run commands without one.

using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Rtfs.Cli;

internal sealed class Terminal : IDisposable
{
    private PosixSignalRegistration? _signal;

    /// <summary>Bytes, because text is decoded strictly.</summary>
    public required Stream In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public bool NoColour { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Interrupts Interrupts { get; } = new();

    /// <summary>Whether somebody can be asked, and answer.</summary>
    public bool CanAsk => InputIsTerminal && ErrorIsTerminal;

    public bool ColourOut => OutputIsTerminal && !NoColour;

    public bool ColourError => ErrorIsTerminal && !NoColour;

    public static Terminal OfProcess()
    {
        var terminal = new Terminal
        {
            In = Console.OpenStandardInput(),
            Out = Writer(Console.OpenStandardOutput()),
            Error = Writer(Console.OpenStandardError()),
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            NoColour = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
        terminal._signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = terminal.Interrupts.Raise());
        return terminal;
    }

    /// <summary>Every line goes out when it is written: whoever reads a pipe may wait for it before sending the next request.</summary>
    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false), 4096) { AutoFlush = true };

    /// <summary>Rich output on standard error, for a person who watches.</summary>
    public IAnsiConsole ErrorConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Error),
        Ansi = ErrorIsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ColourError ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = CanAsk ? InteractionSupport.Yes : InteractionSupport.No,
    });

    public void Dispose()
    {
        _signal?.Dispose();
        Out.Flush();
        Error.Flush();
    }
}
