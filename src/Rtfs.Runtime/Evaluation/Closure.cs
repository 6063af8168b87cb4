// A function of the program: its compiled body and the values that it captured.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>What all closures of one <c>fn</c> form share. Parameters come first in the frame, the captured values where the code says.</summary>
internal sealed class FunctionCode
{
    public required string Name { get; init; }

    /// <summary>How many parameters before a rest parameter.</summary>
    public required int Parameters { get; init; }

    public required bool HasRest { get; init; }

    public required bool MayBlock { get; init; }

    public required SourcePlace Place { get; init; }

    /// <summary>The slots that captured values are copied to.</summary>
    public required int[] CaptureSlots { get; init; }

    public required int FrameSize { get; init; }

    /// <summary>Cells of globals that it names, and capability ids as strings.</summary>
    public object[] Mentions { get; init; } = [];

    /// <summary>Takes parameters apart first, where they are patterns.</summary>
    public required Node Body { get; init; }
}

internal sealed class Closure(FunctionCode code, Value[] captured) : Function
{
    private const int TraceEvery = 32;

    public override string Name => code.Name;

    public override bool MayBlock => code.MayBlock;

    public override bool Accepts(int arguments) => code.HasRest ? arguments >= code.Parameters : arguments == code.Parameters;

    /// <summary>One per capture slot; a <c>let</c> of functions that name each other fills them in as it goes.</summary>
    internal Value[] Captured => captured;

    internal object[] Mentions => code.Mentions;

    public override Value Invoke(EvaluationContext context, Value argument)
    {
        if (code.Parameters != 1 || code.HasRest || NeedsStack(context))
        {
            return Invoke(context, [argument]);
        }

        var frame = context.Enter(code.FrameSize);
        try
        {
            context.Slot(0) = argument;
            CopyCaptured(context);
            return code.Body.Execute(context);
        }
        finally
        {
            context.Leave(frame);
        }
    }

    public override bool Test(EvaluationContext context, Value argument)
    {
        if (code.Parameters != 1 || code.HasRest || NeedsStack(context))
        {
            return Invoke(context, [argument]).IsTruthy;
        }

        var frame = context.Enter(code.FrameSize);
        try
        {
            context.Slot(0) = argument;
            CopyCaptured(context);
            return code.Body.ExecuteCondition(context);
        }
        finally
        {
            context.Leave(frame);
        }
    }

    public override Value Invoke(EvaluationContext context, Value first, Value second)
    {
        if (code.Parameters != 2 || code.HasRest || NeedsStack(context))
        {
            return Invoke(context, [first, second]);
        }

        var frame = context.Enter(code.FrameSize);
        try
        {
            context.Slot(0) = first;
            context.Slot(1) = second;
            CopyCaptured(context);
            return code.Body.Execute(context);
        }
        finally
        {
            context.Leave(frame);
        }
    }

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (NeedsStack(context))
        {
            return DeepStack.Run(
                (Closure: this, Context: context, Arguments: arguments.ToArray()),
                static call => call.Closure.Invoke(call.Context, call.Arguments.AsSpan()));
        }

        var frame = context.Enter(code.FrameSize);
        try
        {
            Bind(context, arguments);
            return code.Body.Execute(context);
        }
        finally
        {
            context.Leave(frame);
        }
    }

    public override ValueTask<Value> InvokeAsync(EvaluationContext context, Value[] arguments) =>
        !code.MayBlock ? new(Invoke(context, arguments))
        : DeepStack.IsShort ? InvokeOnFreshStackAsync(context, arguments)
        : InvokeBlockingAsync(context, arguments);

    private async ValueTask<Value> InvokeBlockingAsync(EvaluationContext context, Value[] arguments)
    {
        var frame = context.Enter(code.FrameSize);
        try
        {
            Bind(context, arguments);
            return await code.Body.ExecuteAsync(context);
        }
        catch (Exception error) when (context.Depth % TraceEvery == 0)
        {
            // Thrown anew, not on: every await copies the trace gathered so far, which is quadratic in the depth of a recursion.
#pragma warning disable CA2200
            throw error;
#pragma warning restore CA2200
        }
        finally
        {
            context.Leave(frame);
        }
    }

    /// <summary>As a work item of the present scheduler: the caller suspends, so its machine stack unwinds.</summary>
    private async ValueTask<Value> InvokeOnFreshStackAsync(EvaluationContext context, Value[] arguments) =>
        await await Task.Factory.StartNew(
            () => InvokeBlockingAsync(context, arguments),
            context.Cancellation,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness,
            TaskScheduler.Current);

    /// <summary>
    /// The probe costs as much as a small function: it is made at every fourth level. In between lie at most four bodies, each with
    /// its own probes inside (<see cref="StackProbeNode"/>), which is far less than what the runtime guarantees after one.
    /// </summary>
    private static bool NeedsStack(EvaluationContext context) => (context.Depth & 3) == 3 && DeepStack.IsShort;

    private void Bind(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (code.HasRest ? arguments.Length < code.Parameters : arguments.Length != code.Parameters)
        {
            throw Errors.Arity(code.Name, Errors.Arguments(code.Parameters, code.HasRest ? int.MaxValue : code.Parameters), arguments.Length);
        }

        for (var i = 0; i < code.Parameters; i++)
        {
            context.Slot(i) = arguments[i];
        }

        if (code.HasRest)
        {
            context.Slot(code.Parameters) = Value.Of(ListValue.From(arguments[code.Parameters..]));
        }

        CopyCaptured(context);
    }

    private void CopyCaptured(EvaluationContext context)
    {
        var slots = code.CaptureSlots;
        for (var i = 0; i < slots.Length; i++)
        {
            context.Slot(slots[i]) = captured[i];
        }
    }
}
