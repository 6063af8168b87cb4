// The forms that choose, repeat, guard and tell: match, loop, recur, for, try, with-resource, steps, parallel, hints.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Node = Rtfs.Runtime.Evaluation.Nodes.Node;

namespace Rtfs.Runtime.Evaluation;

internal sealed partial class Compiler
{
    private RecurTarget? _target;

    public Node VisitMatch(Core value, IReadOnlyList<MatchClause> clauses, Span span)
    {
        var subject = Compile(value);
        var cases = new MatchCase[clauses.Count];
        for (var i = 0; i < cases.Length; i++)
        {
            var pattern = clauses[i].Pattern.Accept(new MatchPatternCompiler(_scope, Validator));
            var guard = clauses[i].Guard is { } condition ? Compile(condition) : null;
            cases[i] = new MatchCase(pattern, guard, Compile(clauses[i].Body));
        }

        return new MatchNode(subject, cases, Place(span));
    }

    public Node VisitLoop(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span)
    {
        var start = Assignments(bindings);
        var (outer, target) = (_target, new RecurTarget([.. start.Select(static binding => binding.Binder)]));
        _target = target;
        var compiled = Compile(body);
        _target = outer;
        return new LoopNode(start, compiled, Place(span));
    }

    public Node VisitRecur(IReadOnlyList<Core> arguments, Span span)
    {
        var target = _target ?? throw new InvalidOperationException("recur is in no loop and no function");
        target.IsUsed = true;
        var scratch = _scope.Reserve();
        for (var i = 1; i < arguments.Count; i++)
        {
            _scope.Reserve();
        }

        return new RecurNode(target.Binders, Compile(arguments), scratch, Place(span));
    }

    public Node VisitFor(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span)
    {
        // The first collection is evaluated once, each later one where the names before it are bound: as they are written.
        var levels = Assignments(bindings);
        return new ForNode(levels, Compile(body), Place(span));
    }

    public Node VisitTry(Core body, IReadOnlyList<CatchClause> catches, Core? cleanup, Span span)
    {
        var result = Compile(body);
        if (catches.Count > 0)
        {
            var cases = new CatchCase[catches.Count];
            for (var i = 0; i < cases.Length; i++)
            {
                var slot = catches[i].Binding is { } binding ? _scope.Declare(binding) : -1;
                cases[i] = new CatchCase(new ErrorFilter(catches[i].Kind), slot, Compile(catches[i].Body));
            }

            result = new TryNode(result, cases, Place(span));
        }

        return cleanup is null ? result : new FinallyNode(result, Compile(cleanup), Place(span));
    }

    public Node VisitWithResource(Binding binding, Core value, Core body, Span span)
    {
        var resource = Compile(value);
        var slot = _scope.Declare(binding);
        var place = Place(span);
        return new LetNode(
            [],
            [new LetBinding(new SlotBinder(slot), resource, [])],
            new WithResourceNode(Compile(body), slot, place),
            place);
    }

    public Node VisitParallel(IReadOnlyList<Core> branches, Span span) => new ParallelNode(Compile(branches), Place(span));

    public Node VisitStep(string kind, string? name, Core? options, IReadOnlyList<Core> body, Span span)
    {
        var place = Place(span);
        var given = options is null ? null : Compile(options);
        var parts = Compile(body);
        Node whole = kind switch
        {
            "step-if" => new IfNode(parts[0], parts[1], parts[2], place),
            "step-loop" => new WhileNode(parts[0], parts[1], place),
            "step-parallel" => new VectorNode(parts, place),
            _ => parts.Length switch
            {
                0 => new ConstantNode(Value.Nil, place),
                1 => parts[0],
                _ => new DoNode(parts, place),
            },
        };
        return new StepNode(kind, name, given, whole, place);
    }

    public Node VisitHinted(Core hints, Core target, Span span) => new HintedNode(Compile(hints), Compile(target), Place(span));

    private Assignment[] Assignments(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings)
    {
        var assignments = new Assignment[bindings.Count];
        for (var i = 0; i < assignments.Length; i++)
        {
            var value = Compile(bindings[i].Value);
            assignments[i] = new Assignment(Bind(bindings[i].Key), value);
        }

        return assignments;
    }

    /// <summary>What <c>recur</c> comes back to: the names of a loop, or the parameters of a function.</summary>
    private sealed class RecurTarget(Binder[] binders)
    {
        public Binder[] Binders => binders;

        public bool IsUsed { get; set; }
    }
}
