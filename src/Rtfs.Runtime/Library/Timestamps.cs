// Points in time, always UTC and to the millisecond, and lengths of time, which are ints of milliseconds.

using System.Globalization;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Timestamps
{
    private const string Example = "2024-02-29T13:45:30_250Z";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss'_'fffK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("timestamp:now", "[:fn [] :timestamp]", "The time of the host's clock.", (0, 0), static (context, _) => Value.Timestamp(context.Time.GetUtcNow().UtcDateTime),
            ("(timestamp? (timestamp:now))", "true")),
        LibraryFunction.OfMany("timestamp:parse", "[:fn [:string :string?] :timestamp?]", "The time that an ISO 8601 text holds, or a text in a format such as \"dd.MM.yyyy HH:mm\"; nil when it holds none. Without a zone it is UTC.", (1, 2), Parse,
            ("(timestamp:parse \"2024-02-29T13:45:30.250Z\")", Example), ("(timestamp:parse \"2024-02-29T14:45:00+01:00\")", "2024-02-29T13:45:00Z"), ("(timestamp:parse \"29.02.2024\" \"dd.MM.yyyy\")", "2024-02-29T00:00:00Z"), ("(timestamp:parse \"soon\")", "nil"), ("(timestamp:parse \"soon\" nil)", "nil"), ("(timestamp:parse 1)", "!! TypeError")),
        LibraryFunction.OfMany("timestamp:format", "[:fn [:timestamp :string?] :string]", "The time as ISO 8601 text, or in a format of yyyy MM dd HH mm ss fff.", (1, 2), Format,
            ($"(timestamp:format {Example})", "\"2024-02-29T13:45:30.250Z\""), ($"(timestamp:format {Example} \"dd.MM.yyyy HH:mm\")", "\"29.02.2024 13:45\""), ($"(timestamp:format {Example} nil)", "\"2024-02-29T13:45:30.250Z\""), ("(timestamp:format \"now\")", "!! TypeError: timestamp:format expects a timestamp, but argument 1 is the string \"now\"")),
        LibraryFunction.Of2("timestamp:add", "[:fn [:timestamp :int] :timestamp]", "The time so many milliseconds later, or earlier when negative.", static (_, a, b) => Add(a, b),
            ("(timestamp:add 2024-01-01T00:00:00Z (duration:minutes 90))", "2024-01-01T01:30:00Z"), ("(timestamp:add 2024-01-01T00:00:00Z 1.5)", "!! TypeError"), ("(timestamp:add 9999-12-31T00:00:00Z (duration:days 1))", "!! ArithmeticError")),
        LibraryFunction.Of2("timestamp:diff", "[:fn [:timestamp :timestamp] :int]", "How many milliseconds the first time is after the second.", static (_, a, b) => Value.Int((Arguments.Timestamp("timestamp:diff", 1, a) - Arguments.Timestamp("timestamp:diff", 2, b)).Ticks / TimeSpan.TicksPerMillisecond),
            ("(timestamp:diff 2024-01-01T00:00:01Z 2024-01-01T00:00:00Z)", "1000"), ("(timestamp:diff 2024-01-01T00:00:00Z nil)", "!! TypeError")),
        LibraryFunction.Of2("timestamp:before?", "[:fn [:timestamp :timestamp] :bool]", "Whether the first time is before the second.", static (_, a, b) => Value.Bool(Arguments.Timestamp("timestamp:before?", 1, a) < Arguments.Timestamp("timestamp:before?", 2, b)),
            ("(timestamp:before? 2024-01-01T00:00:00Z 2024-01-02T00:00:00Z)", "true"), ("(timestamp:before? 1 2)", "!! TypeError")),
        LibraryFunction.Of2("timestamp:after?", "[:fn [:timestamp :timestamp] :bool]", "Whether the first time is after the second.", static (_, a, b) => Value.Bool(Arguments.Timestamp("timestamp:after?", 1, a) > Arguments.Timestamp("timestamp:after?", 2, b)),
            ("(timestamp:after? 2024-01-01T00:00:00Z 2024-01-02T00:00:00Z)", "false"), ("(timestamp:after? 1 2)", "!! TypeError")),
        LibraryFunction.Of2("timestamp:truncate", "[:fn [:timestamp :int] :timestamp]", "The beginning of the length of time that holds the time, counted from 1970-01-01T00:00:00Z: of its minute, hour or day.", static (_, a, b) => Truncate(a, b),
            ($"(timestamp:truncate {Example} (duration:hours 1))", "2024-02-29T13:00:00Z"), ($"(timestamp:truncate {Example} 0)", "!! InvalidArgument")),
        LibraryFunction.Of1("timestamp:epoch-ms", "[:fn [:timestamp] :int]", "How many milliseconds the time is after 1970-01-01T00:00:00Z.", static (_, a) => Value.Int((Arguments.Timestamp("timestamp:epoch-ms", 1, a) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond),
            ("(timestamp:epoch-ms 1970-01-01T00:00:01Z)", "1000"), ("(timestamp:epoch-ms 1)", "!! TypeError")),
        LibraryFunction.Of1("timestamp:from-epoch-ms", "[:fn [:int] :timestamp]", "The time so many milliseconds after 1970-01-01T00:00:00Z.", static (_, a) => Moved("timestamp:from-epoch-ms", DateTime.UnixEpoch, Arguments.Int("timestamp:from-epoch-ms", 1, a)),
            ("(timestamp:from-epoch-ms 1000)", "1970-01-01T00:00:01Z"), ("(timestamp:from-epoch-ms \"1\")", "!! TypeError")),
        Part("year", "The year", static time => time.Year, "2024"),
        Part("month", "The month, from 1 to 12", static time => time.Month, "2"),
        Part("day", "The day of the month, from 1", static time => time.Day, "29"),
        Part("hour", "The hour, from 0 to 23", static time => time.Hour, "13"),
        Part("minute", "The minute, from 0 to 59", static time => time.Minute, "45"),
        Part("second", "The second, from 0 to 59", static time => time.Second, "30"),
        Part("millisecond", "The millisecond, from 0 to 999", static time => time.Millisecond, "250"),
        Part("weekday", "The day of the week, from 1 for Monday to 7 for Sunday", static time => (((int)time.DayOfWeek + 6) % 7) + 1, "4"),
        Part("day-of-year", "The day of the year, from 1", static time => time.DayOfYear, "60"),
        Length("seconds", 1_000, "2000"),
        Length("minutes", 60_000, "120000"),
        Length("hours", 3_600_000, "7200000"),
        Length("days", 86_400_000, "172800000"),
        LibraryFunction.OfMany("tool/time-ms", "[:fn [] :int]", "The time of the host's clock in milliseconds after 1970-01-01T00:00:00Z.", (0, 0), static (context, _) => Value.Int(context.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            ("(int? (tool/time-ms))", "true")),
    ];

    private static LibraryFunction Part(string part, string documentation, Func<DateTime, int> body, string result)
    {
        var name = $"timestamp:{part}";
        return LibraryFunction.Of1(name, "[:fn [:timestamp] :int]", $"{documentation}.", (_, a) => Value.Int(body(Arguments.Timestamp(name, 1, a))),
            ($"({name} {Example})", result), ($"({name} 1)", $"!! TypeError: {name} expects a timestamp, but argument 1 is the int 1"));
    }

    private static LibraryFunction Length(string unit, long milliseconds, string result)
    {
        var name = $"duration:{unit}";
        return LibraryFunction.Of1(name, "[:fn [:number] :int]", $"So many {unit} in milliseconds.", (_, a) => Multiply(name, a, milliseconds),
            ($"({name} 2)", result), ($"({name} nil)", $"!! TypeError: {name} expects a number, but argument 1 is nil"));
    }

    private static Value Multiply(string name, Value count, long milliseconds)
    {
        Arguments.Number(name, 1, count);
        return Arithmetic.ToInt(name, Evaluation.Nodes.Numbers.Apply<Evaluation.Nodes.Multiplication>(count, Value.Int(milliseconds), 2), Math.Round);
    }

    private static Value Parse(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 1);
        var text = Arguments.Text("timestamp:parse", 1, arguments[0]).Trim();
        string[] formats = arguments.Length == 2 ? [Checked("timestamp:parse", Arguments.Text("timestamp:parse", 2, arguments[1]))] : Formats;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        try
        {
            return DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, Utc, out var time) ? Value.Timestamp(time) : Value.Nil;
        }
        catch (FormatException)
        {
            throw NoFormat("timestamp:parse", arguments[1]);
        }
    }

    private static Value Format(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        arguments = Arguments.Given(arguments, 1);
        var time = Arguments.Timestamp("timestamp:format", 1, arguments[0]);
        if (arguments.Length == 1)
        {
            return Value.String(time.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }

        try
        {
            return Value.String(time.ToString(Checked("timestamp:format", Arguments.Text("timestamp:format", 2, arguments[1])), CultureInfo.InvariantCulture));
        }
        catch (FormatException)
        {
            throw NoFormat("timestamp:format", arguments[1]);
        }
    }

    /// <summary>A format of one letter would mean one of .NET's standard formats.</summary>
    private static string Checked(string operation, string format) => format.Length switch
    {
        0 => throw NoFormat(operation, Value.String(format)),
        1 => "%" + format,
        _ => format,
    };

    private static RtfsException NoFormat(string operation, Value format) =>
        Errors.Invalid($"{operation} expects a format of yyyy MM dd HH mm ss fff and other characters, but got {Errors.Describe(format)}");

    private static Value Add(Value time, Value milliseconds) =>
        Moved("timestamp:add", Arguments.Timestamp("timestamp:add", 1, time), Arguments.Int("timestamp:add", 2, milliseconds));

    private static Value Moved(string operation, DateTime time, long milliseconds)
    {
        var present = time.Ticks / TimeSpan.TicksPerMillisecond;
        return milliseconds >= -present && milliseconds <= (DateTime.MaxValue.Ticks / TimeSpan.TicksPerMillisecond) - present
            ? Value.Timestamp(new DateTime((present + milliseconds) * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc))
            : throw Errors.Overflow(operation, "is not a time of the years 1 to 9999");
    }

    private static Value Truncate(Value time, Value length)
    {
        var unit = Arguments.Int("timestamp:truncate", 2, length);
        if (unit < 1)
        {
            throw Errors.Invalid($"timestamp:truncate expects a length of 1 ms or more, but got {unit}");
        }

        var milliseconds = (Arguments.Timestamp("timestamp:truncate", 1, time) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        var into = ((milliseconds % unit) + unit) % unit;
        return Moved("timestamp:truncate", DateTime.UnixEpoch, milliseconds - into);
    }
}
