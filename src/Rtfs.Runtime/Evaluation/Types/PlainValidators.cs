// Types without parts: primitives, literals, functions, opaque objects.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>A test of one value by itself.</summary>
internal sealed class PlainValidator(string expected, Func<Value, bool> test) : TypeValidator
{
    public override string Expected => expected;

    public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch) => test(value) || Departs(mismatch, value);
}

/// <summary>An int is accepted where a float is wanted, never the reverse.</summary>
internal sealed class FloatValidator : TypeValidator
{
    public override string Expected => "a float";

    public override bool Converts => true;

    public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch) => value.IsNumber || Departs(mismatch, value);

    public override bool Convert(EvaluationContext context, ref Value value)
    {
        if (!value.IsInt)
        {
            return false;
        }

        value = Value.Float(value.AsInt);
        return true;
    }
}

/// <summary>One of some literals.</summary>
internal sealed class LiteralValidator(Value[] literals) : TypeValidator
{
    private const int MaximumListed = 8;

    private readonly HashSet<Value> _literals = [.. literals];

    public override string Expected { get; } =
        literals.Length == 1 ? literals[0].ToString()
        : $"one of {string.Join(' ', literals.Take(MaximumListed))}{(literals.Length > MaximumListed ? " …" : "")}";

    public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (_literals.Contains(value))
        {
            return true;
        }

        mismatch?.Set(Expected, Errors.Describe(value), literal: true);
        return false;
    }
}
