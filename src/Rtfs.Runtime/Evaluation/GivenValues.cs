// What a run was given and what it keeps under keys: the context that `@:key`, `context/get` and `context/set` reach.

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>One for a run, shared by its flows. What the program sets goes before what the host gave.</summary>
internal sealed class GivenValues
{
    private readonly ConcurrentDictionary<string, Value> _set = new(StringComparer.Ordinal);

    public void Set(EvaluationContext context, string name, Value value)
    {
        context.Charge(Footprint.Entry);
        _set[name] = value;
    }

    public bool TryGet(string name, IReadOnlyDictionary<string, Value>? given, out Value value) =>
        _set.TryGetValue(name, out value) || (given is not null && given.TryGetValue(name, out value));

    /// <summary>Answers the operations <c>context</c> (a key, and a default where there is one) and <c>given</c>; false where nothing is there.</summary>
    public bool TryAnswer(OperationCall call, IReadOnlyDictionary<string, Value>? given, [NotNullWhen(false)] out string? missing, out Value answer)
    {
        var key = call.Arguments[0];
        var name = key.As<Keyword>()?.Name ?? key.As<string>() ?? key.ToString();
        var found = TryGet(name, given, out answer);
        missing = null;
        if (call.Name == Asking)
        {
            answer = Value.Bool(found);
            return true;
        }

        if (!found && call.Arguments.Length == 2)
        {
            answer = call.Arguments[1];
            return true;
        }

        missing = found ? null : name;
        return found;
    }

    /// <summary>The operation that lowering asks before it takes a value of the text instead; no text can write its name.</summary>
    public const string Asking = " given";
}
