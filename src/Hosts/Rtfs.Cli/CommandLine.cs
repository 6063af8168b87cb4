// The tree of commands, and the one way through it: parse, refuse wrong usage, run.

using System.CommandLine;
using System.CommandLine.Invocation;
using Rtfs.Cli.Commands;
using Rtfs.Syntax;

namespace Rtfs.Cli;

internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var root = new RootCommand("Runs, checks, evaluates and draws RTFS 2.0 streaming plans.")
        {
            RunCommand.Create(terminal),
            CheckCommand.Create(terminal),
            EvalCommand.Create(terminal),
            GraphCommand.Create(terminal),
            ExplainCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error.WriteLine(error.Message);
            }

            foreach (var unknown in parsed.UnmatchedTokens)
            {
                if (Nearest(unknown, parsed.CommandResult.Command) is { } near)
                {
                    terminal.Error.WriteLine($"Did you mean {near}?");
                }
            }

            terminal.Error.WriteLine($"See: rtfs {Path(parsed.CommandResult.Command)}--help");
            return ExitCodes.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException wrong)
        {
            terminal.Error.WriteLine(wrong.Message);
            return ExitCodes.WrongUsage;
        }
        finally
        {
            await terminal.Out.FlushAsync();
            await terminal.Error.FlushAsync();
        }
    }

    private static string? Nearest(string unknown, Command command) =>
        unknown.StartsWith('-')
            ? Language.Nearest(unknown, command.Options.Select(static option => option.Name))
            : Language.Nearest(unknown, command.Subcommands.Select(static known => known.Name));

    private static string Path(Command command) => command is RootCommand ? "" : command.Name + " ";
}

/// <summary>The command line asks for what cannot be: the message says what and how to put it right.</summary>
internal sealed class UsageException(string message) : Exception(message);
