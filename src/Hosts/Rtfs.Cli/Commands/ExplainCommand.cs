// `rtfs explain CODE`: what a diagnostic means, with a wrong and a right example.

using System.CommandLine;
using Rtfs.Syntax;

namespace Rtfs.Cli.Commands;

internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var code = new Argument<string?>("CODE")
        {
            Description = "A code such as RTFS1003. Without one, all codes are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("explain", "Says what a diagnostic means, with a wrong and a right example.") { code };
        command.SetAction(parsed => parsed.GetValue(code) is { } asked ? Explain(asked, terminal) : List(terminal));
        return command;
    }

    private static int List(Terminal terminal)
    {
        foreach (var explanation in Language.Codes)
        {
            terminal.Out.WriteLine($"{explanation.Code}  {explanation.Title}");
        }

        return ExitCodes.Done;
    }

    private static int Explain(string asked, Terminal terminal)
    {
        var code = asked.Trim().ToUpperInvariant();
        if (Language.Explain(code) is not { } explanation)
        {
            var nearest = Language.Nearest(code, Language.Codes.Select(known => known.Code));
            throw new UsageException(
                $"There is no code {asked}." + (nearest is null ? "" : $" Did you mean {nearest}?") + " All codes: rtfs explain");
        }

        var text = terminal.Out;
        text.WriteLine($"{explanation.Code} ({Output.DiagnosticJson.Name(explanation.Severity)}): {explanation.Title}");
        text.WriteLine();
        text.WriteLine(explanation.Meaning);
        Example(text, "Wrong", explanation.Wrong);
        Example(text, "Right", explanation.Right);
        return ExitCodes.Done;
    }

    private static void Example(TextWriter text, string title, string example)
    {
        if (example.Length == 0)
        {
            return;
        }

        text.WriteLine();
        text.WriteLine(title + ":");
        foreach (var line in example.Split('\n'))
        {
            text.WriteLine("    " + line.TrimEnd('\r'));
        }
    }
}
