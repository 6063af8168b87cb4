// The reducers of stream-aggregate: what each takes in, keeps, and gives.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal enum ReducerKind
{
    Count,
    Sum,
    Avg,
    Min,
    Max,
    First,
    Last,
}

/// <summary>What a reducer keeps for one window. Whole numbers are summed exactly; one float makes the sum a float.</summary>
internal struct Accumulator
{
    public Value Value;
    public double Sum;
    public long Whole;
    public bool IsFloat;
}

/// <param name="Input">What of an item is reduced; null for the item itself, and for a count.</param>
internal sealed record Reducer(string Name, ReducerKind Kind, Function? Input)
{
    private readonly KeyFunction? _key = Input as KeyFunction;

    public Value Read(Value item, EvaluationContext context) =>
        _key is not null ? _key.Read(item) : Input is null ? item : Input.Invoke(context, item);

    /// <summary>Throws where <see cref="Add"/> could not go on, so that a failing item leaves no trace in any reducer of its window.</summary>
    public void Check(in Accumulator accumulator, Value input)
    {
        if (Kind is ReducerKind.Sum or ReducerKind.Avg or ReducerKind.Min or ReducerKind.Max && !input.IsNumber)
        {
            throw Errors.Type($"stream-aggregate: :{Name} takes the {KindName} of numbers, but {Input?.Name ?? "the item"} is {Errors.Describe(input)}");
        }

        if (Kind == ReducerKind.Sum && input.IsInt && !accumulator.IsFloat)
        {
            var sum = unchecked(accumulator.Whole + input.AsInt);
            if (((accumulator.Whole ^ sum) & (input.AsInt ^ sum)) < 0)
            {
                throw Errors.Overflow($"stream-aggregate: :{Name}");
            }
        }
    }

    public void Add(ref Accumulator accumulator, Value input, bool first)
    {
        switch (Kind)
        {
            case ReducerKind.Sum when input.IsInt && !accumulator.IsFloat:
                accumulator.Whole += input.AsInt;
                break;
            case ReducerKind.Sum:
                accumulator.Sum = (accumulator.IsFloat ? accumulator.Sum : accumulator.Whole) + input.ToDouble();
                accumulator.IsFloat = true;
                break;
            case ReducerKind.Avg:
                accumulator.Sum += input.ToDouble();
                break;
            case ReducerKind.Min when first || input.ToDouble() < accumulator.Value.ToDouble():
            case ReducerKind.Max when first || input.ToDouble() > accumulator.Value.ToDouble():
            case ReducerKind.First when first:
            case ReducerKind.Last:
                accumulator.Value = input;
                break;
        }
    }

    public Value Give(in Accumulator accumulator, int count) => Kind switch
    {
        ReducerKind.Count => Value.Int(count),
        ReducerKind.Sum => accumulator.IsFloat ? Value.Float(accumulator.Sum) : Value.Int(accumulator.Whole),
        ReducerKind.Avg => Value.Float(accumulator.Sum / count),
        _ => accumulator.Value,
    };

    private string KindName => Kind.ToString().ToLowerInvariant();
}
