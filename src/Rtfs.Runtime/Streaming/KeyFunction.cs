// A keyword where a function is expected: it reads that key of a map.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>Remembers the slot of the last shape: the records of one stream nearly always share theirs.</summary>
internal sealed class KeyFunction(Keyword key) : Function
{
    private readonly Value _key = Value.Of(key);
    private Cached? _cached;

    public override string Name => key.ToString();

    public override bool MayBlock => false;

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments) => arguments.Length switch
    {
        1 => Read(arguments[0]),
        _ => throw Errors.Arity(Name, Errors.Arguments(1, 1), arguments.Length),
    };

    public override Value Invoke(EvaluationContext context, Value argument) => Read(argument);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Read(Value item)
    {
        if (item.Reference is Record record)
        {
            var cached = _cached;
            if (cached is not null && ReferenceEquals(cached.Shape, record.Shape))
            {
                return cached.Slot < 0 ? Value.Nil : record.At(cached.Slot);
            }
        }

        return Search(item);
    }

    private Value Search(Value item)
    {
        if (item.Reference is Record record)
        {
            var slot = record.Shape.SlotOf(key);
            _cached = new Cached(record.Shape, slot);
            return slot < 0 ? Value.Nil : record.At(slot);
        }

        return item.IsNil ? Value.Nil
            : item.As<MapValue>() is { } map ? map.TryGet(_key, out var value) ? value : Value.Nil
            : throw Errors.Argument(Name, "a map", 1, item);
    }

    private sealed record Cached(Shape Shape, int Slot);
}
