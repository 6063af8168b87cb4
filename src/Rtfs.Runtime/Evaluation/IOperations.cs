// What evaluation asks of the engine: the streaming forms and `call` are operations, and the engine gives them meaning.

using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>One evaluated operation form: its name as written, its positional arguments, and its options as a map with keyword keys.</summary>
public readonly record struct OperationCall(string Name, Value[] Arguments, MapValue Options, SourcePlace Place)
{
    /// <summary>What the names of types mean where it is written.</summary>
    internal TypeScope Types { get; init; }
}

/// <summary>The engine's side of operations.</summary>
public interface IOperations
{
    /// <summary>Runs one that cannot block (<see cref="OperationNames.MayBlock"/> says which).</summary>
    Value Apply(OperationCall call, EvaluationContext context);

    /// <summary>Runs any.</summary>
    ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context);

    /// <summary>
    /// A <c>with-resource</c> is left: what its value holds open is to be worked through and closed, or given up where the body failed or was
    /// cancelled. Does nothing for a value that holds nothing.
    /// </summary>
    ValueTask ReleaseAsync(Value resource, bool failed, EvaluationContext context) => ValueTask.CompletedTask;

    /// <summary>A branch of <c>parallel</c> is over.</summary>
    ValueTask BranchEndedAsync(EvaluationContext context) => ValueTask.CompletedTask;
}

public static class OperationNames
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "call", "context", "log", "resource:ref", "register-stream-capability", "marketplace:register-capability",
        "marketplace:execute-plan", "stream-source", "stream-sink", "stream-transform", "stream-map", "stream-filter",
        "stream-key-by", "stream-window", "stream-aggregate", "stream-pipeline", "stream-execute", "stream-consume",
        "stream-multiplex", "stream-demultiplex", "read-file", "stream-callbacks", "stream-produce", "stream-close", "stream-pause",
        "stream-resume", "stream-cancel", "stream-await", "stream-meta", "stream-bidirectional", "stream-duplex", "stream-interact",
    };

    /// <summary>Whether the engine has an operation of this name, so that the name alone is a function over it.</summary>
    public static bool IsOperation(string name) => Names.Contains(name);

    /// <summary>Whether evaluating this operation can wait: for the host, or for a stream.</summary>
    public static bool MayBlock(string name) => name is
        "call" or "read-file" or "stream-consume" or "stream-execute" or "stream-await" or "stream-close" or "stream-cancel" or "stream-produce"
        or "stream-interact" or "marketplace:execute-plan";
}
