// Walks the core of a plan, and the plans quoted in it, for registrations and resource references that are written out.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Plans;

internal sealed class PlanLiterals : ICoreVisitor<bool>
{
    private readonly List<CapabilityManifest> _registrations = [];
    private readonly List<(string, SourcePlace)> _resources = [];
    private readonly List<LiteralSchema> _schemas = [];
    private readonly List<string> _files = [];
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Core> _definitions = new(StringComparer.Ordinal);
    private SourceText _source;
    private int _start;

    private PlanLiterals(SourceText source) => _source = source;

    /// <summary>Those whose id, type and provider are literal, in the order of the text.</summary>
    public IReadOnlyList<CapabilityManifest> Registrations => _registrations;

    public IReadOnlyList<(string Name, SourcePlace Place)> Resources => _resources;

    /// <summary>Schemas of registrations and openings, those of quoted plans excepted: they are judged when the plan runs.</summary>
    public IReadOnlyList<LiteralSchema> Schemas => _schemas;

    /// <summary>Those that <c>read-file</c> names literally.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>The keys that the text reads from what the run was given, quoted code included.</summary>
    public IReadOnlySet<string> Parameters => _parameters;

    /// <summary>Whether a key or a resource is computed, so that any may be read.</summary>
    public bool ReadsComputed { get; private set; }

    public static PlanLiterals Of(CoreProgram program)
    {
        var found = new PlanLiterals(program.Source);
        foreach (var form in program.Forms)
        {
            found._source = form.Source;
            found._start = form.Start;
            form.Core.Accept(found);
        }

        return found;
    }

    public bool VisitQuote(Form datum, Span span)
    {
        VisitQuoted(datum);
        ReadsQuoted(datum);
        return true;
    }

    public bool VisitLocal(Binding binding, Span span) => true;

    public bool VisitGlobal(string name, Span span)
    {
        // As values they may be called with anything, and text that is read may be code.
        ReadsComputed |= name is "context" or "resource:ref" or "read-string";
        return true;
    }

    public bool VisitVector(IReadOnlyList<Core> items, Span span) => All(items);

    public bool VisitList(IReadOnlyList<Core> items, Span span) => All(items);

    public bool VisitMap(IReadOnlyList<KeyValuePair<Core, Core>> entries, Span span)
    {
        foreach (var (key, value) in entries)
        {
            key.Accept(this);
            value.Accept(this);
        }

        return true;
    }

    public bool VisitIf(Core condition, Core consequent, Core alternative, Span span) => All([condition, consequent, alternative]);

    public bool VisitDo(IReadOnlyList<Core> body, Span span) => All(body);

    public bool VisitLet(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) =>
        All([.. bindings.Select(binding => binding.Value), body]);

    public bool VisitFunction(Lambda lambda, Span span) => lambda.Body.Accept(this);

    public bool VisitCall(Core callee, IReadOnlyList<Core> arguments, Span span)
    {
        if (callee is Core.Global { name: "context/get" } && arguments.Count > 0)
        {
            Reads(arguments[0]);
        }

        return callee.Accept(this) && All(arguments);
    }

    public bool VisitAnd(IReadOnlyList<Core> items, Span span) => All(items);

    public bool VisitOr(IReadOnlyList<Core> items, Span span) => All(items);

    public bool VisitDefine(string name, Core value, Span span)
    {
        _definitions[name] = value;
        return value.Accept(this);
    }

    public bool VisitConsumer(Lambda lambda, Span span) => lambda.Body.Accept(this);

    public bool VisitOperation(
        string name, IReadOnlyList<Core> arguments, IReadOnlyList<KeyValuePair<string, Core>> options, Span span)
    {
        if (name is "register-stream-capability" or "marketplace:register-capability")
        {
            var map = MapValue.Empty;
            foreach (var (key, core) in options)
            {
                if (core.Accept(new LiteralFolder(_definitions)) is { } value)
                {
                    map = map.Assoc(Value.Of(Keyword.Of(key)), value);
                }
                else if (key is "capability-id" or "type" or "provider")
                {
                    // Computed: it is judged when the run comes to it.
                    return true;
                }
            }

            Register(map);
        }
        else if (name is "context" or GivenValues.Asking && arguments.Count > 0)
        {
            Reads(arguments[0]);
        }
        else if (name == "read-file" && arguments is [var file] && file.Accept(new LiteralFolder(_definitions)) is { } path
            && path.As<string>() is { Length: > 0 } written && !written.Contains('\0'))
        {
            _files.Add(written);
        }
        else if (name == "resource:ref" && arguments is [var resource])
        {
            if (resource.Accept(new LiteralFolder(_definitions)) is { } text && text.As<string>() is { } reference)
            {
                _resources.Add((reference, new SourcePlace(_source, span.Shift(_start))));
            }
            else
            {
                ReadsComputed = true;
            }
        }

        foreach (var (key, core) in options)
        {
            if (key is "input-schema" or "output-schema" or "schema" && core.Accept(new LiteralFolder(_definitions)) is { } data)
            {
                _schemas.Add(new LiteralSchema(data, $":{key} of {name}", new SourcePlace(_source, core.Span.Shift(_start))));
            }
        }

        return All(arguments) && All([.. options.Select(option => option.Value)]);
    }

