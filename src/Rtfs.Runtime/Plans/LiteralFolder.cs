// The value of a core expression that is written out: literals, collections of them, and names defined as such.

using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Plans;

/// <summary>Null for anything that would have to be computed.</summary>
internal sealed class LiteralFolder(IReadOnlyDictionary<string, Core> definitions) : ICoreVisitor<Value?>
{
    private readonly HashSet<string> _following = new(StringComparer.Ordinal);

    public Value? VisitQuote(Form datum, Span span) => ValueForms.FromForm(datum);

    public Value? VisitLocal(Binding binding, Span span) => null;

    public Value? VisitGlobal(string name, Span span)
    {
        // A definition in terms of itself is no literal.
        if (!definitions.TryGetValue(name, out var definition) || !_following.Add(name))
        {
            return null;
        }

        var value = definition.Accept(this);
        _following.Remove(name);
        return value;
    }

    public Value? VisitVector(IReadOnlyList<Core> items, Span span) =>
        Fold(items) is { } values ? Value.Of(VectorValue.From(values)) : null;

    public Value? VisitList(IReadOnlyList<Core> items, Span span) =>
        Fold(items) is { } values ? Value.Of(ListValue.From(values)) : null;

    public Value? VisitMap(IReadOnlyList<KeyValuePair<Core, Core>> entries, Span span)
    {
        var map = MapValue.Empty;
        foreach (var (key, value) in entries)
        {
            if (key.Accept(this) is not { } foldedKey || value.Accept(this) is not { } foldedValue)
            {
                return null;
            }

            map = map.Assoc(foldedKey, foldedValue);
        }

        return Value.Of(map);
    }

    public Value? VisitIf(Core condition, Core consequent, Core alternative, Span span) => null;

    public Value? VisitDo(IReadOnlyList<Core> body, Span span) => body is [var only] ? only.Accept(this) : null;

    public Value? VisitLet(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) => null;

    public Value? VisitFunction(Lambda lambda, Span span) => null;

    public Value? VisitCall(Core callee, IReadOnlyList<Core> arguments, Span span) => null;

    public Value? VisitAnd(IReadOnlyList<Core> items, Span span) => null;

    public Value? VisitOr(IReadOnlyList<Core> items, Span span) => null;

    public Value? VisitDefine(string name, Core value, Span span) => value.Accept(this);

    public Value? VisitConsumer(Lambda lambda, Span span) => null;

    public Value? VisitOperation(
        string name, IReadOnlyList<Core> arguments, IReadOnlyList<KeyValuePair<string, Core>> options, Span span) => null;

    public Value? VisitMatch(Core value, IReadOnlyList<MatchClause> clauses, Span span) => null;

    public Value? VisitLoop(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) => null;

    public Value? VisitRecur(IReadOnlyList<Core> arguments, Span span) => null;

    public Value? VisitFor(IReadOnlyList<KeyValuePair<Pattern, Core>> bindings, Core body, Span span) => null;

    public Value? VisitTry(Core body, IReadOnlyList<CatchClause> catches, Core? cleanup, Span span) => null;

    public Value? VisitCheck(Core value, Rtfs.Syntax.Types.Type type, string role, string? name, Span span) => null;

    public Value? VisitStruct(string name, Rtfs.Syntax.Types.Type type, Span span) => null;

    public Value? VisitParallel(IReadOnlyList<Core> branches, Span span) => null;

    public Value? VisitStep(string kind, string? name, Core? options, IReadOnlyList<Core> body, Span span) => null;

    public Value? VisitHinted(Core hints, Core value, Span span) => value.Accept(this);

    public Value? VisitWithResource(Binding binding, Core value, Core body, Span span) => null;

    private Value[]? Fold(IReadOnlyList<Core> items)
    {
        var values = new Value[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (items[i].Accept(this) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        return values;
    }
}
