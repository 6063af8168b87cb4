// Core to nodes: names become slots and cells, calls of the library become nodes of their own.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;
using Node = Rtfs.Runtime.Evaluation.Nodes.Node;

namespace Rtfs.Runtime.Evaluation;

/// <summary>One pass over a program. <see cref="ProgramFacts"/> says what earlier passes found out about it.</summary>
internal sealed partial class Compiler(SourceText source, ProgramFacts facts) : ICoreVisitor<Node>
{
    // Between two probes of the stack lie at most this many levels of an expression.
    private const int ProbeEvery = 16;

    private readonly Dictionary<string, GlobalCell> _cells = new(StringComparer.Ordinal);
    private FunctionScope _scope = new();
    private SourceText _source = source;
    private int _start;
    private int _depth;

    /// <summary>A top-level form as code that takes nothing.</summary>
    public FunctionCode CompileForm(CoreForm form)
    {
        _source = form.Source;
        _start = form.Start;
        _scope = new FunctionScope();
        _target = null;
        var body = Compile(form.Core);
        return new FunctionCode
        {
            Name = "the program",
            Parameters = 0,
            HasRest = false,
            MayBlock = body.MayBlock,
            Place = body.Place,
            CaptureSlots = _scope.Captured.Count == 0 ? [] : throw new InvalidOperationException($"{_scope.Captured[0].Name} is bound by no form"),
            FrameSize = _scope.Size,
            Body = body,
        };
    }

    public Node VisitQuote(Form datum, Span span) => new ConstantNode(ValueForms.FromForm(datum), Place(span));

    public Node VisitLocal(Binding binding, Span span) => new LocalNode(_scope.Resolve(binding), Place(span));

    public Node VisitGlobal(string name, Span span)
    {
        if (facts.IsDefined(name))
        {
            var cell = Cell(name);
            _scope.Mentions.Add(cell);
            return new GlobalNode(cell, Place(span));
        }

        var function = GlobalFunction(name, span);
        return function is not null
            ? new ConstantNode(Value.OfObject(function), Place(span))
            : new UndefinedNode(name, facts.Nearest(name), Place(span));
    }

    public Node VisitVector(IReadOnlyList<Core> items, Span span) => new VectorNode(Compile(items), Place(span));

    public Node VisitList(IReadOnlyList<Core> items, Span span) => new ListNode(Compile(items), Place(span));

    public Node VisitMap(IReadOnlyList<KeyValuePair<Core, Core>> entries, Span span)
    {
        var nodes = new Node[entries.Count * 2];
        var keys = new Keyword?[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            nodes[i * 2] = Compile(entries[i].Key);
            nodes[(i * 2) + 1] = Compile(entries[i].Value);
            keys[i] = (nodes[i * 2] as ConstantNode)?.Value.As<Keyword>();
        }

        var shape = keys.Length <= Record.MaximumKeys && !keys.Contains(null) ? Shape.Of(keys!) : null;
        return shape is not null && shape.Count == keys.Length
            ? new RecordNode(shape, [.. Enumerable.Range(0, keys.Length).Select(i => nodes[(i * 2) + 1])], Place(span))
            : new MapNode(nodes, Place(span));
    }

    public Node VisitIf(Core condition, Core consequent, Core alternative, Span span) =>
        new IfNode(Compile(condition), Compile(consequent), Compile(alternative), Place(span));

    public Node VisitDo(IReadOnlyList<Core> body, Span span) => body.Count switch
    {
        0 => new ConstantNode(Value.Nil, Place(span)),
        1 => Compile(body[0]),
        _ => new DoNode(Compile(body), Place(span)),
    };

    public Node VisitLet(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span)
    {
        var functions = new Dictionary<Binding, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < bindings.Count; i++)
        {
            if (bindings[i].Key is Pattern.Name name && bindings[i].Value is Core.Function function)
            {
                functions[name.binding] = i;
                _scope.Declare(name.binding);
                facts.KnowLocal(name.binding, function.lambda);
            }
        }

        var values = new Node[bindings.Count];
        var binders = new Binder[bindings.Count];
        var patches = Enumerable.Range(0, bindings.Count).Select(static _ => new List<CapturePatch>()).ToArray();
        for (var i = 0; i < bindings.Count; i++)
        {
            if (bindings[i].Key is Pattern.Name name && functions.ContainsKey(name.binding))
            {
                values[i] = CompileFunction(((Core.Function)bindings[i].Value).lambda, out var captured);
                var slot = _scope.Resolve(name.binding);
                binders[i] = new SlotBinder(slot);
                for (var k = 0; k < captured.Count; k++)
                {
                    if (functions.TryGetValue(captured[k], out var later) && later >= i)
                    {
                        patches[later].Add(new CapturePatch(slot, k));
                    }
                }
            }
            else
            {
                values[i] = Compile(bindings[i].Value);
                binders[i] = Bind(bindings[i].Key);
            }
        }

        // A function can reach a later one before its turn: there it finds a mark instead of a leftover.
        UnsetSlot[] unset = [.. functions.Keys.Select(binding =>
            new UnsetSlot(_scope.Resolve(binding), Value.OfObject(new UnsetBinding(binding.Name))))];
        var compiled = new LetBinding[bindings.Count];
        for (var i = 0; i < compiled.Length; i++)
        {
            compiled[i] = new LetBinding(binders[i], values[i], [.. patches[i]]);
        }

