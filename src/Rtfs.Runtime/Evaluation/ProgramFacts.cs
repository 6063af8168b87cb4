// What is known of a whole program: which names it defines, and which of its functions may wait.

using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Expand;

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// The least fixpoint of "may wait": facts only grow, and the program is compiled again until a pass adds none. A function may wait
/// when its body holds an operation that does, or calls a function that may, or one that is not known.
/// </summary>
internal sealed class ProgramFacts
{
    // A defined name and its function; null where it is defined twice or by something else than a function form.
    private readonly Dictionary<string, Lambda?> _globals = new(StringComparer.Ordinal);
    private readonly Dictionary<Binding, Lambda> _locals = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Lambda> _waiting = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether anything was learned since <see cref="Begin"/>.</summary>
    public bool Changed { get; private set; }

    public void Begin() => Changed = false;

    public bool IsDefined(string name) => _globals.ContainsKey(name);

    public void Define(string name, Core value)
    {
        var lambda = (value as Core.Function)?.lambda;
        if (!_globals.TryGetValue(name, out var known))
        {
            _globals.Add(name, lambda);
            Changed = true;
        }
        else if (known is not null && !ReferenceEquals(known, lambda))
        {
            _globals[name] = null;
            Changed = true;
        }
    }

    public void KnowLocal(Binding binding, Lambda lambda) => _locals[binding] = lambda;

    /// <summary>Notes what compiling a function's body has shown.</summary>
    public bool LambdaMayBlock(Lambda lambda, bool body)
    {
        if (body && _waiting.Add(lambda))
        {
            Changed = true;
        }

        return _waiting.Contains(lambda);
    }

    public bool CallMayBlock(Core callee, IReadOnlyList<Core> arguments)
    {
        if (callee is Core.Quote)
        {
            return false;
        }

        if (callee is not Core.Global global)
        {
            return FunctionMayBlock(callee);
        }

        // A name that the program defines over the library's means either, depending on when it is called.
        var library = StandardLibrary.Find(global.name);
        var byArgument = library is not null
            && arguments.Where((_, index) => library.Calls(index, arguments.Count)).Any(FunctionMayBlock);
        return IsDefined(global.name) ? byArgument || FunctionMayBlock(callee)
            : library is not null ? byArgument
            : OperationNames.MayBlock(global.name);
    }

    /// <summary>The name of the program or the library nearest to an unknown one.</summary>
    public string? Nearest(string name) => Language.Nearest(name, [.. _globals.Keys, .. StandardLibrary.All.Select(static function => function.Name)]);

    private bool FunctionMayBlock(Core function) => function switch
    {
        Core.Function literal => _waiting.Contains(literal.lambda),
        Core.Local local => !_locals.TryGetValue(local.binding, out var lambda) || _waiting.Contains(lambda),
        Core.Global global => _globals.TryGetValue(global.name, out var lambda)
            ? lambda is null || _waiting.Contains(lambda)
            : StandardLibrary.Find(global.name) is { } library ? library.MayBlock
            : OperationNames.MayBlock(global.name),
        Core.Quote or Core.Struct => false,
        Core.Check cast => FunctionMayBlock(cast.value),
        _ => true,
    };
}
