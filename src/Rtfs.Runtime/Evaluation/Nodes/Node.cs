// A compiled expression, and the plainest of them: constants and names.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>
/// <see cref="Execute"/> always works unless it reaches an operation that waits; <see cref="ExecuteAsync"/> differs from it only where
/// <see cref="MayBlock"/> is set. Nodes keep no state of a run.
/// </summary>
internal abstract class Node(SourcePlace place)
{
    public SourcePlace Place => place;

    /// <summary>Whether evaluating this can wait for the host or for a stream.</summary>
    public virtual bool MayBlock => false;

    public abstract Value Execute(EvaluationContext context);

    public virtual ValueTask<Value> ExecuteAsync(EvaluationContext context) => new(Execute(context));

    /// <summary>Whether the value is truthy: without making it, where the node can tell.</summary>
    public virtual bool ExecuteCondition(EvaluationContext context) => Execute(context).IsTruthy;

    public static bool AnyBlocks(Node[] nodes) => Array.Exists(nodes, static node => node.MayBlock);

    /// <summary>The values of some nodes, from left to right.</summary>
    public static async ValueTask<Value[]> ValuesAsync(Node[] nodes, EvaluationContext context)
    {
        var values = new Value[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            values[i] = nodes[i].MayBlock ? await nodes[i].ExecuteAsync(context) : nodes[i].Execute(context);
        }

        return values;
    }

    public static Value[] Values(Node[] nodes, EvaluationContext context)
    {
        var values = new Value[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            values[i] = nodes[i].Execute(context);
        }

        return values;
    }
}

internal sealed class ConstantNode(Value value, SourcePlace place) : Node(place)
{
    public Value Value => value;

    public override Value Execute(EvaluationContext context) => value;
}

internal sealed class LocalNode(int slot, SourcePlace place) : Node(place)
{
    public int Slot => slot;

    public override Value Execute(EvaluationContext context) => context.Slot(slot);
}

/// <summary>Where a <c>def</c> of the program keeps its value for one run.</summary>
internal sealed class GlobalCell(string name)
{
    public string Name { get; } = name;

    public bool IsSet { get; private set; }

    public Value Value { get; private set; }

    public void Set(Value value)
    {
        Value = value;
        IsSet = true;
    }
}

internal sealed class GlobalNode(GlobalCell cell, SourcePlace place) : Node(place)
{
    public override Value Execute(EvaluationContext context) =>
        cell.IsSet ? cell.Value : throw Errors.Undefined(cell.Name).At(Place);
}

internal sealed class UndefinedNode(string name, string? nearest, SourcePlace place) : Node(place)
{
    public override Value Execute(EvaluationContext context) => throw Errors.Undefined(name, nearest).At(Place);
}

internal sealed class DefineNode(GlobalCell cell, Node value, SourcePlace place) : Node(place)
{
    public override bool MayBlock => value.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        var result = value.Execute(context);
        cell.Set(result);
        return result;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var result = await value.ExecuteAsync(context);
        cell.Set(result);
        return result;
    }
}

/// <summary>Stands at every so many levels of a deep expression, so that depth of text never meets the end of the machine's stack.</summary>
internal sealed class StackProbeNode(Node inner) : Node(inner.Place)
{
    public override bool MayBlock => inner.MayBlock;

    public override Value Execute(EvaluationContext context) => DeepStack.IsShort
        ? DeepStack.Run((inner, context), static call => call.inner.Execute(call.context))
        : inner.Execute(context);

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        if (DeepStack.IsShort)
        {
            // Continues as a work item of the present scheduler, on a stack of its own.
            return await await Task.Factory.StartNew(
                () => inner.ExecuteAsync(context),
                context.Cancellation,
                TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness,
                TaskScheduler.Current);
        }

        return await inner.ExecuteAsync(context);
    }
}
