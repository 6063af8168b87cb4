// Texts from a template: %s %d %f %e %x %b, with flags, a width and a precision, as in C and Java.

using System.Globalization;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Formatting
{
    private const int MaximumWidth = 10_000;
    private const int MaximumPrecision = 99;

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("format", "[:fn [:string & :any] :string]", "The template with each %s (any value), %d (int), %f %e (number), %x (int, hexadecimal), %b (bool) replaced by the next argument; %-8s pads at the end, %08.2f fills with zeros and keeps 2 decimals, %,d groups digits, %+d shows a plus; %% is a percent sign, %n a new line.", (1, int.MaxValue), Format,
            ("(format \"%s is %d\" :a 5)", "\":a is 5\""), ("(format \"%.2f|%5d|%-3s|%05.1f|%,d|%x\" 3.14159 42 \"a\" 2.5 1234567 255)", "\"3.14|   42|a  |002.5|1,234,567|ff\""), ("(format \"100%%\")", "\"100%\""), ("(format \"%d\" 1.5)", "!! TypeError: format expects an int for %d, but argument 2 is the float 1.5"), ("(format \"%s\")", "!! InvalidArgument: format expects an argument for each of its directives, but none is left for %s"), ("(format \"%q\" 1)", "!! InvalidArgument")),
        LibraryFunction.Of2("format-number", "[:fn [:number :int] :string]", "A number with so many decimals, rounded half away from zero.", static (_, a, b) => FormatNumber(a, b),
            ("(format-number 1234.567 2)", "\"1234.57\""), ("(format-number 3 1)", "\"3.0\""), ("(format-number \"3\" 1)", "!! TypeError"), ("(format-number 3 -1)", "!! InvalidArgument")),
    ];

    private readonly record struct Directive(string Text, string Flags, int Width, int Precision, char Kind)
    {
        public bool Has(char flag) => Flags.Contains(flag);
    }

    private static Value Format(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        var template = Arguments.Text("format", 1, arguments[0]);
        var result = new TextBuilder("format", context);
        var next = 1;
        for (var i = 0; i < template.Length;)
        {
            var percent = template.IndexOf('%', i);
            result.Append(template.AsSpan(i, (percent < 0 ? template.Length : percent) - i));
            if (percent < 0)
            {
                break;
            }

            var directive = Read(template, percent);
            i = percent + directive.Text.Length;
            if (directive.Kind is '%' or 'n')
            {
                result.Append(directive.Kind == '%' ? "%" : "\n");
                continue;
            }

            if (next >= arguments.Length)
            {
                throw Errors.Invalid($"format expects an argument for each of its directives, but none is left for {directive.Text}");
            }

            result.Append(Padded(directive, Written(directive, arguments[next], next + 1)));
            next++;
        }

        return result.ToValue();
    }

    private static Directive Read(string template, int start)
    {
        var i = start + 1;
        while (i < template.Length && "-+0,".Contains(template[i]))
        {
            i++;
        }

        var flags = template[(start + 1)..i];
        var width = Number(template, ref i);
        var precision = -1;
        if (i < template.Length && template[i] == '.')
        {
            i++;
            precision = Number(template, ref i);
        }

        if (i >= template.Length || !"sdfexb%n".Contains(template[i]) || width > MaximumWidth || precision > MaximumPrecision)
        {
            throw Errors.Invalid(
                $"format expects %s %d %f %e %x %b %n or %%, a width of at most {MaximumWidth} and a precision of at most {MaximumPrecision}, but got {template[start..Math.Min(i + 1, template.Length)]}");
        }

        return new Directive(template[start..(i + 1)], flags, width, precision, template[i]);
    }

    private static int Number(string template, ref int i)
    {
        var number = 0;
        for (; i < template.Length && char.IsAsciiDigit(template[i]); i++)
        {
            number = Math.Min(MaximumWidth + 1, (number * 10) + (template[i] - '0'));
        }

        return number;
    }

    private static string Written(Directive directive, Value value, int position)
    {
        switch (directive.Kind)
        {
            case 's':
                var text = ValuePrinter.Display(value);
                return directive.Precision >= 0 && directive.Precision < text.Length ? text[..directive.Precision] : text;
            case 'b':
                return value.IsTruthy ? "true" : "false";
            case 'd':
                var whole = Int(directive, value, position);
                return Signed(directive, whole >= 0, whole.ToString(directive.Has(',') ? "N0" : "D", CultureInfo.InvariantCulture));
            case 'x':
                return Int(directive, value, position).ToString("x", CultureInfo.InvariantCulture);
            default:
                var number = value.IsNumber
                    ? value.ToDouble()
                    : throw Errors.Argument("format", $"a number for {directive.Text}", position, value);
                var decimals = directive.Precision < 0 ? 6 : directive.Precision;
                return !double.IsFinite(number) ? ValuePrinter.PrintFloat(number)
                    : directive.Kind == 'e' ? Signed(directive, number >= 0, Exponential(number, decimals))
                    : Signed(directive, number >= 0, Fixed(number, decimals, directive.Has(',') ? "N" : "F"));
        }
    }

    private static long Int(Directive directive, Value value, int position) =>
        value.IsInt ? value.AsInt : throw Errors.Argument("format", $"an int for {directive.Text}", position, value);

    private static string Signed(Directive directive, bool isPositive, string text) => directive.Has('+') && isPositive ? "+" + text : text;

    private static string Exponential(double number, int decimals) =>
        number.ToString((decimals == 0 ? "0" : "0." + new string('0', decimals)) + "e+00", CultureInfo.InvariantCulture);

    // A half as written goes away from zero: 2.675 is 2.68, though the nearest double is a little below.
    private static string Fixed(double number, int decimals, string kind) => Math.Abs(number) < 1e15 && decimals <= 12
        ? Math.Round((decimal)number, decimals, MidpointRounding.AwayFromZero).ToString($"{kind}{decimals}", CultureInfo.InvariantCulture)
        : number.ToString($"{kind}{decimals}", CultureInfo.InvariantCulture);

    private static string Padded(Directive directive, string text)
    {
        var missing = directive.Width - Text.CountCharacters(text);
        if (missing <= 0)
        {
            return text;
        }

        if (directive.Has('-'))
        {
            return text + new string(' ', missing);
        }

        if (!directive.Has('0') || directive.Kind is 's' or 'b' || text.StartsWith('#'))
        {
            return new string(' ', missing) + text;
        }

        var sign = text[0] is '-' or '+' ? 1 : 0;
        return text[..sign] + new string('0', missing) + text[sign..];
    }

    private static Value FormatNumber(Value value, Value decimals)
    {
        var number = Arguments.Number("format-number", 1, value);
        var places = Arguments.Size("format-number", 2, decimals);
        return places > MaximumPrecision ? throw Errors.Invalid($"format-number keeps at most {MaximumPrecision} decimals, but got {places}")
            : value.IsInt ? Value.String(value.AsInt.ToString($"F{places}", CultureInfo.InvariantCulture))
            : Value.String(double.IsFinite(number) ? Fixed(number, places, "F") : ValuePrinter.PrintFloat(number));
    }
}
