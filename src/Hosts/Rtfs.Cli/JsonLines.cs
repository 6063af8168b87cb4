// The batch protocol of `check --jsonl` and `eval --jsonl`: one `{"id","source"}` a line in, one answer a line out, in order.

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Rtfs.Cli;

/// <param name="Id">The request's id as JSON text; <c>null</c> where it has none.</param>
/// <param name="Source">The program, or null where the line is no request.</param>
/// <param name="Problem">Why the line is no request.</param>
internal sealed record JsonRequest(string Id, string? Source, string? Problem);

internal static class JsonLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers every line that is not blank. A line that is no request gets an answer too, and the rest goes on.</summary>
    public static async Task AnswerAsync(Terminal terminal, Func<JsonRequest, Utf8JsonWriter, Task> answer)
    {
        // Latin-1 maps each byte to one character, so that a line with bad UTF-8 spoils no other.
        using var reader = new StreamReader(terminal.In, Encoding.Latin1, false, 64 * 1024, leaveOpen: true);
        using var buffer = new MemoryStream();
        await using var writer = new Utf8JsonWriter(buffer, Options);
        var number = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            number++;
            var bytes = Encoding.Latin1.GetBytes(line);
            var text = number == 1 && bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
            if (text.Span.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            buffer.SetLength(0);
            writer.Reset(buffer);
            writer.WriteStartObject();
            var request = Parse(text, number);
            writer.WritePropertyName("id");
            writer.WriteRawValue(request.Id);
            await answer(request, writer);
            writer.WriteEndObject();
            await writer.FlushAsync();
            terminal.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        }
    }

    private static JsonRequest Parse(ReadOnlyMemory<byte> line, int number)
    {
        if (!Utf8.IsValid(line.Span))
        {
            return Refuse("null", number, "found bytes that are not UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var request = document.RootElement;
            if (request.ValueKind != JsonValueKind.Object)
            {
                return Refuse("null", number, $"found JSON that is no object but {Describe(request)}");
            }

            var id = request.TryGetProperty("id", out var given) ? given.GetRawText() : "null";
            if (!request.TryGetProperty("source", out var source))
            {
                return Refuse(id, number, "found no \"source\"");
            }

            return source.ValueKind == JsonValueKind.String
                ? new JsonRequest(id, source.GetString()!, null)
                : Refuse(id, number, $"found a \"source\" that is no string but {Describe(source)}");
        }
        catch (JsonException fault)
        {
            var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return Refuse("null", number, $"found text that is no JSON: {(end < 0 ? fault.Message : fault.Message[..end])}");
        }
        catch (InvalidOperationException)
        {
            return Refuse("null", number, "found a string with half of a surrogate pair");
        }
    }

    private static JsonRequest Refuse(string id, int number, string found) =>
        new(id, null, $"Line {number}: expected a JSON object with \"id\" and \"source\", {found}");

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
