// How a library function calls the functions that it was given: one body serves those that wait and those that cannot.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

/// <param name="context">Charged one step a call.</param>
/// <param name="waits">When false every call ends at once, and one that would wait is an error.</param>
internal readonly struct Caller(EvaluationContext context, bool waits)
{
    public EvaluationContext Context => context;

    public ValueTask<Value> Call(Function function, Value argument)
    {
        context.Tick();
        return waits && function.MayBlock ? function.InvokeAsync(context, [argument]) : new(function.Invoke(context, argument));
    }

    public ValueTask<Value> Call(Function function, Value first, Value second)
    {
        context.Tick();
        return waits && function.MayBlock
            ? function.InvokeAsync(context, [first, second])
            : new(function.Invoke(context, first, second));
    }

    public ValueTask<Value> Call(Function function, Value[] arguments)
    {
        context.Tick();
        return waits && function.MayBlock ? function.InvokeAsync(context, arguments) : new(function.Invoke(context, arguments.AsSpan()));
    }
}

/// <summary>A function that the library makes of others.</summary>
internal sealed class CombinedFunction(string name, bool mayBlock, CallingBody body) : Function
{
    public override string Name => name;

    public override bool MayBlock => mayBlock;

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(
                (Function: this, Context: context, Arguments: arguments.ToArray()),
                static call => call.Function.Invoke(call.Context, call.Arguments.AsSpan()));
        }

        return body(new Caller(context, waits: false), arguments.ToArray()).GetAwaiter().GetResult();
    }

    public override ValueTask<Value> InvokeAsync(EvaluationContext context, Value[] arguments) =>
        !mayBlock ? new(Invoke(context, arguments.AsSpan()))
        : DeepStack.IsShort ? InvokeOnFreshStackAsync(context, arguments)
        : body(new Caller(context, waits: true), arguments);

    private async ValueTask<Value> InvokeOnFreshStackAsync(EvaluationContext context, Value[] arguments) =>
        await await Task.Factory.StartNew(
            async () => await body(new Caller(context, waits: true), arguments),
            context.Cancellation,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness,
            TaskScheduler.Current);
}

/// <summary>A keyword where a function is wanted: looks itself up in a map.</summary>
internal sealed class KeywordFunction(Keyword keyword, string operation) : Function
{
    public override string Name => keyword.ToString();

    public override bool MayBlock => false;

    public override Value Invoke(EvaluationContext context, Value argument) => Invoke(context, argument, Value.Nil);

    public override Value Invoke(EvaluationContext context, Value argument, Value missing) => argument.Reference switch
    {
        null => missing,
        MapValue map => map.TryGet(keyword, out var found) ? found : missing,
        _ => throw Errors.Type($"{operation} reads {keyword} of each item, and expects maps, but found {Errors.Describe(argument)}"),
    };

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments) => arguments.Length switch
    {
        1 => Invoke(context, arguments[0]),
        2 => Invoke(context, arguments[0], arguments[1]),
        _ => throw Errors.Arity(Name, Errors.Arguments(1, 2), arguments.Length),
    };
}
