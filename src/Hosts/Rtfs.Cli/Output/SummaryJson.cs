// The summary of a run, or of why there was none, as one JSON object on one line.

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;

namespace Rtfs.Cli.Output;

internal static class SummaryJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"outcome", "plan", …}</c>.</summary>
    public static string Line(string plan, string outcome, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", outcome);
            writer.WriteString("plan", plan);
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static void WriteRequirements(Utf8JsonWriter writer, string name, IReadOnlyList<Requirement> requirements)
    {
        writer.WriteStartArray(name);
        foreach (var requirement in requirements)
        {
            writer.WriteStartObject();
            writer.WriteString("effect", requirement.Effect.Kind);
            writer.WriteString("target", requirement.Effect.Target);
            writer.WriteString("capability", requirement.Capability);
            writer.WriteString("flag", GrantRequests.Flag(requirement.Effect));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, RunSummary summary, string? deadLetterPath)
    {
        writer.WriteNumber("itemsIn", summary.ItemsIn);
        writer.WriteNumber("itemsOut", summary.ItemsOut);
        writer.WriteNumber("skipped", summary.Skipped);
        writer.WriteNumber("deadLettered", summary.DeadLettered);
        writer.WriteNumber("dropped", summary.Dropped);
        writer.WriteNumber("failed", summary.Failed);
        writer.WriteNumber("retries", summary.Retries);
        writer.WriteNumber("elapsedMs", Math.Round(summary.Elapsed.TotalMilliseconds, 3));
        writer.WriteNumber("itemsPerSecond", Math.Round(SummaryText.Rate(summary.ItemsIn, summary.Elapsed), 1));
        writer.WriteStartArray("stages");
        foreach (var stage in summary.Stages)
        {
            WriteStage(writer, stage);
        }

        writer.WriteEndArray();
        if (summary.NotReplayed > 0)
        {
            writer.WriteNumber("notReplayed", summary.NotReplayed);
        }

        writer.WriteNumber("seed", summary.Seed);
        writer.WriteString("value", summary.Value.ToString());
        if (deadLetterPath is not null)
        {
            writer.WriteString("deadLetters", deadLetterPath);
        }

        if (summary.Error is { } error)
        {
            WriteError(writer, error);
        }
    }

    private static void WriteStage(Utf8JsonWriter writer, StageSummary stage)
    {
        writer.WriteStartObject();
        writer.WriteString("id", stage.Id);
        writer.WriteString("kind", stage.Kind);
        writer.WriteString("label", stage.Label);
        writer.WriteNumber("received", stage.Received);
        writer.WriteNumber("processed", stage.Processed);
        writer.WriteNumber("emitted", stage.Emitted);
        writer.WriteNumber("skipped", stage.Skipped);
        writer.WriteNumber("deadLettered", stage.DeadLettered);
        writer.WriteNumber("dropped", stage.Dropped);
        writer.WriteNumber("failed", stage.Failed);
        writer.WriteNumber("inFlight", stage.InFlight);
        writer.WriteNumber("retries", stage.Retries);
        writer.WriteEndObject();
    }

    /// <summary>The place is zero-based, as in diagnostics.</summary>
    private static void WriteError(Utf8JsonWriter writer, RtfsException error)
    {
        writer.WriteStartObject("error");
        writer.WriteString("code", error.Code);
        writer.WriteString("kind", error.Kind);
        writer.WriteString("message", error.Message);
        if (error.Place is { } place)
        {
            var start = place.Source.PositionOf(place.Span.Start);
            writer.WriteString("file", place.Source.Name);
            writer.WriteNumber("line", start.Line);
            writer.WriteNumber("character", start.Character);
        }

        writer.WriteEndObject();
    }
}
