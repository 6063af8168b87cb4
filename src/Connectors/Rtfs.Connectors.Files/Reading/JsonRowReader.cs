// JSON text to values. It expects each object to have the keys that the last one at its depth had, so that the usual row costs its
// record and its values, and nothing to find out its shape.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

/// <summary>
/// Objects become maps with keyword keys (a key that is no keyword stays a string), arrays vectors. A number with a fraction or an
/// exponent is a float, any other an int; an int beyond 64 bits is a fault, because rounding it would corrupt an identifier.
/// The schema turns ints into floats and strings into timestamps on the top level. Not thread-safe.
/// </summary>
internal sealed class JsonRowReader(RowSchema schema)
{
    private const int MaximumDepth = 128;
    private const int MaximumKeys = 64;
    private const int MaximumTemplates = 256;

    private readonly StringCache _strings = new();
    private readonly Template?[] _expected = new Template?[MaximumDepth + 1];
    private readonly Dictionary<(Shape Shape, bool IsRow), Template> _templates = [];
    private Value[] _stack = new Value[64];
    private int _top;

    /// <summary>A shape with its keys as UTF-8, and on the top level what the schema says of them.</summary>
    private sealed record Template(Shape Shape, byte[][] Keys, ColumnType[] Types);

    public Value Read(ReadOnlySpan<byte> text)
    {
        _top = 0;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            reader.Read();
            var value = ReadValue(ref reader, 0);
            reader.Read();
            return value;
        }
        catch (JsonException fault)
        {
            throw new RowFaultException(Describe(text, fault));
        }
        catch (InvalidOperationException)
        {
            throw new RowFaultException("expected JSON, found a string with half of a surrogate pair (\\ud800 to \\udfff must come in pairs)");
        }
    }

    private Value ReadValue(ref Utf8JsonReader reader, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, depth);
            case JsonTokenType.StartArray:
                return ReadArray(ref reader, depth);
            case JsonTokenType.String:
                return reader.ValueIsEscaped ? Value.String(reader.GetString()!) : _strings.Get(reader.ValueSpan);
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.True:
                return Value.True;
            case JsonTokenType.False:
                return Value.False;
            default:
                return Value.Nil;
        }
    }

    private static Value ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
        {
            return reader.TryGetInt64(out var whole)
                ? Value.Int(whole)
                : throw new RowFaultException(
                    $"expected an int of 64 bits, found {Encoding.ASCII.GetString(reader.ValueSpan)}. Write it as a string, or with a fraction to have a float");
        }

        var number = reader.GetDouble();
        return double.IsFinite(number)
            ? Value.Float(number)
            : throw new RowFaultException(
                $"expected a number in the range of a float, found {Encoding.ASCII.GetString(reader.ValueSpan)}");
    }

    private Value ReadArray(ref Utf8JsonReader reader, int depth)
    {
        var mark = _top;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Push(ReadValue(ref reader, depth + 1));
        }

        var items = VectorValue.From(_stack.AsSpan(mark, _top - mark));
        Pop(mark);
        return Value.Of(items);
    }

    private Value ReadObject(ref Utf8JsonReader reader, int depth)
    {
        var expected = _expected[depth];
        var shape = Shape.Empty;
        var asExpected = expected is not null;
        var mark = _top;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var type = ColumnType.Unknown;
            string? name = null;
            if (asExpected && count < expected!.Keys.Length && reader.ValueTextEquals(expected.Keys[count]))
            {
                type = expected.Types[count];
            }
            else
            {
                if (asExpected)
                {
                    asExpected = false;
                    shape = Prefix(expected!.Shape, count);
                }

                name = NameOf(ref reader);
                var key = KeyNames.KeyOf(name);
                var longer = key.As<Keyword>() is { } keyword && count < MaximumKeys ? shape.With(keyword) : shape;
                if (ReferenceEquals(longer, shape))
                {
                    // A string key, a key for the second time, or very many keys: no record.
                    return ReadMap(ref reader, depth, shape, mark, key);
                }

                shape = longer;
                type = depth == 0 ? schema.TypeOf(name) : ColumnType.Unknown;
            }

            reader.Read();
            var value = ReadValue(ref reader, depth + 1);
            Push(type == ColumnType.Unknown ? value : Convert(value, type, name ?? expected!.Shape.KeyAt(count).Name));
            count++;
        }

        if (asExpected)
        {
            shape = count == expected!.Shape.Count ? expected.Shape : Prefix(expected.Shape, count);
        }

        if (!ReferenceEquals(shape, expected?.Shape))
        {
            _expected[depth] = TemplateOf(shape, depth);
        }

        var record = Record.Of(shape, _stack.AsSpan(mark, count));
        Pop(mark);
        return Value.Of(record);
    }

    /// <summary>The rest of an object that is no record; <paramref name="shape"/> names the values pushed so far. The last of equal keys wins.</summary>
    private Value ReadMap(ref Utf8JsonReader reader, int depth, Shape shape, int mark, Value key)
    {
        var entries = new List<KeyValuePair<Value, Value>>();
        for (var i = 0; i < shape.Count; i++)
        {
            entries.Add(new(Value.Of(shape.KeyAt(i)), _stack[mark + i]));
        }

        Pop(mark);
        do
        {
            if (key.IsNil)
            {
                key = KeyNames.KeyOf(NameOf(ref reader));
            }

            var name = key.As<Keyword>()?.Name ?? key.As<string>()!;
            reader.Read();
            var value = ReadValue(ref reader, depth + 1);
            entries.Add(new(key, depth == 0 ? Convert(value, schema.TypeOf(name), name) : value));
            key = Value.Nil;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName);

        return Value.Of(MapValue.From(entries));
    }

    private static Value Convert(Value value, ColumnType type, string column)
    {
        if (type == ColumnType.Float && value.IsInt)
        {
            return Value.Float(value.AsInt);
        }

        if (type == ColumnType.Timestamp && value.As<string>() is { } text)
        {
            return TimestampText.TryParse(text, out var timestamp)
                ? timestamp
                : throw new RowFaultException($"key {column}: expected {CellText.Expected(type)}, found {Value.String(text)}");
        }

        return value;
    }

    private string NameOf(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? reader.GetString()! : _strings.GetString(reader.ValueSpan);

    private static Shape Prefix(Shape shape, int count)
    {
        var prefix = Shape.Empty;
        for (var i = 0; i < count; i++)
        {
            prefix = prefix.With(shape.KeyAt(i));
        }

        return prefix;
    }

    private Template TemplateOf(Shape shape, int depth)
    {
        if (_templates.TryGetValue((shape, depth == 0), out var known))
        {
            return known;
        }

        var keys = new byte[shape.Count][];
        var types = new ColumnType[shape.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Encoding.UTF8.GetBytes(shape.KeyAt(i).Name);
            types[i] = depth == 0 ? schema.TypeOf(shape.KeyAt(i).Name) : ColumnType.Unknown;
        }

        var template = new Template(shape, keys, types);
        if (_templates.Count < MaximumTemplates)
        {
            _templates[(shape, depth == 0)] = template;
        }

        return template;
    }

    private void Push(Value value)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _top * 2);
        }

        _stack[_top++] = value;
    }

    private void Pop(int mark)
    {
        // A value left on the stack would keep its row alive.
        Array.Clear(_stack, mark, _top - mark);
        _top = mark;
    }

    private static string Describe(ReadOnlySpan<byte> text, JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var why = end < 0 ? fault.Message : fault.Message[..end];
        var at = (int)Math.Min(fault.BytePositionInLine ?? 0, text.Length);
        var column = Encoding.UTF8.GetCharCount(text[..at]) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"expected a JSON value, found something else at column {column}: {why}");
    }
}
