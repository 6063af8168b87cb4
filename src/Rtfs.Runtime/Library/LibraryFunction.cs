// A function of the standard library: what it does, and everything that people and tools are told of it.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

/// <summary>A call and the printed value that it gives; for a call that fails, <c>!! Kind: message</c> (the message's beginning, or none of it).</summary>
public sealed record LibraryExample(string Source, string Result);

internal delegate Value VariadicBody(EvaluationContext context, ReadOnlySpan<Value> arguments);

internal delegate ValueTask<Value> AsyncBody(EvaluationContext context, Value[] arguments);

internal delegate ValueTask<Value> CallingBody(Caller caller, Value[] arguments);

/// <summary>Never waits by itself; one that takes functions waits when they do.</summary>
internal sealed class LibraryFunction : Function
{
    private LibraryFunction(string name, string signature, string documentation, (string Source, string Result)[] examples)
    {
        Name = name;
        Signature = signature;
        Documentation = documentation;
        Examples = [.. examples.Select(static example => new LibraryExample(example.Source, example.Result))];
    }

    public override string Name { get; }

    /// <summary>RTFS type text.</summary>
    public string Signature { get; }

    public string Documentation { get; }

    public IReadOnlyList<LibraryExample> Examples { get; }

    public int Minimum { get; private init; }

    /// <summary><see cref="int.MaxValue"/> for no bound.</summary>
    public int Maximum { get; private init; }

    /// <summary>The first argument that is a function that this one calls, or -1.</summary>
    public int FunctionArgument { get; private init; } = -1;

    /// <summary>Whether all arguments from <see cref="FunctionArgument"/> on but the last are such functions, and not that one alone.</summary>
    private bool CallsAllButLast { get; init; }

    /// <summary>As a value its function argument is not known.</summary>
    public override bool MayBlock => FunctionArgument >= 0;

    internal Func<EvaluationContext, Value, Value>? Unary { get; private init; }

    internal Func<EvaluationContext, Value, Value, Value>? Binary { get; private init; }

    private VariadicBody? Variadic { get; init; }

    private AsyncBody? Asynchronous { get; init; }

    public static LibraryFunction Of1(
        string name,
        string signature,
        string documentation,
        Func<EvaluationContext, Value, Value> body,
        params (string Source, string Result)[] examples) =>
        new(name, signature, documentation, examples) { Minimum = 1, Maximum = 1, Unary = body };

    public static LibraryFunction Of2(
        string name,
        string signature,
        string documentation,
        Func<EvaluationContext, Value, Value, Value> body,
        params (string Source, string Result)[] examples) =>
        new(name, signature, documentation, examples) { Minimum = 2, Maximum = 2, Binary = body };

    /// <param name="arity">The least and the greatest number of arguments.</param>
    public static LibraryFunction OfMany(
        string name,
        string signature,
        string documentation,
        (int Minimum, int Maximum) arity,
        VariadicBody body,
        params (string Source, string Result)[] examples) =>
        new(name, signature, documentation, examples) { Minimum = arity.Minimum, Maximum = arity.Maximum, Variadic = body };

    /// <summary>One that calls its argument number <paramref name="functionArgument"/>; written twice, because a body that may wait is another.</summary>
    public static LibraryFunction OfFunction(
        string name,
        string signature,
        string documentation,
        (int Minimum, int Maximum) arity,
        int functionArgument,
        VariadicBody body,
        AsyncBody asynchronous,
        params (string Source, string Result)[] examples) =>
        new(name, signature, documentation, examples)
        {
            Minimum = arity.Minimum,
            Maximum = arity.Maximum,
            FunctionArgument = functionArgument,
            Variadic = body,
            Asynchronous = asynchronous,
        };

    /// <summary>The same body twice over, awaiting what it calls; where nothing may wait it ends at once.</summary>
    /// <param name="allButLast">Whether further arguments, up to the last but one, are functions too.</param>
    public static LibraryFunction OfCalling(
        string name,
        string signature,
        string documentation,
        (int Minimum, int Maximum) arity,
        int functionArgument,
        CallingBody body,
        (string Source, string Result)[] examples,
        bool allButLast = false) =>
        new(name, signature, documentation, examples)
        {
            Minimum = arity.Minimum,
            Maximum = arity.Maximum,
            FunctionArgument = functionArgument,
            CallsAllButLast = allButLast,
            Variadic = (context, arguments) => body(new Caller(context, waits: false), arguments.ToArray()).GetAwaiter().GetResult(),
            Asynchronous = (context, arguments) => body(new Caller(context, waits: true), arguments),
        };

    /// <summary>This function under one more name.</summary>
    public LibraryFunction As(string name, params (string Source, string Result)[] examples) =>
        new(name, Signature, $"The same as `{Name}`.", examples)
        {
            Minimum = Minimum,
            Maximum = Maximum,
            FunctionArgument = FunctionArgument,
            CallsAllButLast = CallsAllButLast,
            Unary = Unary,
            Binary = Binary,
            Variadic = Variadic,
            Asynchronous = Asynchronous,
        };

    /// <summary>Whether a call with so many arguments calls the one at <paramref name="index"/>.</summary>
    public bool Calls(int index, int count) => FunctionArgument >= 0
        && (CallsAllButLast ? index >= FunctionArgument && index < count - 1 : index == FunctionArgument);

    public override Value Invoke(EvaluationContext context, Value argument) =>
        Unary is not null ? Charged(context, Unary(context, argument)) : Invoke(context, [argument]);

    public override Value Invoke(EvaluationContext context, Value first, Value second) =>
        Binary is not null ? Charged(context, Binary(context, first, second)) : Invoke(context, [first, second]);

    public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments)
    {
        CheckArity(arguments.Length);
        return Charged(
            context,
            Unary is not null ? Unary(context, arguments[0])
            : Binary is not null ? Binary(context, arguments[0], arguments[1])
            : Variadic!(context, arguments));
    }

    public override ValueTask<Value> InvokeAsync(EvaluationContext context, Value[] arguments)
    {
        if (Asynchronous is null)
        {
            return new(Invoke(context, arguments.AsSpan()));
        }

        CheckArity(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Calls(i, arguments.Length) && arguments[i].Reference is Function { MayBlock: true })
            {
                return Asynchronous(context, arguments);
            }
        }

        return new(Variadic!(context, arguments));
    }

    internal static Value Charged(EvaluationContext context, Value result)
    {
        context.Charge(Footprint.Result(result));
        return result;
    }

    private void CheckArity(int count)
    {
        if (count < Minimum || count > Maximum)
        {
            throw Errors.Arity(Name, Errors.Arguments(Minimum, Maximum), count);
        }
    }
}
