// Patterns of match to matchers.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation;

internal sealed class MatchPatternCompiler(FunctionScope scope, Func<Type, TypeValidator> validator) : IMatchPatternVisitor<Matcher>
{
    public Matcher VisitAny(Span span) => new AnyMatcher();

    public Matcher VisitName(Binding binding) => new SlotMatcher(scope.Declare(binding));

    public Matcher VisitLiteral(Form datum, Span span) => new LiteralMatcher(ValueForms.FromForm(datum));

    public Matcher VisitVector(IReadOnlyList<MatchPattern> items, Binding? rest, Span span) =>
        new VectorMatcher([.. items.Select(item => item.Accept(this))], SlotOf(rest));

    public Matcher VisitMap(IReadOnlyList<KeyValuePair<Form, MatchPattern>> entries, Binding? rest, Span span) => new MapMatcher(
        [.. entries.Select(static entry => ValueForms.FromForm(entry.Key))],
        [.. entries.Select(entry => entry.Value.Accept(this))],
        SlotOf(rest));

    public Matcher VisitAs(Binding binding, MatchPattern pattern, Span span) =>
        new AsMatcher(scope.Declare(binding), pattern.Accept(this));

    public Matcher VisitOfType(Type target, Span span) => new TypeMatcher(validator(target));

    private int SlotOf(Binding? binding) => binding is null ? -1 : scope.Declare(binding);
}
