// What can be called: library functions, closures, operations used as values.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// <see cref="Invoke"/> is for functions that cannot block; <see cref="InvokeAsync"/> works for all.
/// Wrong arity raises <c>ArityMismatch</c>.
/// </summary>
public abstract class Function
{
    /// <summary>As people know it; <c>fn</c> for an anonymous one.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a call can reach a host call or a form that waits for a stream.</summary>
    public abstract bool MayBlock { get; }

    /// <summary>Whether a call with this many arguments can have the right arity; true where it is not known.</summary>
    public virtual bool Accepts(int arguments) => true;

    public abstract Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments);

    public virtual Value Invoke(EvaluationContext context, Value argument) => Invoke(context, [argument]);

    public virtual Value Invoke(EvaluationContext context, Value first, Value second) => Invoke(context, [first, second]);

    /// <summary>Whether the result is truthy: for a predicate, without making a value of it where it can.</summary>
    public virtual bool Test(EvaluationContext context, Value argument) => Invoke(context, argument).IsTruthy;

    public virtual ValueTask<Value> InvokeAsync(EvaluationContext context, Value[] arguments) => new(Invoke(context, arguments));
}
