// A value as one line of JSON, for dead letters: names for keyword keys, printed text for what JSON has not.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Resilience;

internal static class JsonText
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    public static string Of(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            Write(writer, value, 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Value value, int depth)
    {
        // What is nested deeper than anybody reads is shown as its text.
        const int deepest = 200;
        if (depth > deepest)
        {
            writer.WriteStringValue(ValuePrinter.Print(value));
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Nil:
                writer.WriteNullValue();
                break;
            case ValueKind.Bool:
                writer.WriteBooleanValue(value.AsBool);
                break;
            case ValueKind.Int:
                writer.WriteNumberValue(value.AsInt);
                break;
            case ValueKind.Float when double.IsFinite(value.AsFloat):
                writer.WriteNumberValue(value.AsFloat);
                break;
            case ValueKind.String:
                writer.WriteStringValue(value.As<string>());
                break;
            case ValueKind.Keyword:
                writer.WriteStringValue(value.As<Keyword>()!.Name);
                break;
            case ValueKind.Timestamp:
                writer.WriteStringValue(value.AsTimestamp.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
                break;
            case ValueKind.Vector:
                WriteItems(writer, value.As<VectorValue>()!.Items, depth);
                break;
            case ValueKind.List:
                WriteItems(writer, value.As<ListValue>()!.Items, depth);
                break;
            case ValueKind.Map:
                writer.WriteStartObject();
                foreach (var (key, item) in value.As<MapValue>()!.Entries)
                {
                    writer.WritePropertyName(key.As<Keyword>()?.Name ?? key.As<string>() ?? ValuePrinter.Print(key));
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(ValuePrinter.Print(value));
                break;
        }
    }

    private static void WriteItems(Utf8JsonWriter writer, IEnumerable<Value> items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Write(writer, item, depth + 1);
        }

        writer.WriteEndArray();
    }
}
