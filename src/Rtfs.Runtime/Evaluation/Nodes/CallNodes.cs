// Calls: of values, of library functions known at compile time, of the engine's operations.

using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>A call of whatever its head gives: a function, or a keyword that looks itself up.</summary>
internal sealed class CallNode(Node callee, Node[] arguments, bool blocks, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = blocks || callee.MayBlock || AnyBlocks(arguments);

    public override Value Execute(EvaluationContext context)
    {
        var head = callee.Execute(context);
        if (head.Reference is not Function function)
        {
            return CallOther(head, Values(arguments, context));
        }

        try
        {
            switch (arguments.Length)
            {
                case 1:
                    return function.Invoke(context, arguments[0].Execute(context));
                case 2:
                    var first = arguments[0].Execute(context);
                    return function.Invoke(context, first, arguments[1].Execute(context));
                default:
                    return function.Invoke(context, Values(arguments, context).AsSpan());
            }
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var head = callee.MayBlock ? await callee.ExecuteAsync(context) : callee.Execute(context);
        var values = await ValuesAsync(arguments, context);
        if (head.Reference is not Function function)
        {
            return CallOther(head, values);
        }

        try
        {
            return blocks ? await function.InvokeAsync(context, values) : function.Invoke(context, values.AsSpan());
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }

    private Value CallOther(Value head, Value[] values)
    {
        if (head.Reference is not Keyword keyword)
        {
            throw Errors.NotCallable(head).At(Place);
        }

        if (values.Length is not (1 or 2))
        {
            throw Errors.Arity(keyword.ToString(), Errors.Arguments(1, 2), values.Length).At(Place);
        }

        return MapAccess.Get(keyword, values[0], values.Length == 2 ? values[1] : Value.Nil, Place);
    }
}

internal sealed class UnaryLibraryNode(LibraryFunction function, Node argument, SourcePlace place) : Node(place)
{
    private readonly Func<EvaluationContext, Value, Value> _body = function.Unary!;

    public override Value Execute(EvaluationContext context)
    {
        var value = argument.Execute(context);
        try
        {
            return LibraryFunction.Charged(context, _body(context, value));
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}

internal sealed class BinaryLibraryNode(LibraryFunction function, Node first, Node second, SourcePlace place) : Node(place)
{
    private readonly Func<EvaluationContext, Value, Value, Value> _body = function.Binary!;

    public override Value Execute(EvaluationContext context)
    {
        var a = first.Execute(context);
        var b = second.Execute(context);
        try
        {
            return LibraryFunction.Charged(context, _body(context, a, b));
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }
}

/// <summary>An operation form: evaluates what it is given and hands it to the engine.</summary>
internal sealed class OperationNode(string name, Node[] arguments, string[] keys, Node[] options, TypeScope types, SourcePlace place) : Node(place)
{
    private readonly Shape _shape = Shape.Of([.. keys.Select(Keyword.Of)]);
    private readonly bool _waits = OperationNames.MayBlock(name);

    public override bool MayBlock { get; } = OperationNames.MayBlock(name) || AnyBlocks(arguments) || AnyBlocks(options);

    public override Value Execute(EvaluationContext context)
    {
        var call = Call(Values(arguments, context), Values(options, context));
        try
        {
            return _waits ? throw Errors.Waits(name) : context.Operations.Apply(call, context);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var call = Call(await ValuesAsync(arguments, context), await ValuesAsync(options, context));
        try
        {
            return _waits ? await context.Operations.ApplyAsync(call, context) : context.Operations.Apply(call, context);
        }
        catch (RtfsException error) when (error.Passes(Place))
        {
            throw;
        }
    }

    private OperationCall Call(Value[] positional, Value[] values)
    {
        MapValue map;
        if (_shape.Count == values.Length)
        {
            map = values.Length == 0 ? MapValue.Empty : Record.Own(_shape, values);
        }
        else
        {
            // An option written twice: the last wins, as in a map.
            map = MapValue.Empty;
            for (var i = 0; i < values.Length; i++)
            {
                map = map.Assoc(Value.Of(Keyword.Of(keys[i])), values[i]);
            }
        }

        return new OperationCall(name, positional, map, Place) { Types = types };
    }
}

/// <summary>An operation's name used as a value: a function over it, without options.</summary>
internal sealed class OperationFunction(string name, TypeScope types, SourcePlace place) : Function
{
    public override string Name => name;

    public override bool MayBlock => OperationNames.MayBlock(name);

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments) => MayBlock
        ? throw Errors.Waits(name)
        : context.Operations.Apply(new OperationCall(name, arguments.ToArray(), MapValue.Empty, place) { Types = types }, context);

    public override ValueTask<Value> InvokeAsync(EvaluationContext context, Value[] arguments) =>
        context.Operations.ApplyAsync(new OperationCall(name, arguments, MapValue.Empty, place) { Types = types }, context);
}
