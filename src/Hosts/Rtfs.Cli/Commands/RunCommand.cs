// `rtfs run FILE`: check, grants, run, summary.

using System.CommandLine;
using Rtfs.Cli.Output;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;

namespace Rtfs.Cli.Commands;

internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = PlanArguments.File();
        var parameters = Many("--param", "name=value", NamedValues.ParameterHelp);
        var bindings = Many("--bind", "resource=ID", "The capability that (resource:ref \"resource\") stands for.");
        var json = new Option<bool>("--json")
        {
            Description = "The summary as one JSON object on the last line of standard output; text for people goes to standard error.",
        };
        var dry = new Option<bool>("--dry-run") { Description = "Checks, and shows what the plan needs and its stages. Runs nothing." };
        var deadLetters = new Option<string?>("--dead-letters") { Description = "Where dead letters are written, as NDJSON.", HelpName = "FILE" };
        var replay = new Option<string?>("--replay-dead-letters")
        {
            Description = "Opens no source: gives each dead letter of an earlier run to the stage that had failed on it.",
            HelpName = "FILE",
        };
        var seed = new Option<int?>("--seed") { Description = "What everything random in the run follows from; the summary says which it was.", HelpName = "N" };
        var allow = Many("--allow", "PATTERN", "Grants capabilities by id; * stands for any run of characters.");
        var allowRead = Many("--allow-read", "PATH", "Grants reading a file, or a directory with all that is below it.");
        var allowWrite = Many("--allow-write", "PATH", "Grants writing a file, or a directory with all that is below it.");
        var yes = new Option<bool>("--yes") { Description = "Grants everything that the plan declares." };
        var command = new Command("run", "Checks a plan, asks for or refuses grants, and runs it. Ctrl-C drains it; a second one stops at once.")
        {
            file, parameters, bindings, json, dry, deadLetters, replay, seed, allow, allowRead, allowWrite, yes,
        };
        command.SetAction(async (parsed, _) =>
        {
            var grants = parsed.GetValue(yes) ? Grants.All : Grants.None;
            grants = (parsed.GetValue(allow) ?? []).Aggregate(grants, (all, pattern) => all.AllowCapability(pattern));
            grants = (parsed.GetValue(allowRead) ?? []).Aggregate(grants, (all, path) => all.AllowRead(path));
            grants = (parsed.GetValue(allowWrite) ?? []).Aggregate(grants, (all, path) => all.AllowWrite(path));
            var options = new RunOptions
            {
                Grants = grants,
                Parameters = NamedValues.Parameters(parsed.GetValue(parameters) ?? []),
                Bindings = NamedValues.Bindings(parsed.GetValue(bindings) ?? []),
                DeadLetterPath = DeadLetterFile(parsed.GetValue(deadLetters)),
                ReplayDeadLetters = parsed.GetValue(replay),
                Seed = parsed.GetValue(seed),
            };
            var text = PlanFile.Read(parsed.GetValue(file)!, terminal);
            await using var engine = Engines.Create(terminal);
            var session = new RunSession(terminal, engine, text, parsed.GetValue(json));
            return await session.RunAsync(options, parsed.GetValue(dry));
        });
        return command;
    }

    private static Option<string[]> Many(string name, string value, string description) => new(name)
    {
        Description = description + " May be repeated.",
        HelpName = value,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private static string? DeadLetterFile(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new UsageException($"--dead-letters {path}: that is a directory. Name a file.");
        }

        return Directory.Exists(Path.GetDirectoryName(full))
            ? full
            : throw new UsageException($"--dead-letters {path}: there is no directory {Path.GetDirectoryName(full)}. Create it first.");
    }
}
