// An engine for the tests: notes every operation, and completes the waiting ones when the test says so.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Tests.Evaluation;

internal sealed class RecordedOperations : IOperations
{
    private readonly Queue<TaskCompletionSource<Value>> _waiting = new();

    public List<OperationCall> Calls { get; } = [];

    /// <summary>Whether waiting operations stay open until <see cref="Complete"/>; otherwise they give their last argument at once.</summary>
    public bool Waits { get; init; }

    public int Open => _waiting.Count;

    public void Complete(Value value) => _waiting.Dequeue().SetResult(value);

    public Value Apply(OperationCall call, EvaluationContext context)
    {
        Calls.Add(call);
        return call.Arguments.Length == 0 ? Value.Of(call.Options) : call.Arguments[^1];
    }

    public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context)
    {
        if (!Waits || !OperationNames.MayBlock(call.Name))
        {
            return new(Apply(call, context));
        }

        Calls.Add(call);
        var source = new TaskCompletionSource<Value>();
        _waiting.Enqueue(source);
        return new(source.Task);
    }
}
