// Where values meet their annotations: casts, parameters, results, and the constructors of structs.

using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>The value unchanged, or a TypeValidationError that names <paramref name="what"/>.</summary>
internal sealed class CheckNode(Node value, TypeValidator type, string what, SourcePlace place) : Node(place)
{
    public override bool MayBlock => value.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        var result = value.Execute(context);
        type.Check(context, result, what, Place);
        return result;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var result = await value.ExecuteAsync(context);
        type.Check(context, result, what, Place);
        return result;
    }
}

internal readonly record struct ParameterCheck(int Slot, TypeValidator Type, string What);

/// <summary>Checks annotated parameters each time that the body is entered, by a call or by <c>recur</c>.</summary>
internal sealed class CheckedParametersNode(ParameterCheck[] checks, Node body) : Node(body.Place)
{
    public override bool MayBlock => body.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        Check(context);
        return body.Execute(context);
    }

    public override ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Check(context);
        return body.ExecuteAsync(context);
    }

    private void Check(EvaluationContext context)
    {
        foreach (var (slot, type, what) in checks)
        {
            type.Check(context, context.Slot(slot), what, Place);
        }
    }
}

/// <summary>A sequence of extra arguments: a list from a call, whatever <c>recur</c> gives otherwise.</summary>
internal sealed class RestValidator(TypeValidator item) : TypeValidator
{
    private readonly ListValidator _list = new(item);
    private readonly VectorValidator _vector = new(item);

    public override string Expected => "a list of the extra arguments";

    public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch) => value.Reference switch
    {
        null => true,
        VectorValue => _vector.Fits(context, value, mismatch),
        _ => _list.Fits(context, value, mismatch),
    };
}

/// <summary>What <c>defstruct</c> defines: checks a map against the type and gives it back.</summary>
internal sealed class StructFunction(string name, TypeValidator type) : Function
{
    public override string Name => name;

    public override bool MayBlock => false;

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments) =>
        arguments.Length == 1 ? Invoke(context, arguments[0]) : throw Errors.Arity(name, Errors.Arguments(1, 1), arguments.Length);

    public override Value Invoke(EvaluationContext context, Value argument)
    {
        context.Step();
        if (type.Find(context, argument) is { } mismatch)
        {
            throw Errors.Validation($"{name}{mismatch}");
        }

        return argument;
    }
}
