// match: clauses tried in order, each a pattern that may fail.

using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

internal readonly record struct MatchCase(Matcher Pattern, Node? Guard, Node Body);

internal sealed class MatchNode(Node value, MatchCase[] cases, SourcePlace place) : Node(place)
{
    private readonly bool _guardsBlock = Array.Exists(cases, static one => one.Guard is { MayBlock: true });

    public override bool MayBlock { get; } =
        value.MayBlock || Array.Exists(cases, static one => one.Body.MayBlock || one.Guard is { MayBlock: true });

    public override Value Execute(EvaluationContext context) => Select(context, value.Execute(context)).Execute(context);

    public override bool ExecuteCondition(EvaluationContext context) => Select(context, value.Execute(context)).ExecuteCondition(context);

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var subject = await value.ExecuteAsync(context);
        var body = _guardsBlock ? await SelectAsync(context, subject) : Select(context, subject);
        return await body.ExecuteAsync(context);
    }

    private Node Select(EvaluationContext context, Value subject)
    {
        foreach (var one in cases)
        {
            if (one.Pattern.Matches(context, subject) && (one.Guard is null || one.Guard.ExecuteCondition(context)))
            {
                return one.Body;
            }
        }

        throw Errors.NoMatch(subject).At(Place);
    }

    private async ValueTask<Node> SelectAsync(EvaluationContext context, Value subject)
    {
        foreach (var one in cases)
        {
            if (one.Pattern.Matches(context, subject) && (one.Guard is null || (await one.Guard.ExecuteAsync(context)).IsTruthy))
            {
                return one.Body;
            }
        }

        throw Errors.NoMatch(subject).At(Place);
    }
}

/// <summary>Sets the slots of its names as it goes; what a failed match leaves in them is never read.</summary>
internal abstract class Matcher
{
    public abstract bool Matches(EvaluationContext context, Value value);
}

internal sealed class AnyMatcher : Matcher
{
    public override bool Matches(EvaluationContext context, Value value) => true;
}

internal sealed class SlotMatcher(int slot) : Matcher
{
    public override bool Matches(EvaluationContext context, Value value)
    {
        context.Slot(slot) = value;
        return true;
    }
}

internal sealed class LiteralMatcher(Value literal) : Matcher
{
    public override bool Matches(EvaluationContext context, Value value) => literal.Equals(value);
}

/// <summary>The whole value under a name, where the pattern matches.</summary>
internal sealed class AsMatcher(int slot, Matcher pattern) : Matcher
{
    public override bool Matches(EvaluationContext context, Value value)
    {
        context.Slot(slot) = value;
        return pattern.Matches(context, value);
    }
}

internal sealed class TypeMatcher(TypeValidator type) : Matcher
{
    public override bool Matches(EvaluationContext context, Value value) => type.Fits(context, value, null);
}

/// <summary>Vectors and lists of exactly these items, or of at least these; <paramref name="rest"/> is -1 without a name for the others.</summary>
internal sealed class VectorMatcher(Matcher[] items, int rest) : Matcher
{
    public override bool Matches(EvaluationContext context, Value value)
    {
        var count = value.Reference switch
        {
            VectorValue vector => vector.Count,
            ListValue list => list.Count,
            _ => -1,
        };
        if (rest < 0 ? count != items.Length : count < items.Length)
        {
            return false;
        }

        var values = value.As<VectorValue>() ?? VectorValue.Own(value.As<ListValue>()!.ToArray());
        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Matches(context, values[i]))
            {
                return false;
            }
        }

        if (rest >= 0)
        {
            context.Charge(Footprint.Entry);
            context.Slot(rest) = Value.Of(values.Slice(items.Length, values.Count));
        }

        return true;
    }
}

/// <summary>Maps that have every key; others may be there. <paramref name="rest"/> is -1 without a name for those.</summary>
internal sealed class MapMatcher(Value[] keys, Matcher[] items, int rest) : Matcher
{
    private readonly SlotCache[] _caches = [.. keys.Select(static key => new SlotCache(key.As<Keyword>()))];

    public override bool Matches(EvaluationContext context, Value value)
    {
        if (value.Reference is not MapValue map)
        {
            return false;
        }

        for (var i = 0; i < items.Length; i++)
        {
            var there = map is Record record && _caches[i].HasKey
                ? _caches[i].TryGet(record, out var found)
                : map.TryGet(keys[i], out found);
            if (!there || !items[i].Matches(context, found))
            {
                return false;
            }
        }

        if (rest >= 0)
        {
            foreach (var key in keys)
            {
                map = map.Dissoc(key);
            }

            context.Charge(Footprint.Header + (Footprint.Entry * map.Count));
            context.Slot(rest) = Value.Of(map);
        }

        return true;
    }
}