    public bool VisitMatch(Core value, IReadOnlyList<MatchClause> clauses, Span span) =>
        value.Accept(this) && All([.. clauses.Select(clause => clause.Guard).OfType<Core>(), .. clauses.Select(clause => clause.Body)]);

    public bool VisitLoop(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) => VisitLet(bindings, body, span);

    public bool VisitRecur(IReadOnlyList<Core> arguments, Span span) => All(arguments);

    public bool VisitFor(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) => VisitLet(bindings, body, span);

    public bool VisitTry(Core body, IReadOnlyList<CatchClause> catches, Core? cleanup, Span span) =>
        All([body, .. catches.Select(clause => clause.Body), .. cleanup is null ? Array.Empty<Core>() : [cleanup]]);

    public bool VisitCheck(Core value, Rtfs.Syntax.Types.Type type, string role, string? name, Span span) => value.Accept(this);

    public bool VisitStruct(string name, Rtfs.Syntax.Types.Type type, Span span) => true;

    public bool VisitParallel(IReadOnlyList<Core> branches, Span span) => All(branches);

    public bool VisitStep(string kind, string? name, Core? options, IReadOnlyList<Core> body, Span span) =>
        All([.. options is null ? Array.Empty<Core>() : [options], .. body]);

    public bool VisitHinted(Core hints, Core value, Span span) => hints.Accept(this) && value.Accept(this);

    public bool VisitWithResource(Binding binding, Core value, Core body, Span span) => value.Accept(this) && body.Accept(this);

    private bool All(IReadOnlyList<Core> items)
    {
        foreach (var item in items)
        {
            item.Accept(this);
        }

        return true;
    }

    /// <summary>Quoted code may become a plan that runs, so what it registers counts as well.</summary>
    private void VisitQuoted(Form form)
    {
        if (ValueForms.FromForm(form).As<ListValue>() is { } list)
        {
            VisitQuoted(list);
        }
    }

    private void VisitQuoted(ListValue list)
    {
        if (list.Count > 0 && list[0].As<Symbol>()?.Name is "register-stream-capability" or "marketplace:register-capability")
        {
            var map = MapValue.Empty;
            for (var i = 1; i + 1 < list.Count; i += 2)
            {
                map = map.Assoc(list[i], list[i + 1]);
            }

            Register(map);
            return;
        }

        foreach (var item in list.Items)
        {
            if (item.As<ListValue>() is { } inner)
            {
                VisitQuoted(inner);
            }
        }
    }

    private void Reads(Core key)
    {
        if (key is Core.Quote { datum.Node: Node.Keyword keyword })
        {
            _parameters.Add(keyword.name);
        }
        else
        {
            ReadsComputed = true;
        }
    }

    /// <summary>The keys that quoted code would read; a resource that only it names may be any.</summary>
    private void ReadsQuoted(Form datum)
    {
        var pending = new Stack<Form>([datum]);
        while (pending.TryPop(out var form))
        {
            if (form.Node is Node.Prefixed access && access.prefix == Prefix.Context)
            {
                ReadsComputed |= access.target.Node is not Node.Keyword;
                if (access.target.Node is Node.Keyword key)
                {
                    _parameters.Add(key.name);
                }
            }

            var items = form.Node switch
            {
                Node.List list => list.items.Forms,
                Node.Vector vector => vector.items.Forms,
                Node.Map map => map.items.Forms,
                Node.Function function => function.items.Forms,
                Node.Consume consume => consume.items.Forms,
                Node.Prefixed prefixed => [prefixed.target],
                Node.Meta meta => [.. meta.meta, meta.target],
                _ => [],
            };
            ReadsComputed |= form.Node is Node.Symbol { name: "get" or "context/get" or "context" or "resource:ref" };
            foreach (var item in items)
            {
                pending.Push(item);
            }
        }
    }

    /// <summary>A registration that is no good is told where it is evaluated, with its place.</summary>
    private void Register(MapValue options)
    {
        try
        {
            _registrations.Add(ManifestReader.Read(options));
        }
        catch (RtfsException mistake) when (mistake.Kind == "InvalidArgument")
        {
            return;
        }
    }
}
