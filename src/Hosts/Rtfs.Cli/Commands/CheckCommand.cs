// `rtfs check FILE…`: diagnostics with excerpts, as text, as JSON, or one answer a line for a batch.

using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Cli.Output;
using Rtfs.Runtime;
using Rtfs.Syntax.Diagnostics;
using Rtfs.Syntax.Text;

namespace Rtfs.Cli.Commands;

internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The plans; - reads standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var format = new Option<string>("--format") { Description = "text, json or sarif.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        var lines = new Option<bool>("--jsonl")
        {
            Description = "Reads one {\"id\",\"source\"} a line from standard input and writes one {\"id\",\"diagnostics\"} a line, in the same "
                + "order. A line that is no request is answered by {\"id\",\"error\"}. The exit code is 0 whatever was found.",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Also says where nothing is known of a value's type, and fails on warnings.",
        };
        var command = new Command("check", "Says what is wrong with plans, without running them.") { files, format, lines, strict };
        command.SetAction(async (parsed, _) =>
        {
            var names = parsed.GetValue(files) ?? [];
            var batch = parsed.GetValue(lines);
            if (batch == names.Length > 0)
            {
                throw new UsageException(batch
                    ? "--jsonl reads the programs from standard input: leave FILE out."
                    : "Name at least one FILE to check, or - for standard input, or give --jsonl.");
            }

            await using var engine = Engines.Create(terminal);
            var isStrict = parsed.GetValue(strict);
            if (batch)
            {
                await CheckLinesAsync(engine, terminal, isStrict);
                return ExitCodes.Done;
            }

            return parsed.GetValue(format) switch
            {
                "json" => CheckAsJson(names, engine, terminal, isStrict),
                "sarif" => CheckAsSarif(names, engine, terminal, isStrict),
                _ => CheckAsText(names, engine, terminal, isStrict),
            };
        });
        return command;
    }

    private static int CheckAsText(string[] names, RtfsEngine engine, Terminal terminal, bool strict)
    {
        int errors = 0, warnings = 0;
        foreach (var name in names)
        {
            var file = PlanFile.Read(name, terminal);
            var analysis = engine.Load(file.Text, file.Name, file.BaseDirectory, strict).Analysis;
            Diagnostics.Report(file, analysis, terminal.Out, terminal.ColourOut);
            foreach (var found in Diagnostics.Of(file, analysis))
            {
                errors += found.Severity == Severity.Error ? 1 : 0;
                warnings += found.Severity == Severity.Warning ? 1 : 0;
            }
        }

        terminal.Out.WriteLine($"{Count(names.Length, "file")} checked: {Count(errors, "error")}, {Count(warnings, "warning")}");
        return errors > 0 ? ExitCodes.Diagnostics : ExitCodes.Done;
    }

    private static int CheckAsJson(string[] names, RtfsEngine engine, Terminal terminal, bool strict)
    {
        var errors = false;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var name in names)
            {
                var file = PlanFile.Read(name, terminal);
                var found = Diagnostics.Of(file, engine.Load(file.Text, file.Name, file.BaseDirectory, strict).Analysis);
                errors |= Diagnostics.HasErrors(found);
                writer.WriteStartObject();
                writer.WriteString("file", name);
                DiagnosticJson.Write(writer, file.Source, found);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        terminal.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        return errors ? ExitCodes.Diagnostics : ExitCodes.Done;
    }

    private static int CheckAsSarif(string[] names, RtfsEngine engine, Terminal terminal, bool strict)
    {
        var files = new List<(PlanFile File, IReadOnlyList<Diagnostic> Found)>();
        foreach (var name in names)
        {
            var file = PlanFile.Read(name, terminal);
            files.Add((file, Diagnostics.Of(file, engine.Load(file.Text, file.Name, file.BaseDirectory, strict).Analysis)));
        }

        terminal.Out.WriteLine(SarifLog.Write(files));
        return files.Exists(static checkedFile => Diagnostics.HasErrors(checkedFile.Found)) ? ExitCodes.Diagnostics : ExitCodes.Done;
    }

    private static Task CheckLinesAsync(RtfsEngine engine, Terminal terminal, bool strict) => JsonLines.AnswerAsync(terminal, (request, writer) =>
    {
        if (request.Source is null)
        {
            writer.WriteStartObject("error");
            writer.WriteString("kind", "BadRequest");
            writer.WriteString("message", request.Problem);
            writer.WriteEndObject();
        }
        else
        {
            var analysis = engine.Load(request.Source, "<source>", strict: strict).Analysis;
            DiagnosticJson.Write(writer, new SourceText("<source>", request.Source), analysis.Diagnostics);
        }

        return Task.CompletedTask;
    });

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
