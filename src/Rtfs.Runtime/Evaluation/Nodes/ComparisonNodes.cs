// Comparisons as conditions: < > <= >= on numbers and strings, = and not= on anything, not.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>An order of two numbers or two strings.</summary>
internal interface IComparison
{
    static abstract string Name { get; }

    static abstract bool Ints(long a, long b);

    static abstract bool Floats(double a, double b);

    /// <summary>From the sign of an ordinal comparison.</summary>
    static abstract bool Sign(int sign);
}

internal readonly struct Less : IComparison
{
    public static string Name => "<";

    public static bool Ints(long a, long b) => a < b;

    public static bool Floats(double a, double b) => a < b;

    public static bool Sign(int sign) => sign < 0;
}

internal readonly struct Greater : IComparison
{
    public static string Name => ">";

    public static bool Ints(long a, long b) => a > b;

    public static bool Floats(double a, double b) => a > b;

    public static bool Sign(int sign) => sign > 0;
}

internal readonly struct LessOrEqual : IComparison
{
    public static string Name => "<=";

    public static bool Ints(long a, long b) => a <= b;

    public static bool Floats(double a, double b) => a <= b;

    public static bool Sign(int sign) => sign <= 0;
}

internal readonly struct GreaterOrEqual : IComparison
{
    public static string Name => ">=";

    public static bool Ints(long a, long b) => a >= b;

    public static bool Floats(double a, double b) => a >= b;

    public static bool Sign(int sign) => sign >= 0;
}

internal static class Order
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Compare<T>(Value a, Value b)
        where T : struct, IComparison =>
        a.IsInt && b.IsInt ? T.Ints(a.AsInt, b.AsInt)
        : a.IsFloat && b.IsFloat ? T.Floats(a.AsFloat, b.AsFloat)
        : Mixed<T>(a, b);

    /// <summary>-1, 0 or 1; exact also where the int has no float of its own. NaN is the caller's case.</summary>
    public static int CompareMixed(long a, double b)
    {
        if (b >= 9223372036854775808.0)
        {
            return -1;
        }

        if (b < -9223372036854775808.0)
        {
            return 1;
        }

        var whole = Math.Truncate(b);
        var order = a.CompareTo((long)whole);
        return order != 0 ? order : whole.CompareTo(b);
    }

    private static bool Mixed<T>(Value a, Value b)
        where T : struct, IComparison
    {
        if (a.IsNumber && b.IsNumber)
        {
            return a.IsInt
                ? !double.IsNaN(b.AsFloat) && T.Sign(CompareMixed(a.AsInt, b.AsFloat))
                : !double.IsNaN(a.AsFloat) && T.Sign(-CompareMixed(b.AsInt, a.AsFloat));
        }

        if (a.Reference is string left && b.Reference is string right)
        {
            return T.Sign(string.CompareOrdinal(left, right));
        }

        var (position, other, wrong) = a.IsNumber || a.Reference is string ? (2, a, b) : (1, b, a);
        var expected = position == 1 ? "two numbers or two strings" : other.IsNumber ? "two numbers" : "two strings";
        throw Errors.Argument(T.Name, expected, position, wrong);
    }
}

internal sealed class ComparisonNode<T>(Node left, Node right, SourcePlace place) : Node(place)
    where T : struct, IComparison
{
    public override Value Execute(EvaluationContext context) => Value.Bool(ExecuteCondition(context));

    public override bool ExecuteCondition(EvaluationContext context)
    {
        var a = left.Execute(context);
        var b = right.Execute(context);
        try
        {
            return Order.Compare<T>(a, b);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}

internal sealed class EqualityNode(Node left, Node right, bool negated, SourcePlace place) : Node(place)
{
    public override Value Execute(EvaluationContext context) => Value.Bool(ExecuteCondition(context));

    public override bool ExecuteCondition(EvaluationContext context)
    {
        var a = left.Execute(context);
        return a.Equals(right.Execute(context)) != negated;
    }
}

internal sealed class NotNode(Node operand, SourcePlace place) : Node(place)
{
    public override Value Execute(EvaluationContext context) => Value.Bool(!operand.ExecuteCondition(context));

    public override bool ExecuteCondition(EvaluationContext context) => !operand.ExecuteCondition(context);
}
