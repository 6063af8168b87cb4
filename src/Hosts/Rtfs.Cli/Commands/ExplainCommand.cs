// `rtfs explain CODE`: what a diagnostic means, with a wrong and a right example.

using System.CommandLine;
using Rtfs.Syntax;

namespace Rtfs.Cli.Commands;

internal static class ExplainCommand
{
    private const int LineWidth = 80;

    /// <summary>An example that nests without end is shown by its beginning.</summary>
    private const int LongestExample = 400;

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
        string? family = null;
        foreach (var explanation in Language.Codes)
        {
            if (explanation.Family != family)
            {
                if (family is not null)
                {
                    terminal.Out.WriteLine();
                }

                family = explanation.Family;
                terminal.Out.WriteLine(family);
            }

            terminal.Out.WriteLine($"  {explanation.Code}  {explanation.Title}");
        }

        return ExitCodes.Done;
    }

    private static int Explain(string asked, Terminal terminal)
    {
        var code = asked.Trim().ToUpperInvariant();
        code = code.Length > 0 && code.All(char.IsAsciiDigit) ? "RTFS" + code : code;
        if (Language.Explain(code) is not { } explanation)
        {
            throw new UsageException($"There is no code {asked}.{Nearest(code)} All codes: rtfs explain");
        }

        var text = terminal.Out;
        text.WriteLine($"{explanation.Code} ({Output.DiagnosticJson.Name(explanation.Severity)}): {explanation.Title}");
        text.WriteLine();
        foreach (var line in Wrapped(explanation.Meaning))
        {
            text.WriteLine(line);
        }

        Example(text, "Wrong", explanation.Wrong);
        Example(text, "Right", explanation.Right);
        return ExitCodes.Done;
    }

    /// <summary>The codes that a slip of one digit makes of another, at most three.</summary>
    private static string Nearest(string code)
    {
        var near = Language.Codes
            .Where(known => known.Code.Length == code.Length && known.Code.Zip(code).Count(pair => pair.First != pair.Second) == 1)
            .Select(known => known.Code)
            .Take(3)
            .ToList();
        if (near.Count == 0 && Language.Nearest(code, Language.Codes.Select(known => known.Code)) is { } nearest)
        {
            near.Add(nearest);
        }

        return near.Count switch
        {
            0 => "",
            1 => $" Did you mean {near[0]}?",
            _ => $" Did you mean {string.Join(", ", near.Take(near.Count - 1))} or {near[^1]}?",
        };
    }

    /// <summary>Lines for a terminal, broken between words.</summary>
    private static IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > LineWidth)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    private static void Example(TextWriter text, string title, string example)
    {
        if (example.Length == 0)
        {
            return;
        }

        text.WriteLine();
        text.WriteLine(title + ":");
        var shown = example.Length > LongestExample ? example[..60] + " …" : example;
        foreach (var line in shown.Split('\n'))
        {
            text.WriteLine("    " + line.TrimEnd('\r'));
        }
    }
}
