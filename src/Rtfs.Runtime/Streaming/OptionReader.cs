// The options of a form, taken one by one, so that none is left unread.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Streaming;

/// <summary><see cref="Finish"/> refuses what nobody took: options that a program computes pass no checker.</summary>
internal sealed class OptionReader
{
    private readonly MapValue _options;
    private readonly string _form;
    private readonly SourcePlace? _place;
    private readonly List<string> _known = [];

    public OptionReader(Value options, string form, SourcePlace? place)
    {
        _form = form;
        _place = place;
        _options = options.IsNil ? MapValue.Empty : options.As<MapValue>() ?? throw Problem($"{form} expects a map, found {Errors.Describe(options)}");
    }

    public OptionReader(MapValue options, string form, SourcePlace? place)
        : this(Value.Of(options), form, place)
    {
    }

    public Value Take(string key)
    {
        _known.Add(key);
        return _options.GetOrNil(Keyword.Of(key));
    }

    /// <summary>Whether it is written, be it nil.</summary>
    public bool Has(string key) => _options.TryGet(Keyword.Of(key), out _);

    public int Count(string key, int least, int standard) => OptionalCount(key, least) ?? standard;

    public int? OptionalCount(string key, int least)
    {
        var value = Take(key);
        return value switch
        {
            { IsNil: true } => null,
            { IsInt: true } when value.AsInt >= least && value.AsInt <= int.MaxValue => (int)value.AsInt,
            _ => throw Problem($":{key} of {_form} is a whole number from {least} up, found {Errors.Describe(value)}"),
        };
    }

    /// <summary>From 0, where nothing is said, to 1.</summary>
    public double Fraction(string key)
    {
        var value = Take(key);
        var number = value.IsNil ? 0 : value.IsInt ? value.AsInt : value.IsFloat ? value.AsFloat : double.NaN;
        return number is >= 0 and <= 1 ? number : throw Problem($":{key} of {_form} is a number from 0 to 1, found {Errors.Describe(value)}");
    }

    public bool? Flag(string key)
    {
        var value = Take(key);
        return value switch
        {
            { IsNil: true } => null,
            { IsBool: true } => value.AsBool,
            _ => throw Problem($":{key} of {_form} is true or false, found {Errors.Describe(value)}"),
        };
    }

    public Function? Function(string key) => Take(key) is { IsNil: false } value ? FunctionOf(value, $":{key} of {_form}", _place) : null;

    public Backpressure? Backpressure() => Resilience.Backpressure.Read(Take("backpressure"), _form, _place);

    public ErrorOptions ErrorHandling() => ErrorOptionsReader.Read(Take("error-handling"), _form, _place);

    public void Finish()
    {
        foreach (var (key, _) in _options.Entries)
        {
            var name = key.As<Keyword>()?.Name ?? key.ToString();
            if (!_known.Contains(name))
            {
                var nearest = Language.Nearest(name, _known);
                throw Problem(nearest is null
                    ? $"{_form} has no option :{name}; it has {string.Join(' ', _known.Select(static known => ":" + known))}"
                    : $"{_form} has no option :{name}; did you mean :{nearest}?");
            }
        }
    }

    /// <summary>A function, or a keyword, which reads that key of its argument.</summary>
    public static Function FunctionOf(Value value, string what, SourcePlace? place) =>
        value.As<Function>() ?? (value.As<Keyword>() is { } key
            ? new KeyFunction(key)
            : throw new RtfsException("RTFS9001", "TypeError", $"{what} is a function or a keyword, found {Errors.Describe(value)}", place));

    public RtfsException Problem(string message) => new("RTFS9009", "InvalidArgument", message, _place);
}
