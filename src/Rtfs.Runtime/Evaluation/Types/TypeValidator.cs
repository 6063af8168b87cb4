// A type as a test of values: says what departs from it, and where.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>Built once from a type; keeps nothing of a run. A value that fits costs no allocation.</summary>
internal abstract class TypeValidator
{
    /// <summary>In words: <c>an int</c>, <c>a vector</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Those that this one asks about the whole value, and not about a part of it.</summary>
    public virtual IEnumerable<TypeValidator> OfSameValue => [];

    /// <summary>Whether <see cref="Convert"/> can change a value; false spares the walk.</summary>
    public virtual bool Converts => false;

    /// <summary>
    /// Whether the value fits. Where it does not, <paramref name="mismatch"/> is told of the first departure; null asks for the answer
    /// alone, and costs nothing.
    /// </summary>
    public abstract bool Fits(EvaluationContext context, Value value, Mismatch? mismatch);

    /// <summary>Turns ints into floats where the type says so. The value must fit; true when it is another one now, which fits too.</summary>
    public virtual bool Convert(EvaluationContext context, ref Value value) => false;

    /// <summary>The first departure, or null where the value fits.</summary>
    public Mismatch? Find(EvaluationContext context, Value value)
    {
        if (Fits(context, value, null))
        {
            return null;
        }

        var mismatch = new Mismatch();
        return Fits(context, value, mismatch) ? null : mismatch;
    }

    /// <param name="what">What is checked: <c>parameter x of f</c>.</param>
    /// <exception cref="RtfsException">A TypeValidationError, where the value does not fit.</exception>
    public void Check(EvaluationContext context, Value value, string what, SourcePlace place)
    {
        if (Find(context, value) is { } mismatch)
        {
            throw Errors.Validation($"{what}{mismatch}").At(place);
        }
    }

    /// <summary>False, and told.</summary>
    protected bool Departs(Mismatch? mismatch, Value found)
    {
        mismatch?.Set(Expected, Errors.Describe(found));
        return false;
    }
}

/// <summary>One that asks other validators: as deep as a type is written, and a named type as deep as its value.</summary>
internal abstract class CompoundValidator : TypeValidator
{
    public sealed override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch) => DeepStack.IsShort
        ? DeepStack.Run(
            (Validator: this, Context: context, Value: value, Mismatch: mismatch),
            static call => call.Validator.FitsInside(call.Context, call.Value, call.Mismatch))
        : FitsInside(context, value, mismatch);

    public sealed override bool Convert(EvaluationContext context, ref Value value)
    {
        if (!DeepStack.IsShort)
        {
            return ConvertInside(context, ref value);
        }

        var (converted, result) = DeepStack.Run((Validator: this, Context: context, Value: value), static call =>
        {
            var own = call.Value;
            return (call.Validator.ConvertInside(call.Context, ref own), own);
        });
        value = result;
        return converted;
    }

    protected abstract bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch);

    protected virtual bool ConvertInside(EvaluationContext context, ref Value value) => false;
}
