// What decides and sequences: if, do, and, or.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal sealed class IfNode(Node condition, Node consequent, Node alternative, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = condition.MayBlock || consequent.MayBlock || alternative.MayBlock;

    public override Value Execute(EvaluationContext context) =>
        condition.ExecuteCondition(context) ? consequent.Execute(context) : alternative.Execute(context);

    public override bool ExecuteCondition(EvaluationContext context) =>
        condition.ExecuteCondition(context) ? consequent.ExecuteCondition(context) : alternative.ExecuteCondition(context);

    public override ValueTask<Value> ExecuteAsync(EvaluationContext context) => condition.MayBlock
        ? DecideAsync(context)
        : condition.ExecuteCondition(context) ? consequent.ExecuteAsync(context) : alternative.ExecuteAsync(context);

    private async ValueTask<Value> DecideAsync(EvaluationContext context) => (await condition.ExecuteAsync(context)).IsTruthy
        ? await consequent.ExecuteAsync(context)
        : await alternative.ExecuteAsync(context);
}

internal sealed class DoNode(Node[] body, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(body);

    public override Value Execute(EvaluationContext context)
    {
        for (var i = 0; i < body.Length - 1; i++)
        {
            body[i].Execute(context);
        }

        return body[^1].Execute(context);
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        for (var i = 0; i < body.Length - 1; i++)
        {
            await body[i].ExecuteAsync(context);
        }

        return await body[^1].ExecuteAsync(context);
    }
}

/// <summary>The first falsy value, or the last.</summary>
internal sealed class AndNode(Node[] items, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(items);

    public override Value Execute(EvaluationContext context)
    {
        for (var i = 0; i < items.Length - 1; i++)
        {
            var value = items[i].Execute(context);
            if (!value.IsTruthy)
            {
                return value;
            }
        }

        return items[^1].Execute(context);
    }

    public override bool ExecuteCondition(EvaluationContext context)
    {
        foreach (var item in items)
        {
            if (!item.ExecuteCondition(context))
            {
                return false;
            }
        }

        return true;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        for (var i = 0; i < items.Length - 1; i++)
        {
            var value = await items[i].ExecuteAsync(context);
            if (!value.IsTruthy)
            {
                return value;
            }
        }

        return await items[^1].ExecuteAsync(context);
    }
}

/// <summary>The first truthy value, or the last.</summary>
internal sealed class OrNode(Node[] items, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(items);

    public override Value Execute(EvaluationContext context)
    {
        for (var i = 0; i < items.Length - 1; i++)
        {
            var value = items[i].Execute(context);
            if (value.IsTruthy)
            {
                return value;
            }
        }

        return items[^1].Execute(context);
    }

    public override bool ExecuteCondition(EvaluationContext context)
    {
        foreach (var item in items)
        {
            if (item.ExecuteCondition(context))
            {
                return true;
            }
        }

        return false;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        for (var i = 0; i < items.Length - 1; i++)
        {
            var value = await items[i].ExecuteAsync(context);
            if (value.IsTruthy)
            {
                return value;
            }
        }

        return await items[^1].ExecuteAsync(context);
    }
}
