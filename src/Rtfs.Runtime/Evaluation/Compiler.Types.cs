// Annotations and structs: types become validators, and named types are found by their struct.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Node = Rtfs.Runtime.Evaluation.Nodes.Node;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation;

internal sealed partial class Compiler
{
    /// <summary>The definitions of the whole program, once all of it is compiled.</summary>
    public NamedTypes DefinedTypes { get; } = new();

    private TypeScope Types => new(DefinedTypes, _source);

    public Node VisitCheck(Core value, Type target, string role, string? name, Span span) =>
        new CheckNode(Compile(value), Validator(target), name is null ? role : $"{role} {name}", Place(span));

    public Node VisitStruct(string name, Type target, Span span)
    {
        var validator = Validator(target);
        DefinedTypes.Define(name, target, _source, validator);
        return new ConstantNode(Value.OfObject(new StructFunction(name, validator)), Place(span));
    }

    private TypeValidator Validator(Type type) =>
        new TypeCompiler(Types, static definition => definition.Validator).Compile(type);

    /// <summary>The checks of a function's annotated parameters, which stand in the first slots of its frame.</summary>
    private ParameterCheck[] ParameterChecks(Lambda lambda, string function)
    {
        var checks = new List<ParameterCheck>();
        for (var i = 0; i < lambda.ParameterTypes.Length; i++)
        {
            if (lambda.ParameterTypes[i] is { } type)
            {
                var what = lambda.Parameters[i] is Pattern.Name name ? name.binding.Name : $"{i + 1}";
                checks.Add(new ParameterCheck(i, Validator(type), $"parameter {what} of {function}"));
            }
        }

        if (lambda.RestType is { } rest)
        {
            checks.Add(new ParameterCheck(
                lambda.Parameters.Length, new RestValidator(Validator(rest)), $"parameter {lambda.Rest!.Name} of {function}"));
        }

        return [.. checks];
    }
}
