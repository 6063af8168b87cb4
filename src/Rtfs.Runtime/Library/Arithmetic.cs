// Numbers: int64 and double, overflow is an error, an integral quotient is an int.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Arithmetic
{
    private const string Number = "[:fn [:number] :number]";
    private const string Numeric = "[:fn [:number & :number] :number]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("+", Numeric, "The sum; an int when all are ints.", (1, int.MaxValue), Fold<Addition>,
            ("(+ 1 2)", "3"), ("(+ 1 2.5)", "3.5"), ("(+ 1 2 3 4)", "10"), ("(+ 1 \"2\")", "!! TypeError: + expects numbers, but argument 2 is the string \"2\"")),
        LibraryFunction.OfMany("-", Numeric, "The difference; of one number, its negation.", (1, int.MaxValue), Subtract,
            ("(- 10 4)", "6"), ("(- 5)", "-5"), ("(- 10 1 2.0)", "7.0"), ("(- nil)", "!! TypeError")),
        LibraryFunction.OfMany("*", Numeric, "The product; an int when all are ints.", (1, int.MaxValue), Fold<Multiplication>,
            ("(* 6 7)", "42"), ("(* 20 1.8)", "36.0"), ("(* 9223372036854775807 2)", "!! ArithmeticError")),
        LibraryFunction.OfMany("/", Numeric, "The quotient, computed in floats; an integral result is an int.", (1, int.MaxValue), Divide,
            ("(/ 6 2)", "3"), ("(/ 7 2)", "3.5"), ("(/ 10 2 2)", "2.5"), ("(/ 1 0)", "!! DivisionByZero: Division by zero")),
        LibraryFunction.Of2("mod", "[:fn [:number :number] :number]", "The remainder, with the sign of the dividend.", static (_, a, b) => Mod("mod", a, b),
            ("(mod 7 3)", "1"), ("(mod -7 3)", "-1"), ("(mod 5.5 2)", "1.5"), ("(mod 1 0)", "!! DivisionByZero")),
        LibraryFunction.Of1("inc", Number, "One more.", static (_, a) => Step<Addition>("inc", a), ("(inc 1)", "2"), ("(inc 1.5)", "2.5"), ("(inc nil)", "!! TypeError")),
        LibraryFunction.Of1("dec", Number, "One less.", static (_, a) => Step<Subtraction>("dec", a), ("(dec 1)", "0"), ("(dec 1.5)", "0.5"), ("(dec nil)", "!! TypeError")),
        LibraryFunction.OfMany("max", Numeric, "The greatest.", (1, int.MaxValue), static (_, all) => Extreme("max", all, 1),
            ("(max 1 3 2)", "3"), ("(max 1 2.5)", "2.5"), ("(max 1 :a)", "!! TypeError")),
        LibraryFunction.OfMany("min", Numeric, "The least.", (1, int.MaxValue), static (_, all) => Extreme("min", all, -1),
            ("(min 1 3 2)", "1"), ("(min 1 0.5)", "0.5"), ("(min 1 :a)", "!! TypeError")),
        LibraryFunction.Of1("abs", Number, "The magnitude, of the same kind.", static (_, a) => Abs(a), ("(abs -3)", "3"), ("(abs -2.5)", "2.5"), ("(abs \"1\")", "!! TypeError")),
        LibraryFunction.Of2("pow", "[:fn [:number :number] :number]", "A power; an int for an int base and an exponent that is an int of 0 or more.", static (_, a, b) => Pow(a, b),
            ("(pow 2 10)", "1024"), ("(pow 2 -1)", "0.5"), ("(pow 2.0 3)", "8.0"), ("(pow 10 19)", "!! ArithmeticError")),
        LibraryFunction.Of1("sqrt", "[:fn [:number] :float]", "The square root, always a float.", static (_, a) => Sqrt(a), ("(sqrt 9)", "3.0"), ("(sqrt 2.25)", "1.5"), ("(sqrt -1)", "!! InvalidArgument: sqrt expects a number of 0 or more, but got -1")),
        LibraryFunction.Of1("round", "[:fn [:number] :int]", "The nearest int; a half goes away from zero.", static (_, a) => ToInt("round", a, MidpointRound),
            ("(round 2.5)", "3"), ("(round -2.5)", "-3"), ("(round 7)", "7"), ("(round ##NaN)", "!! InvalidArgument")),
        LibraryFunction.Of1("floor", "[:fn [:number] :int]", "The greatest int that is not above.", static (_, a) => ToInt("floor", a, Math.Floor),
            ("(floor 2.7)", "2"), ("(floor -2.1)", "-3"), ("(floor :a)", "!! TypeError")),
        LibraryFunction.Of1("ceil", "[:fn [:number] :int]", "The least int that is not below.", static (_, a) => ToInt("ceil", a, Math.Ceiling),
            ("(ceil 2.1)", "3"), ("(ceil -2.7)", "-2"), ("(ceil nil)", "!! TypeError")),
    ];

    private static Value Fold<T>(EvaluationContext context, ReadOnlySpan<Value> all)
        where T : struct, IArithmetic
    {
        var result = all[0];
        if (!result.IsNumber)
        {
            throw Errors.Argument(T.Name, "numbers", 1, result);
        }

        for (var i = 1; i < all.Length; i++)
        {
            result = Numbers.Apply<T>(result, all[i], i + 1);
        }

        return result;
    }

    private static Value Subtract(EvaluationContext context, ReadOnlySpan<Value> all) => all.Length > 1
        ? Fold<Subtraction>(context, all)
        : all[0].IsFloat ? Value.Float(-all[0].AsFloat)
        : all[0].IsInt ? Numbers.Apply<Subtraction>(Value.Int(0), all[0], 2)
        : throw Errors.Argument("-", "numbers", 1, all[0]);

    private static Value Divide(EvaluationContext context, ReadOnlySpan<Value> all)
    {
        var first = all.Length == 1 ? Value.Int(1) : all[0];
        if (!all[0].IsNumber)
        {
            throw Errors.Argument("/", "numbers", 1, all[0]);
        }

        // An exact quotient of ints stays exact, past the 53 bits of a float too.
        var result = first;
        for (var i = all.Length == 1 ? 0 : 1; i < all.Length; i++)
        {
            result = Quotient(result, all[i], i + 1);
        }

        return result;
    }

    private static Value Quotient(Value a, Value b, int position)
    {
        if (!b.IsNumber)
        {
            throw Errors.Argument("/", "numbers", position, b);
        }

        if (b.ToDouble() == 0)
        {
            throw Errors.DivisionByZero();
        }

        if (a.IsInt && b.IsInt && b.AsInt != -1)
        {
            var (quotient, remainder) = Math.DivRem(a.AsInt, b.AsInt);
            return remainder == 0 ? Value.Int(quotient) : Value.Float((double)a.AsInt / b.AsInt);
        }

        var result = a.ToDouble() / b.ToDouble();
        return a.IsInt && b.IsInt ? (a.AsInt == long.MinValue ? throw Errors.Overflow("/") : Value.Int(-a.AsInt))
            : IsLong(result) && result == Math.Truncate(result) ? Value.Int((long)result)
            : Value.Float(result);
    }

    internal static Value Mod(string name, Value a, Value b)
    {
        if (!a.IsNumber || !b.IsNumber)
        {
            throw Numbers.NotNumbers(name, a, b, 2);
        }

        if (b.ToDouble() == 0)
        {
            throw Errors.DivisionByZero();
        }

        return !a.IsInt || !b.IsInt ? Value.Float(a.ToDouble() % b.ToDouble())
            : b.AsInt == -1 ? Value.Int(0)
            : Value.Int(a.AsInt % b.AsInt);
    }

    private static Value Step<T>(string name, Value a)
        where T : struct, IArithmetic =>
        a.IsFloat ? Value.Float(T.Float(a.AsFloat, 1))
        : !a.IsInt ? throw Errors.Argument(name, "a number", 1, a)
        : T.TryInt(a.AsInt, 1, out var result) ? Value.Int(result)
        : throw Errors.Overflow(name);

    private static Value Extreme(string name, ReadOnlySpan<Value> all, int sign)
    {
        var best = all[0];
        for (var i = 0; i < all.Length; i++)
        {
            var next = all[i];
            if (!next.IsNumber)
            {
                throw Errors.Argument(name, "numbers", i + 1, next);
            }

            // NaN is neither above nor below: once met it stays, as in Math.Max.
            if (next.IsFloat && double.IsNaN(next.AsFloat))
            {
                return next;
            }

            if (sign > 0 ? Order.Compare<Greater>(next, best) : Order.Compare<Less>(next, best))
            {
                best = next;
            }
        }

        return best;
    }

    private static Value Abs(Value a) =>
        a.IsFloat ? Value.Float(Math.Abs(a.AsFloat))
        : !a.IsInt ? throw Errors.Argument("abs", "a number", 1, a)
        : a.AsInt == long.MinValue ? throw Errors.Overflow("abs")
        : Value.Int(Math.Abs(a.AsInt));

    private static Value Pow(Value a, Value b)
    {
        if (!a.IsNumber || !b.IsNumber)
        {
            throw Numbers.NotNumbers("pow", a, b, 2);
        }

        if (!a.IsInt || !b.IsInt || b.AsInt < 0)
        {
            return Value.Float(Math.Pow(a.ToDouble(), b.ToDouble()));
        }

        var result = 1L;
        var square = a.AsInt;
        for (var exponent = b.AsInt; ;)
        {
            if ((exponent & 1) != 0 && !Multiplication.TryInt(result, square, out result))
            {
                throw Errors.Overflow("pow");
            }

            exponent >>= 1;
            if (exponent == 0)
            {
                return Value.Int(result);
            }

            if (!Multiplication.TryInt(square, square, out square))
            {
                throw Errors.Overflow("pow");
            }
        }
    }

    private static Value Sqrt(Value a) =>
        !a.IsNumber ? throw Errors.Argument("sqrt", "a number", 1, a)
        : a.ToDouble() < 0 ? throw Errors.Invalid($"sqrt expects a number of 0 or more, but got {a}")
        : Value.Float(Math.Sqrt(a.ToDouble()));

    private static double MidpointRound(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    internal static Value ToInt(string name, Value a, Func<double, double> rounded)
    {
        if (a.IsInt)
        {
            return a;
        }

        if (!a.IsFloat)
        {
            throw Errors.Argument(name, "a number", 1, a);
        }

        var result = rounded(a.AsFloat);
        return IsLong(result) ? Value.Int((long)result)
            : double.IsFinite(result) ? throw Errors.Overflow(name)
            : throw Errors.Invalid($"{name} expects a finite number, but got {a}");
    }

    private static bool IsLong(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0;
}
