// Which of the inputs that are ready gives its next item: what `:strategy` of a multiplexer says.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>The ready inputs come in input order, one at least. A strategy belongs to one multiplexer: some remember.</summary>
internal abstract class MultiplexStrategy
{
    /// <summary>Whether <see cref="ChooseAsync"/> must be used.</summary>
    public virtual bool MayBlock => false;

    /// <summary>What it calls.</summary>
    public virtual IEnumerable<Function> Functions => [];

    /// <summary>One of <paramref name="ready"/>. What it throws is a failure of the multiplexer's stage.</summary>
    public abstract InputCursor Choose(ArraySegment<InputCursor> ready, EvaluationContext evaluation);

    public virtual ValueTask<InputCursor> ChooseAsync(ArraySegment<InputCursor> ready, EvaluationContext evaluation) => new(Choose(ready, evaluation));
}

/// <summary>One item of each in turn.</summary>
internal sealed class RoundRobinStrategy : MultiplexStrategy
{
    private int _turn;

    public override InputCursor Choose(ArraySegment<InputCursor> ready, EvaluationContext evaluation)
    {
        var chosen = ready[0];
        foreach (var input in ready)
        {
            if (input.Index >= _turn)
            {
                chosen = input;
                break;
            }
        }

        _turn = chosen.Index + 1;
        return chosen;
    }
}

/// <summary>The highest of them; among equals the first in input order.</summary>
/// <param name="priorities">One for each input.</param>
internal sealed class PriorityStrategy(double[] priorities) : MultiplexStrategy
{
    public override InputCursor Choose(ArraySegment<InputCursor> ready, EvaluationContext evaluation)
    {
        var chosen = ready[0];
        foreach (var input in ready)
        {
            if (priorities[input.Index] > priorities[chosen.Index])
            {
                chosen = input;
            }
        }

        return chosen;
    }
}

/// <summary>Any of them, each as likely as the others. The same seed makes the same choices among the same inputs.</summary>
internal sealed class RandomStrategy(int seed) : MultiplexStrategy
{
    // A seeded one keeps its algorithm from version to version.
    private readonly Random _random = new(seed);

    public override InputCursor Choose(ArraySegment<InputCursor> ready, EvaluationContext evaluation) => ready[_random.Next(ready.Count)];
}

/// <summary>A function of the program: from <c>[{:index i :item x} …]</c> to the index of one of them.</summary>
internal sealed class FunctionStrategy(Function function, SourcePlace place) : MultiplexStrategy
{
    public override IEnumerable<Function> Functions => [function];

    private static readonly Shape Offered = Shape.Of(Keyword.Of("index"), Keyword.Of("item"));

    public override bool MayBlock => function.MayBlock;

    public override InputCursor Choose(ArraySegment<InputCursor> ready, EvaluationContext evaluation) =>
        Chosen(ready, function.Invoke(evaluation, Offer(ready)));

    public override async ValueTask<InputCursor> ChooseAsync(ArraySegment<InputCursor> ready, EvaluationContext evaluation) =>
        Chosen(ready, await function.InvokeAsync(evaluation, [Offer(ready)]));

    private static Value Offer(ArraySegment<InputCursor> ready)
    {
        var offered = new Value[ready.Count];
        for (var k = 0; k < offered.Length; k++)
        {
            offered[k] = Value.Of(Record.Own(Offered, [Value.Int(ready[k].Index), ready[k].Next]));
        }

        return Value.Of(VectorValue.From(offered));
    }

    private InputCursor Chosen(ArraySegment<InputCursor> ready, Value answer)
    {
        if (answer.IsInt)
        {
            foreach (var input in ready)
            {
                if (input.Index == answer.AsInt)
                {
                    return input;
                }
            }
        }

        var indexes = string.Join(", ", ready.Select(static input => input.Index));
        throw new RtfsException(
            "RTFS9009", "InvalidArgument", $"the :strategy of stream-multiplex gives the :index of an input that is ready ({indexes}), found {Errors.Describe(answer)}", place);
    }
}
