// JSON text to values: whole numbers that fit are ints, keys are strings or, when asked for, keywords.

using System.Text;
using System.Text.Json;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class JsonReading
{
    public const int MaximumDepth = 512;

    public static Value Read(EvaluationContext context, string text, bool keywords)
    {
        try
        {
            var reader = new Utf8JsonReader(
                Encoding.UTF8.GetBytes(text),
                new JsonReaderOptions { MaxDepth = MaximumDepth, CommentHandling = JsonCommentHandling.Disallow });
            reader.Read();
            var value = ReadValue(context, ref reader, keywords);

            // Blanks may follow; anything else makes this raise.
            reader.Read();
            return value;
        }
        catch (JsonException error)
        {
            throw Errors.Json(
                $"parse-json: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of the text is not JSON: {Sentence(error.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw Errors.Json("parse-json: a string holds an escape \\uD800 to \\uDFFF without its other half");
        }
    }

    // The reader's message ends with the position once more.
    private static string Sentence(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? message : message[..position]).TrimEnd('.');
    }

    private static Value ReadValue(EvaluationContext context, ref Utf8JsonReader reader, bool keywords)
    {
        context.Tick();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = MapValue.Empty;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    var key = keywords && Conversion.IsName(name) ? Value.Of(Keyword.Of(name)) : Value.String(name);
                    map = map.Assoc(key, ReadValue(context, ref reader, keywords));
                }

                return Value.Of(map);
            case JsonTokenType.StartArray:
                var items = new VectorBuilder(4);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(context, ref reader, keywords));
                }

                return Value.Of(items.ToVector());
            case JsonTokenType.String:
                return Value.String(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? Value.Int(whole)
                    : reader.TryGetDouble(out var number) && double.IsFinite(number) ? Value.Float(number)
                    : throw Errors.Json($"parse-json: the number {Encoding.UTF8.GetString(reader.ValueSpan)} is beyond every float");
            case JsonTokenType.True:
                return Value.True;
            case JsonTokenType.False:
                return Value.False;
            default:
                return Value.Nil;
        }
    }
}
