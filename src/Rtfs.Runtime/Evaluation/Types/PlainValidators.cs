// Types without parts: primitives, literals, functions, opaque objects.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>A test of one value by itself.</summary>
internal sealed class PlainValidator(string expected, Func<Value, bool> test) : TypeValidator
{
    public override string Expected => expected;

    public override Mismatch? Find(EvaluationContext context, Value value) => test(value) ? null : Departs(value);

    public override bool Accepts(EvaluationContext context, Value value) => test(value);
}

internal sealed class OptionalValidator(TypeValidator target) : TypeValidator
{
    public override string Expected => $"{target.Expected} or nil";

    public override Mismatch? Find(EvaluationContext context, Value value) => value.IsNil ? null : target.Find(context, value);

    public override bool Accepts(EvaluationContext context, Value value) => value.IsNil || target.Accepts(context, value);
}

/// <summary>One of some literals.</summary>
internal sealed class LiteralValidator(Value[] literals) : TypeValidator
{
    private const int MaximumListed = 8;

    private readonly HashSet<Value> _literals = [.. literals];

    public override string Expected { get; } =
        literals.Length == 1 ? literals[0].ToString()
        : $"one of {string.Join(' ', literals.Take(MaximumListed))}{(literals.Length > MaximumListed ? " …" : "")}";

    public override Mismatch? Find(EvaluationContext context, Value value) => _literals.Contains(value) ? null : Departs(value);
}

/// <summary>Any of some types.</summary>
internal sealed class UnionValidator(TypeValidator[] members) : CompoundValidator
{
    public override string Expected { get; } = string.Join(" or ", members.Select(static member => member.Expected));

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        foreach (var member in members)
        {
            if (member.Accepts(context, value))
            {
                return null;
            }
        }

        return Departs(value);
    }
}

/// <summary>A named type: found when a value is checked, because a struct may name itself or a later one.</summary>
internal sealed class AliasValidator(string name, Func<TypeValidator?> find) : CompoundValidator
{
    public override string Expected => name;

    protected override Mismatch? FindInside(EvaluationContext context, Value value)
    {
        context.Step();
        return find() is { } target
            ? target.Find(context, value)
            : new Mismatch($"{name}, a type that nothing defines", Errors.Describe(value));
    }
}
