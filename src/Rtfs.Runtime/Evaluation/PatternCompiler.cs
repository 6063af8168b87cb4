// Patterns to binders.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Evaluation;

internal sealed class PatternCompiler(FunctionScope scope, Func<Span, SourcePlace> place) : IPatternVisitor<Binder>
{
    public Binder VisitIgnore(Span span) => new IgnoreBinder();

    public Binder VisitName(Binding binding) => new SlotBinder(scope.Declare(binding));

    public Binder VisitVector(IReadOnlyList<Pattern> items, Binding? rest, Binding? whole, Span span) =>
        new VectorBinder([.. items.Select(item => item.Accept(this))], SlotOf(rest), SlotOf(whole), place(span));

    public Binder VisitMap(IReadOnlyList<KeyValuePair<Form, Pattern>> entries, Binding? rest, Binding? whole, Span span) =>
        new MapBinder(
            [.. entries.Select(static entry => ValueForms.FromForm(entry.Key))],
            [.. entries.Select(entry => entry.Value.Accept(this))],
            SlotOf(rest),
            SlotOf(whole),
            place(span));

    private int SlotOf(Binding? binding) => binding is null ? -1 : scope.Declare(binding);
}
