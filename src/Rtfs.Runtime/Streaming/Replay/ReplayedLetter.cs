// A dead letter of an earlier run, as its file has it.

using System.Text.Json;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Replay;

/// <param name="Line">The line itself.</param>
/// <param name="Capability">That the stage opened; null of a stage that opened none.</param>
/// <param name="Item">Null where no text gives the item back: a row that was none, or a value without a notation.</param>
/// <param name="Key">Of a stream with keys.</param>
internal sealed record ReplayedLetter(
    string Line, string Stage, string? Capability, Value? Item, Value? Key, long Attempts, long Sequence, DateTimeOffset Timestamp, string Message)
{
    private const int Deepest = 2000;

    /// <summary>Where the plan has the stage; null where that is not known.</summary>
    public SourcePlace? Place { get; init; }

    /// <summary>Whether its stage is the one that a sink's id has in a run, whatever its number.</summary>
    public bool IsOfSink => Stage.StartsWith("sink-", StringComparison.Ordinal);

    /// <exception cref="FormatException">The line is no dead letter: what was expected.</exception>
    public static ReplayedLetter Read(string line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = Deepest });
        }
        catch (JsonException)
        {
            throw new FormatException("expected a JSON object");
        }

        using (document)
        {
            var letter = document.RootElement;
            if (letter.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"expected a JSON object, found {Kind(letter)}");
            }

            var envelope = Field(letter, "envelope", JsonValueKind.Object);
            var error = Field(letter, "error", JsonValueKind.Object);
            if (!Field(envelope, "timestamp", JsonValueKind.String).TryGetDateTimeOffset(out var timestamp))
            {
                throw new FormatException("expected a time in \"timestamp\" of its envelope");
            }

            return new ReplayedLetter(
                line,
                Field(letter, "stage", JsonValueKind.String).GetString()!,
                Text(letter, "capability"),
                Text(letter, "cause") == "parse" ? null : Value(letter, "text"),
                Value(letter, "key"),
                Count(letter, "attempts"),
                Count(envelope, "sequence"),
                timestamp,
                Text(error, "message") ?? "");
        }
    }

    /// <summary>As letters are kept in memory.</summary>
    public Value ToValue() => Values.Value.Of(MapValue.Empty
        .Assoc(Values.Value.Of(Keyword.Of("stage")), Values.Value.String(Stage))
        .Assoc(Values.Value.Of(Keyword.Of("letter")), Values.Value.String(Line))
        .Assoc(Values.Value.Of(Keyword.Of("attempts")), Values.Value.Int(Attempts))
        .Assoc(Values.Value.Of(Keyword.Of("error")), Values.Value.Of(MapValue.Empty
            .Assoc(Values.Value.Of(Keyword.Of("message")), Values.Value.String(Message)))));

    private static JsonElement Field(JsonElement from, string name, JsonValueKind kind) =>
        !from.TryGetProperty(name, out var found) ? throw new FormatException($"expected {Kind(kind)} as \"{name}\", found none")
        : found.ValueKind != kind ? throw new FormatException($"expected {Kind(kind)} as \"{name}\", found {Kind(found)}")
        : found;

    private static long Count(JsonElement from, string name) =>
        Field(from, name, JsonValueKind.Number).TryGetInt64(out var count) && count >= 0
            ? count
            : throw new FormatException($"expected a whole number as \"{name}\"");

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    private static Value? Value(JsonElement from, string name)
    {
        if (Text(from, name) is not { } text)
        {
            return null;
        }

        var read = ValueReader.Read(text);
        return read is { Problem: null, Values: [var value] } ? value : throw new FormatException($"expected one RTFS value as the text of \"{name}\"");
    }

    private static string Kind(JsonElement found) => Kind(found.ValueKind);

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "a JSON object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
