// Values to JSON text: keyword keys lose their colon; what JSON has no notation for is an error, never a guess.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal sealed class JsonWriting(string operation, EvaluationContext context, Utf8JsonWriter writer)
{
    public static string Write(string operation, EvaluationContext context, Value value, bool indented)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, new JsonWriterOptions
        {
            Indented = indented,
            NewLine = "\n",
            MaxDepth = JsonReading.MaximumDepth + 1,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        new JsonWriting(operation, context, writer).WriteValue(value, 0);
        writer.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void WriteValue(Value value, int depth)
    {
        context.Tick();
        if (depth > JsonReading.MaximumDepth)
        {
            throw Errors.Json($"{operation}: the value is nested more than {JsonReading.MaximumDepth} deep");
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
            case ValueKind.Float:
                WriteFloat(value.AsFloat);
                break;
            case ValueKind.String:
                writer.WriteStringValue(value.As<string>());
                break;
            case ValueKind.Timestamp:
                writer.WriteStringValue(value.AsTimestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
                break;
            case ValueKind.Uuid:
                writer.WriteStringValue(value.AsUuid);
                break;
            case ValueKind.Vector:
                WriteItems(value.As<VectorValue>()!.Items, depth);
                break;
            case ValueKind.List:
                WriteItems(value.As<ListValue>()!.Items, depth);
                break;
            case ValueKind.Map:
                WriteMap(value.As<MapValue>()!, depth);
                break;
            default:
                throw Errors.Json($"{operation}: JSON has no notation for {Errors.Describe(value)}; turn it into a string first, as (name x) or (str x)");
        }
    }

    // As the language writes it, so that a whole float reads back as a float.
    private void WriteFloat(double value)
    {
        if (!double.IsFinite(value))
        {
            throw Errors.Json($"{operation}: JSON has no notation for {ValuePrinter.PrintFloat(value)}");
        }

        writer.WriteRawValue(ValuePrinter.PrintFloat(value));
    }

    private void WriteItems(IEnumerable<Value> items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            WriteValue(item, depth + 1);
        }

        writer.WriteEndArray();
    }

    private void WriteMap(MapValue map, int depth)
    {
        writer.WriteStartObject();

        // The keys of a record are keywords, and their names differ.
        var written = map is Values.Record ? null : new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            var name = key.Reference switch
            {
                string text => text,
                Keyword keyword => keyword.Name,
                _ when key.IsInt => key.ToString(),
                _ => throw Errors.Json($"{operation}: a key must be a string, a keyword or an int, but one is {Errors.Describe(key)}"),
            };
            if (written?.Add(name) == false)
            {
                throw Errors.Json($"{operation}: two keys of a map are both written as \"{name}\"");
            }

            writer.WritePropertyName(name);
            WriteValue(value, depth + 1);
        }

        writer.WriteEndObject();
    }
}
