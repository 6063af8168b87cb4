// A type as a test of values: says what departs from it, and where.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>Built once from a type; keeps nothing of a run. A value that fits costs no allocation.</summary>
internal abstract class TypeValidator
{
    /// <summary>In words: <c>an int</c>, <c>a vector</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The first departure, or null where the value fits.</summary>
    public abstract Mismatch? Find(EvaluationContext context, Value value);

    public virtual bool Accepts(EvaluationContext context, Value value) => Find(context, value) is null;

    /// <param name="what">What is checked: <c>parameter x of f</c>.</param>
    /// <exception cref="RtfsException">A TypeValidationError, where the value does not fit.</exception>
    public void Check(EvaluationContext context, Value value, string what, SourcePlace place)
    {
        if (Find(context, value) is { } mismatch)
        {
            throw Errors.Validation($"{what}{mismatch}").At(place);
        }
    }

    protected Mismatch Departs(Value found) => new(Expected, Errors.Describe(found));
}

/// <summary>One that asks other validators: as deep as a type is written, and a named type as deep as its value.</summary>
internal abstract class CompoundValidator : TypeValidator
{
    public sealed override Mismatch? Find(EvaluationContext context, Value value) => DeepStack.IsShort
        ? DeepStack.Run((Validator: this, Context: context, Value: value), static call => call.Validator.FindInside(call.Context, call.Value))
        : FindInside(context, value);

    protected abstract Mismatch? FindInside(EvaluationContext context, Value value);
}

/// <summary>What was expected and found, and the way there from the value that was checked.</summary>
internal sealed class Mismatch(string expected, string found)
{
    // Innermost first: it is found there, and the path grows on the way out.
    private readonly List<Value> _path = [];

    public Mismatch In(Value step)
    {
        _path.Add(step);
        return this;
    }

    public override string ToString()
    {
        var path = _path.Count == 0 ? "" : $" at {string.Join(' ', Enumerable.Reverse(_path).Take(MaximumSteps))}{(_path.Count > MaximumSteps ? " …" : "")}";
        return $"{path}: expected {expected}, but found {found}";
    }

    // A recursive type departs as deep as its value is.
    private const int MaximumSteps = 20;
}
