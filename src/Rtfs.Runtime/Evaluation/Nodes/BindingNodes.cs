// What makes names and functions: let, fn, and the parameters that are patterns.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>One binding of a let.</summary>
/// <param name="Patches">
/// Functions of the same let that were made before this one and name it (itself included): their captured value is set
/// once it exists.
/// </param>
internal sealed record LetBinding(Binder Binder, Node Value, CapturePatch[] Patches);

/// <summary>The function in <paramref name="Slot"/> of the frame captures the value as number <paramref name="Index"/>.</summary>
internal readonly record struct CapturePatch(int Slot, int Index);

/// <summary>A slot of a let that a function can reach before its value is there.</summary>
internal readonly record struct UnsetSlot(int Slot, Value Marker);

internal sealed class LetNode(UnsetSlot[] unset, LetBinding[] bindings, Node body, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = body.MayBlock || Array.Exists(bindings, static binding => binding.Value.MayBlock);

    public override Value Execute(EvaluationContext context)
    {
        Begin(context);
        foreach (var binding in bindings)
        {
            Bind(context, binding, binding.Value.Execute(context));
        }

        return body.Execute(context);
    }

    public override bool ExecuteCondition(EvaluationContext context)
    {
        Begin(context);
        foreach (var binding in bindings)
        {
            Bind(context, binding, binding.Value.Execute(context));
        }

        return body.ExecuteCondition(context);
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Begin(context);
        foreach (var binding in bindings)
        {
            Bind(context, binding, await binding.Value.ExecuteAsync(context));
        }

        return await body.ExecuteAsync(context);
    }

    private static void Bind(EvaluationContext context, LetBinding binding, Value value)
    {
        if (binding.Binder is SlotBinder slot)
        {
            context.Slot(slot.Slot) = value;
        }
        else
        {
            binding.Binder.Bind(context, value);
        }

        foreach (var patch in binding.Patches)
        {
            context.Slot(patch.Slot).As<Closure>()!.Captured[patch.Index] = value;
        }
    }

    private void Begin(EvaluationContext context)
    {
        foreach (var (slot, marker) in unset)
        {
            context.Slot(slot) = marker;
        }
    }
}

/// <summary>Makes a closure: copies what it captures out of the frame.</summary>
internal sealed class FunctionNode(FunctionCode code, int[] captured, SourcePlace place) : Node(place)
{
    // A function that captures nothing is one value.
    private readonly Value _constant = captured.Length == 0 ? Value.OfObject(new Closure(code, [])) : default;

    public FunctionCode Code => code;

    /// <summary>Slots of the enclosing frame, one per captured value.</summary>
    public int[] Captured => captured;

    public override Value Execute(EvaluationContext context)
    {
        if (captured.Length == 0)
        {
            return _constant;
        }

        context.Charge(Footprint.Items(captured.Length));
        var values = new Value[captured.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = context.Slot(captured[i]);
        }

        return Value.OfObject(new Closure(code, values));
    }
}

internal sealed class ConsumerNode(FunctionNode function, SourcePlace place) : Node(place)
{
    public override Value Execute(EvaluationContext context) =>
        Value.OfObject(new Consumer(function.Execute(context).As<Function>()!));
}

/// <summary>Takes parameters that are patterns apart before the body runs.</summary>
internal sealed class ParametersNode((int Slot, Binder Binder)[] patterns, Node body) : Node(body.Place)
{
    public override bool MayBlock => body.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        Bind(context);
        return body.Execute(context);
    }

    public override ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Bind(context);
        return body.ExecuteAsync(context);
    }

    private void Bind(EvaluationContext context)
    {
        foreach (var (slot, binder) in patterns)
        {
            binder.Bind(context, context.Slot(slot));
        }
    }
}
