// Values as JSON, one a line.

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

/// <summary>
/// Keywords lose their colon, as keys and as values; times are ISO 8601 in UTC, UUIDs and symbols strings, lists and vectors
/// arrays. A float keeps its fraction (<c>1.0</c>), so that it is read back as a float.
/// </summary>
internal sealed class NdjsonWriter : IItemWriter
{
    private const int MaximumDepth = 128;

    private static readonly JsonWriterOptions Options = new()
    {
        // Non-ASCII text stays readable; what JSON requires is still escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private Utf8JsonWriter? _writer;

    public void Write(Value item, LineBuffer lines)
    {
        if (_writer is null)
        {
            _writer = new Utf8JsonWriter(lines, Options);
        }
        else
        {
            _writer.Reset(lines);
        }

        Write(item, _writer, null, 0);
        _writer.Flush();
        lines.Write((byte)'\n');
    }

    private static void Write(Value value, Utf8JsonWriter writer, string? key, int depth)
    {
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
                WriteFloat(value.AsFloat, writer, key);
                break;
            case ValueKind.String:
                writer.WriteStringValue(value.As<string>());
                break;
            case ValueKind.Keyword:
                writer.WriteStringValue(value.As<Keyword>()!.Name);
                break;
            case ValueKind.Symbol:
                writer.WriteStringValue(value.As<Symbol>()!.Name);
                break;
            case ValueKind.Timestamp:
                writer.WriteStringValue(ScalarText.Timestamp(value.AsTimestamp));
                break;
            case ValueKind.Uuid:
                writer.WriteStringValue(value.AsUuid);
                break;
            case ValueKind.Map:
                WriteMap(value.As<MapValue>()!, writer, Deeper(depth, key));
                break;
            case ValueKind.Vector:
                WriteItems(value.As<VectorValue>()!.Items, writer, key, Deeper(depth, key));
                break;
            case ValueKind.List:
                WriteItems(value.As<ListValue>()!.Items, writer, key, Deeper(depth, key));
                break;
            default:
                throw new ItemRefusedException($"JSON cannot hold {ScalarText.Describe(value)}{At(key)}. Write data instead");
        }
    }

    private static int Deeper(int depth, string? key) => depth < MaximumDepth
        ? depth + 1
        : throw new ItemRefusedException($"the item is nested deeper than {MaximumDepth} levels{At(key)}");

    private static void WriteFloat(double number, Utf8JsonWriter writer, string? key)
    {
        if (!double.IsFinite(number))
        {
            throw new ItemRefusedException(
                $"JSON has no number for {ScalarText.Float(number)}{At(key)}. Replace it (by nil, for example) or filter such items out");
        }

        Span<char> text = stackalloc char[32];
        number.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        if (text[..length].IndexOfAny('.', 'E') < 0)
        {
            ".0".CopyTo(text[length..]);
            length += 2;
        }

        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static void WriteMap(MapValue map, Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartObject();
        if (map is Record record)
        {
            for (var i = 0; i < record.Count; i++)
            {
                var name = record.Shape.KeyAt(i).Name;
                writer.WritePropertyName(name);
                Write(record.At(i), writer, name, depth);
            }
        }
        else
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (key, value) in map.Entries)
            {
                var name = ScalarText.Key(key);
                if (!seen.Add(name))
                {
                    throw new ItemRefusedException($"two keys of one map are both written \"{name}\" in JSON, and names must differ");
                }

                writer.WritePropertyName(name);
                Write(value, writer, name, depth);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteItems(IEnumerable<Value> items, Utf8JsonWriter writer, string? key, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Write(item, writer, key, depth);
        }

        writer.WriteEndArray();
    }

    private static string At(string? key) => key is null ? "" : $" (at key {key})";
}
