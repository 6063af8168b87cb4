// `rtfs graph FILE`: the topology of a plan as a picture or as data.

using System.CommandLine;
using Rtfs.Syntax;

namespace Rtfs.Cli.Commands;

internal static class GraphCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = PlanArguments.File();
        var format = new Option<string>("--format") { Description = "mermaid, dot, svg or json.", DefaultValueFactory = _ => "mermaid" };
        format.AcceptOnlyFromAmong("mermaid", "dot", "svg", "json");
        var command = new Command("graph", "Draws the stages of a plan and what flows between them.") { file, format };
        command.SetAction(async (parsed, _) =>
        {
            var text = PlanFile.Read(parsed.GetValue(file)!, terminal);
            await using var engine = Engines.Create(terminal);
            var plan = engine.Load(text.Text, text.Name, text.BaseDirectory);
            if (Output.Diagnostics.Report(text, plan.Analysis, terminal.Error, terminal.ColourError))
            {
                return ExitCodes.Diagnostics;
            }

            var topology = plan.Analysis.Topology;
            terminal.Out.WriteLine(parsed.GetValue(format) switch
            {
                "dot" => Language.ToDot(topology),
                "svg" => Language.ToSvg(topology),
                "json" => Language.ToJson(topology),
                _ => Language.ToMermaid(topology),
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
