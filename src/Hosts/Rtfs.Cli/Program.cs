// The process: standard streams, signals, and an exit code.

namespace Rtfs.Cli;

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        return await CommandLine.RunAsync(args, terminal);
    }
}
