// One `rtfs run` from checked text to exit code: what is told, to whom, and when.

using Rtfs.Cli.Output;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Syntax;

namespace Rtfs.Cli;

internal sealed class RunSession(Terminal terminal, RtfsEngine engine, PlanFile file, bool json)
{
    /// <summary>Where text for people goes: standard output belongs to the JSON when it is asked for.</summary>
    private TextWriter People => json ? terminal.Error : terminal.Out;

    /// <summary>Where a live table is shown, lines go above it by way of the run's events.</summary>
    private bool ShowsProgress => terminal.ErrorIsTerminal && !json;

    public async Task<int> RunAsync(RunOptions options, bool dry)
    {
        var plan = engine.Load(file.Text, file.Name, file.BaseDirectory);
        if (Diagnostics.Report(file, plan.Analysis, terminal.Error, terminal.ColourError))
        {
            terminal.Error.WriteLine("The plan was not run.");
            WriteJson(writer => DiagnosticJson.Write(writer, file.Source, Diagnostics.Of(file, plan.Analysis)), "refused");
            return ExitCodes.Diagnostics;
        }

        foreach (var (name, nearest) in engine.Unused(plan, options))
        {
            var (option, what) = name.StartsWith(':') ? ($"--param {name[1..]}", "no parameter") : ($"--bind {name}", "no resource");
            var hint = nearest is null ? "" : $" Did you mean {nearest}?";
            return Refuse($"{option}: the plan reads {what} of this name.{hint}");
        }

        IReadOnlyList<Requirement> needed;
        try
        {
            needed = engine.Requirements(plan, options);
        }
        catch (ProviderException fault)
        {
            return Refuse(fault.Message);
        }

        if (dry)
        {
            return ShowOnly(plan, needed, options.Grants);
        }

        var missing = needed.Where(requirement => !options.Grants.Allows(requirement.Effect)).ToArray();
        if (missing.Length > 0)
        {
            if (!terminal.CanAsk || json || !GrantRequests.Ask(missing, terminal))
            {
                return NotGranted(missing);
            }

            options = options with { Grants = GrantRequests.Add(options.Grants, missing) };
        }

        try
        {
            await using var run = await engine.StartAsync(plan, ShowsProgress ? options : options with { Log = PlanOutput.Lines(json ? terminal.Error : terminal.Out, terminal.Error) });
            return await new RunFollower(terminal, file.Name, json).FollowAsync(run, options.DeadLetterPath);
        }
        catch (PlanRefusedException refused) when (refused.MissingGrants.Count > 0)
        {
            return NotGranted([.. refused.MissingGrants.Select(effect => new Requirement(effect, effect.Target, CapabilityKind.Function))]);
        }
        catch (Exception fault) when (fault is PlanRefusedException or ProviderException)
        {
            return Refuse(fault.Message);
        }
    }

    private int ShowOnly(Plan plan, IReadOnlyList<Requirement> needed, Grants grants)
    {
        People.WriteLine($"{file.Name} can run. Nothing was run.");
        People.WriteLine(needed.Count == 0 ? "It needs no grants." : "It needs:");
        GrantRequests.Describe(needed, People);
        var missing = needed.Where(requirement => !grants.Allows(requirement.Effect)).ToArray();
        if (missing.Length > 0)
        {
            People.WriteLine("Not granted yet; to grant it, add:");
            People.WriteLine("  " + string.Join(' ', missing.Select(requirement => GrantRequests.Flag(requirement.Effect)).Distinct()));
        }

        People.WriteLine("Capabilities:");
        foreach (var id in plan.Analysis.Capabilities)
        {
            People.WriteLine("  " + id);
        }

        People.WriteLine("Stages:");
        foreach (var stage in plan.Analysis.Topology.Stages)
        {
            var edges = plan.Analysis.Topology.Edges.Where(edge => edge.From == stage.Id).Select(edge => $"{edge.To} ({edge.ElementType})").ToArray();
            People.WriteLine($"  {stage.Id}  {stage.Label}" + (edges.Length > 0 ? " -> " + string.Join(", ", edges) : ""));
        }

        WriteJson(
            writer =>
            {
                SummaryJson.WriteRequirements(writer, "needs", needed);
                SummaryJson.WriteRequirements(writer, "missing", missing);
                writer.WriteStartArray("capabilities");
                foreach (var id in plan.Analysis.Capabilities)
                {
                    writer.WriteStringValue(id);
                }

                writer.WriteEndArray();
                writer.WritePropertyName("topology");
                writer.WriteRawValue(Language.ToJson(plan.Analysis.Topology));
            },
            "dry-run");
        return ExitCodes.Done;
    }

    private int NotGranted(IReadOnlyList<Requirement> missing)
    {
        GrantRequests.Refuse(missing, terminal.Error);
        WriteJson(writer => SummaryJson.WriteRequirements(writer, "missing", missing), "not-granted");
        return ExitCodes.NotGranted;
    }

    private int Refuse(string message)
    {
        terminal.Error.WriteLine(message);
        terminal.Error.WriteLine("The plan was not run.");
        WriteJson(writer => writer.WriteString("message", message), "refused");
        return ExitCodes.RunFailed;
    }

    private void WriteJson(Action<System.Text.Json.Utf8JsonWriter> write, string outcome)
    {
        if (json)
        {
            terminal.Out.WriteLine(SummaryJson.Line(file.Name, outcome, write));
        }
    }
}
