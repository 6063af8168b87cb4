// Numbers beyond arithmetic: whole division, logarithms, angles, limits of a range.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Mathematics
{
    private const string Wrong = "!! TypeError";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.Of2("quot", "[:fn [:number :number] :number]", "The quotient without its fraction.", static (_, a, b) => Quot(a, b),
            ("(quot 7 2)", "3"), ("(quot -7 2)", "-3"), ("(quot 7.5 2)", "3.0"), ("(quot 1 0)", "!! DivisionByZero")),
        LibraryFunction.Of2("rem", "[:fn [:number :number] :number]", "The remainder, with the sign of the dividend, as `mod` gives it.", static (_, a, b) => Arithmetic.Mod("rem", a, b),
            ("(rem 7 3)", "1"), ("(rem -7 3)", "-1"), ("(rem 1 0)", "!! DivisionByZero")),
        LibraryFunction.Of1("factorial", "[:fn [:int] :int]", "The product of 1 up to an int of 0 or more; above 20 it does not fit.", static (_, a) => Factorial(a),
            ("(factorial 5)", "120"), ("(factorial 0)", "1"), ("(factorial -1)", "!! InvalidArgument"), ("(factorial 21)", "!! ArithmeticError")),
        LibraryFunction.Of1("trunc", "[:fn [:number] :int]", "The int that is left when the fraction is dropped.", static (_, a) => Arithmetic.ToInt("trunc", a, Math.Truncate),
            ("(trunc 2.7)", "2"), ("(trunc -2.7)", "-2"), ("(trunc ##NaN)", "!! InvalidArgument")),
        LibraryFunction.Of1("signum", "[:fn [:number] :number]", "-1, 0 or 1 by the sign, of the same kind.", static (_, a) => Signum(a),
            ("(signum -3)", "-1"), ("(signum 2.5)", "1.0"), ("(signum 0)", "0"), ("(signum nil)", Wrong)),
        LibraryFunction.OfMany("clamp", "[:fn [:number :number :number] :number]", "The number, or the end of the range from a least to a greatest that it is beyond.", (3, 3), Clamp,
            ("(clamp 15 0 10)", "10"), ("(clamp -1 0 10)", "0"), ("(clamp 5.5 0 10)", "5.5"), ("(clamp 1 10 0)", "!! InvalidArgument: clamp expects the least before the greatest")),
        Floating("exp", "e to a power.", Math.Exp, ("(exp 0)", "1.0")),
        LibraryFunction.Of1("ln", "[:fn [:number] :float]", "The natural logarithm.", static (_, a) => Value.Float(Math.Log(Positive("ln", a, 1))),
            ("(ln 1)", "0.0"), ("(ln 0)", "!! InvalidArgument: ln expects a number above 0, but got 0")),
        LibraryFunction.Of2("log-base", "[:fn [:number :number] :float]", "The logarithm to a base: (log-base base number).", static (_, a, b) => LogBase(a, b),
            ("(log-base 3 9)", "2.0"), ("(log-base 2 -1)", "!! InvalidArgument"), ("(log-base 1 2)", "!! InvalidArgument: log-base expects a base that is not 1")),
        LibraryFunction.Of1("log10", "[:fn [:number] :float]", "The logarithm to the base 10.", static (_, a) => Value.Float(Math.Log10(Positive("log10", a, 1))),
            ("(log10 1000)", "3.0"), ("(log10 -1)", "!! InvalidArgument")),
        LibraryFunction.Of1("log2", "[:fn [:number] :float]", "The logarithm to the base 2.", static (_, a) => Value.Float(Math.Log2(Positive("log2", a, 1))),
            ("(log2 8)", "3.0"), ("(log2 0)", "!! InvalidArgument")),
        LibraryFunction.OfMany("pi", "[:fn [] :float]", "The ratio of a circle's circumference to its diameter.", (0, 0), static (_, _) => Value.Float(Math.PI),
            ("(pi)", "3.141592653589793")),
        Floating("sin", "The sine of an angle in radians.", Math.Sin, ("(sin 0)", "0.0")),
        Floating("cos", "The cosine of an angle in radians.", Math.Cos, ("(cos 0)", "1.0")),
        Floating("tan", "The tangent of an angle in radians.", Math.Tan, ("(tan 0)", "0.0")),
        Floating("asin", "The angle in radians of a sine; NaN outside of -1 to 1.", Math.Asin, ("(asin 0)", "0.0")),
        Floating("acos", "The angle in radians of a cosine; NaN outside of -1 to 1.", Math.Acos, ("(acos 1)", "0.0")),
        Floating("atan", "The angle in radians of a tangent.", Math.Atan, ("(atan 0)", "0.0")),
        LibraryFunction.Of2("atan2", "[:fn [:number :number] :float]", "The angle in radians of the point with y and x.", static (_, y, x) => Value.Float(Math.Atan2(Arguments.Number("atan2", 1, y), Arguments.Number("atan2", 2, x))),
            ("(atan2 0 1)", "0.0"), ("(atan2 nil 1)", Wrong)),
        LibraryFunction.Of2("hypot", "[:fn [:number :number] :float]", "The length of the longest side of a right-angled triangle.", static (_, a, b) => Value.Float(double.Hypot(Arguments.Number("hypot", 1, a), Arguments.Number("hypot", 2, b))),
            ("(hypot 3 4)", "5.0"), ("(hypot 3 :a)", Wrong)),
        LibraryFunction.Of1("to-radians", "[:fn [:number] :float]", "Degrees as radians.", static (_, a) => Value.Float(double.DegreesToRadians(Arguments.Number("to-radians", 1, a))),
            ("(to-radians 180)", "3.141592653589793"), ("(to-radians nil)", Wrong)),
        LibraryFunction.Of1("to-degrees", "[:fn [:number] :float]", "Radians as degrees.", static (_, a) => Value.Float(double.RadiansToDegrees(Arguments.Number("to-degrees", 1, a))),
            ("(to-degrees (pi))", "180.0"), ("(to-degrees nil)", Wrong)),
    ];

    private static LibraryFunction Floating(string name, string documentation, Func<double, double> body, (string Source, string Result) example) =>
        LibraryFunction.Of1(name, "[:fn [:number] :float]", documentation, (_, a) => Value.Float(body(Arguments.Number(name, 1, a))),
            example, ($"({name} :a)", $"!! TypeError: {name} expects a number, but argument 1 is the keyword :a"));

    private static Value Quot(Value a, Value b)
    {
        var (dividend, divisor) = (Arguments.Number("quot", 1, a), Arguments.Number("quot", 2, b));
        return divisor == 0 ? throw Errors.DivisionByZero()
            : !a.IsInt || !b.IsInt ? Value.Float(Math.Truncate(dividend / divisor))
            : b.AsInt != -1 ? Value.Int(a.AsInt / b.AsInt)
            : a.AsInt == long.MinValue ? throw Errors.Overflow("quot")
            : Value.Int(-a.AsInt);
    }

    private static Value Factorial(Value a)
    {
        var n = Arguments.Int("factorial", 1, a);
        if (n is < 0 or > 20)
        {
            throw n < 0 ? Errors.Invalid($"factorial expects an int of 0 or more, but got {n}") : Errors.Overflow("factorial");
        }

        var result = 1L;
        for (var factor = 2L; factor <= n; factor++)
        {
            result *= factor;
        }

        return Value.Int(result);
    }

    private static Value Signum(Value a) =>
        a.IsInt ? Value.Int(Math.Sign(a.AsInt))
        : Arguments.Number("signum", 1, a) is var number && double.IsNaN(number) ? a
        : Value.Float(Math.Sign(number));

    private static Value Clamp(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            Arguments.Number("clamp", i + 1, arguments[i]);
        }

        var (value, least, greatest) = (arguments[0], arguments[1], arguments[2]);
        return Ordering.Compare("clamp", least, greatest) > 0
                ? throw Errors.Invalid($"clamp expects the least before the greatest, but got {least} and {greatest}")
            : value.IsFloat && double.IsNaN(value.AsFloat) ? value
            : Ordering.Compare("clamp", value, least) < 0 ? least
            : Ordering.Compare("clamp", value, greatest) > 0 ? greatest
            : value;
    }

    private static Value LogBase(Value radix, Value value)
    {
        var (by, number) = (Positive("log-base", radix, 1), Positive("log-base", value, 2));
        return by switch
        {
            1 => throw Errors.Invalid("log-base expects a base that is not 1"),
            2 => Value.Float(Math.Log2(number)),
            10 => Value.Float(Math.Log10(number)),
            _ => Value.Float(Math.Log(number, by)),
        };
    }

    private static double Positive(string name, Value value, int position)
    {
        var number = Arguments.Number(name, position, value);
        return number <= 0 ? throw Errors.Invalid($"{name} expects a number above 0, but got {value}") : number;
    }
}
