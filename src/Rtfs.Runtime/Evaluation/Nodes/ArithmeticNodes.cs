// Arithmetic on two operands, in place: the fast paths of + - * and their shared slow path.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>An operator of two numbers: ints stay ints, and an overflow is an error.</summary>
internal interface IArithmetic
{
    static abstract string Name { get; }

    /// <summary>False on overflow.</summary>
    static abstract bool TryInt(long a, long b, out long result);

    static abstract double Float(double a, double b);
}

internal readonly struct Addition : IArithmetic
{
    public static string Name => "+";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt(long a, long b, out long result)
    {
        result = unchecked(a + b);
        return ((a ^ result) & (b ^ result)) >= 0;
    }

    public static double Float(double a, double b) => a + b;
}

internal readonly struct Subtraction : IArithmetic
{
    public static string Name => "-";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt(long a, long b, out long result)
    {
        result = unchecked(a - b);
        return ((a ^ b) & (a ^ result)) >= 0;
    }

    public static double Float(double a, double b) => a - b;
}

internal readonly struct Multiplication : IArithmetic
{
    public static string Name => "*";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryInt(long a, long b, out long result)
    {
        var high = Math.BigMul(a, b, out result);
        return high == result >> 63;
    }

    public static double Float(double a, double b) => a * b;
}

internal static class Numbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value Apply<T>(Value a, Value b, int position)
        where T : struct, IArithmetic
    {
        if (a.IsFloat)
        {
            if (b.IsFloat)
            {
                return Value.Float(T.Float(a.AsFloat, b.AsFloat));
            }

            if (b.IsInt)
            {
                return Value.Float(T.Float(a.AsFloat, b.AsInt));
            }
        }
        else if (a.IsInt)
        {
            if (b.IsInt)
            {
                return T.TryInt(a.AsInt, b.AsInt, out var result) ? Value.Int(result) : throw Errors.Overflow(T.Name);
            }

            if (b.IsFloat)
            {
                return Value.Float(T.Float(a.AsInt, b.AsFloat));
            }
        }

        throw NotNumbers(T.Name, a, b, position);
    }

    /// <param name="operation">As people wrote it.</param>
    /// <param name="position">The place of <paramref name="b"/> among the arguments, from 1.</param>
    public static RtfsException NotNumbers(string operation, Value a, Value b, int position) => a.IsNumber
        ? Errors.Argument(operation, "numbers", position, b)
        : Errors.Argument(operation, "numbers", position - 1, a);
}

internal sealed class ArithmeticNode<T>(Node left, Node right, int position, SourcePlace place) : Node(place)
    where T : struct, IArithmetic
{
    public override Value Execute(EvaluationContext context)
    {
        var a = left.Execute(context);
        var b = right.Execute(context);
        try
        {
            return Numbers.Apply<T>(a, b, position);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}

/// <summary>The same with a literal number on the right, which most conversions of units are.</summary>
internal sealed class ArithmeticConstantNode<T>(Node left, Value right, int position, SourcePlace place) : Node(place)
    where T : struct, IArithmetic
{
    private readonly double _float = right.ToDouble();

    public override Value Execute(EvaluationContext context)
    {
        var a = left.Execute(context);
        if (a.IsFloat)
        {
            return Value.Float(T.Float(a.AsFloat, _float));
        }

        try
        {
            return Numbers.Apply<T>(a, right, position);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}
