// The readable text of a value.

using System.Globalization;
using System.Text;
using Rtfs.Runtime.Evaluation;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Values;

/// <summary>Readable printing (<see cref="Print"/>) and display as <c>str</c> gives it (<see cref="Display"/>).</summary>
public static class ValuePrinter
{
    /// <summary>The longest text that is made, in UTF-16 units: values share their parts, and a small one may print to more than any memory.</summary>
    internal const int MaximumLength = 128 * 1024 * 1024;

    /// <summary>
    /// Reads back to an equal value: strings quoted, floats with a fraction. Functions and objects, which no text gives back,
    /// print as <c>#&lt;…&gt;</c>.
    /// </summary>
    /// <exception cref="LimitException">The text would be longer than 128 Mi UTF-16 units.</exception>
    public static string Print(Value value) => new Writer(wholeFloats: false).Text(value);

    /// <summary>As <c>str</c> gives it: a string bare, a whole float without its fraction; inside collections strings are quoted.</summary>
    public static string Display(Value value) =>
        value.As<string>() ?? new Writer(wholeFloats: true).Text(value);

    /// <summary>A float that reads back: <c>1.0</c>, <c>1.5e300</c>, <c>##Inf</c>.</summary>
    public static string PrintFloat(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "##NaN" : value > 0 ? "##Inf" : "##-Inf";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E');
        var digits = exponent < 0 ? text : text[..exponent];
        var fraction = digits.Contains('.') ? "" : ".0";
        return exponent < 0 ? digits + fraction : $"{digits}{fraction}e{text[(exponent + 1)..].TrimStart('+')}";
    }

    private sealed class Writer(bool wholeFloats)
    {
        private readonly StringBuilder _text = new();

        public string Text(Value value)
        {
            Write(value);
            return _text.ToString();
        }

        private void Write(Value value)
        {
            if (_text.Length > MaximumLength)
            {
                throw Errors.MemoryLimit(2L * MaximumLength);
            }

            if (DeepStack.IsShort)
            {
                DeepStack.Run(
                    (Writer: this, Value: value),
                    static state =>
                    {
                        state.Writer.Write(state.Value);
                        return true;
                    });
                return;
            }

            switch (value.Kind)
            {
                case ValueKind.Nil:
                    _text.Append("nil");
                    break;
                case ValueKind.Bool:
                    _text.Append(value.AsBool ? "true" : "false");
                    break;
                case ValueKind.Int:
                    _text.Append(CultureInfo.InvariantCulture, $"{value.AsInt}");
                    break;
                case ValueKind.Float:
                    WriteFloat(value.AsFloat);
                    break;
                case ValueKind.String:
                    WriteString(value.As<string>()!);
                    break;
                case ValueKind.Keyword:
                    _text.Append(':').Append(value.As<Keyword>()!.Name);
                    break;
                case ValueKind.Symbol:
                    _text.Append(value.As<Symbol>()!.Name);
                    break;
                case ValueKind.Timestamp:
                    WriteTimestamp(value.AsTimestamp);
                    break;
                case ValueKind.Uuid:
                    _text.Append(CultureInfo.InvariantCulture, $"{value.AsUuid:D}");
                    break;
                case ValueKind.Vector:
                    WriteItems('[', value.As<VectorValue>()!.Items, ']');
                    break;
                case ValueKind.List:
                    WriteItems('(', value.As<ListValue>()!.Items, ')');
                    break;
                case ValueKind.Map:
                    WriteMap(value.As<MapValue>()!);
                    break;
                case ValueKind.Function:
                    _text.Append("#<fn ").Append(value.As<Function>()!.Name).Append('>');
                    break;
                case ValueKind.Form:
                    _text.Append(Language.Print(value.As<FormValue>()!.Form));
                    break;
                default:
                    WriteObject(value.Reference!);
                    break;
            }
        }

        private void WriteFloat(double value)
        {
            var text = PrintFloat(value);
            _text.Append(wholeFloats && text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text);
        }

        private void WriteString(string text)
        {
            _text.Append('"');
            foreach (var unit in text)
            {
                _ = unit switch
                {
                    '"' => _text.Append("\\\""),
                    '\\' => _text.Append("\\\\"),
                    '\n' => _text.Append("\\n"),
                    '\t' => _text.Append("\\t"),
                    '\r' => _text.Append("\\r"),
                    _ => _text.Append(unit),
                };
            }

            _text.Append('"');
        }

        private void WriteTimestamp(DateTime value)
        {
            _text.Append(value.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            if (value.Millisecond != 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"_{value.Millisecond:000}");
            }

            _text.Append('Z');
        }

        private void WriteItems(char open, IEnumerable<Value> items, char close)
        {
            _text.Append(open);
            var first = true;
            foreach (var item in items)
            {
                if (!first)
                {
                    _text.Append(' ');
                }

                first = false;
                Write(item);
            }

            _text.Append(close);
        }

        private void WriteMap(MapValue map)
        {
            _text.Append('{');
            var first = true;
            foreach (var (key, value) in map.Entries)
            {
                if (!first)
                {
                    _text.Append(' ');
                }

                first = false;
                Write(key);
                _text.Append(' ');
                Write(value);
            }

            _text.Append('}');
        }

        private void WriteObject(object reference)
        {
            _ = reference switch
            {
                IOpaqueObject opaque => _text.Append("#<").Append(opaque.Label).Append('>'),
                RtfsException error => _text.Append("#<error: ").Append(error.Message).Append('>'),
                Consumer => _text.Append("#<consumer>"),
                _ => _text.Append("#<").Append(reference.GetType().Name).Append('>'),
            };
        }
    }
}
