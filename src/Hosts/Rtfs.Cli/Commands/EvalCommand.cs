// `rtfs eval`: evaluates an expression, a file, or a batch, each in a fresh environment with no grants.

using System.CommandLine;
using System.Text.Json;
using Rtfs.Cli.Output;
using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;

namespace Rtfs.Cli.Commands;

internal static class EvalCommand
{
    /// <summary>How long a program that was asked to stop may take before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    public static Command Create(Terminal terminal)
    {
        var expression = new Option<string>("--expression", "-e") { Description = "The text to evaluate.", HelpName = "EXPR" };
        var file = new Argument<string?>("FILE") { Description = "A file to evaluate; - reads standard input.", Arity = ArgumentArity.ZeroOrOne };
        var lines = new Option<bool>("--jsonl")
        {
            Description = "Reads one {\"id\",\"source\"} a line from standard input and writes one {\"id\",\"ok\":true,\"value\"} or "
                + "{\"id\",\"ok\":false,\"code\",\"kind\",\"message\"} a line, in the same order. The exit code is 0 whatever they gave.",
        };
        var steps = EvaluationArguments.MaximumSteps();
        var depth = EvaluationArguments.MaximumDepth();
        var memory = EvaluationArguments.MaximumMemory();
        var time = PlanArguments.MaximumTime(EvaluationLimits.StandardTime);
        var command = new Command("eval", "Evaluates a text and prints its value as RTFS.")
        {
            expression, file, lines, steps, depth, memory, time,
        };
        command.SetAction(async (parsed, _) =>
        {
            var given = new[] { parsed.GetValue(expression) is not null, parsed.GetValue(file) is not null, parsed.GetValue(lines) };
            if (given.Count(there => there) != 1)
            {
                throw new UsageException("Give one of: -e EXPR, FILE, --jsonl.");
            }

            var limits = new EvaluationLimits
            {
                MaxSteps = parsed.GetValue(steps),
                MaxDepth = parsed.GetValue(depth),
                MaxMemory = parsed.GetValue(memory),
                MaxTime = parsed.GetValue(time),
            };
            await using var engine = Engines.Create(terminal, outIsForResults: parsed.GetValue(lines));
            if (parsed.GetValue(lines))
            {
                await EvaluateLinesAsync(engine, limits, terminal);
                return ExitCodes.Done;
            }

            var text = parsed.GetValue(expression) is { } written
                ? new PlanFile("<eval>", written, Directory.GetCurrentDirectory(), null)
                : PlanFile.Read(parsed.GetValue(file)!, terminal);
            return await EvaluateAsync(text, engine, limits, terminal);
        });
        return command;
    }

    private static async Task<int> EvaluateAsync(PlanFile text, RtfsEngine engine, EvaluationLimits limits, Terminal terminal)
    {
        var analysis = engine.Load(text.Text, text.Name, text.BaseDirectory).Analysis;
        if (text.Problem is not null || !analysis.Reads)
        {
            Diagnostics.Report(text, analysis, terminal.Error, terminal.ColourError);
            return ExitCodes.Diagnostics;
        }

        var result = await EvaluateAsync(text.Text, text.Name, engine, limits, terminal.Time);
        var (printed, error) = Printed(result);
        if (error is not null)
        {
            RunError.Write(error, terminal.Error, terminal.ColourError);
            return ExitCodes.RunFailed;
        }

        terminal.Out.WriteLine(printed);
        return ExitCodes.Done;
    }

    private static Task EvaluateLinesAsync(RtfsEngine engine, EvaluationLimits limits, Terminal terminal) =>
        JsonLines.AnswerAsync(terminal, async (request, writer) =>
        {
            if (request.Source is null)
            {
                WriteError(writer, "BadRequest", "BadRequest", request.Problem!);
                return;
            }

            EvaluationResult result;
            try
            {
                result = await EvaluateAsync(request.Source, "<source>", engine, limits, terminal.Time);
            }
            catch (Exception bug)
            {
                // The boundary of one program: whatever it runs into (no memory left, a bug of this program) must not end the batch.
                WriteError(writer, "InternalError", "InternalError", $"{bug.GetType().Name}: {bug.Message}");
                return;
            }

            var (printed, error) = Printed(result);
            if (error is not null)
            {
                WriteError(writer, error.Code, error.Kind, error.Message);
                return;
            }

            writer.WriteBoolean("ok", true);
            writer.WriteString("value", printed);
        });

    /// <summary>The value's text, or why there is none: a value may be too long to print.</summary>
    private static (string Text, RtfsException? Error) Printed(EvaluationResult result)
    {
        try
        {
            return (result.Error is null ? result.Value.ToString() : "", result.Error);
        }
        catch (RtfsException tooLong)
        {
            return ("", tooLong);
        }
    }

    private static void WriteError(Utf8JsonWriter writer, string code, string kind, string message)
    {
        writer.WriteBoolean("ok", false);
        writer.WriteString("code", code);
        writer.WriteString("kind", kind);
        writer.WriteString("message", message);
    }

    /// <summary>
    /// The program is asked to stop when its time is over; one that does not is left behind on its own thread, so that a batch
    /// goes on whatever it is given.
    /// </summary>
    private static async Task<EvaluationResult> EvaluateAsync(string text, string name, RtfsEngine engine, EvaluationLimits limits, TimeProvider time)
    {
        var source = new CancellationTokenSource();
        var evaluation = Task.Run(() => engine.EvaluateAsync(text, name, limits, source.Token), CancellationToken.None);
        try
        {
            var result = await evaluation.WaitAsync(limits.MaxTime + Grace, time);
            source.Dispose();
            return result;
        }
        catch (TimeoutException)
        {
            await source.CancelAsync();
            return new EvaluationResult(
                default,
                new RtfsException(
                    "RTFS9042",
                    "TimeLimit",
                    $"the program took longer than {limits.MaxTime.TotalSeconds:0.###} s. Allow more with --max-time, or make it end"));
        }
    }
}