        return new LetNode(unset, compiled, Compile(body), Place(span));
    }

    public Node VisitFunction(Lambda lambda, Span span) => CompileFunction(lambda, out _);

    public Node VisitCall(Core callee, IReadOnlyList<Core> arguments, Span span)
    {
        var head = Compile(callee);
        var nodes = Compile(arguments);
        var blocks = facts.CallMayBlock(callee, arguments);
        return (head is ConstantNode constant && !blocks && !Node.AnyBlocks(nodes)
                ? Intrinsics.Create(constant.Value, nodes, Place(span))
                : null)
            ?? new CallNode(head, nodes, blocks, Place(span));
    }

    public Node VisitAnd(IReadOnlyList<Core> items, Span span) => items.Count switch
    {
        0 => new ConstantNode(Value.True, Place(span)),
        1 => Compile(items[0]),
        _ => new AndNode(Compile(items), Place(span)),
    };

    public Node VisitOr(IReadOnlyList<Core> items, Span span) => items.Count switch
    {
        0 => new ConstantNode(Value.False, Place(span)),
        1 => Compile(items[0]),
        _ => new OrNode(Compile(items), Place(span)),
    };

    public Node VisitDefine(string name, Core value, Span span)
    {
        facts.Define(name, value);
        return new DefineNode(Cell(name), Compile(value), Place(span));
    }

    public Node VisitConsumer(Lambda lambda, Span span) => new ConsumerNode(CompileFunction(lambda, out _), Place(span));

    public Node VisitOperation(string name, IReadOnlyList<Core> arguments, IReadOnlyList<KeyValuePair<string, Core>> options, Span span)
    {
        if (arguments is [Core.Quote { datum: var datum }, ..] && CapabilityMentions.IdOf(datum) is { } id)
        {
            _scope.Mentions.Add(id);
        }

        if (name is "stream-produce" or "stream-interact")
        {
            _scope.Mentions.Add(CapabilityMentions.Writing);
        }

        return new OperationNode(
            name,
            Compile(arguments),
            [.. options.Select(static option => option.Key)],
            [.. options.Select(option => Compile(option.Value))],
            Types,
            Place(span));
    }

    internal Node Compile(Core core)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run((Compiler: this, Core: core), static step => step.Compiler.Compile(step.Core));
        }

        _depth++;
        var node = core.Accept(this);
        _depth--;
        return _depth % ProbeEvery == ProbeEvery - 1 && node is not (ConstantNode or LocalNode or FunctionNode) ? new StackProbeNode(node) : node;
    }

    internal SourcePlace Place(Span span) => new(_source, span.Shift(_start));

    private Binder Bind(Pattern pattern) => pattern.Accept(new PatternCompiler(_scope, Place));

    private Node[] Compile(IReadOnlyList<Core> items)
    {
        var nodes = new Node[items.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = Compile(items[i]);
        }

        return nodes;
    }

    private FunctionNode CompileFunction(Lambda lambda, out IReadOnlyList<Binding> captured)
    {
        var (outer, outerDepth, outerTarget) = (_scope, _depth, _target);
        var scope = new FunctionScope();
        _scope = scope;
        _depth = 0;

        var patterns = new List<(int, Binder)>();
        foreach (var parameter in lambda.Parameters)
        {
            if (parameter is Pattern.Name plain)
            {
                scope.Declare(plain.binding);
            }
            else
            {
                scope.Reserve();
            }
        }

        if (lambda.Rest is { } rest)
        {
            scope.Declare(rest);
        }

        for (var i = 0; i < lambda.Parameters.Length; i++)
        {
            if (lambda.Parameters[i] is not Pattern.Name)
            {
                patterns.Add((i, Bind(lambda.Parameters[i])));
            }
        }

        var name = lambda.Name ?? "fn";
        var slots = lambda.Parameters.Length + (lambda.Rest is null ? 0 : 1);
        var target = new RecurTarget([.. Enumerable.Range(0, slots).Select(static slot => new SlotBinder(slot))]);
        _target = target;
        var body = Compile(lambda.Body);
        if (patterns.Count > 0)
        {
            body = new ParametersNode([.. patterns], body);
        }

        if (ParameterChecks(lambda, name) is { Length: > 0 } checks)
        {
            body = new CheckedParametersNode(checks, body);
        }

        if (target.IsUsed)
        {
            body = new LoopNode([], body, body.Place);
        }

        if (lambda.ReturnType is { } returned)
        {
            body = new CheckNode(body, Validator(returned), $"the result of {name}", body.Place);
        }

        (_scope, _depth, _target) = (outer, outerDepth, outerTarget);
        outer.Mentions.UnionWith(scope.Mentions);
        captured = scope.Captured;
        var code = new FunctionCode
        {
            Name = name,
            Parameters = lambda.Parameters.Length,
            HasRest = lambda.Rest is not null,
            MayBlock = facts.LambdaMayBlock(lambda, body.MayBlock),
            Place = Place(lambda.Span),
            CaptureSlots = scope.CaptureSlots,
            FrameSize = scope.Size,
            Mentions = [.. scope.Mentions],
            Body = body,
        };
        return new FunctionNode(code, [.. scope.Captured.Select(outer.Resolve)], Place(lambda.Span));
    }

    private Function? GlobalFunction(string name, Span span) =>
        StandardLibrary.Find(name) ?? (OperationNames.IsOperation(name) ? new OperationFunction(name, Types, Place(span)) : (Function?)null);

    private GlobalCell Cell(string name)
    {
        if (!_cells.TryGetValue(name, out var cell))
        {
            cell = new GlobalCell(name);
            _cells.Add(name, cell);
            if (StandardLibrary.Find(name) is { } shadowed)
            {
                // Until the program's own definition has run the name still means the library's.
                cell.Set(Value.OfObject(shadowed));
            }
        }

        return cell;
    }
}
