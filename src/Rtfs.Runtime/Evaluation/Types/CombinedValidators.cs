// Types made of other types that are asked of the same value: optional, union, intersection, name.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class OptionalValidator(TypeValidator target) : CompoundValidator
{
    public override string Expected => $"{target.Expected} or nil";

    public override IEnumerable<TypeValidator> OfSameValue => [target];

    public override bool Converts => target.Converts;

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch) =>
        value.IsNil || target.Fits(context, value, mismatch);

    protected override bool ConvertInside(EvaluationContext context, ref Value value) => !value.IsNil && target.Convert(context, ref value);
}

/// <summary>Any of some types; the first that takes a value also converts it.</summary>
internal sealed class UnionValidator(TypeValidator[] members) : CompoundValidator
{
    public override string Expected { get; } = string.Join(" or ", members.Select(static member => member.Expected));

    public override IEnumerable<TypeValidator> OfSameValue => members;

    public override bool Converts { get; } = Array.Exists(members, static member => member.Converts);

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (mismatch is not null)
        {
            return FindNearest(context, value, mismatch);
        }

        foreach (var member in members)
        {
            if (member.Fits(context, value, null))
            {
                return true;
            }
        }

        return false;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        foreach (var member in members)
        {
            if (member.Fits(context, value, null))
            {
                return member.Converts && member.Convert(context, ref value);
            }
        }

        return false;
    }

    /// <summary>
    /// Tells of the member into which the value comes furthest, and of all members where it comes into none. Each is asked once: asking
    /// first and explaining afterwards would cost the square of a deep value.
    /// </summary>
    private bool FindNearest(EvaluationContext context, Value value, Mismatch mismatch)
    {
        var before = mismatch.State;
        var nearest = before;
        var reach = 0;
        foreach (var member in members)
        {
            mismatch.Reset();
            if (member.Fits(context, value, mismatch))
            {
                mismatch.State = before;
                return true;
            }

            if (mismatch.Reach > reach)
            {
                nearest = mismatch.State;
                reach = mismatch.Reach;
            }
        }

        mismatch.State = nearest;
        return reach > 0 ? false : Departs(mismatch, value);
    }
}

/// <summary>The subject first; a value that is of another type is asked for nothing more.</summary>
internal sealed class AndValidator(TypeValidator subject, TypeValidator[] refinements) : CompoundValidator
{
    public override string Expected => subject.Expected;

    public override IEnumerable<TypeValidator> OfSameValue => [subject, .. refinements];

    public override bool Converts { get; } = subject.Converts || Array.Exists(refinements, static refinement => refinement.Converts);

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        if (!subject.Fits(context, value, mismatch))
        {
            return false;
        }

        foreach (var refinement in refinements)
        {
            if (!refinement.Fits(context, value, mismatch))
            {
                return false;
            }
        }

        return true;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        var converted = value;
        var changed = subject.Convert(context, ref converted);
        foreach (var refinement in refinements)
        {
            changed |= refinement.Convert(context, ref converted);
        }

        // What one part asks for may be what another refuses: (:and :int :float) takes ints as they are.
        if (!changed || !FitsInside(context, converted, null))
        {
            return false;
        }

        value = converted;
        return true;
    }
}

/// <summary>A named type: found when a value is checked, because a struct may name itself or a later one.</summary>
internal sealed class AliasValidator(string name, Func<TypeValidator?> find) : CompoundValidator
{
    private TypeValidator? _target;
    private bool? _grounded;

    public override string Expected => name;

    public override IEnumerable<TypeValidator> OfSameValue => Target is { } target ? [target] : [];

    // Not asked of the target: it may lead back here.
    public override bool Converts => true;

    private TypeValidator? Target => _target ??= find();

    protected override bool FitsInside(EvaluationContext context, Value value, Mismatch? mismatch)
    {
        context.Step();
        if (Target is not { } target)
        {
            mismatch?.Set($"{name}, a type that nothing defines", Errors.Describe(value));
            return false;
        }

        if (_grounded ??= !Asks(target))
        {
            return mismatch is null && context.Settled is { IsDeep: true } settled && value.Reference is { } reference
                ? FitsOnce(context, value, target, settled, reference)
                : target.Fits(context, value, mismatch);
        }

        mismatch?.Set($"{name}, a type that is defined by itself alone", Errors.Describe(value));
        return false;
    }

    /// <summary>Whether a type asks itself about the very same value again, which would not end.</summary>
    private static bool Asks(TypeValidator target)
    {
        var seen = new HashSet<TypeValidator>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<TypeValidator>(target.OfSameValue);
        while (pending.TryPop(out var next))
        {
            if (ReferenceEquals(next, target))
            {
                return true;
            }

            if (seen.Add(next))
            {
                foreach (var further in next.OfSameValue)
                {
                    pending.Push(further);
                }
            }
        }

        return false;
    }

    private static bool FitsOnce(EvaluationContext context, Value value, TypeValidator target, Settled settled, object reference)
    {
        if (settled.Fits(target, reference))
        {
            return true;
        }

        if (!target.Fits(context, value, null))
        {
            return false;
        }

        settled.Add(target, reference);
        return true;
    }

    protected override bool ConvertInside(EvaluationContext context, ref Value value)
    {
        if (Target is not { } target)
        {
            return false;
        }

        var settled = context.Settled ??= new Settled();
        settled.Enter();
        try
        {
            if (!target.Convert(context, ref value))
            {
                return false;
            }

            if (settled.IsDeep && value.Reference is { } reference)
            {
                settled.Add(target, reference);
            }

            return true;
        }
        finally
        {
            settled.Leave();
        }
    }
}
