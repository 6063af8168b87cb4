// The real process: exit codes, streams, and Ctrl-C while a plan waits for its input.

using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed partial class ProcessTests : IDisposable
{
    private const int Interrupt = 2;

    /// <summary>Only a process that hangs meets it: where the shell ignores interrupts, so do its children.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PlanDirectory _plans = new();

    public void Dispose() => _plans.Dispose();

    [Fact]
    public async Task A_plan_from_standard_input_runs_in_the_current_directory()
    {
        _plans.Write("in.ndjson", "1\n2\n");
        using var process = Start("run", "-", "--yes", "--json");
        await process.StandardInput.WriteAsync(Plans.Between("inc"));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
        Assert.StartsWith("{\"outcome\":\"completed\",\"plan\":\"-\"", output);
        Assert.Equal("2\n3\n", _plans.Read("out.ndjson"));
        Assert.DoesNotContain("\u001b", output + error);
    }

    [Fact]
    public async Task Wrong_usage_is_64()
    {
        using var process = Start("run");
        await process.WaitForExitAsync();
        Assert.Equal(64, process.ExitCode);
    }

    [Fact]
    public async Task An_interrupt_drains_what_was_read_and_says_what_was_done()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(0, MakePipe(_plans.At("in.ndjson"), Convert.ToUInt32("600", 8)));
        _plans.Write("plan.rtfs", Plans.Between("(fn [n] (println \"got\" n) (inc n))"));
        using var process = Start("run", "plan.rtfs", "--yes");
        // Open both ways, which waits for nobody: a process that ends early fails the test instead of hanging it.
        await using var pipe = new StreamWriter(new FileStream(_plans.At("in.ndjson"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        await pipe.WriteAsync("1\n2\n");
        await pipe.FlushAsync();
        Assert.Equal("got 1", await process.StandardOutput.ReadLineAsync());
        Assert.Equal("got 2", await process.StandardOutput.ReadLineAsync());

        Assert.Equal(0, Signal(process.Id, Interrupt));
        using var limit = new CancellationTokenSource(Patience);
        using var ending = limit.Token.Register(() => process.Kill());
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("Interrupted: finishing what was read. Interrupt again to stop at once.\n", error);
        Assert.Matches(@"^Interrupted in [0-9.]+ s: 2 in, 2 out", output);
        Assert.Equal("2\n3\n", _plans.Read("out.ndjson"));
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _plans.Path,
        };
        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
