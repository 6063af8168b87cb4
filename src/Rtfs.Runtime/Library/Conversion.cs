// From one kind of value to another, and the name of a value's kind.

using System.Buffers;
using System.Globalization;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Conversion
{
    private static readonly SearchValues<char> PlainName =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_?!");

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of1("parse-int", "[:fn [[:union :string :number]] :int?]", "The int that a text holds, nil when it holds none; an int as it is, a float without its fraction.", static (_, a) => ParseInt(a),
            ("(parse-int \" 42 \")", "42"), ("(parse-int \"4.2\")", "nil"), ("(parse-int 4.9)", "4"), ("(parse-int nil)", "!! TypeError: parse-int expects a string or a number, but argument 1 is nil")),
        LibraryFunction.Of1("parse-float", "[:fn [[:union :string :number]] :float?]", "The float that a text holds, nil when it holds none; a number as a float.", static (_, a) => ParseFloat(a),
            ("(parse-float \"4.25\")", "4.25"), ("(parse-float \"4\")", "4.0"), ("(parse-float \"x\")", "nil"), ("(parse-float [])", "!! TypeError")),
        LibraryFunction.Of1("int", "[:fn [[:union :string :number :bool :nil]] :int]", "A value as an int: a text that holds none is 0, as nil and false are, and true is 1.", static (_, a) => ToInt(a),
            ("(int \"42\")", "42"), ("(int 4.9)", "4"), ("(int \"x\")", "0"), ("(int true)", "1"), ("(int nil)", "0"), ("(int [])", "!! TypeError")),
        LibraryFunction.Of1("float", "[:fn [[:union :string :number :bool :nil]] :float]", "A value as a float: a text that holds none is 0.0, as nil and false are, and true is 1.0.", static (_, a) => ToFloat(a),
            ("(float 1)", "1.0"), ("(float \"2.5\")", "2.5"), ("(float \"x\")", "0.0"), ("(float {})", "!! TypeError")),
        LibraryFunction.Of1("bool", "[:fn [:any] :bool]", "Whether a value counts as true: all but nil and false do.", static (_, a) => Value.Bool(a.IsTruthy),
            ("(bool 0)", "true"), ("(bool nil)", "false")),
        LibraryFunction.Of1("type-name", "[:fn [:any] :string]", "The kind of a value: integer, float, string, boolean, nil, keyword, symbol, timestamp, uuid, vector, list, map, function, code, error or object.", static (_, a) => Value.String(TypeName(a)),
            ("(type-name 1)", "\"integer\""), ("(type-name true)", "\"boolean\""), ("(type-name inc)", "\"function\"")),
        LibraryFunction.Of1("keyword", "[:fn [[:union :string :keyword :symbol]] :keyword]", "The keyword of a name.", static (_, a) => Value.Of(Keyword.Of(Named("keyword", a))),
            ("(keyword \"a\")", ":a"), ("(keyword 'a/b)", ":a/b"), ("(keyword :a)", ":a"), ("(keyword \"a b\")", "!! InvalidArgument: keyword expects a name that can be written, but got \"a b\""), ("(keyword 1)", "!! TypeError")),
        LibraryFunction.Of1("symbol", "[:fn [[:union :string :keyword :symbol]] :symbol]", "The symbol of a name.", static (_, a) => Value.Of(Symbol.Of(Named("symbol", a))),
            ("(symbol \"a\")", "a"), ("(symbol :a)", "a"), ("(symbol \"1\")", "!! InvalidArgument")),
        LibraryFunction.Of1("name", "[:fn [[:union :string :keyword :symbol]] :string]", "The name of a keyword or a symbol, without what stands before its slash; a string as it is.", static (_, a) => Value.String(After(a)),
            ("(name :a)", "\"a\""), ("(name :a/b)", "\"b\""), ("(name \"x\")", "\"x\""), ("(name 1)", "!! TypeError")),
        LibraryFunction.Of1("namespace", "[:fn [[:union :keyword :symbol]] :string?]", "What stands before the slash of a keyword or a symbol, or nil.", static (_, a) => Before(a),
            ("(namespace :a/b)", "\"a\""), ("(namespace :a)", "nil"), ("(namespace \"a/b\")", "!! TypeError")),
        LibraryFunction.Of1("uuid:parse", "[:fn [:string] :uuid?]", "The uuid that a text of 8-4-4-4-12 hexadecimal digits holds, or nil.", static (_, a) => Guid.TryParseExact(Arguments.Text("uuid:parse", 1, a).Trim(), "D", out var uuid) ? Value.Uuid(uuid) : Value.Nil,
            ("(uuid:parse \"f47ac10b-58cc-4372-a567-0e02b2c3d479\")", "f47ac10b-58cc-4372-a567-0e02b2c3d479"), ("(uuid:parse \"x\")", "nil"), ("(uuid:parse 1)", "!! TypeError")),
    ];

    /// <summary>Whether a text reads as the name of a keyword, so that the keyword prints as what it is.</summary>
    public static bool IsName(string text)
    {
        if (text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(PlainName))
        {
            return true;
        }

        return text.Length is > 0 and < 1000
            && ValueReader.Read(":" + text) is { Problem: null, Values: [var only] }
            && only.As<Keyword>()?.Name == text;
    }

    private static Value ParseInt(Value value) =>
        value.IsInt ? value
        : value.IsFloat ? Arithmetic.ToInt("parse-int", value, Math.Truncate)
        : value.As<string>() is not { } text ? throw Errors.Argument("parse-int", "a string or a number", 1, value)
        : long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Value.Int(number)
        : Value.Nil;

    private static Value ParseFloat(Value value) =>
        value.IsNumber ? Value.Float(value.ToDouble())
        : value.As<string>() is not { } text ? throw Errors.Argument("parse-float", "a string or a number", 1, value)
        : double.TryParse(
            text.Trim(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number) ? Value.Float(number)
        : Value.Nil;

    private static Value ToInt(Value value) => value.Kind switch
    {
        ValueKind.Nil => Value.Int(0),
        ValueKind.Bool => Value.Int(value.AsBool ? 1 : 0),
        ValueKind.Int => value,
        ValueKind.Float => Arithmetic.ToInt("int", value, Math.Truncate),
        ValueKind.String => ParseInt(value) is { IsInt: true } number ? number : Value.Int(0),
        _ => throw Errors.Argument("int", "a number, a string, a bool or nil", 1, value),
    };

    private static Value ToFloat(Value value) => value.Kind switch
    {
        ValueKind.Nil => Value.Float(0),
        ValueKind.Bool => Value.Float(value.AsBool ? 1 : 0),
        ValueKind.Int or ValueKind.Float => Value.Float(value.ToDouble()),
        ValueKind.String => ParseFloat(value) is { IsFloat: true } number ? number : Value.Float(0),
        _ => throw Errors.Argument("float", "a number, a string, a bool or nil", 1, value),
    };

    private static string TypeName(Value value) => value.Kind switch
    {
        ValueKind.Nil => "nil",
        ValueKind.Bool => "boolean",
        ValueKind.Int => "integer",
        ValueKind.Float => "float",
        ValueKind.String => "string",
        ValueKind.Keyword => "keyword",
        ValueKind.Symbol => "symbol",
        ValueKind.Timestamp => "timestamp",
        ValueKind.Uuid => "uuid",
        ValueKind.Vector => "vector",
        ValueKind.List => "list",
        ValueKind.Map => "map",
        ValueKind.Function => "function",
        ValueKind.Form => "code",
        _ => value.Reference is RtfsException ? "error" : "object",
    };

    private static string Named(string operation, Value value) => value.Reference switch
    {
        Keyword keyword => keyword.Name,
        Symbol symbol => symbol.Name,
        string text => IsName(text)
            ? text
            : throw Errors.Invalid($"{operation} expects a name that can be written, but got {value}"),
        _ => throw Errors.Argument(operation, "a string, a keyword or a symbol", 1, value),
    };

    private static string After(Value value)
    {
        if (value.As<string>() is { } text)
        {
            return text;
        }

        var name = Named("name", value);
        var slash = name.LastIndexOf('/');
        return slash > 0 && slash < name.Length - 1 ? name[(slash + 1)..] : name;
    }

    private static Value Before(Value value)
    {
        var name = value.As<Keyword>()?.Name ?? value.As<Symbol>()?.Name ?? throw Errors.Argument("namespace", "a keyword or a symbol", 1, value);
        var slash = name.LastIndexOf('/');
        return slash > 0 && slash < name.Length - 1 ? Value.String(name[..slash]) : Value.Nil;
    }
}
