// What the process tells its caller.

namespace Rtfs.Cli;

internal static class ExitCodes
{
    public const int Done = 0;
    public const int RunFailed = 1;
    public const int Diagnostics = 2;
    public const int NotGranted = 3;
    public const int WrongUsage = 64;
    public const int Interrupted = 130;
}
